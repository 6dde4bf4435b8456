package catalog

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"prober/limit"
)

// What people hand over first is what they have: files of other programs, and URLs without anything around
// them. The first kind is told by its name, and the second is a list.

// foreign says what a file is that belongs to another program, and what to give in its place; empty: it may be
// a list.
func foreign(root *node) string {
	if root.kind == text || root.kind == number {
		return "this is a text and no list; want a URL on each line, as https://api.example.com/healthz, or endpoints: [URL, ...]"
	}
	if list := root.member("endpoints"); list != nil {
		if list.kind == array && len(list.holds) > 0 && !lacksOne(&list.holds[0].value, []string{"url", "conditions"}) {
			return `this is a configuration of Gatus, which is not read; want endpoints: [URL, ...], and what its conditions say as check.expect`
		}
		return ""
	}
	for _, of := range []struct {
		has  []string // what such a file has
		says string
	}{
		{[]string{"scrape_configs"}, `this is a configuration of Prometheus; "prober endpoints import BLACKBOX.YML --targets FILE" makes a list of what it has probed, and the targets below static_configs, in a file of their own, are one`},
		{[]string{"modules"}, `this is a configuration of blackbox_exporter; "prober endpoints import FILE" makes a list of it`},
		{[]string{"config", "serviceMonitor"}, `these are values of a chart; of what stands below config "prober endpoints import FILE" makes a list, in a file of its own`},
		{[]string{"openapi"}, `this is a description of an API, which says what may be asked and not where it runs; want endpoints: [URL, ...]`},
		{[]string{"swagger"}, `this is a description of an API, which says what may be asked and not where it runs; want endpoints: [URL, ...]`},
		{[]string{"info", "item"}, `this is a collection of requests; want endpoints: [URL, ...] of what is to be watched`},
		{[]string{"monitorList"}, `this is a backup of Uptime Kuma, which is not read; want endpoints: [URL, ...] of its monitors`},
		{[]string{"probe"}, errTextproto.Error()},
		{[]string{"owner", "repo", "sites"}, `this is a configuration of Upptime, which is not read; want endpoints: [URL, ...] of its sites`},
		{[]string{"services"}, `this says what containers run, and not where they are asked; want endpoints: [URL, ...]`},
		{[]string{"apiVersion", "kind"}, `this is an object of Kubernetes; want a list alone, which a ConfigMap has below data`},
	} {
		if !lacksOne(root, of.has) {
			return of.says
		}
	}
	return ""
}

// Foreign says what a file is that belongs to another program, and what to give in its place; empty: it is none that is known.
func Foreign(name string, data []byte) string {
	if isTextproto(data) {
		return errTextproto.Error()
	}
	read := parseYAML
	if isJSON(name, data) {
		read = parse
	}
	root, _, err := read(data, limit.CatalogueValues)
	if err != nil || root.kind != object {
		return ""
	}
	return foreign(root)
}

func lacksOne(n *node, names []string) bool {
	for _, name := range names {
		if n.member(name) == nil {
			return true
		}
	}
	return false
}

// isTable reports whether a file is called as a table of values is.
func isTable(name string) bool {
	ending := strings.ToLower(filepath.Ext(name))
	return ending == ".csv" || ending == ".tsv"
}

var errTable = errors.New("a table of values is no list; give the column of the URLs alone, one on each line and without its title, in a file that ends in .txt")

// isTextproto reports whether a text is a configuration of cloudprober in its own notation, which is no YAML.
func isTextproto(data []byte) bool {
	const beginning = 4 << 10 // in which the first probe stands
	return textproto.Match(data[:min(len(data), beginning)])
}

var (
	textproto    = regexp.MustCompile(`(?m)^probe\s*\{\s*$`)
	errTextproto = errors.New("this is a configuration of cloudprober, which is not read; want endpoints: [URL, ...] of its targets")
)
