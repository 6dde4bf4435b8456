package kubernetes

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
)

// Helm's own, and what makes pods anew when the configuration changes: kustomize gives its ConfigMaps other names then.
var ofHelm = []*regexp.Regexp{
	regexp.MustCompile(`(?m)^# Source: .*\n`),
	regexp.MustCompile(`(?m)^ +namespace: ""\n`),
	regexp.MustCompile(`(?m)^ +(app\.kubernetes\.io/(managed-by|instance|version)|helm\.sh/chart): .*\n`),
	regexp.MustCompile(`(?m)^ +annotations:\n +# .*\n +checksum/config: .*\n`),
}

// Kustomize are the files of the kustomize bases, by their paths from this folder: what the chart makes, without what is Helm's.
func Kustomize() (map[string][]byte, error) {
	docs, err := Release{Dir: chartDir, Name: "prober", Values: "image: {repository: prober}\nmonitor: {kind: PodMonitor}\nrules: {enabled: true}"}.Render()
	if err != nil {
		return nil, err
	}
	objects, err := Decode(docs)
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	resources := map[string][]string{}
	for i, o := range objects {
		folder := "base"
		switch o.Kind {
		case "Pod":
			continue // of "helm test"
		case "ConfigMap":
			all[filepath.Join(baseDir, folder, "prober.yaml")] = []byte(o.Value.(*core.ConfigMap).Data["prober.yaml"])
			continue
		case "PodMonitor", "PrometheusRule":
			folder = "monitoring"
		}
		text := docs[i].Text
		for _, e := range ofHelm {
			text = e.ReplaceAllString(text, "")
		}
		name := strings.ToLower(o.Kind)
		if o.Name != "prober" {
			name += strings.TrimPrefix(o.Name, "prober")
		}
		all[filepath.Join(baseDir, folder, name+".yaml")] = []byte(text)
		resources[folder] = append(resources[folder], name+".yaml")
	}
	// A shell's path, on whatever system this runs.
	resources["monitoring"] = append(resources["monitoring"], path.Join("..", "..", "helm", "prober", "files", "dashboards"))
	for folder, list := range resources {
		slices.Sort(list)
		text := "# Made of the chart by the tests of deploy/kubernetes: \"go test . -run Made -update\".\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
		for _, name := range list {
			text += fmt.Sprintf("  - %s\n", name)
		}
		if folder == "base" {
			text += "configMapGenerator:\n  - name: prober\n    files: [prober.yaml]\n"
		}
		all[filepath.Join(baseDir, folder, "kustomization.yaml")] = []byte(text)
	}
	return all, nil
}
