package page

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/serving"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// What pages are made of: the one of all endpoints, and what it shares with others.
//
//go:embed page.html
var pageHTML string

//go:embed parts.html
var partsHTML string

// page is what the status page shows: who speaks, how things are, what is wrong, and then all.
type page struct {
	masthead
	Headline headline
	Inactive int // endpoints that do not count

	Filter   filter
	Products []string // to choose from
	Regions  []string // to choose from; none: too many
	Fit      int      // endpoints that fit the filter
	All      int
	NoRegion string // the region that is asked for and that no endpoint has

	Wrong, Untold storyList
	Fickle        []fickle // that are up, and fail now and then
	FickleLeft    int      // reasons of such that did not fit
	Matrix        *matrix
	Tables        []*productTable
	Pages         pageLinks
}

// storyList are stories, as many as fit.
type storyList struct {
	Stories []story
	Left    int
}

// productTable is the table of one product; its rows go region by region.
type productTable struct {
	Name string
	ID   string
	Rows []row
	// Up and Unknown are of all Of that are active, whatever the filter.
	Up, Unknown, Of int
}

// pageLinks lead to other pages of the table of endpoints.
type pageLinks struct {
	From, To, Of   int // the endpoints on this one, from 1
	Previous, Next string
	Label          string // of these links: the page has them twice
}

// pageHandler serves the status page.
func (w *site) pageHandler(pages *serving.Shared) http.Handler {
	template := pageTemplate()
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		f := newFilter(r.URL.Query(), w.Standing().Products)
		show := func() *page { return w.page(f) }
		if w.Standing().Afar { // which waits for another server, as no rendering may, because all others wait for that
			p := w.page(f)
			show = func() *page { return p }
		}
		pages.Serve(rw, r, serving.Text("/"+f.key(), "text/html; charset=utf-8", func(out io.Writer) error {
			err := template.Execute(out, show())
			if err != nil {
				w.log.Error("rendering the status page", "err", err)
			}
			return err
		}))
	})
}

// pageTemplate parses the template.
func pageTemplate() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"symbol": symbol,
		"stamp":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"clock":  phrase.Clock,
		"minute": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") },
		"plural": phrase.Plural,
		// A command breaks between its words: a line that ends with a hyphen would leave open whose that is.
		"words":    func(command string) []string { return strings.Split(command, " ") },
		"flag":     func(word string) bool { return strings.HasPrefix(word, "--") },
		"hyphened": func(word string) bool { return strings.Contains(word, "-") },
	}).Parse(partsHTML + pageHTML))
}

// symbol is the shape that stands for a state beside its colour and its word.
func symbol(o reason.Outcome) string {
	return [view.NumOutcomes]string{reason.Unknown: "○", reason.OK: "●", reason.Degraded: "▲", reason.Fail: "■"}[o]
}

// page puts together what the page shows now. The headline is of the whole list whatever the
// filter; so is what a story says of how many endpoints it is about.
func (w *site) page(f filter) *page {
	standing, all := w.Standing(), w.Statuses()
	people := populationOf(all)
	stories := storiesOf(&standing, all, people)
	p := &page{
		masthead: newMasthead(&standing, f.Refresh, f.Other().Link()),
		Filter:   f, Products: standing.Products, Regions: regionsOf(all), All: len(all), Matrix: newMatrix(all, &f),
	}
	p.Headline = newHeadline(all, stories, people, p.Notes)
	if caveat := standing.Caveat; caveat != nil && p.Headline.State == reason.Fail {
		p.Headline.Text += "; " + phrase.Lower(caveat.What)
		p.Notes = append(p.Notes, *caveat)
	}
	for _, s := range stories {
		if f.Narrow() && !s.has(&f) {
			continue
		}
		if s.State == reason.Unknown {
			p.Untold.add(s)
		} else {
			p.Wrong.add(s)
		}
	}
	p.Fickle, p.FickleLeft = fickleOf(all, &f)
	p.tables(w, all, standing.Now)
	return p
}

