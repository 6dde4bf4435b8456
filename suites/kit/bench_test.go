package kit

import (
	"strconv"
	"testing"

	"prober/catalog"
)

// BenchmarkSpecs lists the specs of many endpoints: --list of 100,000 is to take seconds, and the memory of what
// differs between two specs alone.
func BenchmarkSpecs(b *testing.B) {
	product := catalog.Product{ID: "own", APIStyle: catalog.StyleNone}
	c := &catalog.Catalog{Products: []catalog.Product{product}}
	endpoints := make([]catalog.Endpoint, 10_000)
	for i := range endpoints {
		endpoints[i] = catalog.Endpoint{ID: strconv.Itoa(i), Product: product.ID}
	}
	var requirements []Requirement
	for i := range 20 {
		requirements = append(requirements, Requirement{ID: "OWN-DNS-" + strconv.Itoa(10+i)})
	}
	s := Suite{
		Product:      product.ID,
		Requirements: func(catalog.Product) []Requirement { return nil },
		At:           func(catalog.Endpoint) []Requirement { return requirements },
	}
	b.ReportAllocs()
	for b.Loop() {
		specs, err := s.Specs(&Plan{Catalog: c}, endpoints)
		if err != nil || len(specs) != len(endpoints)*len(requirements) {
			b.Fatal(len(specs), err)
		}
	}
}
