package board

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
)

// strict reads a dashboard by Grafana's own types. The SDK's strict reader returns a list of errors that may be empty, and then
// keeps no panel, so that another reader has to follow.
func strict(text []byte) (classic, error) {
	var d classic
	err := d.UnmarshalJSONStrict(text)
	if list := cog.BuildErrors(nil); err != nil && (!errors.As(err, &list) || len(list) > 0) {
		return d, err
	}
	d = classic{}
	return d, json.Unmarshal(text, &d)
}

// each calls f with every dashboard, read back from its JSON by Grafana's own types: a field that these do not have, or a value
// of the wrong kind, is an error.
func each(t *testing.T, f func(t *testing.T, d classic)) {
	t.Helper()
	plugins.RegisterDefaultPlugins()
	boards, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range boards {
		t.Run(name, func(t *testing.T) {
			d, err := strict(text)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Validate(); err != nil {
				t.Fatal(err)
			}
			f(t, d)
		})
	}
}

func TestStrict(t *testing.T) {
	each(t, func(t *testing.T, d classic) {
		if len(d.Panels) < 10 || len(d.Templating.List) < 5 {
			t.Errorf("%d panels, %d variables", len(d.Panels), len(d.Templating.List))
		}
	})
	if _, err := strict([]byte(`{"title":"x","panles":[]}`)); err == nil {
		t.Error("a field that Grafana does not have was taken")
	}
}

// TestPanels says that every panel tells what it shows, has its place, and asks the data source that the variable names.
func TestPanels(t *testing.T) {
	each(t, func(t *testing.T, d classic) {
		ids := map[uint32]bool{}
		taken := map[[2]uint32]string{}
		for _, p := range d.Panels {
			if p.RowPanel != nil {
				if ids[p.RowPanel.Id] {
					t.Errorf("row %q has the id of another panel", *p.RowPanel.Title)
				}
				ids[p.RowPanel.Id] = true
				continue
			}
			panel := p.Panel
			title := *panel.Title
			if ids[*panel.Id] {
				t.Errorf("%s has the id of another panel", title)
			}
			ids[*panel.Id] = true
			if about := *panel.Description; len(about) < 4 || !strings.HasSuffix(about, ".") {
				t.Errorf("%s: description %q is no sentence", title, about)
			}
			if *panel.Datasource.Uid != "${datasource}" {
				t.Errorf("%s asks %s", title, *panel.Datasource.Uid)
			}
			at := panel.GridPos
			for x := at.X; x < at.X+at.W; x++ {
				for y := at.Y; y < at.Y+at.H; y++ {
					if other, ok := taken[[2]uint32{x, y}]; ok || x >= 24 {
						t.Fatalf("%s lies over %q, or beyond the edge, at %d,%d", title, other, x, y)
					}
					taken[[2]uint32{x, y}] = title
				}
			}
			defaults := panel.FieldConfig.Defaults
			if panel.Type != "table" && *defaults.Unit == "" && len(defaults.Mappings) == 0 {
				t.Errorf("%s has numbers without a unit", title)
			}
			for _, target := range panel.Targets {
				q := target.(*prometheus.Dataquery)
				if *q.Datasource.Uid != "${datasource}" {
					t.Errorf("%s asks %s", title, *q.Datasource.Uid)
				}
				// Grafana joins rows by their labels; the name of a metric is one, and differs.
				if panel.Type == "table" && regexp.MustCompile(`^[a-z_:]+\{`).MatchString(q.Expr) {
					t.Errorf("%s: query %s keeps the name of its metric", title, *q.RefId)
				}
				if panel.Type != "table" && *q.LegendFormat == "" {
					t.Errorf("%s: query %s has no name", title, *q.RefId)
				}
			}
		}
	})
}

var variable = regexp.MustCompile(`\$\{?([a-z]\w*)`)

// TestVariables says that whatever queries and links refer to is there: variables, and the dashboards that links lead to.
func TestVariables(t *testing.T) {
	uids := []string{overviewUID, productUID, endpointUID}
	link := regexp.MustCompile(`/d/([\w-]+)`)
	boards, err := All()
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string][]string{}
	each(t, func(t *testing.T, d classic) {
		if !slices.Contains(uids, *d.Uid) {
			t.Errorf("uid %s", *d.Uid)
		}
		for _, v := range d.Templating.List {
			declared[*d.Uid] = append(declared[*d.Uid], v.Name)
			if v.Description == nil || *v.Description == "" {
				t.Errorf("variable %s is not described", v.Name)
			}
		}
		for _, want := range []string{"datasource", "page", "vantage", "product", "region", "network"} {
			if !slices.Contains(declared[*d.Uid], want) {
				t.Errorf("no variable %s", want)
			}
		}
	})
	for name, text := range boards {
		d, err := strict(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range variable.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(declared[*d.Uid], m[1]) {
				t.Errorf("%s: $%s is no variable", name, m[1])
			}
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(uids, m[1]) {
				t.Errorf("%s: a link to %s, which is none", name, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`var-(\w+)=`).FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(declared[endpointUID], m[1]) {
				t.Errorf("%s: a link sets %s, which is no variable", name, m[1])
			}
		}
	}
}

// TestEveryPanelIsQuietInWords says that no panel shows Grafana's own "No data".
func TestEveryPanelIsQuietInWords(t *testing.T) {
	// These are sums that are 0 where nothing is in that state.
	never := []string{"Endpoints now", "Endpoints by state"}
	each(t, func(t *testing.T, d classic) {
		for _, p := range d.Panels {
			if p.Panel == nil || slices.Contains(never, *p.Panel.Title) {
				continue
			}
			if said := p.Panel.FieldConfig.Defaults.NoValue; said == nil || *said == "" {
				t.Errorf("%s says nothing where there is nothing to show", *p.Panel.Title)
			}
		}
	})
}
