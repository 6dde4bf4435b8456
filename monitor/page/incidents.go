package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/serving"
	"prober/probe/reason"
	"prober/prose"
)

// IncidentStatus is an incident as /api/v1/incidents shows it. Times are UTC; the end is left out
// while it goes on.
type IncidentStatus struct {
	ID              int64     `json:"id"`
	Endpoint        string    `json:"endpoint"`
	Begin           time.Time `json:"begin"`
	End             time.Time `json:"end,omitzero"`
	Confirmed       time.Time `json:"confirmed,omitzero"` // left out where no further probe was waited for
	Open            bool      `json:"open"`
	DurationSeconds float64   `json:"duration_seconds"` // until now while it goes on
	reason.Words
	Blame     reason.Blame   `json:"blame"`
	Detail    string         `json:"detail"`
	Reproduce string         `json:"reproduce"`
	Failed    uint64         `json:"failed"` // probes
	NotProbed []history.Span `json:"not_probed"`
	// What the duration is made of: the time it is known to have been down, that in which a prober ran and could not
	// tell, and that in which none ran.
	DownSeconds      float64        `json:"down_seconds"`
	UnknownSeconds   float64        `json:"unknown_seconds"`
	NotProbedSeconds float64        `json:"not_probed_seconds"`
	Unknown          []UntoldStatus `json:"unknown"`

	// Evidence is the observation of the first failure, as `prober check --output json` shows one. A
	// list leaves it out; null: it is not kept.
	Evidence *json.RawMessage `json:"evidence,omitempty"`
}

// IncidentList is a page of incidents, newest first.
type IncidentList struct {
	Incidents []IncidentStatus `json:"incidents"`
	// Before is what the parameter before has to say for the next page; 0: there is none.
	Before int64 `json:"before"`
}

// newIncidentStatus tells of an incident.
func newIncidentStatus(i *history.Incident, now time.Time) IncidentStatus {
	return IncidentStatus{
		ID: i.ID, Endpoint: i.Endpoint, Begin: i.Begin, End: i.End, Confirmed: i.Confirmed, Open: i.Open(), DurationSeconds: i.Duration(now).Seconds(),
		Words: i.Reason.Words(), Blame: i.Reason.Blame(), Detail: i.Detail, Reproduce: phrase.Bare(i.Reproduce), Failed: i.Failed,
		NotProbed: append([]history.Span{}, i.NotProbed...), DownSeconds: i.Down(now).Seconds(),
		UnknownSeconds: history.Sum(i.Untold).Seconds(), NotProbedSeconds: i.Unseen(now).Seconds(), Unknown: untoldOf(i),
	}
}

// incidents are those of listed endpoints.
func (w *site) incidents(q history.Query) ([]history.Incident, bool) {
	if q.Endpoint == "" && q.Keep == nil {
		q.Keep = w.keeper.Listed
	}
	return w.keeper.History().Incidents(q)
}

// incident finds one of a listed endpoint.
func (w *site) incident(id int64) (history.Incident, bool) {
	i, found := w.keeper.History().Incident(id)
	return i, found && w.keeper.Listed(i.Endpoint)
}

// serveIncidents answers which incidents there are.
func (w *site) serveIncidents(pages *serving.Shared, rw http.ResponseWriter, r *http.Request) {
	q, err := w.incidentQuery(r.URL.Query())
	if err != nil {
		serving.Say(rw, http.StatusBadRequest, "%v", err)
		return
	}
	key := fmt.Sprintf("/api/v1/incidents?endpoint=%s&open=%t&before=%d&limit=%d", q.Endpoint, q.Open, q.Before, q.Most)
	pages.Serve(rw, r, serving.JSON(key, func() any {
		now := w.Now()
		found, more := w.incidents(q)
		list := IncidentList{Incidents: make([]IncidentStatus, len(found))}
		for i := range found {
			list.Incidents[i] = newIncidentStatus(w.keeper.Recalled(&found[i]), now)
		}
		if more {
			list.Before = found[len(found)-1].ID
		}
		return list
	}))
}

// incidentQuery reads the parameters of a request for incidents.
func (w *site) incidentQuery(query url.Values) (q history.Query, err error) {
	q = history.Query{Endpoint: query.Get("endpoint"), Most: limit.WebIncidents}
	if q.Endpoint != "" && !w.keeper.Listed(q.Endpoint) {
		return q, errors.New("the parameter endpoint names none that is listed; /api/v1/endpoints lists them")
	}
	if text := query.Get("open"); text != "" {
		if q.Open, err = strconv.ParseBool(text); err != nil {
			return q, errors.New("the parameter open is neither true nor false")
		}
	}
	if text := query.Get("before"); text != "" {
		if q.Before, err = incidentNumber(text); err != nil {
			return q, fmt.Errorf("the parameter before %w", err)
		}
	}
	if text := query.Get("limit"); text != "" {
		if q.Most, err = strconv.Atoi(text); err != nil || q.Most < 1 || q.Most > limit.WebIncidents {
			return q, fmt.Errorf("the parameter limit is no number from 1 to %d", limit.WebIncidents)
		}
	}
	return q, nil
}

// incidentNumber reads the id of an incident.
func incidentNumber(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, errors.New("is no id of an incident")
	}
	return n, nil
}

// serveIncident answers what is known of one incident, with its evidence.
func (w *site) serveIncident(pages *serving.Shared, rw http.ResponseWriter, r *http.Request) {
	id, err := incidentNumber(r.PathValue("incident"))
	i, found := w.incident(id)
	if err != nil || !found {
		serving.Say(rw, http.StatusNotFound, "no such incident is remembered; /api/v1/incidents lists them")
		return
	}
	evidence, err := w.keeper.History().Evidence(id)
	if err != nil {
		evidence = []byte("null")
	}
	pages.Serve(rw, r, serving.JSON(fmt.Sprintf("/api/v1/incidents/%d", id), func() any {
		s := newIncidentStatus(w.keeper.Recalled(&i), w.Now())
		s.Evidence = (*json.RawMessage)(&evidence)
		return s
	}))
}

// incidentView is an incident for people.
type incidentView struct {
	history.Incident
	Reason, Meaning, Fault, Advice string
	For                            string    // with what of it is unknown
	Blind                          time.Time // since when it is not known whether it goes on; zero: it is known
	Command                        string
	Evidence                       string // laid out, as much as is shown; empty: none is kept
	Unfolded                       bool   // all of it is shown at once: it goes on, or was asked for
}

// newIncidentView puts an incident into words, without its evidence.
func newIncidentView(i *history.Incident, now time.Time) incidentView {
	doc := i.Reason.Doc()
	return incidentView{
		Incident: *i, Reason: i.Reason.String(), Meaning: doc.Meaning, Fault: faultOf(i.Reason.Blame()), Advice: doc.Advice,
		For: phrase.Duration(i.Duration(now)) + unknownOf(i, now), Blind: blindSince(i), Command: phrase.Bare(i.Reproduce),
	}
}

// show lays out evidence, unless there is none.
func (v *incidentView) show(evidence []byte, err error) {
	var b bytes.Buffer
	if err == nil && json.Indent(&b, evidence, "", "  ") == nil {
		// What JSON escapes for the sake of pages shows as it is: a command is there to be copied.
		plain := strings.NewReplacer(`\\`, `\\`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&")
		v.Evidence = prose.WholeLines(plain.Replace(b.String()), limit.WebEvidence)
	}
}
