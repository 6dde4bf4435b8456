package page

import (
	"net/http"
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/serving"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// History is what is remembered of one endpoint over a span, as /api/v1/history/{id} shows it. Times
// are UTC. Unknown results count neither for nor against the endpoint.
type History struct {
	Endpoint string    `json:"endpoint"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	// Known is when the first result came that anything is remembered of; left out: none has come.
	Known time.Time `json:"known_since,omitzero"`
	// Since is when the outcome became what it is.
	Since       time.Time      `json:"outcome_since,omitzero"`
	Uptime      []UptimeStatus `json:"uptime"`
	Strip       []CellStatus   `json:"strip"`
	StepSeconds float64        `json:"step_seconds"` // of the series
	Series      []RollupStatus `json:"series"`       // steps without a probe are left out
	NotProbed   []history.Span `json:"not_probed"`   // no prober ran
	Changes     []ChangeStatus `json:"changes"`      // of the state, newest first, of whatever time
}

// UptimeStatus is how much of the time until now an endpoint was up.
type UptimeStatus struct {
	WindowSeconds    float64           `json:"window_seconds"`
	From             time.Time         `json:"from"`
	Whole            bool              `json:"whole"` // all of the window is remembered
	Share            *float64          `json:"share"` // from 0 to 1; null: not known
	Probes           map[string]uint64 `json:"probes"`
	NotProbedSeconds float64           `json:"not_probed_seconds"`
}

// CellStatus counts the results of a piece of time.
type CellStatus struct {
	From   time.Time         `json:"from"`
	To     time.Time         `json:"to"`
	Probes map[string]uint64 `json:"probes"` // all 0: not probed
}

// RollupStatus sums up the probes of one step.
type RollupStatus struct {
	From   time.Time                `json:"from"`
	To     time.Time                `json:"to"`
	Probes map[string]uint64        `json:"probes"`
	Total  *TotalStatus             `json:"total"` // null: none was answered in full
	Phases map[string]LatencyStatus `json:"phases"`
}

// LatencyStatus sums up durations.
type LatencyStatus struct {
	Count       uint64  `json:"count"`
	MeanSeconds float64 `json:"mean_seconds"`
}

// TotalStatus sums up the durations of whole answers. Quantiles are good to a tenth.
type TotalStatus struct {
	LatencyStatus
	MedianSeconds float64 `json:"p50_seconds"`
	P95Seconds    float64 `json:"p95_seconds"`
	MaxSeconds    float64 `json:"max_seconds"`
}

// ChangeStatus is a change of the state, and what it became.
type ChangeStatus struct {
	At      time.Time      `json:"at"`
	Outcome reason.Outcome `json:"outcome"`
	reason.Words
}

// lookBack serves what is remembered: badges, the feed and the JSON behind the pages of endpoints.
func (w *site) lookBack(mux *http.ServeMux, shared *serving.Shared) {
	with := func(serve func(*serving.Shared, http.ResponseWriter, *http.Request)) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) { serve(shared, rw, r) }
	}
	mux.HandleFunc("GET /badges/{path...}", with(w.serveBadge))
	mux.HandleFunc("GET /incidents.atom", with(w.serveFeed))
	mux.HandleFunc("GET /api/v1/history/{id...}", with(w.serveHistory))
	mux.HandleFunc("GET /api/v1/incidents", with(w.serveIncidents))
	mux.HandleFunc("GET /api/v1/incidents/{incident}", with(w.serveIncident))
}

// noEndpoint says that there is none of this id.
func noEndpoint(w http.ResponseWriter) {
	serving.Say(w, http.StatusNotFound, "no such endpoint; /api/v1/endpoints lists them")
}

func (w *site) serveHistory(pages *serving.Shared, rw http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !w.keeper.Listed(id) {
		noEndpoint(rw)
		return
	}
	s, err := spanNamed(r.URL.Query().Get("span"))
	if err != nil {
		serving.Say(rw, http.StatusBadRequest, "%v", err)
		return
	}
	pages.Serve(rw, r, serving.JSON("/api/v1/history/"+id+"?span="+s.Name, func() any { return w.historyOf(id, s) }))
}

// historyOf tells what is remembered of an endpoint.
func (w *site) historyOf(id string, s span) History {
	now, remembered := view.UTC(w.Now()), w.keeper.History()
	from := now.Add(-s.length)
	step, rollups := remembered.Series(id, from, now, limit.WebSteps)
	state, _ := remembered.State(id)
	h := History{
		Endpoint: id, From: from, To: now, Known: state.Known, Since: state.Since, StepSeconds: step.Duration().Seconds(),
		Uptime: []UptimeStatus{}, Strip: []CellStatus{}, Series: []RollupStatus{}, Changes: []ChangeStatus{},
		NotProbed: append([]history.Span{}, remembered.NotProbed(from, now)...),
	}
	for _, u := range remembered.Uptime(id) {
		x := UptimeStatus{u.Window.Seconds(), view.UTC(u.From), u.Whole(now), nil, probesOf(&u.Counts), u.NotProbed.Seconds()}
		if share, known := u.Share(); known {
			x.Share = &share
		}
		h.Uptime = append(h.Uptime, x)
	}
	for _, c := range remembered.Strip(id, from, now, limit.WebCells) {
		h.Strip = append(h.Strip, CellStatus{c.From, c.To, probesOf(&c.Counts)})
	}
	for i := range rollups {
		h.Series = append(h.Series, newRollupStatus(&rollups[i]))
	}
	for _, c := range remembered.Changes(id) {
		h.Changes = append(h.Changes, ChangeStatus{c.At, c.Outcome, c.Reason.Words()})
	}
	return h
}

func newRollupStatus(r *history.Rollup) RollupStatus {
	x := RollupStatus{From: r.Start, To: r.End(), Probes: probesOf(&r.Counts), Phases: map[string]LatencyStatus{}}
	if t := &r.Total; t.Count > 0 {
		x.Total = &TotalStatus{
			LatencyStatus{t.Count, t.Mean().Seconds()}, t.Quantile(0.5).Seconds(), t.Quantile(0.95).Seconds(), t.Max.Seconds(),
		}
	}
	for _, p := range probe.TimedPhases() {
		if s := r.Phases[p]; s.Count > 0 {
			x.Phases[p.String()] = LatencyStatus{s.Count, s.Mean().Seconds()}
		}
	}
	return x
}

// probesOf are counts by the words of their outcomes.
func probesOf(c *history.Counts) map[string]uint64 {
	words := make(map[string]uint64, len(c))
	for o, n := range c {
		words[reason.Outcome(o).String()] = n
	}
	return words
}

// outcomeSince is when the outcome of an endpoint became what it is, which may be before its reason
// did.
func outcomeSince(h *history.History, s *view.Status) time.Time {
	known, any := h.State(s.ID)
	if any && known.Outcome == s.Outcome && !known.Since.IsZero() {
		return known.Since
	}
	return s.Since
}

// Remembered is what a prober remembers of an endpoint over a span that ends now.
func Remembered(h *history.History, s *view.Status, span time.Duration, now time.Time) view.Past {
	from := now.Add(-span)
	state, _ := h.State(s.ID)
	p := view.Past{
		Known: state.Known, Uptime: h.Uptime(s.ID), Changes: h.Changes(s.ID),
		Strip: h.Strip(s.ID, from, now, limit.WebCells), Since: outcomeSince(h, s),
	}
	if state.Outcome == reason.Fail {
		p.Unseen = state.Unseen
	}
	p.Step, p.Series = h.Series(s.ID, from, now, limit.WebSteps)
	return p
}