// tables fills in the endpoints that fit the filter, as many as one page holds.
func (p *page) tables(w *site, all []view.Status, now time.Time) {
	var fitting []*view.Status
	for i := range all {
		if p.Filter.wants(&all[i]) {
			fitting = append(fitting, &all[i])
		}
	}
	slices.SortFunc(fitting, compareBy)
	p.Fit = len(fitting)
	first := min((p.Filter.Page-1)*limit.WebRows, (max(p.Fit, 1)-1)/limit.WebRows*limit.WebRows)
	p.Pages = newPageLinks(p.Filter, first, p.Fit)
	if asked := p.Filter.Page; asked > first/limit.WebRows+1 {
		p.Filter.ignore("page", strconv.Itoa(asked))
	}
	if region := p.Filter.Region; region != "" && !slices.ContainsFunc(all, func(s view.Status) bool { return s.Region == region }) {
		p.NoRegion = region
	}
	var t *productTable
	alike := map[alikeness]int{}
	for _, s := range fitting {
		alike[alikenessOf(s)]++
	}
	results := w.Results(idsOf(fitting[first:min(first+limit.WebRows, p.Fit)]))
	for i, s := range fitting {
		if t == nil || t.ID != s.Product {
			t = &productTable{ID: s.Product, Name: w.ProductName(s.ID)}
			p.Tables = append(p.Tables, t)
		}
		if i >= first && i < first+limit.WebRows {
			shown := *s
			shown.Results = results[s.ID]
			r := newRow(shown, now)
			if p.Afar {
				r.Strip = r.Strip.byMinutes()
			}
			r.Alike = alike[alikenessOf(s)] > 1
			t.Rows = append(t.Rows, r)
		}
	}
	p.Tables = slices.DeleteFunc(p.Tables, func(t *productTable) bool { return len(t.Rows) == 0 })
	for i := range all {
		if all[i].Lifecycle != catalog.Active {
			p.Inactive++
		}
		for _, t := range p.Tables {
			if t.ID == all[i].Product {
				t.count(&all[i])
			}
		}
	}
}

func idsOf(all []*view.Status) []string {
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.ID
	}
	return ids
}

// alikeness is what a row shows of an endpoint at first sight.
type alikeness struct {
	product, region, host string
	network               catalog.Network
}

func alikenessOf(s *view.Status) alikeness {
	return alikeness{s.Product, s.RegionName, s.Host, s.Network}
}

// newPageLinks leads to the pages before and after the one that begins with an endpoint.
func newPageLinks(f filter, first, fit int) pageLinks {
	l := pageLinks{From: first + 1, To: min(first+limit.WebRows, fit), Of: fit}
	number := first/limit.WebRows + 1
	if first > 0 {
		f.Page = number - 1
		l.Previous = f.Link()
	}
	if l.To < fit {
		f.Page = number + 1
		l.Next = f.Link()
	}
	return l
}

// Before and After are the links above and below the table.
func (l pageLinks) Before() pageLinks { l.Label = "Pages, above"; return l }

// After is the other one.
func (l pageLinks) After() pageLinks { l.Label = "Pages, below"; return l }

func (l *storyList) add(s story) {
	if len(l.Stories) == limit.WebStories {
		l.Left++
		return
	}
	l.Stories = append(l.Stories, s)
}

// compareBy orders endpoints by product and id.
func compareBy(a, b *view.Status) int {
	return cmp.Or(cmp.Compare(a.Product, b.Product), cmp.Compare(a.ID, b.ID))
}

// refreshEvery is after how many seconds there is something new: an interval, but a change is to be
// seen soon and a crowd of browsers must not be busy.
func refreshEvery(interval time.Duration) int {
	return int(min(max(interval, limit.WebRefreshLeast), limit.WebRefreshMost) / time.Second)
}

// PhaseNames are the phases in the order of the bars.
func (p *page) PhaseNames() []reason.Phase { return probe.TimedPhases() }

func (t *productTable) count(s *view.Status) {
	if s.Lifecycle == catalog.Active {
		t.Of++
		t.Up += one(view.Up(s.Present()))
		t.Unknown += one(s.Present() == reason.Unknown)
	}
}
