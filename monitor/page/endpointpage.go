package page

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"prober/catalog"
	"prober/history"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/serving"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
	"prober/prose"
)

//go:embed endpoint.html
var endpointHTML string

//go:embed endpoint.css
var endpointCSS []byte

// endpointPage is what the page of one endpoint shows: how it is, how it was, and what is known
// besides.
type endpointPage struct {
	masthead
	row
	ID, Headline, ProductName string
	State                     reason.Outcome
	Known, OutcomeSince       time.Time
	OutcomeFor                string

	Span       span
	Spans      []spanLink
	Uptime     []uptimeCell
	Timeline   strip
	CellLength string
	Chart      *chart

	episodes
	Addresses []addressRow
	Changes   []history.Change
	Vantages  []view.VantageStatus
	Caveat    string // of what is remembered
	Begun     bool   // the last results begin with this process, and something is remembered of the time before

	Earlier     int // of the last results, of before this process
	EarlierLast time.Time

	WithoutTLS, WithoutVersions, VersionsCommand string
}

// spanLink is a span with the link that shows it.
type spanLink struct {
	span
	Link string
}

// addressRow is an address, as the last probe found it.
type addressRow struct {
	view.AddressStatus
	Meaning, Took, Phases string
	Redirects             []string // that were followed, a line each
}

// look is what somebody wants to see on the page of an endpoint.
type look struct {
	span     span
	before   int64 // incidents with a lower id; 0: the newest
	incident int64 // this one, and older ones; 0: before says it
	refresh  bool
}

// newLook reads a query. The error names a parameter that cannot be read.
func newLook(query url.Values) (l look, err error) {
	l.refresh = query.Get("refresh") == refreshed
	if l.span, err = spanNamed(query.Get("span")); err != nil {
		return l, err
	}
	for name, n := range map[string]*int64{"before": &l.before, "incident": &l.incident} {
		if text := query.Get(name); text != "" {
			if *n, err = incidentNumber(text); err != nil {
				return l, fmt.Errorf("the parameter %s %w", name, err)
			}
		}
	}
	return l, nil
}

// Link is the query that shows the same.
func (l look) Link() string {
	q := url.Values{}
	if l.span.Name != spans()[0].Name {
		q.Set("span", l.span.Name)
	}
	for name, n := range map[string]int64{"before": l.before, "incident": l.incident} {
		if n > 0 {
			q.Set(name, strconv.FormatInt(n, 10))
		}
	}
	if l.refresh {
		q.Set("refresh", refreshed)
	}
	return "?" + q.Encode()
}

// endpointPages serves the pages of the endpoints.
func (w *site) endpointPages(pages *serving.Shared) http.Handler {
	templates := template.Must(pageTemplate().New("endpoint").Parse(endpointHTML))
	other := template.Must(pageTemplate().New("missing").Parse(missingHTML))
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		root := strings.Repeat("../", strings.Count(r.URL.EscapedPath(), "/")-1) // as a browser resolves it
		s, known := w.Status(r.PathValue("id"))
		if !known {
			w.missing(other, pages, rw, r, root)
			return
		}
		l, err := newLook(r.URL.Query())
		if err != nil {
			serving.Say(rw, http.StatusBadRequest, "%v", err)
			return
		}
		var shown episodes
		latest := func() (view.Status, view.Past) {
			if now, still := w.Status(s.ID); still {
				s = now
			}
			return s, w.Past(s.ID, l.span.length)
		}
		if w.keeper == nil { // it waits for another server, as no rendering may, because all others wait for that
			l.before, l.incident = 0, 0 // a prober has these
			past := w.Past(s.ID, l.span.length)
			latest = func() (view.Status, view.Past) { return s, past }
		} else {
			if i, found := w.incident(l.incident); l.incident > 0 && (!found || i.Endpoint != s.ID) {
				serving.Say(rw, http.StatusNotFound, "no such incident of this endpoint is remembered; its page without the parameter incident lists those that are")
				return
			}
			shown = w.episodes(s.ID, l)
		}
		pages.Serve(rw, r, serving.Text(root+"endpoints/"+s.ID+l.Link(), "text/html; charset=utf-8", func(out io.Writer) error {
			now, past := latest()
			err := templates.Execute(out, w.endpointPage(now, past, root, l, shown))
			if err != nil {
				w.log.Error("rendering the page of an endpoint", "endpoint", s.ID, "err", err)
			}
			return err
		}))
	})
}

