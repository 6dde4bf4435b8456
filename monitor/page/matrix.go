package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
)

// matrix shows the endpoints that fit a filter by region and product.
type matrix struct {
	Products     []string
	Rows         []*matrixRow
	Left         int // regions that did not fit
	LeftBad      int // endpoints in them that are not ok
	LeftProducts int
}

// matrixRow is a region.
type matrixRow struct {
	Region, Name string
	Cells        []matrixCell // by product, as the matrix has them
	Link         string
	state        reason.Outcome
	bad          int
	byProduct    map[string]*matrixCell
}

// matrixCell is what endpoints of one product and region are like.
type matrixCell struct {
	Product  string
	State    reason.Outcome // the worst
	Count    int            // endpoints in it
	Of       int            // active endpoints
	Inactive int            // closed or doubtful ones
	Link     string
}

// newMatrix counts endpoints.
func newMatrix(all []view.Status, f *filter) *matrix {
	m := &matrix{}
	rows := map[string]*matrixRow{}
	for i := range all {
		s := &all[i]
		if !f.wants(s) {
			continue
		}
		r := rows[s.Region]
		if r == nil {
			r = &matrixRow{Region: s.Region, Name: s.RegionName, Link: filter{Region: s.Region}.Link(), state: reason.OK, byProduct: map[string]*matrixCell{}}
			rows[s.Region] = r
			m.Rows = append(m.Rows, r)
		}
		r.add(s)
	}
	m.columns()
	m.trim()
	for _, r := range m.Rows {
		for _, product := range m.Products {
			c := matrixCell{Product: product}
			if known := r.byProduct[product]; known != nil {
				c = *known
				c.Link = filter{Product: product, Region: r.Region}.Link()
			}
			r.Cells = append(r.Cells, c)
		}
	}
	return m
}

func (r *matrixRow) add(s *view.Status) {
	c := r.byProduct[s.Product]
	if c == nil {
		c = &matrixCell{Product: s.Product, State: reason.OK}
		r.byProduct[s.Product] = c
	}
	if s.Lifecycle != catalog.Active {
		c.Inactive++
		return
	}
	c.Of++
	r.state = worse(r.state, s.Present())
	if s.Present() != reason.OK {
		r.bad++
	}
	switch is := worse(c.State, s.Present()); {
	case is != c.State:
		c.State, c.Count = is, 1
	case s.Present() == c.State:
		c.Count++
	}
}

// columns are as many products as fit, those with the worst first, in the order of their names.
func (m *matrix) columns() {
	states := map[string]reason.Outcome{}
	for _, r := range m.Rows {
		for product, c := range r.byProduct {
			if was, known := states[product]; !known || rank(c.State) > rank(was) {
				states[product] = c.State
			}
		}
	}
	m.Products = slices.Sorted(maps.Keys(states))
	if m.LeftProducts = max(len(states)-limit.WebProducts, 0); m.LeftProducts > 0 {
		slices.SortStableFunc(m.Products, func(a, b string) int { return cmp.Compare(rank(states[b]), rank(states[a])) })
		m.Products = m.Products[:limit.WebProducts]
		slices.Sort(m.Products)
	}
}

// trim keeps as many regions as fit, those with the worst first, in the order of their names.
func (m *matrix) trim() {
	byName := func(a, b *matrixRow) int { return cmp.Compare(a.Region, b.Region) }
	slices.SortFunc(m.Rows, byName)
	if len(m.Rows) <= limit.WebRegions {
		return
	}
	slices.SortStableFunc(m.Rows, func(a, b *matrixRow) int { return cmp.Compare(rank(b.state), rank(a.state)) })
	for _, r := range m.Rows[limit.WebRegions:] {
		m.Left++
		m.LeftBad += r.bad
	}
	m.Rows = m.Rows[:limit.WebRegions]
	slices.SortFunc(m.Rows, byName)
}

// Text is what the cell shows beside its shape.
func (c matrixCell) Text() string {
	if c.Count == c.Of {
		return fmt.Sprint(c.Of)
	}
	return fmt.Sprintf("%d/%d", c.Count, c.Of)
}

// Words are the cell for those who cannot see it.
func (c matrixCell) Words() string {
	if c.Count == c.Of {
		return fmt.Sprintf("%d %s", c.Of, c.State)
	}
	return fmt.Sprintf("%d of %d %s", c.Count, c.Of, c.State)
}
