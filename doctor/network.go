package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// resolvers judges each resolver.
func resolvers(exams []probe.Examination, none error) (found []Finding) {
	if len(exams) == 0 {
		why := "none is configured"
		if none != nil {
			why = none.Error()
		}
		return []Finding{{"resolver", "", Wrong, why, "name one with --resolver HOST:PORT, or mend /etc/resolv.conf"}}
	}
	for _, x := range exams {
		found = append(found, resolver(x))
	}
	return found
}

func resolver(x probe.Examination) Finding {
	f := Finding{"resolver", x.Resolver.String(), Fine, x.String(), ""}
	var notes []string
	const other = "use another one: --resolver HOST:PORT"
	switch {
	case x.Reason == reason.ProberCanceled:
		f.Result = Unknown
	case x.Reason != reason.None:
		f.Result, f.Advice = Wrong, other+"; until then what it says makes results unknown"
	case x.Invented != "":
		f.Result, f.Advice = Wrong, other+": this one's NXDOMAIN cannot be relied upon"
		notes = append(notes, "but it gives an address for a name that does not exist: "+x.Invented)
	case len(x.Filtered) > 0:
		f.Result, f.Advice = Wrong, other+": this one filters"
		notes = append(notes, "but it leads names where nothing can be: "+few(x.Filtered))
	case len(x.Withheld) > 0:
		f.Result, f.Advice = Wrong, other+": this one filters"
		notes = append(notes, "but it says that it filters names: "+few(x.Withheld))
	case x.TCP != reason.None && !x.EDNS:
		f.Result, f.Advice = Wrong, "let it answer over TCP, or with EDNS: long answers cannot be had otherwise"
		notes = append(notes, fmt.Sprintf("but not over TCP (%s), and without EDNS", x.TCP.Word()))
	default:
		if len(x.Unknown) > 0 && x.Known == 0 {
			notes = append(notes, "it knows none of the selected names that it was asked for: "+few(x.Unknown))
			f.Advice = "see whether it is meant for these names"
		}
		if x.TCP != reason.None {
			notes = append(notes, "not over TCP: "+x.TCP.Word())
			f.Advice = "permit TCP to port 53: answers that do not fit into a datagram come that way"
		}
		if !x.EDNS {
			notes = append(notes, "without EDNS, so that long answers take TCP")
		}
		if len(notes) > 0 {
			f.Result = Note
		}
	}
	if f.Result == Fine {
		notes = append(notes, "over UDP with EDNS and over TCP")
	}
	f.Detail = strings.Join(append([]string{f.Detail}, notes...), "; ")
	return f
}

// few shows the first of some.
func few(some []string) string {
	const shown = 2
	if more := len(some) - shown; more > 0 {
		return strings.Join(some[:shown], ", ") + fmt.Sprintf(", and %d more", more)
	}
	return strings.Join(some, ", ")
}

// control judges a control beyond the lookup.
func control(r probe.Reach, why reason.Reason) Finding {
	if why == reason.None {
		return Finding{"control", r.String(), Fine, "it takes a connection", ""}
	}
	switch {
	case why == reason.ResolveNXDomain || why == reason.ResolveNoData || why == reason.ResolveCNAMEDangling:
		return Finding{"control", r.String(), Wrong, why.String() + ": its name leads to no address, so that it was not dialled", "see whether the name is right"}
	case why.Phase() == reason.Resolve || why == reason.ProberResolverUnavailable:
		return Finding{"control", r.String(), Unknown, why.String() + ": its name could not be looked up, so that it was not dialled", "mend the resolver first, or name the control by its address"}
	case why == reason.ProberAddressRefused:
		return Finding{"control", r.String(), Unknown, why.String() + ": where it leads may not be dialled, so that it was not", "if it is meant to be there, --allow-private; else name another one"}
	}
	f := Finding{"control", r.String(), Wrong, why.String() + ": it takes no connection", "see whether it is up; if it is, this machine's network or a firewall is in the way"}
	if why.Phase() == reason.Prober {
		f.Result = Unknown
	}
	return f
}