// endpointPage puts together what the page of an endpoint shows now.
func (w *site) endpointPage(s view.Status, past view.Past, root string, l look, shown episodes) *endpointPage {
	standing := w.Standing()
	now := standing.Now
	other := l
	other.refresh = !l.refresh
	p := &endpointPage{
		masthead: newMasthead(&standing, l.refresh, other.Link()), row: newRow(s, now),
		episodes: shown, ID: s.ID, ProductName: w.ProductName(s.ID), State: s.Present(), Span: l.span,
		Uptime: uptimeCells(past.Uptime, now), Changes: past.Changes, Caveat: past.Caveat, Vantages: past.Vantages,
	}
	p.Root = root
	p.DownBefore = cmp.Or(s.DownBefore, past.DownBefore)
	if p.Afar {
		p.Strip = p.Strip.byMinutes()
	}
	p.Headline = headlineOf(&s)
	p.OutcomeSince = past.Since
	p.OutcomeFor = phrase.Duration(now.Sub(p.OutcomeSince)) + unknownFor(past.Unseen)
	p.Known = view.UTC(cmp.Or(past.Known, s.Counted))
	began := p.Created.Truncate(time.Second) // as the times of results are
	for _, r := range s.Results {
		if !p.Afar && r.Time.Before(began) {
			p.Earlier++
			p.EarlierLast = r.Time
		}
	}
	p.Begun = !p.Afar && p.Earlier == 0 && len(s.Results) > 0 && p.Known.Before(p.Created) && s.Results[0].Time.Sub(p.Created) < 2*standing.Interval
	for _, x := range spans() {
		to := l
		to.span = x
		p.Spans = append(p.Spans, spanLink{x, to.Link()})
	}
	p.Timeline = newTimeline(past.Strip)
	if cells := past.Strip; len(cells) > 0 {
		p.CellLength = phrase.Exactly(cells[0].To.Sub(cells[0].From))
	}
	p.Chart = newChart(l.span, past.Step, past.Series, now)
	for _, a := range s.Addresses {
		p.Addresses = append(p.Addresses, newAddressRow(a))
	}
	p.explain(&s)
	return p
}

// headlineOf says in a sentence how an endpoint is, and that it does not count.
func headlineOf(s *view.Status) string {
	text := conditionOf(s)
	if s.Lifecycle != catalog.Active {
		text += fmt.Sprintf(" (%s: it does not count)", s.Lifecycle)
	}
	return text
}

func conditionOf(s *view.Status) string {
	switch {
	case !s.Probed && s.Confirming != nil:
		return s.ID + " failed its first probe, being confirmed: " + s.Confirming.FullReason()
	case !s.Probed:
		return s.ID + " has not been probed yet"
	case s.Stale && s.Outcome != reason.Unknown:
		return s.ID + " was " + stateInWords(s.Outcome) + " when it was last probed"
	case s.Outcome == reason.Unknown:
		return "It cannot be told how " + s.ID + " is" + because(s)
	}
	if isFickle(s) {
		return s.ID + " is " + stateInWords(s.Outcome) + ", and fails now and then" + because(s)
	}
	return s.ID + " is " + stateInWords(s.Outcome) + because(s)
}

// because is the reason of a state behind a colon, where there is one.
func because(s *view.Status) string {
	if s.Cause == reason.None {
		return ""
	}
	return ": " + s.Cause.String()
}

func stateInWords(o reason.Outcome) string {
	return [view.NumOutcomes]string{reason.OK: "up", reason.Degraded: "degraded", reason.Fail: "down", reason.Unknown: "unknown"}[o]
}

// episodes are the incidents that a page shows.
type episodes struct {
	Incidents     []incidentView
	Newest, Older string // links
}

