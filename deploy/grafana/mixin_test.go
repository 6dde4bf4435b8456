package grafana

import (
	"encoding/json"
	"os"
	"path"
	"reflect"
	"testing"

	"github.com/google/go-jsonnet"
	"sigs.k8s.io/yaml"
)

type groups struct {
	Groups []map[string]any `json:"groups"`
}

// TestMixin says that the mixin has all dashboards, rules and alerts, and that those who import it can change them.
func TestMixin(t *testing.T) {
	vm := jsonnet.MakeVM()
	// Mixins hide their fields.
	text, err := vm.EvaluateAnonymousSnippet("mixin.jsonnet", `
local m = import '../mixin.libsonnet';
{ grafanaDashboards: m.grafanaDashboards, prometheusRules: m.prometheusRules, prometheusAlerts: m.prometheusAlerts }`)
	if err != nil {
		t.Fatal(err)
	}
	var mixin struct {
		GrafanaDashboards map[string]any `json:"grafanaDashboards"`
		PrometheusRules   groups         `json:"prometheusRules"`
		PrometheusAlerts  groups         `json:"prometheusAlerts"`
	}
	if err := json.Unmarshal([]byte(text), &mixin); err != nil {
		t.Fatal(err)
	}
	for _, q := range queries(t) {
		if _, ok := mixin.GrafanaDashboards["prober-"+q.Dashboard]; !ok {
			t.Errorf("the mixin lacks %s", q.Dashboard)
		}
	}
	for name, got := range mixin.GrafanaDashboards {
		shipped, err := Files.ReadFile(path.Join("provisioning/dashboards/prober", name[len("prober-"):]))
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal(shipped, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is not the one that is shipped", name)
		}
	}
	for _, files := range []struct {
		names []string
		got   groups
	}{
		{[]string{"windows.yml", "state.yml"}, mixin.PrometheusRules},
		{[]string{"alerts.yml"}, mixin.PrometheusAlerts},
	} {
		var want groups
		for _, name := range files.names {
			text, err := os.ReadFile(path.Join("../prometheus", name))
			if err != nil {
				t.Fatal(err)
			}
			var g groups
			if err := yaml.Unmarshal(text, &g); err != nil {
				t.Fatal(err)
			}
			want.Groups = append(want.Groups, g.Groups...)
		}
		if len(want.Groups) == 0 || !reflect.DeepEqual(files.got, want) {
			t.Errorf("the mixin has not the groups of %v", files.names)
		}
	}
	added, err := vm.EvaluateAnonymousSnippet("added.jsonnet", `
local mixin = (import '../mixin.libsonnet') + { prometheusAlerts+:: { groups+: [{ name: 'mine', rules: [] }] } };
std.length(mixin.prometheusAlerts.groups) - std.length((import '../mixin.libsonnet').prometheusAlerts.groups)`)
	if err != nil || added != "1\n" {
		t.Errorf("a group that was added: %q, %v", added, err)
	}
}
