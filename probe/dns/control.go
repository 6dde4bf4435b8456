package dns

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"prober/probe/reason"
)

// The control question asks for what every resolver knows and no filter hides.
const (
	controlName = "."
	controlType = NS
)

// askControl asks every resolver that was tried the control question, if what they said
// does not show whether any of them is usable.
func (l *lookup) askControl(ctx context.Context) {
	var doubtful []netip.AddrPort
	for _, f := range l.families {
		for i := range f.tries {
			t := &f.tries[i]
			if proves(t) || ownFault(t.Reason) {
				return
			}
			r := t.last().Resolver
			if t.Reason != reason.ProberResolverUnavailable && !slices.Contains(doubtful, r) {
				doubtful = append(doubtful, r)
			}
		}
	}
	l.control = make([]Answer, len(doubtful))
	var wg sync.WaitGroup
	for i, r := range doubtful {
		wg.Go(func() { l.control[i] = l.client.Query(ctx, r, controlName, controlType) })
	}
	wg.Wait()
}

// proves reports whether a try shows by itself that its resolver is usable.
func proves(t *try) bool { return len(t.answers) > 1 || answered(t.Reason) }

// answered reports whether a verdict shows that the resolver is usable: any answer does, even
// a bad one, except REFUSED, which may be meant for everybody here.
func answered(why reason.Reason) bool {
	switch why {
	case reason.ResolveTimeout, reason.ResolveRefused:
		return false
	}
	return why.Phase() != reason.Prober
}

// usable reports whether resolver answered any question of the lookup, the control question
// included.
func (l *lookup) usable(resolver netip.AddrPort) bool {
	for _, f := range l.families {
		for i := range f.tries {
			if f.tries[i].last().Resolver == resolver && proves(&f.tries[i]) {
				return true
			}
		}
	}
	for i := range l.control {
		if c := &l.control[i]; c.Resolver == resolver && answered(c.Reason) {
			return true
		}
	}
	return false
}