// episodes finds the incidents of an endpoint that somebody wants to see. Evidence that is not in
// memory is read from a disk, so this is no part of a rendering, which all others wait for; and it is
// read for those alone that are shown at once.
func (w *site) episodes(id string, l look) episodes {
	q := history.Query{Endpoint: id, Before: l.before, Most: limit.WebEpisodes}
	if l.incident > 0 {
		q.Before = l.incident + 1
	}
	found, more := w.keeper.History().Incidents(q)
	var p episodes
	for i := range found {
		x := &found[i]
		v := newIncidentView(w.keeper.Recalled(x), w.Now())
		if v.Unfolded = x.Open() || x.ID == l.incident; v.Unfolded {
			v.show(w.keeper.History().Evidence(x.ID))
		}
		p.Incidents = append(p.Incidents, v)
	}
	newest := l
	newest.before, newest.incident = 0, 0
	if q.Before > 0 {
		p.Newest = newest.Link()
	}
	if more {
		newest.before = found[len(found)-1].ID
		p.Older = newest.Link()
	}
	return p
}

func newAddressRow(a view.AddressStatus) addressRow {
	r := addressRow{AddressStatus: a, Meaning: a.Reason.Doc().Meaning, Took: phrase.Latency(a.Phases.Total.Seconds())}
	var phases []string
	for _, phase := range probe.TimedPhases() {
		if took := view.MicrosIn(a.Phases, phase); took > 0 {
			phases = append(phases, phase.String()+" "+phrase.Latency(view.FromMicros(took)))
		}
	}
	r.Phases = strings.Join(phases, ", ")
	for _, h := range a.Hops {
		r.Redirects = append(r.Redirects, fmt.Sprintf("%d from %s to %s, after %s", h.Status, prose.Brief(h.URL), prose.Brief(h.To), phrase.Latency(h.Duration.Duration().Seconds())))
	}
	return r
}

// explain says why there is no certificate and no table of versions, where there is none.
func (p *endpointPage) explain(s *view.Status) {
	if p.Afar {
		p.WithoutTLS, p.WithoutVersions = "No prober shows one.", "No prober tells of any: none has looked yet, or they are told by region alone."
		return
	}
	if !s.Scheme.IsTLS() {
		by := map[catalog.Scheme]string{catalog.HTTP: "plain HTTP", catalog.SchemeTCP: "plain TCP", catalog.SchemeDNS: "DNS"}[s.Scheme]
		p.WithoutTLS = "This endpoint is probed over " + by + ", so it shows none."
		p.WithoutVersions = "This endpoint is probed over " + by + ", without TLS."
		return
	}
	p.WithoutTLS = "None was seen since this process began, and none is kept from before: no probe came so far."
	p.WithoutVersions = "Not seen since this process began, and not kept from before: about one probe an hour looks at them, where it comes so far."
	p.VersionsCommand = "prober check --tls-versions " + s.ID
}

// EarlierSentence says which of the last results this process has not seen itself; empty: it has seen all of them.
func (p *endpointPage) EarlierSentence() string {
	switch p.Earlier {
	case 0:
		return ""
	case len(p.Results):
		return phrase.Upper(phrase.Plural(p.Earlier, "it is", "all of them are")) + " of before this process began, the last as of "
	default:
		return fmt.Sprintf("%d of them %s of before this process began, the last of those as of ", p.Earlier, phrase.Plural(p.Earlier, "is", "are"))
	}
}

// StripSentence is the strip of the last results in words.
func (p *endpointPage) StripSentence() string { return phrase.Upper(p.Strip.Label) + "." }

// Sentence is what the reason means.
func (r row) Sentence() string { return sentence(r.Meaning) }

// Sentence is what the reason means.
func (v incidentView) Sentence() string { return sentence(v.Meaning) }

// Probes says how many failed.
func (v incidentView) Probes() string {
	return fmt.Sprintf("%d %s failed.", v.Failed, phrase.Plural(int(min(v.Failed, 2)), "probe", "probes"))
}

// Link leads from the top of the site to the incident.
func (v incidentView) Link() string { return incidentLink(&v.Incident) }

// sentence makes words one.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	return phrase.Upper(words) + "."
}
