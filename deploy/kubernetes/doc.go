// Package kubernetes reads the chart in deploy/helm/prober as Helm does, and what it makes as the API server of a cluster
// does: strictly, by the types of the API. It also writes what of the chart is made of other files: copies of rules and
// dashboards, which a chart has to hold itself, the names of the settings in its schema, its README and the kustomize base.
//
// It is a module of its own because Helm and the types of Kubernetes come with many others. Package test below it starts
// a real control plane.
package kubernetes

import "path/filepath"

// Where things lie, as seen from this folder.
const (
	root     = "../.."
	chartDir = "../helm/prober"
	baseDir  = "../kustomize"
)

func inChart(parts ...string) string { return filepath.Join(append([]string{chartDir}, parts...)...) }
