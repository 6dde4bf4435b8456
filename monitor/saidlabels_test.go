package monitor

import (
	"strings"
	"testing"

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
