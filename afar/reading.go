package afar

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
	"prober/prose"
)

// identity are the labels that tell endpoints apart.
const identity = "product, region, network, host, port, scheme, name"

// key is what tells an endpoint from all others.
type key struct {
	product, region, network, host, port, scheme, name, lifecycle string
}

func keyOf(l labels) key {
	return key{l["product"], l["region"], l["network"], l["host"], l["port"], l["scheme"], l["name"], l["lifecycle"]}
}

// selector picks the series of the endpoint.
func (k key) selector() string {
	var b strings.Builder
	for _, x := range [][2]string{
		{"product", k.product},
		{"region", k.region},
		{"network", k.network},
		{"host", k.host},
		{"port", k.port},
		{"name", k.name},
		{"lifecycle", k.lifecycle},
	} {
		fmt.Fprintf(&b, "%s=%q,", x[0], x[1])
	}
	if k.scheme != "" {
		fmt.Fprintf(&b, "scheme=%q,", k.scheme)
	}
	return strings.TrimSuffix(b.String(), ",")
}

// place is what an id begins with.
func (k key) place() string { return k.product + "/" + k.region + "/" + k.network }

// reading is what was read at one time. It does not change.
type reading struct {
	at       time.Time // by our clock
	err      error     // nothing of it can be relied upon
	rules    time.Time // when they were last evaluated; zero: they are not there
	old      bool      // that is too long ago
	statuses []view.Status
	keys     map[string]key // by id
	byKey    map[key]string
	products []string
	called   map[string]string // products by their ids, as people call them
	vantages []string          // named ones
	probers  int
	interval time.Duration
	notes    []view.Note
}

// read asks for all that the page of all endpoints shows.
func (s *Server) read(ctx context.Context, now time.Time) *reading {
	ctx, stop := context.WithTimeout(ctx, limit.AfarTime)
	defer stop()
	r := &reading{at: now, keys: map[string]key{}, byKey: map[key]string{}}
	a := &asking{ctx: ctx, server: s}
	states := a.ask("endpoint:state:code")
	told := a.told(states)
	for _, x := range a.ask("max(timestamp(endpoint:state:code))") {
		r.rules = time.Unix(int64(x.points[0].value), 0).UTC()
		r.old = x.points[0].at.Sub(r.rules) > limit.AfarOld // by the server's clock alone
	}
	r.name(states, told)
	r.statuses = make([]view.Status, 0, len(states))
	facts := a.facts()
	facts.told = told
	for _, x := range states {
		r.statuses = append(r.statuses, r.status(x, facts))
	}
	slices.SortFunc(r.statuses, func(a, b view.Status) int { return cmp.Compare(a.ID, b.ID) })
	for _, x := range a.ask("count by (vantage) (prober_build_info)") {
		r.probers += int(x.points[0].value)
	}
	for _, x := range a.ask(`count by (vantage) (last_over_time(endpoint_probes_total{vantage!="",outcome="ok"}[1h]))`) {
		r.vantages = append(r.vantages, word(x.labels["vantage"]))
	}
	slices.Sort(r.vantages)
	r.called = map[string]string{}
	for _, x := range a.ask("count by (product, name) (last_over_time(prober_product_info[1h]))") {
		id, name := x.labels["product"], word(x.labels["name"])
		if known, met := r.called[id]; name != "" && (!met || name < known) { // the same whichever prober comes first
			r.called[id] = name
		}
	}
	for _, x := range a.ask("max(prober_interval_seconds)") {
		r.interval = time.Duration(x.points[0].value * float64(time.Second))
	}
	r.notes = a.notes(r)
	r.err = a.err
	return r
}

// asking asks one question after another until one is not answered.
type asking struct {
	ctx    context.Context
	server *Server
	err    error
}

func (a *asking) ask(expr string) []series {
	if a.err != nil {
		return nil
	}
	all, err := a.server.now(a.ctx, expr)
	a.err = err
	return all
}

// byEndpoint asks for one value of each endpoint.
func (a *asking) byEndpoint(expr string) map[key]float64 {
	all := map[key]float64{}
	for _, x := range a.ask(expr) {
		all[keyOf(x.labels)] = x.points[0].value
	}
	return all
}

// facts are what is known of the endpoints besides their states.
type facts struct {
	since, listed, fresh, down, last, took, ends, path, life, verified, fails, decided map[key]float64
	told                                                                               map[key]listed
	failed, degraded, unknown                                                          map[key]reason.Reason
}

