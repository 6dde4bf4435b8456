package afar

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
	"prober/prose"
)

const (
	day    = 24 * time.Hour
	pieces = 96 // of a span: an even quarter of an hour of a day
	recent = time.Hour
	minute = time.Minute // from one of the last results to the next

	recorded = 30 * time.Second // from one evaluation of the rules to the next
)

// past asks for what is remembered of an endpoint over a span that ends now.
func (s *Server) past(ctx context.Context, k key, span time.Duration, now time.Time) view.Past {
	ctx, stop := context.WithTimeout(ctx, limit.AfarTime)
	defer stop()
	a := &asking{ctx: ctx, server: s}
	this := "{" + k.selector() + "}"
	step := span / pieces
	from := now.Add(-span + step)
	p := view.Past{Step: history.Step(step), Known: a.begin(this, now)}
	p.Uptime = a.uptime(k, p.Known, now)

	worst := map[time.Time]float64{}
	for _, x := range a.over(fmt.Sprintf("max_over_time(endpoint:state:code%s[%s])", this, promDuration(step)), from, now, step) {
		for _, point := range x.points {
			worst[point.at] = point.value
		}
	}
	counts := map[time.Time]history.Counts{}
	for _, x := range a.over(fmt.Sprintf("sum by (outcome) (increase(endpoint_probes_total%s[%s]))", this, promDuration(step)), from, now, step) {
		for _, point := range x.points {
			c := counts[point.at]
			count(&c, x.labels["outcome"], point.value)
			counts[point.at] = c
		}
	}
	means := map[time.Time]float64{}
	for _, x := range a.over(fmt.Sprintf("avg(avg_over_time(endpoint:probe_duration_seconds:mean5m%s[%s]))", this, promDuration(step)), from, now, step) {
		for _, point := range x.points {
			means[point.at] = point.value
		}
	}
	for end := from; !end.After(now); end = end.Add(step) {
		at := end.Truncate(time.Millisecond).UTC()
		cell := history.Cell{Span: history.Span{From: at.Add(-step), To: at}}
		if code, known := worst[at]; known {
			cell.Counts[outcomeOf(code)] = 1
		}
		p.Strip = append(p.Strip, cell)
		c, probed := counts[at]
		mean, answered := means[at]
		if !probed && !answered {
			continue
		}
		r := history.Rollup{Start: at.Add(-step), Step: history.Step(step)}
		r.Counts = c
		if answered {
			n := max(c[reason.OK]+c[reason.Degraded], 1)
			r.Total.Count, r.Total.Sum = n, time.Duration(mean*float64(n)*float64(time.Second))
		}
		p.Series = append(p.Series, r)
	}
	fine := span / (3 * pieces)
	p.Changes = a.changes("endpoint:state:code"+this, now.Add(-span), now, fine)
	for i := range min(len(p.Changes), 2) { // those that are told in words
		p.Changes[i].At = a.exactly("endpoint:state:code"+this, p.Changes[i].At, fine)
	}
	p.Since, p.Unseen = outage(p.Changes)
	p.DownBefore = downBefore(p.Changes)
	p.Vantages = a.vantages(k)
	p.Caveat = fmt.Sprintf("Numbers are estimates of the Prometheus server's increase(), and uptime is what over half of the vantages see; changes but the last two are told to %d min.", max(int(fine.Minutes()), 1))
	if a.err != nil {
		p.Caveat = "Not all of it is known: the Prometheus server did not answer in full (" + prose.Brief(a.err.Error()) + ")."
	}
	return p
}

func (a *asking) over(expr string, from, to time.Time, step time.Duration) []series {
	if a.err != nil {
		return nil
	}
	all, err := a.server.over(a.ctx, expr, from, to, step)
	a.err = err
	return all
}

