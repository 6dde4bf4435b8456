// Package grafana holds the dashboards as they are shipped, and lists what they ask of Prometheus, for tests that ask the same.
// What writes them is package board.
package grafana

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Files are the dashboards, and the two files by which Grafana finds them and its data source.
//
//go:embed provisioning
var Files embed.FS

// Query is one question that a dashboard asks.
type Query struct {
	// Dashboard is the name of the file, Panel the title; "variable NAME" is one of the dashboard's variables.
	Dashboard, Panel, Ref string
	// Expr is the query with variables in it: see [Fill].
	Expr string
	// Instant queries ask for now, the others for a time.
	Instant bool
	// Quiet is what the panel says where there is nothing to show. Without it, there always is something.
	Quiet string
}

// dashboard is what of a dashboard's JSON says what is asked.
type dashboard struct {
	Panels []struct {
		Title       string
		FieldConfig struct{ Defaults struct{ NoValue string } }
		Targets     []struct {
			RefID, Expr string
			Instant     bool
		}
	}
	Templating struct {
		List []struct {
			Name, Type string
			Query      string
		}
	}
}

// Queries lists every query of every panel and variable, in the order in which they stand.
func Queries() ([]Query, error) {
	names, err := dashboards()
	if err != nil {
		return nil, err
	}
	var list []Query
	for _, name := range names {
		text, err := Files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var d dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		file := path.Base(name)
		for _, v := range d.Templating.List {
			if v.Type == "query" {
				list = append(list, Query{Dashboard: file, Panel: "variable " + v.Name, Expr: asked(v.Query), Instant: true})
			}
		}
		for _, p := range d.Panels {
			for _, t := range p.Targets {
				list = append(list, Query{
					Dashboard: file, Panel: p.Title, Ref: t.RefID, Expr: t.Expr, Instant: t.Instant,
					Quiet: p.FieldConfig.Defaults.NoValue,
				})
			}
		}
	}
	return list, nil
}

// dashboards are the names of the files of dashboards.
func dashboards() ([]string, error) { return fs.Glob(Files, "provisioning/dashboards/*/*.json") }

// asked is the query to Prometheus that gives what one of Grafana's functions for variables makes of it:
// label_values(SELECTOR, LABEL), or query_result(QUERY).
func asked(query string) string {
	if inner, ok := strings.CutPrefix(query, "query_result("); ok {
		return strings.TrimSuffix(inner, ")")
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(query, "label_values("), ")")
	i := strings.LastIndex(inner, ",")
	return fmt.Sprintf("count by (%s) (%s)", strings.TrimSpace(inner[i+1:]), inner[:i])
}

// Fill puts values into a query as Grafana does, for dashboards that show the last window and ask for points that are step apart.
// Variables that values lacks are All.
func Fill(expr string, values map[string]string, window, rate string) string {
	for _, name := range []string{"product", "region", "network", "vantage", "host"} {
		value, ok := values[name]
		if !ok {
			value = ".*"
		}
		expr = strings.ReplaceAll(expr, `"$`+name+`"`, `"`+value+`"`)
	}
	expr = strings.ReplaceAll(expr, "$__rate_interval", rate)
	return strings.ReplaceAll(expr, "$__range", window)
}
