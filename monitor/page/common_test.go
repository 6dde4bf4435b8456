package page

import (
	"fmt"
	"strings"
	"testing"

	"prober/catalog"
	"prober/monitor/view"
	"prober/probe/reason"
)

// statusesOf makes endpoints from "product/region" or "product/region/network" with a mark each: "!" fails,
// "?" is not known, "." is well. A number after it repeats the endpoint.
func statusesOf(t *testing.T, list string) (all []view.Status, failing []*view.Status) {
	t.Helper()
	for i, word := range strings.Fields(list) {
		id, n := word[1:], 1
		if name, times, found := strings.Cut(id, "*"); found {
			id = name
			if _, err := fmt.Sscan(times, &n); err != nil {
				t.Fatal(err)
			}
		}
		part := append(strings.Split(id, "/"), "public")
		for k := range n {
			all = append(all, view.Status{
				ID: fmt.Sprintf("%s-%d-%d", id, i, k), Product: part[0], Region: part[1], Network: catalog.Network(part[2]), Lifecycle: catalog.Active,
				Outcome: map[byte]reason.Outcome{'!': reason.Fail, '?': reason.Unknown, '.': reason.OK}[word[0]], Probed: true,
				Provider: map[string]string{"ecs": "alibaba", "kms": "alibaba", "gaap": "tencent"}[part[0]],
			})
		}
	}
	for i := range all {
		if all[i].Outcome == reason.Fail {
			failing = append(failing, &all[i])
		}
	}
	return all, failing
}

// What endpoints have in common is computed from all that are listed, the others included.
func TestParts(t *testing.T) {
	const others = " .ecs/x*3 .kms/y*3 .gaap/z*3"
	tests := []struct{ name, list, want string }{
		{"one", "!ecs/a" + others, "ecs/a-0-0"},
		{"one of a region, which has no other", "!ecs/a .ecs/b", "ecs/a-0-0"},
		{"all", "!ecs/a !kms/b !gaap/c", "all 3 endpoints"},
		{"all but one", "!ecs/a*4 !kms/b*4 !gaap/c*3 .gaap/c", "11 of 12 endpoints"},
		{"a region", "!ecs/a*2 !kms/a" + others, "all 3 endpoints of a"},
		{"both of a region", "!ecs/a !kms/a" + others, "both endpoints of a"},
		{"a region, of which something is not known", "!ecs/a !kms/a ?kms/a/vpc" + others, "2 of 3 endpoints of a (nothing is known about the other)"},
		{"most of a region", "!ecs/a*10 .kms/a*2" + others, "all 10 endpoints of ecs in a"},
		{"most of a region, of all products", "!ecs/a*5 !kms/a*5 .ecs/a .kms/a" + others, "10 of 12 endpoints of a"},
		{"a product", "!kms/a !kms/b !kms/c .ecs/a .ecs/b .ecs/c", "all 3 endpoints of kms"},
		{"a provider", "!kms/a !kms/b !ecs/a !ecs/b .gaap/a .gaap/b .gaap/c", "all 4 endpoints of the provider alibaba"},
		{"a network", "!kms/a/vpc !kms/b/vpc !ecs/a/vpc .kms/a .kms/b .ecs/a*3", "all 3 endpoints on the vpc network"},
		{"a product on a network", "!kms/a/vpc !kms/b/vpc !kms/c/vpc .kms/a .kms/b .kms/c*3 .ecs/a/vpc*4", "all 3 endpoints of kms on the vpc network"},
		{"a product in a region", "!kms/a*3 .ecs/a*4 .kms/b*4", "all 3 endpoints of kms in a"},
		{"two regions", "!ecs/a*4 !ecs/b*3" + others, "all 4 endpoints of a; all 3 endpoints of b"},
		{"a region and another", "!ecs/a*4 !gaap/z" + others, "all 4 endpoints of a; gaap/z-1-0"},
		{"some that share nothing", "!ecs/x !kms/y !gaap/z" + others, "3 endpoints"},
		{"some that share a product of which most are well", "!ecs/a !ecs/b .ecs/c*3" + others, "2 of 8 endpoints of ecs"},
		{"a few of a product of many", "!ecs/a !ecs/b .ecs/c*7 .kms/d*9", "2 endpoints"},
		{"more regions than are told apart", "!ecs/a*2 !ecs/b*2 !ecs/c*2 !ecs/d*2 !ecs/e*2 !ecs/f*2 .ecs/g*90", "both endpoints of a; both endpoints of b; both endpoints of c; both endpoints of d; 4 endpoints"},
	}
	for _, tt := range tests {
		all, failing := statusesOf(t, tt.list)
		var got []string
		for _, p := range populationOf(all).parts(failing) {
			got = append(got, p.Words())
		}
		if text := strings.Join(got, "; "); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, text, tt.want)
		}
	}
}

// An endpoint that does not count is nobody's.
func TestPopulationIsOfActiveEndpoints(t *testing.T) {
	all, failing := statusesOf(t, "!ecs/a*2 .ecs/a .ecs/b*9")
	all[2].Lifecycle = catalog.Doubtful
	if p := populationOf(all).parts(failing); len(p) != 1 || p[0].Words() != "both endpoints of a" {
		t.Errorf("%+v", p)
	}
}
