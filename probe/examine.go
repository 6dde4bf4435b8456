package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"prober/probe/dns"
	"prober/probe/reason"
)

// Examination is what control questions show of one resolver: those by which a lookup that failed
// is told from a resolver that is broken, and none besides.
type Examination struct {
	Resolver netip.AddrPort
	// Reason is None where the resolver tells a name that exists from one that does not, and else
	// how it fails for all of them.
	Reason reason.Reason
	Detail string // what shows the Reason; empty if it is None
	// Invented is a made-up name that it gives an address for: "prober-0a1b.example.com: 192.0.2.1";
	// empty: none.
	Invented string
	// Filtered are names of the list that it leads to where nothing can be: "api.example.com: 0.0.0.0".
	Filtered []string
	// Withheld are names of the list that it does not lead to and says that this is its policy.
	Withheld []string
	// Unknown are names of the list, or given as controls, that it does not know while it knows
	// others, and Known how many of them it knows.
	Unknown []string
	Known   int
	EDNS    bool          // it speaks EDNS, so that answers of some size fit into a datagram
	TCP     reason.Reason // None: it answers over TCP
	Took    time.Duration // of its fastest answer
}

// Examine asks a resolver the control questions, and one of them over TCP.
func (p *Prober) Examine(ctx context.Context, resolver netip.AddrPort) Examination {
	x := Examination{Resolver: resolver}
	if p.cfg.Ask == nil || p.cfg.AskTCP == nil {
		x.Reason, x.Detail = reason.ProberResolverUnavailable, "no control question can be asked"
		return x
	}
	asked := p.askControls(ctx, p.cfg.Clock.Now(), resolver, "")
	if len(asked) == 0 {
		x.Reason, x.Detail = reason.ProberCanceled, "the questions were cut short"
		return x
	}
	x.judge(asked, p.cfg.Guard)
	if x.Reason == reason.None {
		c := asked[slices.IndexFunc(asked, control.known)]
		x.TCP = p.cfg.AskTCP(ctx, resolver, c.Name, c.Type).Reason
	}
	return x
}

// known reports whether a control is a name that exists, and the resolver knows it: a question for
// addresses, since a resolver may know of zones and yet lead nowhere.
func (c control) known() bool {
	return !c.madeUp && c.Type != dns.SOA && (c.Reason == reason.None || c.Reason == reason.ResolveNoData)
}

// denied reports whether a control is a name that does not exist, and the resolver says so.
func (c control) denied() bool {
	return c.madeUp && (c.Reason == reason.ResolveNXDomain || c.Reason == reason.ResolveNoData)
}

// judge reads the answers.
func (x *Examination) judge(asked []control, guard Guard) {
	real, made := map[netip.Addr]bool{}, map[netip.Addr]bool{}
	for _, c := range asked {
		answered := c.RCode != ""
		x.EDNS = x.EDNS || answered && c.EDNS
		if took := c.Duration.Duration(); answered && (x.Took == 0 || took < x.Took) {
			x.Took = took
		}
		for _, a := range c.Addresses {
			if c.madeUp {
				made[a], x.Invented = true, c.Name+": "+a.String()
				continue
			}
			real[a] = true
			if guard.nowhere(a) {
				x.Filtered = append(x.Filtered, c.Name+": "+a.String())
			}
		}
		switch listed := !c.madeUp && !c.sure && c.Type != dns.SOA; {
		case listed && c.known():
			x.Known++
		case listed && c.Reason == reason.ResolveFiltered:
			x.Withheld = append(x.Withheld, c.Name)
		case listed && (c.Reason == reason.ResolveNXDomain || c.Reason == reason.ResolveRefused):
			x.Unknown = append(x.Unknown, c.String())
		}
	}
	same := len(made) > 0 && len(real) > 0
	for a := range real {
		same = same && made[a]
	}
	switch {
	case same:
		x.Reason, x.Detail = reason.ResolveHijacked, "it gives the same address for names that exist and for "+strings.SplitN(x.Invented, ":", 2)[0]+", which does not"
	case slices.ContainsFunc(asked, control.known) && (x.Invented != "" || slices.ContainsFunc(asked, control.denied)):
	default:
		x.Reason, x.Detail = asked[0].Reason, unable(asked)
		if x.Reason == reason.None { // it knows one name, and says nothing that tells it from others
			x.Reason = asked[slices.IndexFunc(asked, func(c control) bool { return c.madeUp })].Reason
		}
	}
}

// nowhere reports whether an address leads to nothing that any name of the list can stand for, as
// the answers of filters do.
func (g Guard) nowhere(a netip.Addr) bool {
	c := g.class(a)
	return isNoHost(a) || c == classMetadata || c == classSpecial && (!g.AllowPrivate || g.closed())
}

// Try opens a connection to a control beyond the lookup, with nothing sent, and says why none came
// about; None where one did.
func (p *Prober) Try(ctx context.Context, r Reach) reason.Reason {
	return p.tryReach(ctx, r).why
}

// HasRoute reports whether this machine has a way to addresses of a family, IPv6 or IPv4. Nothing
// is sent: the kernel's routing table is asked, about an address that stands for no host.
func HasRoute(six bool) bool {
	to := "192.0.2.1" // RFC 5737
	if six {
		to = "2001:db8::1" // RFC 3849
	}
	return !routeMissing(netip.AddrPortFrom(netip.MustParseAddr(to), 9))
}

// ClockOffset is by how much the clocks of the servers that answered are ahead of this machine's: at
// least and at most, as their Date headers say, which have whole seconds. known is false where none
// said it; where two contradict each other, least is above most.
func (o *Observation) ClockOffset() (least, most time.Duration, known bool) {
	for _, r := range o.Addresses {
		if r.HTTP == nil || r.HTTP.Date.IsZero() {
			continue
		}
		l, m := r.HTTP.Date.Sub(o.Started.Add(o.Duration.Duration())), r.HTTP.Date.Add(time.Second).Sub(o.Started)
		if !known {
			least, most, known = l, m, true
			continue
		}
		least, most = max(least, l), min(most, m)
	}
	return least, most, known
}

// String says in a line what was found.
func (x Examination) String() string {
	if x.Reason != reason.None {
		return fmt.Sprintf("%s: %s", x.Reason, x.Detail)
	}
	return fmt.Sprintf("tells names apart, in %v", x.Took.Round(100*time.Microsecond))
}
