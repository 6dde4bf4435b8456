package kubernetes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// built is what kustomize makes of a folder, by kind and name; overlay is put beside the bases.
func built(t *testing.T, folder, overlay string) map[string]Object {
	t.Helper()
	disk := filesys.MakeFsInMemory()
	for _, dir := range []string{"deploy/kustomize", "deploy/helm/prober/files/dashboards"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return disk.WriteFile(filepath.Join("/", strings.TrimPrefix(path, root)), text)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := disk.WriteFile("/deploy/kustomize/overlay/kustomization.yaml", []byte(overlay)); err != nil {
		t.Fatal(err)
	}
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(disk, "/deploy/kustomize/"+folder)
	if err != nil {
		t.Fatal(err)
	}
	var docs []Document
	for _, r := range made.Resources() {
		docs = append(docs, Document{Template: r.CurId().String(), Text: r.MustYaml()})
	}
	list, err := Decode(docs)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Object{}
	for _, o := range list {
		all[o.Kind+"/"+o.Name] = o
	}
	return all
}

// The overlay that the README shows makes three shards of an image of one's own, and whoever changes the settings gets other pods.
func TestKustomizeOverlay(t *testing.T) {
	text, err := os.ReadFile(inChart("README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, overlay, _ := strings.Cut(string(text), "```yaml\n# kustomization.yaml\n")
	overlay, _, found := strings.Cut(overlay, "```")
	if !found {
		t.Fatal("the README shows no overlay")
	}
	all := built(t, "overlay", overlay)
	set := one[*apps.StatefulSet](t, all, "StatefulSet/prober")
	c := set.Spec.Template.Spec.Containers[0]
	if *set.Spec.Replicas != 3 || c.Env[1].Name != "SHARDS" || c.Env[1].Value != "3" || c.Image != "registry.example.com/prober:0.1.0" {
		t.Errorf("%d replicas, %v, %s", *set.Spec.Replicas, c.Env, c.Image)
	}
	config := set.Spec.Template.Spec.Volumes[0].ConfigMap.Name
	one[*core.ConfigMap](t, all, "ConfigMap/"+config)
	changed := built(t, "overlay", overlay+"configMapGenerator: [{name: prober, behavior: replace, literals: ['prober.yaml=interval: 15s']}]\n")
	if now := one[*apps.StatefulSet](t, changed, "StatefulSet/prober").Spec.Template.Spec.Volumes[0].ConfigMap.Name; now == config || config == "prober" {
		t.Errorf("the settings are %s, and when changed %s", config, now)
	}
	for key, o := range all {
		for label := range o.Labels {
			if strings.Contains(label, "helm") {
				t.Errorf("%s has label %s", key, label)
			}
		}
	}
}

func TestKustomizeMonitoring(t *testing.T) {
	all := built(t, "monitoring", "")
	for _, key := range []string{"PodMonitor/prober", "PrometheusRule/prober-alerts", "PrometheusRule/prober-state", "PrometheusRule/prober-windows"} {
		if _, ok := all[key]; !ok {
			t.Errorf("there is no %s, but %v", key, keys(all))
		}
	}
	if len(one[*core.ConfigMap](t, all, "ConfigMap/prober-dashboard-overview").Data["prober-overview.json"]) < 1000 {
		t.Error("the dashboard is empty")
	}
}