func (a *asking) facts() facts {
	by := " by (" + identity + ", lifecycle) "
	f := facts{
		since: a.byEndpoint("endpoint:bad_since:timestamp"), listed: a.byEndpoint("endpoint:vantages_listed:count"),
		fresh: a.byEndpoint("endpoint:vantages_fresh:count"), down: a.byEndpoint("endpoint:vantages_down:count"),
		last: a.byEndpoint("max" + by + "(endpoint_last_probe_timestamp_seconds)"), took: a.byEndpoint("max" + by + "(endpoint_last_probe_duration_seconds)"),
		ends:     a.byEndpoint("min" + by + "(endpoint_certificate_not_after_timestamp_seconds)"),
		path:     a.byEndpoint("min" + by + "(endpoint_certificate_path_not_after_timestamp_seconds)"),
		life:     a.byEndpoint("endpoint:certificate_life:seconds"),
		fails:    a.byEndpoint(nowAndThen),
		decided:  a.byEndpoint(decidedOfLate),
		verified: a.byEndpoint("min" + by + "(endpoint_certificate_verified)"),
		failed:   a.reasons("endpoint_failures_total"), degraded: a.reasons("endpoint_degradations_total"), unknown: a.reasons("endpoint_unknown_total"),
	}
	return f
}

// What fails now and then: of the probes of half an hour so many as over half of the places see, where no outage is told of that time, or
// at least three are, which came and went.
const (
	ofLate        = 30 * time.Minute
	decidedOfLate = "sum without (vantage) (endpoint:probes_decided:increase30m)"
	nowAndThen    = "(endpoint:failures_per_probe:ratio_rate30m * " + decidedOfLate + " > 2.5)" +
		" and (max_over_time(endpoint:state:code[30m]) < 3 or changes(endpoint:up:quorum[30m]) >= 5)"
)

// listed is what a list says of an endpoint that its labels may not: endpoint_info alone has it.
type listed struct{ id, scheme, regionName string }

// told is what lists say of endpoints. Of those whose probers are all silent now it is what they said of late.
func (a *asking) told(states []series) map[key]listed {
	all := map[key]listed{}
	read := func(expr string) {
		for _, x := range a.ask("count by (" + identity + ", lifecycle, id, region_name) (" + expr + ")") {
			k := keyOf(x.labels)
			says := listed{x.labels["id"], k.scheme, x.labels["region_name"]}
			bare := k
			bare.scheme = "" // where the scheme tells nothing apart, states have none
			for _, k := range []key{k, bare} {
				if known, met := all[k]; !met || known.id == "" || says.id != "" && says.id < known.id {
					all[k] = says
				}
			}
		}
	}
	read("endpoint_info")
	for _, x := range states {
		if _, met := all[keyOf(x.labels)]; !met {
			read("last_over_time(endpoint_info[1h])")
			break
		}
	}
	return all
}

// reasons are the most frequent reasons of late, by endpoint; or by product, region and network where they are counted so:
// there a reason is that of an endpoint only if it is the only one.
func (a *asking) reasons(counter string) map[key]reason.Reason {
	all, most := map[key]reason.Reason{}, map[key]float64{}
	for _, x := range a.ask(counted(counter)) {
		phase := cmp.Or(x.labels["phase"], reason.Prober.String())
		r, err := reason.Parse(phase + "/" + x.labels["reason"])
		k := keyOf(x.labels)
		switch _, met := most[k]; {
		case err != nil: // a later version has reasons that this one does not know
		case met && k.host == "":
			all[k] = reason.None
		case x.points[0].value > most[k]:
			all[k], most[k] = r, x.points[0].value
		}
	}
	return all
}

// counted is what a counter of reasons grew by of late. What a prober has counted that is silent now says nothing of now.
func counted(counter string) string {
	return "sum by (" + identity + ", lifecycle, phase, reason) (increase(" + counter + "[10m]) and " + counter + ") > 0"
}

// reasonOf finds the reason of an endpoint.
func reasonOf(all map[key]reason.Reason, k key) reason.Reason {
	if r := all[k]; r != reason.None {
		return r
	}
	return all[key{product: k.product, region: k.region, network: k.network, lifecycle: k.lifecycle}]
}

