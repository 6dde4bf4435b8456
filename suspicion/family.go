package suspicion

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// Families tell trouble of this machine's own IPv6, or IPv4, from that of the endpoints: no address of one family
// answers, at two providers or more, and those of the other do. A network that announces one family and leads it nowhere
// fails so, whatever the endpoints do. The zero value has seen nothing. They are not safe for concurrent use.
type Families struct{ v4, v6 family }

// family is what one family's addresses have shown.
type family struct {
	answered bool
	at       time.Time // when one answered last
	silent   [2]string // providers of which an address failed since, as many as it takes
}

// fails notes that an address of a provider failed.
func (f *family) fails(provider string) {
	switch {
	case f.silent[0] == "":
		f.silent[0] = provider
	case f.silent[0] != provider:
		f.silent[1] = provider
	}
}

// answers notes that an address did not fail so.
func (f *family) answers(at time.Time) { f.answered, f.at, f.silent = true, at, [2]string{} }

// since reports whether an address answered since an instant.
func (f *family) since(t time.Time) bool { return f.answered && !f.at.Before(t) }

// See takes in what was seen of an endpoint of a provider; empty: whoever has the zone.
func (f *Families) See(provider string, o *probe.Observation) {
	if l := o.Endpoint.Lifecycle; l != catalog.Active && l != "" {
		return
	}
	for _, a := range o.Addresses {
		of := f.of(a.Address)
		switch {
		case a.Outcome == reason.Unknown:
		case a.Outcome != reason.Fail || !unanswered(a.Reason):
			of.answers(o.Started)
		default:
			of.fails(cmp.Or(provider, probe.ZoneOf(o.Endpoint.Host)))
		}
	}
}

// Excuse takes back what failed at addresses of a family that is this machine's trouble, as far as was seen by now, and
// reports whether anything was. A family of which an address answered since an instant is none.
func (f *Families) Excuse(o *probe.Observation, since time.Time) bool {
	if o.Outcome != reason.Fail && o.Outcome != reason.Degraded {
		return false
	}
	return o.Undecide(func(a probe.AddressResult) reason.Finding {
		name, why := "IPv6", reason.ProberVantageNoIPv6
		if a.Address.Unmap().Is4() {
			name, why = "IPv4", reason.ProberVantageNoIPv4
		}
		if of := f.of(a.Address); !unanswered(a.Reason) || !f.lost(of, since) {
			return reason.Finding{}
		}
		return why.Found("no " + name + " address of any endpoint answers, at several providers, and others do: this prober's own " + name + " is suspected; it found " + a.Reason.String() + ": " + a.Detail)
	})
}

// Lost is the family that is this machine's trouble, 4 or 6; 0: neither is.
func (f *Families) Lost(since time.Time) int {
	switch {
	case f.lost(&f.v4, since):
		return 4
	case f.lost(&f.v6, since):
		return 6
	}
	return 0
}

// lost reports whether no address of a family answers, at two providers or more, and one of the other did since an instant.
func (f *Families) lost(of *family, since time.Time) bool {
	other := &f.v4
	if of == other {
		other = &f.v6
	}
	return of.silent[1] != "" && !of.since(since) && other.since(since)
}

// Doubt reports whether something failed at an address of a family of which none has answered yet.
func (f *Families) Doubt(o *probe.Observation) bool {
	return slices.ContainsFunc(o.Addresses, func(a probe.AddressResult) bool {
		return a.Outcome == reason.Fail && unanswered(a.Reason) && !f.of(a.Address).answered
	})
}

func (f *Families) of(a netip.Addr) *family {
	if a.Unmap().Is4() {
		return &f.v4
	}
	return &f.v6
}

// unanswered reports whether a reason is that nobody answered at an address, or somebody on the way that there is none.
func unanswered(why reason.Reason) bool {
	return why == reason.ConnectTimeout || why == reason.ConnectUnreachable
}
