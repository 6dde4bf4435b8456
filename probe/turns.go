package probe

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"prober/probe/reason"
)

// turns are the places for what takes the processor long: handshakes and certificates of unusual
// size. They are fewer than the machine has processors, where it has several, so that however many
// servers ask for such work at once, the others get theirs done beside it.
type turns chan struct{}

func newTurns() turns { return make(turns, max(1, runtime.GOMAXPROCS(0)-1)) }

// noTurn is that no turn came in time.
type noTurn struct{ error }

// take waits for a turn; release ends it. The error is ctx's, in a [noTurn].
func (t turns) take(ctx context.Context) (release func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, noTurn{ctx.Err()}
	}
}

// Unwrap returns what ended the wait.
func (n noTurn) Unwrap() error { return n.error }

// delayed takes back what time says of a server whose reply did not come in time, where a good
// part of the time allowed went by in this program: own is how much of it.
func (p *Prober) delayed(f reason.Finding, own time.Duration) reason.Finding {
	const share = 4
	inTime := f.Reason.Word() != reason.TLSTimeout.Word() && f.Reason.Word() != reason.TLSLost.Word() // what is lost comes again, in time
	if inTime || own < p.cfg.Timeout/share {
		return f
	}
	return reason.ProberLimit.Found(fmt.Sprintf("time was up, and of the %s allowed %s went by in this program, with the server's certificates or waiting for a turn at them (%s)", p.cfg.Timeout, own.Round(time.Millisecond), f.Detail))
}
