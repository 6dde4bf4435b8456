package page

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/serving"
	"prober/monitor/view"
	"prober/prose"
)

// A feed of incidents in Atom (RFC 4287). Its links are relative to its own address, because behind a
// proxy the prober does not know the address that readers have.

type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle"`
	Updated   atomTime    `xml:"updated"`
	Generator atomAgent   `xml:"generator"`
	Author    atomAuthor  `xml:"author"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID        string         `xml:"id"`
	Title     string         `xml:"title"`
	Published atomTime       `xml:"published"`
	Updated   atomTime       `xml:"updated"`
	Links     []atomLink     `xml:"link"`
	Category  []atomCategory `xml:"category"`
	Content   atomText       `xml:"content"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomAgent struct {
	Version string `xml:"version,attr,omitempty"`
	Name    string `xml:",chardata"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// atomTime is an instant as RFC 3339 has it.
type atomTime time.Time

// MarshalText implements encoding.TextMarshaler.
func (t atomTime) MarshalText() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format(time.RFC3339)), nil
}

// serveFeed serves /incidents.atom: the newest incidents of all endpoints, or of one.
func (w *site) serveFeed(pages *serving.Shared, rw http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("endpoint")
	if id != "" && !w.keeper.Listed(id) {
		noEndpoint(rw)
		return
	}
	pages.Serve(rw, r, serving.Text("/incidents.atom?endpoint="+id, "application/atom+xml; charset=utf-8", func(out io.Writer) error {
		if _, err := io.WriteString(out, xml.Header); err != nil {
			return err
		}
		e := xml.NewEncoder(out)
		e.Indent("", " ")
		return e.Encode(w.feed(id))
	}))
}

// feed is what has happened to an endpoint, or with an empty id to all active ones.
func (w *site) feed(id string) *atomFeed {
	q := history.Query{Endpoint: id, Most: limit.WebFeed}
	if id == "" {
		q.Keep = w.keeper.Counted // what is closed alarms nobody who does not ask for it
	}
	found, _ := w.incidents(q)
	h := w.Standing()
	f := &atomFeed{
		ID: tagAt(&h, id, "incidents"), Title: "Incidents of all active endpoints", Subtitle: h.Speaker,
		Updated: atomTime(h.Created), Generator: atomAgent{h.Version, "prober"},
		Author: atomAuthor{cmp.Or(h.Place, "prober")},
	}
	self, html := "incidents.atom", "."
	if id != "" {
		f.Title = "Incidents of " + id
		self += "?" + url.Values{"endpoint": {id}}.Encode()
		html = "endpoints/" + id
	}
	f.Links = []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", html}}
	for i := range found {
		e := w.entry(&found[i], &h)
		if i == 0 {
			f.Updated = e.Published // of a remembered one, which may be older than this process
		}
		if time.Time(e.Updated).After(time.Time(f.Updated)) {
			f.Updated = e.Updated
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}

// entry tells of one incident: when it begins, and anew when it is over.
func (w *site) entry(i *history.Incident, h *view.Standing) atomEntry {
	now := h.Now
	v := newIncidentView(w.keeper.Recalled(i), now)
	e := atomEntry{
		ID: tagAt(h, i.Endpoint, fmt.Sprintf("incident:%d", i.ID)), Title: i.Endpoint + " is down: " + v.Reason,
		Published: atomTime(i.Begin), Updated: atomTime(i.Begin),
		Links:    []atomLink{{"alternate", "text/html", incidentLink(i)}},
		Category: []atomCategory{{v.Reason}},
	}
	lines := []string{"Down since " + phrase.Clock(i.Begin) + "."}
	if !v.Blind.IsZero() {
		e.Title = i.Endpoint + " was down when that could last be told: " + v.Reason
		lines[0] += " Since " + phrase.Clock(v.Blind) + " it cannot be told whether it still is."
	}
	if !i.Open() {
		e.Updated = atomTime(i.End)
		e.Title = i.Endpoint + " was down for " + phrase.Duration(i.Duration(now)) + unknownFor(i.Duration(now)-i.Down(now)) + ": " + v.Reason
		lines[0] = "Down from " + phrase.Clock(i.Begin) + " to " + phrase.Clock(i.End) + " (" + v.For + ")."
	}
	if !i.Confirmed.IsZero() {
		lines[0] += " Confirmed by a further probe at " + phrase.Clock(i.Confirmed) + "."
	}
	lines = append(lines, phrase.Upper(v.Meaning)+".")
	if v.Fault != "" {
		lines = append(lines, "Usually "+v.Fault+" fault.")
	}
	lines = append(lines, "What to do: "+v.Advice+".")
	if i.Detail != "" {
		lines = append(lines, "Seen first: "+i.Detail)
	}
	if v.Command != "" {
		lines = append(lines, "See for yourself: "+v.Command)
	}
	e.Content = atomText{"text", prose.Visible(strings.Join(lines, "\n"))}
	return e
}

// incidentLink leads from the top of the site to an incident on its endpoint's page.
func incidentLink(i *history.Incident) string {
	return fmt.Sprintf("endpoints/%s?incident=%d#incident-%d", i.Endpoint, i.ID, i.ID)
}

// tagAt makes an id for a feed or an entry (RFC 4151) that stays the same over restarts, and differs
// from those of probers at other places. The name in it belongs to nobody (RFC 2606).
func tagAt(h *view.Standing, endpoint, what string) string {
	return "tag:prober.invalid,2026:" + url.PathEscape(h.Place) + "/" + endpoint + ":" + what
}