// begin finds when the first state was recorded, to ten seconds; zero: none was.
func (a *asking) begin(this string, now time.Time) (begin time.Time) {
	from, to := now.Add(-90*day), now
	for _, step := range []time.Duration{6 * time.Hour, 5 * time.Minute, 10 * time.Second} {
		first := time.Time{}
		for _, x := range a.over("endpoint:state:code"+this, from, to, step) {
			if at := x.points[0].at; first.IsZero() || at.Before(first) {
				first = at
			}
		}
		if first.IsZero() {
			break
		}
		begin = first
		from, to = first.Add(-step), first
	}
	return begin
}

// uptime is how much of each window the endpoint was up.
func (a *asking) uptime(k key, known, now time.Time) (all []history.Uptime) {
	for _, window := range history.Windows() {
		u := history.Uptime{Window: window, From: now.Add(-window)}
		if known.After(u.From) {
			u.From = known
		}
		places := map[string]*history.Counts{}
		for _, x := range a.ask(fmt.Sprintf("sum by (vantage, outcome) (increase(endpoint_probes_total{%s}[%s]))", k.selector(), promDuration(window))) {
			name := x.labels["vantage"]
			if places[name] == nil {
				places[name] = &history.Counts{}
			}
			count(places[name], x.labels["outcome"], x.points[0].value)
		}
		u.Counts = together(slices.Collect(maps.Values(places)))
		all = append(all, u)
	}
	return all
}

// together are the results of all places, of which so many have failed as over half of the places see: the rest was up for
// users. It is the rule of endpoint:failures_per_probe:ratio_rate30d. Where one of several can tell, nobody knows.
func together(places []*history.Counts) (all history.Counts) {
	var shares []float64
	for _, c := range places {
		all.Add(*c)
		if decided := c.Known(); decided > 0 {
			shares = append(shares, float64(c[reason.Fail])/float64(decided))
		}
	}
	switch slices.Sort(shares); {
	case len(places) < 2 || len(shares) == 0:
	case len(shares) == 1:
		var unknown history.Counts
		unknown[reason.Unknown] = all[reason.Unknown] + all.Known()
		return unknown
	default:
		failed := uint64(math.Round(shares[(len(shares)-1)/2] * float64(all.Known())))
		all[reason.OK] += all[reason.Fail] - failed
		all[reason.Fail] = failed
	}
	return all
}

// count adds an estimate of results. What is more than none is at least one: a failure is not rounded away.
func count(c *history.Counts, outcome string, n float64) {
	var o reason.Outcome
	if o.UnmarshalText([]byte(outcome)) != nil || n <= 0 {
		return
	}
	c[o] += uint64(max(math.Round(n), 1))
}

// outage finds when the state became what it is, and of an outage how much of it is unknown: nothing that lies between two
// failures and could not be told ends it. Zero: no change is known.
func outage(changes []history.Change) (since time.Time, unseen time.Duration) {
	if len(changes) == 0 {
		return since, 0
	}
	since = changes[0].At
	for i := 0; changes[0].Outcome == reason.Fail && i+2 < len(changes); i += 2 {
		if changes[i+1].Outcome != reason.Unknown || changes[i+2].Outcome != reason.Fail {
			break
		}
		since, unseen = changes[i+2].At, unseen+changes[i].At.Sub(changes[i+1].At)
	}
	return since, unseen
}

// downBefore finds when an outage began of which nobody has seen the end, while it is unknown how the endpoint is; zero: there is none.
func downBefore(changes []history.Change) (since time.Time) {
	if len(changes) > 1 && changes[0].Outcome == reason.Unknown && changes[1].Outcome == reason.Fail {
		since, _ = outage(changes[1:])
	}
	return since
}

// exactly is when a change was recorded that came within a step before an instant.
func (a *asking) exactly(expr string, at time.Time, step time.Duration) time.Time {
	for step > recorded {
		finer := max(step/20, recorded)
		for _, x := range a.over(expr, at.Add(-step), at, finer) {
			i := len(x.points) - 1
			for is := outcomeOf(x.points[i].value); i > 0 && outcomeOf(x.points[i-1].value) == is; i-- {
			}
			at = x.points[i].at
		}
		step = finer
	}
	return at
}

