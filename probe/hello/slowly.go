package hello

import (
	"context"
	"time"
)

// Servers that limit connections by the second drop what comes above. They are left alone until
// such a limit has begun anew, and then asked at a pace of less than three a second.
const (
	slowWait = 1100 * time.Millisecond
	slowGap  = 350 * time.Millisecond
)

// askSlowly asks once more, slowly and one version after the other, where dropped connections have
// proved nothing: because an accepted version was dropped as well, or because none was accepted. A
// server that drops the first connection of that, too, limits something else, and is left alone.
func (q *inquiry) askSlowly(ctx context.Context) {
	if q.control != lost && (q.control != missing || !q.drops()) || !q.pause(ctx, slowWait-slowGap) {
		return
	}
	q.gap = slowGap
	if q.control == missing && !q.findAccepted(ctx) {
		return
	}
	accepted, by, _ := q.controlVersion()
	q.doubt(accepted)
	if q.control = lost; q.confirm(ctx, accepted, by, true) {
		q.control, q.controlLost = held, ""
	}
}

// drops reports whether some versions met with dropped connections and others with TLS.
func (q *inquiry) drops() bool {
	some, tls := false, false
	for _, v := range Versions() {
		s := stand(v, q.answers[v])
		some, tls = some || s == dropped, tls || s == refused || s == declined || s == broken
	}
	return some && tls
}

// findAccepted asks about the versions that met with dropped connections, the likely ones first,
// until one is accepted.
func (q *inquiry) findAccepted(ctx context.Context) bool {
	for _, v := range []Version{TLS12, TLS13, TLS11, TLS10} {
		if stand(v, q.answers[v]) != dropped {
			continue
		}
		if !q.pause(ctx, q.gap) {
			return false
		}
		a := q.ask(ctx, v, Main)
		q.record(v, Main, a)
		if a.chosen() {
			return true
		}
		if _, s := weigh(v, a); s == dropped {
			return false
		}
	}
	return false
}

// pause waits, and reports whether there is time to go on.
func (q *inquiry) pause(ctx context.Context, d time.Duration) bool {
	return ctx.Err() == nil && (d == 0 || q.scanner.sleep(ctx, d) == nil)
}
