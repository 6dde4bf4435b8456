package hello

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Scan asks the server at addr about every version, all versions at once and one
// connection a hello, and judges the answers together. serverName goes into the hellos as
// Hello describes. When no answer has to be asked again it takes two round trips.
//
// A version is accepted on the strength of one ServerHello or HelloRetryRequest with its
// number, and rejected on a ServerHello with another number or a protocol_version alert. Other
// alerts count when three different hellos meet them, resets and closed connections when
// moreover another version is accepted before and after; where that is not accepted again, all of
// this is asked once more, slowly. Silence proves nothing, nor
// does anything that is not TLS, nor an alert about the server name.
//
// When ctx ends, Scan returns at once; versions still open are inconclusive.
func (s *Scanner) Scan(ctx context.Context, addr netip.AddrPort, serverName string) Table {
	q := &inquiry{scanner: s, addr: addr, serverName: serverName}
	var group sync.WaitGroup
	q.first.Add(len(Versions()))
	for _, v := range Versions() {
		group.Go(func() { q.settle(ctx, v) })
	}
	group.Wait()
	q.checkControl(ctx)
	q.askSlowly(ctx)
	q.askWithoutName(ctx)
	return q.judge()
}

// inquiry is one scan of one address.
type inquiry struct {
	scanner    *Scanner
	addr       netip.AddrPort
	serverName string

	first sync.WaitGroup // the first answer about each version
	spoke atomic.Bool    // one of them did not take all of the time

	answers  [versionCount][]Answer
	variants [versionCount][]Variant // the hello each answer was for

	control     control
	controlled  Version               // the accepted version that was asked about again
	controlLost string                // what the control got in place of a ServerHello
	doubtful    [versionCount]bool    // the refusal depends on the control
	gap         time.Duration         // before each hello of the control; 0: they go out at once
	withoutName [versionCount]*Answer // nil where not asked
}

// control is what asking again about an accepted version showed. A server that limits
// connections starts to drop them at some point, whatever they ask about.
type control uint8

const (
	notNeeded control = iota // no refusal depends on it
	missing                  // no version is accepted
	held                     // accepted again, before and after the refusals were met again
	lost                     // no longer accepted
)

func (q *inquiry) ask(ctx context.Context, v Version, variant Variant) Answer {
	return q.scanner.Ask(ctx, q.addr, q.serverName, v, variant)
}

func (q *inquiry) record(v Version, variant Variant, a Answer) {
	q.answers[v] = append(q.answers[v], a)
	q.variants[v] = append(q.variants[v], variant)
}

// settle asks about v until the answers settle it or there is nothing more to ask. A server
// that is silent to one hello for each version, or never comes to an end, is not asked again: whatever
// it did then, there would be nothing to measure its silence by.
func (q *inquiry) settle(ctx context.Context, v Version) {
	for {
		variant, wait, more := next(v, q.answers[v])
		if !more || q.dead(v) {
			return
		}
		if wait > 0 {
			if err := q.scanner.sleep(ctx, wait); err != nil {
				q.record(v, variant, stopped(err))
				return
			}
		}
		q.record(v, variant, q.ask(ctx, v, variant))
		if a := q.answers[v]; len(a) == 1 {
			if !a[0].tookAll() {
				q.spoke.Store(true)
			}
			q.first.Done()
		}
	}
}

// dead reports whether every version took all of the time, once v was asked about and did.
func (q *inquiry) dead(v Version) bool {
	if len(q.answers[v]) != 1 || !q.answers[v][0].tookAll() {
		return false
	}
	q.first.Wait()
	return !q.spoke.Load()
}

// checkControl asks about an accepted version once more, then twice about the versions whose
// refusal depends on it, then about the accepted one again, without a pause: so close
// together, only the version can be what makes the difference. Twice, because then a
// balancer that sends every second connection to a dead host cannot drop the same
// version both times and answer the accepted one both times.
func (q *inquiry) checkControl(ctx context.Context) {
	accepted, by, ok := q.controlVersion()
	switch {
	case !q.doubt(accepted):
		return
	case !ok:
		q.control = missing
		return
	}
	if q.control = lost; q.confirm(ctx, accepted, by, q.wavers()) {
		q.control = held
	}
}