// changes finds changes of the state, newest first. What it was when the first was recorded is one, where that is no longer ago than
// is asked for.
func (a *asking) changes(expr string, from, to time.Time, step time.Duration) (all []history.Change) {
	for _, x := range a.over(expr, from, to, step) {
		if first := x.points[0]; first.at.Sub(from) > step {
			all = append(all, history.Change{At: first.at, Outcome: outcomeOf(first.value)})
		}
		for i := 1; i < len(x.points); i++ {
			if before, now := outcomeOf(x.points[i-1].value), outcomeOf(x.points[i].value); before != now {
				all = append(all, history.Change{At: x.points[i].at, Outcome: now})
			}
		}
	}
	slices.Reverse(all)
	return all[:min(len(all), limit.WebSteps)]
}

// vantages are how each place sees an endpoint, where there are several.
func (a *asking) vantages(k key) []view.VantageStatus {
	all := map[string]*view.VantageStatus{}
	each := func(metric string, take func(*view.VantageStatus, float64)) {
		for _, x := range a.ask(fmt.Sprintf("max by (vantage) (%s)", metric)) {
			name := word(x.labels["vantage"])
			if all[name] == nil {
				all[name] = &view.VantageStatus{Name: name}
			}
			take(all[name], x.points[0].value)
		}
	}
	this := "{" + k.selector() + "}"
	each(missed(k), func(*view.VantageStatus, float64) {})
	each("endpoint_last_probe_timestamp_seconds"+this, func(v *view.VantageStatus, x float64) { v.LastProbe = at(x) })
	each("endpoint_last_probe_duration_seconds"+this, func(v *view.VantageStatus, x float64) { v.Seconds = x })
	each("endpoint_up"+this, func(v *view.VantageStatus, up float64) {
		v.Outcome = reason.Fail
		if up == 1 {
			v.Outcome = reason.OK
		}
	})
	for _, x := range a.ask(fmt.Sprintf("sort(sum by (vantage, phase, reason) (increase(endpoint_failures_total{%s}[10m])) > 0)", k.selector())) {
		v := all[word(x.labels["vantage"])]
		if r, err := reason.Parse(x.labels["phase"] + "/" + x.labels["reason"]); err == nil && v != nil && v.Outcome == reason.Fail {
			v.Reason = r // the most frequent one is the last
		}
	}
	if len(all) < 2 {
		return nil
	}
	var list []view.VantageStatus
	for _, v := range all {
		if v.Name == "" {
			v.Name = "without a name"
		}
		list = append(list, *v)
	}
	slices.SortFunc(list, func(a, b view.VantageStatus) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// missed are the vantages that list an endpoint, and those that did within the hour and have fewer probers now, as
// endpoint:vantages_listed:count has it.
func missed(k key) string {
	return fmt.Sprintf(`endpoint_probes_total{%[1]s,outcome="ok"} or last_over_time(endpoint_probes_total{%[1]s,outcome="ok"}[1h])`+
		` unless on (vantage) (prober:heard:count >= max_over_time(prober:heard:count[1h]))`, k.selector())
}

// results asks for the states of endpoints during the last hour.
func (s *Server) results(ctx context.Context, keys map[key]string, now time.Time) map[string][]view.ResultStatus {
	ctx, stop := context.WithTimeout(ctx, limit.AfarTime)
	defer stop()
	var hosts []string
	for k := range keys {
		hosts = append(hosts, quoteRegexp(k.host))
	}
	slices.Sort(hosts)
	all := map[string][]view.ResultStatus{}
	found, _ := s.over(ctx, fmt.Sprintf("endpoint:state:code{host=~%q}", strings.Join(slices.Compact(hosts), "|")), now.Add(-recent+minute), now, minute)
	for _, x := range found { // without them, rows have no picture
		id := keys[keyOf(x.labels)]
		if id == "" {
			continue
		}
		for _, p := range x.points {
			all[id] = append(all[id], view.ResultStatus{Time: p.at, Outcome: outcomeOf(p.value)})
		}
	}
	return all
}

// promDuration writes a duration as Prometheus reads it.
func promDuration(d time.Duration) string { return fmt.Sprintf("%dms", d.Milliseconds()) }