// answered reports whether an endpoint gave a reply; at one of another kind than http, what it was asked for, or something
// else than that.
func answered(o probe.Observation) bool {
	return slices.ContainsFunc(o.Addresses, func(a probe.AddressResult) bool {
		return a.HTTP != nil || !o.Scheme.IsHTTP() && (isWell(a) || a.Reason.Phase() == reason.Verify)
	})
}

// isWell reports whether an address is as it should be, or works at least.
func isWell(a probe.AddressResult) bool {
	return a.Outcome == reason.OK || a.Outcome == reason.Degraded
}

// connected reports whether an address took a connection. One of kind dns takes none: there an answer shows as much.
func connected(o probe.Observation, a probe.AddressResult) bool {
	if o.Scheme == catalog.SchemeDNS {
		return isWell(a) || a.Reason.Phase() == reason.Verify
	}
	return isWell(a) || a.Phases.Reached > reason.Connect && a.Phases.Reached < reason.Prober
}

// endpoints says how many of the endpoints that were asked answer. Where none does, the controls
// beyond the lookup tell whether it is this machine's network.
func endpoints(seen []probe.Observation, controls []Finding) Finding {
	f := Finding{"network", "", Fine, "", ""}
	var silent []string
	for _, o := range seen {
		if !answered(o) {
			silent = append(silent, o.Endpoint.Host+": "+o.Reason.String())
		}
	}
	well := slices.ContainsFunc(controls, func(c Finding) bool { return c.Result == Fine })
	one := inPlaceOfAll(seen)
	unresolved := func(o probe.Observation) bool { return o.Reason == reason.ProberResolverUnavailable }
	switch n := len(seen) - len(silent); {
	case len(seen) == 0:
		f.Result, f.Detail = Unknown, "no endpoint is selected that can be asked from here, so that nothing shows the way to one"
		f.Advice = "select some with --product, --region or --endpoints"
	case n == len(seen):
		f.Detail = fmt.Sprintf("%d of %d endpoints that were asked answer", n, len(seen))
	case n > 0:
		f.Detail = fmt.Sprintf("%d of %d endpoints that were asked answer; not %s", n, len(seen), few(silent))
	case !slices.ContainsFunc(seen, func(o probe.Observation) bool { return !unresolved(o) }):
		f.Result, f.Detail = Unknown, fmt.Sprintf("none of %d endpoints that were asked about could be looked up", len(seen))
		f.Advice = "mend the resolver first"
	case one != "":
		f.Result, f.Detail = Wrong, fmt.Sprintf("one certificate, of %s, is shown in place of all of %d endpoints that were asked", one, len(seen))
		f.Advice = "log in to this network, or leave it: somebody answers for everyone"
	case well:
		f.Result, f.Detail = Note, fmt.Sprintf("none of %d endpoints that were asked answers, while a control takes a connection: %s", len(seen), few(silent))
		f.Advice = "\"prober check\" says what is wrong with each"
	case slices.ContainsFunc(controls, func(c Finding) bool { return c.Result == Wrong }):
		f.Result, f.Detail = Wrong, fmt.Sprintf("none of %d endpoints that were asked answers, and no control takes a connection: %s", len(seen), few(silent))
		f.Advice = "look at this machine's network, and at firewalls on the way"
	default:
		f.Result, f.Detail = Unknown, fmt.Sprintf("none of %d endpoints that were asked answers: %s", len(seen), few(silent))
		f.Advice = "name a server of yours with --control NAME:PORT: it tells a broken network from broken endpoints"
	}
	return f
}

// inPlaceOfAll is whose certificate all endpoints show, of two zones at least and with none of them
// well; empty where they do not.
func inPlaceOfAll(seen []probe.Observation) (subject string) {
	zones, sums := map[string]bool{}, map[string]bool{}
	for _, o := range seen {
		for _, a := range o.Addresses {
			if a.TLS == nil || len(a.TLS.Certificates) == 0 || a.Outcome == reason.OK {
				return ""
			}
			leaf := a.TLS.Certificates[0]
			sums[leaf.SHA256], subject = true, leaf.Subject
		}
		zones[probe.ZoneOf(o.Endpoint.Host)] = len(o.Addresses) > 0 || zones[probe.ZoneOf(o.Endpoint.Host)]
	}
	if len(sums) != 1 || len(zones) < 2 {
		return ""
	}
	return subject
}