// doubt notes which refusals depend on the control, and reports whether one does. accepted is the
// zero Version where none is.
func (q *inquiry) doubt(accepted Version) (needed bool) {
	for _, v := range Versions() {
		q.doubtful[v] = q.needsControl(v, accepted == TLS13)
		needed = needed || q.doubtful[v]
	}
	return needed
}

// confirm reports whether the accepted version holds before and after the doubtful ones are asked
// about. A server that wavers is asked more often, and in no regular order.
func (q *inquiry) confirm(ctx context.Context, accepted Version, by Variant, wavers bool) bool {
	q.controlled = accepted
	holds := func() bool { return q.holds(ctx, accepted, by) }
	if !holds() {
		return false
	}
	q.askDoubtful(ctx)
	q.askDoubtful(ctx)
	if !holds() {
		return false
	}
	if !wavers {
		return true
	}
	if !holds() {
		return false
	}
	q.askDoubtful(ctx)
	return holds()
}

// wavers tells whether an accepted version was refused at first in a way that may have had
// nothing to do with the hello. Such a server is asked more often, and in no regular order.
func (q *inquiry) wavers() bool {
	for _, v := range Versions() {
		answers := q.answers[v]
		if stand(v, answers) != chosen {
			continue
		}
		for _, a := range answers {
			if _, s := weigh(v, a); s == dropped || s == broken || s == unsettled {
				return true
			}
		}
	}
	return false
}

// askDoubtful asks once about each version whose refusal depends on the control.
func (q *inquiry) askDoubtful(ctx context.Context) {
	var group sync.WaitGroup
	for _, v := range Versions() {
		switch {
		case !q.doubtful[v]:
		case q.gap == 0:
			group.Go(func() { q.record(v, Main, q.ask(ctx, v, Main)) })
		case q.pause(ctx, q.gap):
			q.record(v, Main, q.ask(ctx, v, Main))
		}
	}
	group.Wait()
}

// controlVersion picks the accepted version to measure refusals by, and the hello it was
// accepted with. TLS 1.3 comes last: a HelloRetryRequest precedes the choice of a
// certificate, so a server with none for the name sends it too. With a key share it must
// go further.
func (q *inquiry) controlVersion() (Version, Variant, bool) {
	for _, v := range []Version{TLS12, TLS11, TLS10, SSLv3, SSLv2, TLS13} {
		if stand(v, q.answers[v]) != chosen {
			continue
		}
		if v == TLS13 {
			return v, KeyShare, true
		}
		return v, q.variants[v][len(q.variants[v])-1], true
	}
	return 0, 0, false
}

// needsControl tells whether the refusal of v depends on the control. Alerts about what can
// be negotiated do where nothing but a HelloRetryRequest shows a working server.
func (q *inquiry) needsControl(v Version, onlyTLS13 bool) bool {
	switch stand(v, q.answers[v]) {
	case dropped, broken:
		return true
	case declined:
		return onlyTLS13
	}
	return false
}

func (q *inquiry) holds(ctx context.Context, v Version, variant Variant) bool {
	if !q.pause(ctx, q.gap) {
		return false
	}
	a := q.ask(ctx, v, variant)
	if a.chosen() {
		return true
	}
	q.controlLost = fmt.Sprintf("asked again with the %s hello, %s got: %s", variant, v, a.Evidence)
	return false
}

// askWithoutName asks without a server name about the versions for which the answer was,
// or may have been, about the name: always where the server says so, and where it accepts no
// version at all and refuses with alerts that name no cause.
func (q *inquiry) askWithoutName(ctx context.Context) {
	if sniName(q.serverName) == "" {
		return
	}
	_, _, served := q.controlVersion()
	var group sync.WaitGroup
	for _, v := range Versions() {
		s := stand(v, q.answers[v])
		unexplained := !served && (s == declined || s == broken || s == dropped)
		if v >= TLS10 && (s == wrongName || unexplained) {
			group.Go(func() {
				a := q.ask(ctx, v, NoSNI)
				q.withoutName[v] = &a
			})
		}
	}
	group.Wait()
}
