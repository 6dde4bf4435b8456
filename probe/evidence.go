package probe

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"prober/probe/dns"
	"prober/probe/reason"
)

// evidence is what one resolver says to control questions, after it failed a host for a reason. It
// shows that the resolver can tell one name from another, or it does not. Not every answer tells.
// Which do depends on how a resolver that is broken would fail the host so: one that has lost its way
// to the world still knows what others asked for a while ago, and one that denies everything is
// right about all that does not exist.
type evidence struct {
	host  string
	why   reason.Reason
	asked []control
}

// tells reports whether the controls show that the resolver can tell one name from another. Those that
// the user has named decide over the others.
func (e evidence) tells() bool {
	if e.why == reason.ResolveTimeout && e.loses() {
		return false
	}
	if e.any(func(c control) bool { return c.Authoritative && e.differs(c) && c.Type != dns.SOA }) {
		return true // it knows that of its own
	}
	named := func(c control) bool { return c.named && c.zone != ZoneOf(e.host) }
	switch alike := e.any(func(c control) bool { return named(c) && c.failsAs(e.why) }); {
	case isLack(e.why) && e.any(func(c control) bool { return c.named && c.Name != e.host && e.finds(c) }):
		return true
	case alike && !e.any(func(c control) bool { return named(c) && c.well() }):
		return false
	case isDenial(e.why):
		return e.knowsOthers()
	}
	return e.any(func(c control) bool { return c.madeUp && c.inOrder() && c.Reason != e.why }) && e.knowsOthers()
}

// differs reports whether a control is answered well, and not as the host was. That some names do not
// exist, in zones whose names lead nowhere, shows no more than that.
func (e evidence) differs(c control) bool {
	return c.inOrder() && c.Reason != e.why && (e.why != reason.ResolveNoData || !isDenial(c.Reason))
}

// loses reports whether the resolver is silent about some names of the world and answers for others:
// it, or the way to it, loses what is asked.
func (e evidence) loses() bool {
	silent, answered := e.losing()
	return silent != nil && answered != nil
}

// losing returns a name of the world about which the resolver is silent, and one for which it answers.
func (e evidence) losing() (silent, answered *control) {
	for i := range e.asked {
		c := &e.asked[i]
		switch world := c.sure || c.Name == topmost || c.madeUp && (c.zone == here || c.zone == there) && c.zone != ZoneOf(e.host); {
		case world && c.Reason == reason.ResolveTimeout:
			silent = cmp.Or(silent, c)
		case world && c.inOrder():
			answered = cmp.Or(answered, c)
		}
	}
	return silent, answered
}

// unable says why the controls do not show that the resolver can tell.
func (e evidence) unable() string {
	if silent, answered := e.losing(); e.why == reason.ResolveTimeout && silent != nil && answered != nil {
		return fmt.Sprintf("of the control questions this resolver answers some and not others (%s, %s): it, or the way to it or beyond it, loses what is asked", answered, silent)
	}
	return unable(e.asked)
}

// knowsOthers reports whether the resolver, which failed the host, knows other names that exist. What
// it says of the servers of the root or of a zone's start does not show that it answers for
// addresses: it takes a name that it leads to an address, and, where the host lacks one, no other
// host that had one a moment ago and lacks it too. In a closed network there may be none: there it
// is the start of the host's zone, or that it denies all the rest of the world, unless it is wrong
// about what is sure to exist as it may be about the host, or leads none of the listed names of all
// zones anywhere.
func (e evidence) knowsOthers() bool {
	finds, topless, apex, gone, wrong, denied := false, false, false, false, false, true
	empty, filled := false, false // some listed host of another zone is, as the host is, or is not
	for _, c := range e.asked {
		switch {
		case c.madeUp || c.Name == e.host:
		case c.listed && e.finds(c):
			return true
		case c.listed && c.zone != ZoneOf(e.host):
			gone = gone || c.good && isLack(c.Reason)
			empty, filled = empty || c.Reason == reason.ResolveNoData, filled || c.Reason != reason.ResolveNoData
		case c.sure:
			finds = finds || e.finds(c)
			wrong = wrong || e.wrongs(c)
			denied = denied && isDenial(c.Reason)
		case c.Name == topmost && c.Type == dns.SOA:
			topless = isDenial(c.Reason) // nothing below that exists (RFC 8020): what it finds there it remembers
			wrong = wrong || topless && isDenial(e.why)
		case c.Type == dns.SOA && c.well():
			apex = true
		}
	}
	if gone && isLack(e.why) {
		return false
	}
	nowhere := e.why == reason.ResolveNoData && empty && !filled // no name of any zone leads anywhere
	return finds && !topless || !wrong && !nowhere && (apex || denied)
}

// wrongs reports whether the resolver says of a control that is sure to exist what it said of the host,
// though it is in touch with the world, or leads it to where nothing can be.
func (e evidence) wrongs(c control) bool {
	if !c.failsAs(e.why) {
		return len(c.Addresses) > 0 && !e.finds(c)
	}
	return isDenial(e.why) || e.any(func(o control) bool { return o.madeUp && o.zone == c.zone && o.inOrder() && !o.failsAs(e.why) })
}

// finds reports whether a control is led to an address where a host can be, and not to that of names
// which do not exist.
func (e evidence) finds(c control) bool {
	return slices.ContainsFunc(c.Addresses, func(a netip.Addr) bool {
		return !isNoHost(a) && !e.any(func(o control) bool { return o.madeUp && slices.Contains(o.Addresses, a) })
	})
}

func (e evidence) any(is func(c control) bool) bool { return slices.ContainsFunc(e.asked, is) }

// well reports whether the answer says that the name exists.
func (c control) well() bool {
	return c.Name != "" && (c.Reason == reason.None || c.Reason == reason.ResolveNoData)
}

// inOrder reports whether the answer is one that a resolver in order gives.
func (c control) inOrder() bool { return c.well() || isDenial(c.Reason) }

// failsAs reports whether the name fails as another did.
func (c control) failsAs(why reason.Reason) bool {
	return c.Reason == why || isDenial(c.Reason) && isDenial(why)
}

// isLack reports whether a reason is that a name has no address, for all who ask: it is denied, or is
// there without one.
func isLack(why reason.Reason) bool { return isDenial(why) || why == reason.ResolveNoData }

// isDenial reports whether a reason is that a name, or the end of its aliases, does not exist.
func isDenial(why reason.Reason) bool {
	return why == reason.ResolveNXDomain || why == reason.ResolveCNAMEDangling
}
