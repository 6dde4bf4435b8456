package grafana

import (
	"io/fs"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func queries(t *testing.T) []Query {
	t.Helper()
	list, err := Queries()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestQueries says that all queries are listed, those of variables too, and that nothing is left to fill in.
func TestQueries(t *testing.T) {
	seen := map[string]int{}
	for _, q := range queries(t) {
		seen[q.Dashboard]++
		filled := Fill(q.Expr, nil, "1h", "5m")
		if rest := strings.ReplaceAll(filled, "$1", ""); strings.Contains(rest, "$") {
			t.Errorf("%s, %s: not all filled in: %s", q.Dashboard, q.Panel, rest)
		}
		if strings.Count(filled, "(") != strings.Count(filled, ")") {
			t.Errorf("%s, %s: %s", q.Dashboard, q.Panel, filled)
		}
	}
	for _, name := range []string{"overview.json", "product.json", "endpoint.json"} {
		if seen[name] < 25 {
			t.Errorf("%d queries of %s", seen[name], name)
		}
	}
}

func TestFill(t *testing.T) {
	got := Fill(`sum(rate(x{product=~"$product",host=~"$host"}[$__rate_interval])) + increase(x[$__range])`, map[string]string{"host": "a.test"}, "6h", "1m")
	if want := `sum(rate(x{product=~".*",host=~"a.test"}[1m])) + increase(x[6h])`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAsked(t *testing.T) {
	for query, want := range map[string]string{
		`label_values(endpoint_info{product=~"$product",region=~"$region"}, network)`: `count by (network) (endpoint_info{product=~"$product",region=~"$region"})`,
		`query_result(sum(x))`: `sum(x)`,
	} {
		if got := asked(query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

// TestProvisioning says that the two files lead Grafana to a data source and to the folder that the dashboards are in.
func TestProvisioning(t *testing.T) {
	read := func(name string, into any) {
		t.Helper()
		text, err := Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(text, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var sources struct {
		APIVersion  int `json:"apiVersion"`
		Datasources []struct {
			Name, UID, Type, Access, URL string
			IsDefault                    bool `json:"isDefault"`
			JSONData                     struct {
				TimeInterval   string `json:"timeInterval"`
				HTTPMethod     string `json:"httpMethod"`
				PrometheusType string `json:"prometheusType"`
			} `json:"jsonData"`
		}
	}
	read("provisioning/datasources/prober.yaml", &sources)
	if sources.APIVersion != 1 || len(sources.Datasources) != 1 || sources.Datasources[0].Type != "prometheus" {
		t.Errorf("data sources: %+v", sources)
	}
	var providers struct {
		APIVersion int `json:"apiVersion"`
		Providers  []struct {
			Name, Folder, Type    string
			UpdateIntervalSeconds int  `json:"updateIntervalSeconds"`
			AllowUIUpdates        bool `json:"allowUiUpdates"`
			Options               struct{ Path string }
		}
	}
	read("provisioning/dashboards/prober.yaml", &providers)
	if providers.APIVersion != 1 || len(providers.Providers) != 1 {
		t.Fatalf("providers: %+v", providers)
	}
	folder, ok := strings.CutPrefix(providers.Providers[0].Options.Path, "/etc/grafana/")
	if !ok {
		t.Errorf("path %s", providers.Providers[0].Options.Path)
	}
	files, err := fs.Glob(Files, folder+"/*.json")
	if err != nil || len(files) != 3 {
		t.Errorf("%v in %s (%v)", files, folder, err)
	}
}
