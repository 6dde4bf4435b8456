package monitor

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// maxRows bounds the endpoints on one page; the filters reach the others.
const maxRows = 1000

//go:embed page.html
var pageHTML string

// page is what the status page shows: the verdict first, then what is wrong, then all.
type page struct {
	Verdict  string
	State    reason.Outcome // of the verdict
	Now      time.Time
	Waiting  string // what is still awaited at the start; empty when ready
	Suspect  string // that the prober's own network is suspected
	Vantage  string // why
	Overload string // what shows that the prober is overloaded
	Totals   []total
	Problems []row
	Products []*productTable
	Left     int // rows that did not fit
	Filter   filter
	Interval string
}

// total is the number of active endpoints in one state.
type total struct {
	State reason.Outcome
	Count int
}

// productTable is the table of one product; its rows go region by region.
type productTable struct {
	Name string
	ID   string
	Rows []row
	Up   int // of the active ones
	Of   int // active ones
}

// filter narrows a page down.
type filter struct {
	Product  string
	State    string
	Refresh  bool
	Products []string // to choose from
	States   []string
}

// pageHandler serves the status page.
func (m *Monitor) pageHandler(pages *pages) http.Handler {
	template := pageTemplate()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := newFilter(r.URL.Query(), m.list.Load().products)
		key := fmt.Sprintf("/?product=%s&state=%s&refresh=%t", f.Product, f.State, f.Refresh)
		pages.serve(w, r, rendered{key, "text/html; charset=utf-8", func(out io.Writer) error {
			err := template.Execute(out, m.page(f))
			if err != nil {
				m.config.Logger.Error("rendering the status page", "err", err)
			}
			return err
		}})
	})
}

// pageTemplate parses the template.
func pageTemplate() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"symbol": symbol,
		"stamp":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"clock":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
		"plural": plural,
	}).Parse(pageHTML))
}

// symbol is the shape that stands for a state beside its colour and its word.
func symbol(o reason.Outcome) string {
	return [numOutcomes]string{reason.Unknown: "○", reason.OK: "●", reason.Degraded: "▲", reason.Fail: "■"}[o]
}

// page puts together what the page shows now.
func (m *Monitor) page(f filter) *page {
	all := m.statuses(true)
	now := m.config.Now()
	p := &page{Filter: f, Now: now, Interval: intervalInWords(m.config.Interval)}
	if err := m.Ready(); err != nil {
		p.Waiting = err.Error()
	}
	p.count(all)
	p.own(m)
	shown := 0
	for _, s := range all {
		if !p.Filter.wants(&s) {
			continue
		}
		if shown == maxRows {
			p.Left++
			continue
		}
		shown++
		r := newRow(s, now)
		i := slices.IndexFunc(p.Products, func(t *productTable) bool { return t.ID == s.Product })
		if i < 0 {
			i = len(p.Products)
			p.Products = append(p.Products, &productTable{ID: s.Product, Name: m.productName(s.ID)})
		}
		p.Products[i].add(r)
		if s.Lifecycle == catalog.Active && (s.Outcome == reason.Fail || s.Outcome == reason.Degraded) {
			p.Problems = append(p.Problems, r)
		}
	}
	slices.SortFunc(p.Products, func(a, b *productTable) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(p.Problems, func(a, b row) int { return int(b.Outcome) - int(a.Outcome) }) // fail before degraded
	return p
}

// own says what is wrong with the prober itself, or cannot be told from it.
func (p *page) own(m *Monitor) {
	cause, apart := m.vantage.state()
	if p.Vantage = cause.words(); p.Vantage != "" {
		p.Suspect = "The prober’s own " + cause.own() + " is suspected"
		p.Verdict, p.State = p.Suspect+", so nothing can be told about the endpoints", reason.Unknown
	}
	if apart && p.State == reason.Fail {
		p.Verdict += "; nothing that was probed tells this from trouble of the prober's own network, which a control (--control NAME:PORT) could"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if p.Overload = m.overloaded().words(); p.Overload != "" {
		p.Verdict += "; the prober is overloaded"
	}
}

// PhaseNames are the phases in the order of the bars.
func (p *page) PhaseNames() []reason.Phase { return probe.TimedPhases() }

// count makes the totals and the verdict, over the whole list whatever the filter.
func (p *page) count(all []Status) {
	var counts [numOutcomes]int
	active := 0
	for i := range all {
		if all[i].Lifecycle == catalog.Active {
			active++
			counts[all[i].Outcome]++
		}
	}
	for _, o := range []reason.Outcome{reason.Fail, reason.Degraded, reason.OK, reason.Unknown} {
		p.Totals = append(p.Totals, total{o, counts[o]})
	}
	p.Verdict, p.State = verdict(active, counts)
	if inactive := len(all) - active; inactive > 0 {
		p.Verdict += fmt.Sprintf("; %d closed or doubtful %s not count", inactive, plural(inactive, "endpoint does", "endpoints do"))
	}
}

// verdict says in a sentence how things are.
func verdict(active int, counts [numOutcomes]int) (string, reason.Outcome) {
	decided := active - counts[reason.Unknown]
	of := fmt.Sprintf("%d active %s", active, plural(active, "endpoint", "endpoints"))
	switch fails, degraded := counts[reason.Fail], counts[reason.Degraded]; {
	case active == 0:
		return "No active endpoint is listed", reason.Unknown
	case decided == 0:
		return "Nothing is known yet about " + of, reason.Unknown
	case fails > 0:
		return fmt.Sprintf("%d of %s %s down", fails, of, plural(fails, "is", "are")), reason.Fail
	case degraded > 0:
		return fmt.Sprintf("%d of %s %s degraded, none is down", degraded, of, plural(degraded, "is", "are")), reason.Degraded
	case decided < active:
		return fmt.Sprintf("%d of %s are up, nothing is known about the others", decided, of), reason.OK
	case active == 1:
		return "The 1 active endpoint is up", reason.OK
	default:
		return fmt.Sprintf("All %s are up", of), reason.OK
	}
}

func (t *productTable) add(r row) {
	t.Rows = append(t.Rows, r)
	if r.Lifecycle == catalog.Active {
		t.Of++
		if up(r.Outcome) {
			t.Up++
		}
	}
}

// productName returns the name of the product of an endpoint.
func (m *Monitor) productName(id string) string {
	e := m.list.Load().byID[id]
	if e == nil {
		return ""
	}
	t := e.currentTarget()
	return cmp.Or(t.Product.Name, t.Endpoint.Product)
}

// newFilter reads the filter of a request. Words that the list does not know are ignored.
func newFilter(query url.Values, products []string) filter {
	f := filter{Refresh: query.Get("refresh") == "30", Products: products, States: []string{"fail", "degraded", "ok", "unknown"}}
	if product := query.Get("product"); slices.Contains(f.Products, product) {
		f.Product = product
	}
	if state := query.Get("state"); slices.Contains(f.States, state) {
		f.State = state
	}
	return f
}

func (f *filter) wants(s *Status) bool {
	return (f.Product == "" || f.Product == s.Product) && (f.State == "" || f.State == s.Outcome.String())
}