// name gives the endpoints ids: those of the list, where one endpoint alone has it there. Probers of an earlier version tell none:
// then it is what labels tell of it, and the host where several share a place.
func (r *reading) name(states []series, told map[key]listed) {
	hosts, named := map[string]map[string]int{}, map[string]int{}
	for _, x := range states {
		k := keyOf(x.labels)
		named[told[k].id]++
		if hosts[k.place()] == nil {
			hosts[k.place()] = map[string]int{}
		}
		hosts[k.place()][k.host]++
	}
	for _, x := range states {
		k := keyOf(x.labels)
		id := k.place()
		switch alike, own := hosts[id], told[k].id; {
		case own != "" && named[own] == 1:
			id = own
		case k.name != "":
			id += "/" + k.name
		case len(alike) > 1 || alike[k.host] > 1:
			id += "/" + strings.TrimRight(strings.Join([]string{k.host, k.port, k.scheme}, ":"), ":")
		}
		id = word(id)
		if _, taken := r.keys[id]; taken {
			id += "/" + k.lifecycle // a list in which it was changed meets one in which it was not
		}
		r.keys[id], r.byKey[k] = k, id
		r.products = append(r.products, word(k.product))
	}
	slices.Sort(r.products)
	r.products = slices.Compact(r.products)
}

// word is a label's value as it is shown.
func word(s string) string { return prose.OneLine(prose.Cut(s, 4*limit.WebFilter)) }

// status puts together what is known of an endpoint.
func (r *reading) status(x series, f facts) view.Status {
	k := keyOf(x.labels)
	id := r.byKey[k]
	scheme := catalog.Scheme(cmp.Or(k.scheme, f.told[k].scheme, string(catalog.HTTPS)))
	s := view.Status{
		ID: id, Product: word(k.product), Region: word(k.region), RegionName: word(cmp.Or(f.told[k].regionName, k.region)), Network: catalog.Network(word(k.network)), Host: word(k.host),
		Lifecycle: catalog.Lifecycle(word(k.lifecycle)), Scheme: scheme, Probed: true, Outcome: outcomeOf(x.points[0].value),
		Since: at(f.since[k]), LastProbe: at(f.last[k]), DurationSeconds: f.took[k], Addresses: []view.AddressStatus{},
	}
	if !s.LastProbe.IsZero() {
		s.AgeSeconds = max(0, r.at.Sub(s.LastProbe)).Seconds()
	}
	switch down := f.down[k]; {
	case s.Outcome == reason.Fail, s.Outcome == reason.Degraded && down > 0:
		s.Because(reasonOf(f.failed, k))
	case s.Outcome == reason.Degraded:
		s.Because(reasonOf(f.degraded, k))
	case s.Outcome == reason.Unknown:
		s.Because(reasonOf(f.unknown, k))
	}
	if fails := f.fails[k]; fails > 0 {
		why := reasonOf(f.failed, k)
		s.Intermittent = &view.IntermittentStatus{Failed: int(math.Round(fails)), Of: int(math.Round(f.decided[k])), From: r.at.Add(-ofLate).UTC(), Words: why.Words(), Cause: why}
	}
	s.Detail = quorum(int(f.listed[k]), int(f.fresh[k]), int(f.down[k]))
	if ends := at(f.ends[k]); !ends.IsZero() {
		s.Certificate = &view.CertificateStatus{Seen: cmp.Or(s.LastProbe, r.at), NotAfter: ends, PathNotAfter: at(f.path[k]), Verified: f.verified[k] == 1}
		if life := f.life[k]; life > 0 && !s.Certificate.PathNotAfter.IsZero() {
			s.Certificate.PathNotBefore = s.Certificate.PathNotAfter.Add(-time.Duration(life * float64(time.Second)))
		}
	}
	return s
}

// quorum says how many vantages see what, where there are several and they do not agree, or it is down.
func quorum(listed, fresh, down int) string {
	silent := max(listed-fresh, 0)
	var said []string
	switch {
	case listed < 2:
		return ""
	case down > 0:
		said = append(said, fmt.Sprintf("%d of %d vantages find it down", down, listed))
	case silent == 0:
		return ""
	}
	if silent > 0 {
		said = append(said, fmt.Sprintf("%d of %d vantages cannot tell", silent, listed))
	}
	if fresh < 2 {
		said = append(said, "two that can tell are needed")
	}
	return strings.Join(said, "; ")
}

// outcomeOf reads endpoint:state:code.
func outcomeOf(code float64) reason.Outcome {
	switch code {
	case 0:
		return reason.OK
	case 2:
		return reason.Degraded
	case 3:
		return reason.Fail
	}
	return reason.Unknown
}

// at is an instant in seconds since 1970; zero: not known.
func at(seconds float64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(seconds * 1e3)).UTC()
}
