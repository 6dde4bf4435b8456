package kubernetes

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/yaml"
)

// Cluster is the version of Kubernetes that charts are rendered for.
const Cluster = "v1.36.3"

// Release is what is installed.
type Release struct {
	Dir       string // of the chart
	Name      string
	Namespace string
	Values    string // YAML, on top of the chart's own
}

// Render makes the documents of a chart, each with the template that it is of, in a fixed order. The values are
// held against the chart's schema first, as Helm does.
func (r Release) Render() ([]Document, error) {
	chart, err := loader.LoadDir(r.Dir)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	if err := yaml.UnmarshalStrict([]byte(r.Values), &values); err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	capabilities := common.DefaultCapabilities.Copy()
	if capabilities.KubeVersion, err = parseVersion(Cluster); err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{Name: r.Name, Namespace: r.Namespace, Revision: 1, IsInstall: true}
	all, err := util.ToRenderValuesWithSchemaValidation(chart, values, options, capabilities, false)
	if err != nil {
		return nil, err
	}
	files, err := engine.Engine{Strict: true}.Render(chart, all)
	if err != nil {
		return nil, err
	}
	var list []Document
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(name) != ".yaml" {
			continue
		}
		for text := range strings.SplitSeq("\n"+files[name], "\n---\n") {
			if text = strings.TrimSpace(text); !blank(text) {
				list = append(list, Document{Template: path.Base(name), Text: text + "\n"})
			}
		}
	}
	return list, nil
}

// Notes is what Helm says to whoever installed the chart.
func (r Release) Notes() (string, error) {
	chart, err := loader.LoadDir(r.Dir)
	if err != nil {
		return "", err
	}
	values := map[string]any{}
	if err := yaml.UnmarshalStrict([]byte(r.Values), &values); err != nil {
		return "", fmt.Errorf("values: %w", err)
	}
	all, err := util.ToRenderValues(chart, values, common.ReleaseOptions{Name: r.Name, Namespace: r.Namespace}, common.DefaultCapabilities)
	if err != nil {
		return "", err
	}
	files, err := engine.Engine{Strict: true}.Render(chart, all)
	return files["prober/templates/NOTES.txt"], err
}

func parseVersion(text string) (common.KubeVersion, error) {
	v, err := common.ParseKubeVersion(text)
	if err != nil {
		return common.KubeVersion{}, err
	}
	return *v, nil
}

// blank says whether a document has nothing but comments.
func blank(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}
