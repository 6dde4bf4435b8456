package monitor

import (
	"strings"
	"testing"

	"prober/catalog"
	"prober/monitor/fixture"
	"prober/probe"
)

// What a list says of its endpoints by labels stands on endpoint_info, and on nothing else; what is said
// of one endpoint alone is left out at the others.
func TestLabelsOfTheListAreOnInfoAlone(t *testing.T) {
	said, other := fixture.Target("shop/eu/public", "a.example"), fixture.Target("shop/us/public", "b.example")
	said.Endpoint.Labels = map[string]string{"team": "web", "tier": "1"}
	other.Endpoint.Labels = map[string]string{"team": "db"}
	m, _ := monitorOf(t, []probe.Target{said, other}, nil)
	families, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range families {
		for _, one := range f.Metric {
			var labels []string
			for _, l := range one.Label {
				if n := l.GetName(); n == "team" || n == "tier" || n == "host" && f.GetName() == "endpoint_info" {
					labels = append(labels, n+"="+l.GetValue())
				}
			}
			if len(labels) > 0 {
				got = append(got, f.GetName()+" "+strings.Join(labels, " "))
			}
		}
	}
	if want := "endpoint_info host=b.example team=db, endpoint_info host=a.example team=web tier=1"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// What a region is called stands there as well, where it is called anything and the list has no label of that name itself.
func TestRegionsAreCalledByTheirNames(t *testing.T) {
	named, bare := fixture.Target("shop/eu/public", "a.example"), fixture.Target("shop/us/public", "b.example")
	own := named
	own.Endpoint.Labels = map[string]string{"region_name": "theirs"}
	for _, tt := range []struct {
		name string
		list []probe.Target
		call func(catalog.Endpoint) string
		want string // the names, by host
	}{
		{"nobody calls any", []probe.Target{named, bare}, nil, "a.example= b.example="},
		{"by their ids", []probe.Target{named, bare}, func(e catalog.Endpoint) string { return e.Region }, "a.example= b.example="},
		{"one has a name", []probe.Target{named, bare}, func(e catalog.Endpoint) string {
			return map[string]string{"eu": "Europe\n(all)", "us": "us"}[e.Region]
		}, "a.example=Europe (all) b.example="},
		{"the list says it", []probe.Target{own, bare}, func(catalog.Endpoint) string { return "ours" }, "a.example=theirs b.example="},
	} {
		m, _ := monitorOf(t, tt.list, func(c *Config) { c.RegionName = tt.call })
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, f := range families {
			for _, one := range f.Metric {
				labels := map[string]string{}
				for _, l := range one.Label {
					labels[l.GetName()] = l.GetValue()
				}
				if name, any := labels["region_name"]; any || f.GetName() == "endpoint_info" {
					names[labels["host"]] = name
					if f.GetName() != "endpoint_info" {
						t.Errorf("%s: %s has it, too", tt.name, f.GetName())
					}
				}
			}
		}
		if got := "a.example=" + names["a.example"] + " b.example=" + names["b.example"]; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		expose(t, m) // which makes sure that the text is in order
	}
}
