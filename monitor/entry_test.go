package monitor

import (
	"fmt"
	"reflect"
	"testing"

	"prober/catalog"
	"prober/probe"
)

// TestEntryIsTheTargetAgain: whatever a list says of an endpoint is said of it again, and what it says of many is kept once.
func TestEntryIsTheTargetAgain(t *testing.T) {
	check, own := &catalog.Check{}, &catalog.Own{}
	odd := []func(*probe.Target){
		func(*probe.Target) {},
		func(x *probe.Target) { x.Endpoint.Network = catalog.VPC },
		func(x *probe.Target) { x.Endpoint.Lifecycle = catalog.Closed },
		func(x *probe.Target) { x.Endpoint.Sources = []string{"a", "b"} },
		func(x *probe.Target) { x.Endpoint.Scheme = catalog.HTTP },
		func(x *probe.Target) { x.Endpoint.Ports = &catalog.Ports{} },
		func(x *probe.Target) { x.Endpoint.Path, x.Path = "/x", "/x" },
		func(x *probe.Target) { x.Endpoint.Path, x.Path = "/x", "/y" },
		func(x *probe.Target) { x.Endpoint.Authority, x.Authority = "a", "a" },
		func(x *probe.Target) { x.Endpoint.Check = check },
		func(x *probe.Target) { x.Endpoint.Labels = map[string]string{"team": "a"} },
		func(x *probe.Target) { x.Endpoint.Labels = map[string]string{"team": "b"} },
		func(x *probe.Target) { x.Endpoint.Note = "n" },
		func(x *probe.Target) { x.Endpoint.Own = own },
		func(x *probe.Target) { x.Product.Name = "another" },
		func(x *probe.Target) { x.Signed = true },
	}
	kinds, rests := new(entries), map[*catalog.Endpoint]bool{}
	for i := range 3 * len(odd) {
		x := target(fmt.Sprintf("ecs/r%d/public", i), fmt.Sprintf("h%d.example.com", i))
		odd[i%len(odd)](&x)
		e := kinds.of(&x)
		rests[e.rest] = true
		if got := e.whole(); !reflect.DeepEqual(got, x) {
			t.Errorf("%d: %+v\nwant %+v", i, got, x)
		}
	}
	if len(rests) > 2*len(odd) {
		t.Errorf("%d are kept for %d in turn", len(rests), len(odd))
	}
	same := target("ecs/r/public", "h.example.com")
	if a, b := kinds.of(&same), kinds.of(&same); a.rest != b.rest || a.like != b.like {
		t.Error("what is said of two endpoints one behind the other is kept twice")
	}
	for i := range 10 * compared {
		same.Endpoint.Labels = map[string]string{"n": fmt.Sprint(i)}
		if e := kinds.of(&same); e.endpoint().Labels["n"] != fmt.Sprint(i) {
			t.Errorf("%d has the labels %v", i, e.endpoint().Labels)
		}
	}
	for _, known := range kinds.rests {
		if len(known) > compared {
			t.Errorf("the next one is compared with %d", len(known))
		}
	}
}
