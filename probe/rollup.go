package probe

import (
	"fmt"
	"strings"

	"prober/probe/reason"
)

// rollUp gives the endpoint its outcome from those of its lookup and its addresses:
//
//   - fail when every decided address fails;
//   - degraded when some decided address fails or is degraded, or the lookup is degraded;
//   - ok when all decided addresses are ok;
//   - unknown when none was decided.
//
// Phase and reason are those of the first failing address, else the first degraded one,
// else the lookup's, else the first undecided one.
func rollUp(o *Observation) {
	var decided, failed int
	first := map[reason.Outcome]*AddressResult{}
	for i := range o.Addresses {
		a := &o.Addresses[i]
		if a.Outcome != reason.Unknown {
			decided++
		}
		if a.Outcome == reason.Fail {
			failed++
		}
		if first[a.Outcome] == nil {
			first[a.Outcome] = a
		}
	}
	lookupBad := o.DNS != nil && o.DNS.Outcome == reason.Degraded
	switch {
	case decided == 0:
		o.Outcome = reason.Unknown
		take(o, first[reason.Unknown])
		return
	case failed == decided:
		o.Outcome = reason.Fail
	case failed > 0 || first[reason.Degraded] != nil || lookupBad:
		o.Outcome = reason.Degraded
	default:
		o.Outcome, o.Detail = reason.OK, okDetail(o)
		return
	}
	switch {
	case first[reason.Fail] != nil:
		take(o, first[reason.Fail])
		if failed < len(o.Addresses) {
			o.Detail = fmt.Sprintf("%d of %d addresses: %s", failed, len(o.Addresses), o.Detail)
		}
	case first[reason.Degraded] != nil:
		take(o, first[reason.Degraded])
	default:
		o.Reason, o.Detail = o.DNS.Reason, o.DNS.Detail
	}
}

// Again puts what addresses showed when they were probed once more, by themselves, in the place
// of what they had shown.
func (o *Observation) Again(later Observation) {
	for i, before := range o.Addresses {
		for _, a := range later.Addresses {
			if a.Address == before.Address {
				a.Phases.Resolve = before.Phases.Resolve
				o.Addresses[i] = a
			}
		}
	}
	o.Duration += later.Duration
	o.Outcome, o.Reason, o.Detail, o.Reproduce = 0, reason.None, "", ""
	rollUp(o)
}

// Undecide takes back what failed at addresses that are, as somebody says, not the endpoint's matter, with the finding
// that stands in its place, and reports whether there were any.
func (o *Observation) Undecide(instead func(AddressResult) reason.Finding) bool {
	any, decides, before := false, false, *o
	before.Outcome, before.Reason, before.Detail, before.Reproduce = 0, reason.None, "", ""
	rollUp(&before)
	for i := range o.Addresses {
		a := &o.Addresses[i]
		if a.Outcome != reason.Fail {
			continue
		}
		f := instead(*a)
		if f.OK() {
			continue
		}
		any, decides = true, decides || a.Reason == o.Reason
		a.Outcome, a.Reason, a.Detail, a.Findings, a.Reproduce = f.Reason.Outcome(), f.Reason, f.Detail, nil, f.Reproduce
	}
	if decides || any && before.Reason == o.Reason { // else it is something else that does
		added := strings.TrimPrefix(o.Detail, before.Detail)
		if added == o.Detail {
			added = ""
		}
		o.Outcome, o.Reason, o.Detail, o.Reproduce = 0, reason.None, "", ""
		rollUp(o)
		o.Detail = strings.TrimPrefix(o.Detail+added, "; ")
	}
	return any
}

// okDetail says what is worth knowing beside an outcome that is fine: that a refusal was
// expected, or that an address or a family stayed undecided.
func okDetail(o *Observation) string {
	for _, a := range o.Addresses {
		switch {
		case a.Detail == "":
		case a.Outcome == reason.Unknown:
			return "undecided: " + a.Detail
		default:
			return a.Detail
		}
	}
	if o.DNS != nil {
		return o.DNS.Detail
	}
	return ""
}

func take(o *Observation, a *AddressResult) {
	if a != nil {
		o.Reason, o.Detail, o.Reproduce = a.Reason, a.Detail, a.Reproduce
	}
}
