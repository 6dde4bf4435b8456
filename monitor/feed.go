package monitor

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
	"prober/monitor/serving"
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
func (m *Monitor) serveFeed(pages *serving.Shared, w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("endpoint")
	if id != "" && !m.listed(id) {
		noEndpoint(w)
		return
	}
	pages.Serve(w, r, serving.Text("/incidents.atom?endpoint="+id, "application/atom+xml; charset=utf-8", func(out io.Writer) error {
		if _, err := io.WriteString(out, xml.Header); err != nil {
			return err
		}
		e := xml.NewEncoder(out)
		e.Indent("", " ")
		return e.Encode(m.feed(id))
	}))
}

// feed is what has happened to an endpoint, or with an empty id to all active ones.
func (m *Monitor) feed(id string) *atomFeed {
	q := history.Query{Endpoint: id, Most: limit.WebFeed}
	if id == "" {
		q.Keep = m.counted // what is closed alarms nobody who does not ask for it
	}
	found, _ := m.incidents(q)
	speaker := m.config.Speaker
	f := &atomFeed{
		ID: m.tag(id, "incidents"), Title: "Incidents of all active endpoints", Subtitle: speaker.words(m.config.Build),
		Updated: atomTime(m.created), Generator: atomAgent{m.config.Build.Version, "prober"},
		Author: atomAuthor{cmp.Or(speaker.Vantage, speaker.Host, "prober")},
	}
	self, html := "incidents.atom", "."
	if id != "" {
		f.Title = "Incidents of " + id
		self += "?" + url.Values{"endpoint": {id}}.Encode()
		html = "endpoints/" + id
	}
	f.Links = []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", html}}
	for i := range found {
		e := m.entry(&found[i])
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
func (m *Monitor) entry(i *history.Incident) atomEntry {
	now := m.config.Now()
	v := newIncidentView(m.recalled(i), now)
	e := atomEntry{
		ID: m.tag(i.Endpoint, fmt.Sprintf("incident:%d", i.ID)), Title: i.Endpoint + " is down: " + v.Reason,
		Published: atomTime(i.Begin), Updated: atomTime(i.Begin),
		Links:    []atomLink{{"alternate", "text/html", incidentLink(i)}},
		Category: []atomCategory{{v.Reason}},
	}
	lines := []string{"Down since " + clockTime(i.Begin) + "."}
	if !i.Open() {
		e.Updated = atomTime(i.End)
		e.Title = i.Endpoint + " was down for " + inWords(i.Duration(now)) + unknownFor(i.Duration(now)-i.Down(now)) + ": " + v.Reason
		lines[0] = "Down from " + clockTime(i.Begin) + " to " + clockTime(i.End) + " (" + v.For + ")."
	}
	if !i.Confirmed.IsZero() {
		lines[0] += " Confirmed by a further probe at " + clockTime(i.Confirmed) + "."
	}
	lines = append(lines, upper(v.Meaning)+".")
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

// tag makes an id for a feed or an entry (RFC 4151) that stays the same over restarts, and differs
// from those of probers at other places. The name in it belongs to nobody (RFC 2606).
func (m *Monitor) tag(endpoint, what string) string {
	place := cmp.Or(m.config.Speaker.Vantage, m.config.Speaker.Host)
	return "tag:prober.invalid,2026:" + url.PathEscape(place) + "/" + endpoint + ":" + what
}
