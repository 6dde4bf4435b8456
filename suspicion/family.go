package suspicion

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

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
	until    time.Time  // what an address answered says something that long
	silent   [2]silence // of two providers, as many as it takes, since one answered
}

// silence is that an address of a provider failed.
type silence struct {
	provider string
	until    time.Time // it says something that long
}

// fails notes that an address of a provider failed at a time.
func (f *family) fails(provider string, at, until time.Time) {
	for i := range f.silent {
		if s := &f.silent[i]; s.provider == provider {
			s.until = later(s.until, until)
			return
		}
	}
	free := slices.IndexFunc(f.silent[:], func(s silence) bool { return s.provider == "" })
	if free < 0 {
		free = slices.IndexFunc(f.silent[:], func(s silence) bool { return s.until.Before(at) })
	}
	if free >= 0 {
		f.silent[free] = silence{provider, until}
	}
}

// answers notes that an address did not fail so.
func (f *family) answers(until time.Time) {
	f.answered, f.until, f.silent = true, later(f.until, until), [2]silence{}
}

// well reports whether an address answered that says something still at a time.
func (f *family) well(at time.Time) bool { return f.answered && !f.until.Before(at) }

// mute reports whether addresses of two providers failed since one answered, which says something still at a time.
func (f *family) mute(at time.Time) bool {
	return !slices.ContainsFunc(f.silent[:], func(s silence) bool { return s.provider == "" || s.until.Before(at) })
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// See takes in what was seen of an endpoint of a provider; empty: whoever has the zone. It says something for a time: who is
// asked but once in an hour may be well all the while.
func (f *Families) See(provider string, o *probe.Observation, lasts time.Duration) {
	if !o.Endpoint.Lifecycle.IsActive() {
		return
	}
	until := o.Started.Add(lasts)
	for _, a := range o.Addresses {
		of := f.of(a.Address)
		switch {
		case a.Outcome == reason.Unknown:
		case a.Outcome != reason.Fail || !unanswered(a.Reason):
			of.answers(until)
		default:
			of.fails(cmp.Or(provider, probe.ZoneOf(o.Endpoint.Host)), o.Started, until)
		}
	}
}

// Excuse takes back what failed at addresses of a family that is this machine's trouble, by what says something still at a
// time, and reports whether anything was. At the zero time all does that was seen.
func (f *Families) Excuse(o *probe.Observation, at time.Time) bool {
	if o.Outcome != reason.Fail && o.Outcome != reason.Degraded {
		return false
	}
	return o.Undecide(func(a probe.AddressResult) reason.Finding {
		name, why := "IPv6", reason.ProberVantageNoIPv6
		if a.Address.Unmap().Is4() {
			name, why = "IPv4", reason.ProberVantageNoIPv4
		}
		if of := f.of(a.Address); !unanswered(a.Reason) || !f.lost(of, at) {
			return reason.Finding{}
		}
		return why.Found("no " + name + " address of any endpoint answers, at several providers, and others do: this prober's own " + name + " is suspected; it found " + a.Reason.String() + ": " + a.Detail)
	})
}

// Lost is the family that is this machine's trouble at a time, 4 or 6; 0: neither is.
func (f *Families) Lost(at time.Time) int {
	switch {
	case f.lost(&f.v4, at):
		return 4
	case f.lost(&f.v6, at):
		return 6
	}
	return 0
}

// lost reports whether no address of a family answers, at two providers or more, and one of the other does.
func (f *Families) lost(of *family, at time.Time) bool {
	other := &f.v4
	if of == other {
		other = &f.v6
	}
	return of.mute(at) && !of.well(at) && other.well(at)
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
