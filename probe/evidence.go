package probe

import (
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
	if e.any(func(c control) bool { return c.Authoritative && c.inOrder() && c.Reason != e.why }) {
		return true // it knows that of its own
	}
	named := func(c control) bool { return c.named && c.zone != ZoneOf(e.host) }
	switch alike := e.any(func(c control) bool { return named(c) && c.failsAs(e.why) }); {
	case isDenial(e.why) && e.any(func(c control) bool { return c.named && c.Name != e.host && c.well() }):
		return true
	case alike && !e.any(func(c control) bool { return named(c) && c.well() }):
		return false
	case isDenial(e.why):
		return e.deniesOthers()
	}
	return e.any(func(c control) bool { return c.madeUp && c.inOrder() && c.Reason != e.why })
}

// deniesOthers reports whether the resolver, which denied the host, denies only some of what exists.
// That of the root and of a zone's apex it may know though it denies the rest: it takes a host of
// the list that it knows, or, where no other host that was well a moment ago is denied, the
// top of the tree. Where that one fails in another way not everything is denied, so that the zone's
// apex tells.
func (e evidence) deniesOthers() bool {
	top, apex, denied := control{}, false, false
	for _, c := range e.asked {
		switch {
		case c.madeUp || c.Name == e.host:
		case c.listed && c.well():
			return true
		case c.listed && c.good && c.zone != ZoneOf(e.host) && isDenial(c.Reason):
			denied = true
		case c.Name == topmost && c.Type == dns.SOA:
			top = c
		case c.Type == dns.SOA && c.well():
			apex = true
		}
	}
	return !denied && (top.well() || !isDenial(top.Reason) && apex)
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

// isDenial reports whether a reason is that a name, or the end of its aliases, does not exist.
func isDenial(why reason.Reason) bool {
	return why == reason.ResolveNXDomain || why == reason.ResolveCNAMEDangling
}