// families says which address families lead anywhere.
func families(p Patient, seen []probe.Observation) (found []Finding) {
	usable := map[string]bool{}
	for _, family := range []string{"4", "6"} {
		asked, well := 0, 0
		for _, o := range seen {
			for _, a := range o.Addresses {
				if a.Address.Unmap().Is6() == (family == "6") {
					asked++
					if connected(o, a) {
						well++
					}
				}
			}
		}
		f := Finding{"family", "IPv" + family, Fine, "", ""}
		switch route := p.Route(family == "6"); {
		case well > 0:
			f.Detail = fmt.Sprintf("%d of %d addresses that were asked take a connection", well, asked)
		case !route:
			f.Result, f.Detail = Note, "this machine has no route"
			f.Advice = fmt.Sprintf("nothing, if it is meant so: endpoints with addresses of both families are then judged by the others; --family %s leaves these out", map[string]string{"4": "6", "6": "4"}[family])
		case asked > 0:
			f.Result, f.Detail = Unknown, fmt.Sprintf("there is a route, and none of %d addresses that were asked takes a connection", asked)
			f.Advice = "see whether a firewall is in the way"
		default:
			f.Detail = "there is a route; no address of this family was asked"
		}
		usable[family] = f.Result != Note
		found = append(found, f)
	}
	for i, family := range []string{"4", "6"} {
		if !usable[family] && (p.Family == family || !usable["4"] && !usable["6"]) {
			found[i].Result, found[i].Advice = Wrong, "give this machine a route, or do not probe from it"
		}
	}
	return found
}

// clockTolerance is how far a clock may be off without any result being wrong: those who sign
// requests are given minutes.
const clockTolerance = 30 * time.Second

// clock compares the clock with those of the servers.
func clock(seen []probe.Observation) Finding {
	var least, most []time.Duration
	for _, o := range seen {
		if l, m, known := o.ClockOffset(); known && l <= m {
			least, most = append(least, l), append(most, m)
		}
	}
	f := Finding{"clock", "", Unknown, "no endpoint that was asked says what time it is", ""}
	if len(least) == 0 {
		return f
	}
	slices.Sort(least)
	slices.Sort(most)
	l, m := least[len(least)/2], most[len(most)/2] // one server's clock may be off, but hardly half of them
	of := fmt.Sprintf("by the Date of %d of %d endpoints that were asked", len(least), len(seen))
	off := map[bool]time.Duration{true: l, false: m}[l > 0]
	switch {
	case l <= clockTolerance && m >= -clockTolerance:
		f.Result, f.Detail = Fine, "right within "+clockTolerance.String()+", "+of
	case len(least) == 1:
		f.Detail = fmt.Sprintf("one endpoint's clock differs by %v, and no other tells whose is off", off.Abs().Round(time.Second))
		f.Advice = "select more endpoints, or look at the clock (timedatectl)"
	default:
		f.Result = Wrong
		f.Detail = fmt.Sprintf("%v %s, %s", off.Abs().Round(time.Second), map[bool]string{true: "behind", false: "ahead"}[l > 0], of)
		f.Advice = "set it, and let something keep it (chrony, systemd-timesyncd): certificates, signatures and histories go by it"
	}
	return f
}

// guard says what may be dialled, and whether that keeps endpoints from being probed.
func guard(g probe.Guard, seen []probe.Observation) Finding {
	f := Finding{"guard", "", Fine, "loopback, private and metadata addresses are not dialled", ""}
	switch {
	case len(g.Public)+len(g.Private) > 0:
		f.Detail = "nothing outside of the closed world is dialled"
	case g.AllowPrivate:
		f.Detail = "loopback and private addresses are dialled (--allow-private), those of metadata services are not"
	}
	var refused []string
	for _, o := range seen {
		if o.Reason == reason.ResolveBogon || o.Reason == reason.ProberAddressRefused {
			refused = append(refused, o.Endpoint.Host)
		}
	}
	if len(refused) > 0 {
		f.Result, f.Detail = Wrong, f.Detail+"; that keeps "+few(refused)+" from being probed"
		f.Advice = "if they are meant to be there, --allow-private; else it is the resolver that leads there"
	}
	return f
}
