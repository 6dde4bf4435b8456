package kubernetes

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"prober"
	"prober/catalog"
)

// Made are the files of the chart that are made of others, by their paths from this folder.
func Made() (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, pattern := range []struct{ from, to string }{
		{root + "/deploy/prometheus/*.yml", "files/rules"},
		{root + "/deploy/grafana/provisioning/dashboards/prober/*.json", "files/dashboards"},
	} {
		found, err := filepath.Glob(pattern.from)
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			if filepath.Base(path) == "alertmanager.yml" {
				continue // an example of routes, which are the cluster's own
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			all[inChart(pattern.to, filepath.Base(path))] = text
		}
	}
	builtin, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		return nil, err
	}
	all[inChart("files", "builtin.yaml")] = fmt.Appendf(nil, "# How many endpoints the built-in list has.\nendpoints: %d\n", len(builtin.Endpoints))
	if all[inChart("values.schema.json")], err = schemaWithSettings(); err != nil {
		return nil, err
	}
	all[inChart("README.md")], err = readme()
	return all, err
}

// own are the settings that the chart makes of other values.
var own = []string{"endpoints", "shard", "web.listen-address", "web.config.file", "state-dir", "state.size", "state.retention", "vantage"}

var setting = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]*) \\| ([^|]*) \\| (.*) \\|$")

// schemaWithSettings is the chart's schema with the flags of serve as settings, as docs/configuration.md has them.
func schemaWithSettings() ([]byte, error) {
	text, err := os.ReadFile(inChart("values.schema.json"))
	if err != nil {
		return nil, err
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		return nil, fmt.Errorf("values.schema.json: %w", err)
	}
	docs, err := os.ReadFile(root + "/docs/configuration.md")
	if err != nil {
		return nil, err
	}
	settings := map[string]any{}
	for _, row := range setting.FindAllStringSubmatch(string(docs), -1) {
		name, commands, value, meaning := row[1], strings.Split(row[2], ", "), strings.Trim(row[3], "`"), row[4]
		if slices.Contains(commands, "serve") && !slices.Contains(own, name) {
			settings[name] = settingType(value, meaning)
		}
	}
	if len(settings) < 20 {
		return nil, fmt.Errorf("docs/configuration.md has only %d settings of serve", len(settings))
	}
	schema["$defs"].(map[string]any)["config"] = map[string]any{
		"description": "Written by the tests of deploy/kubernetes.", "type": "object", "additionalProperties": false, "properties": settings,
	}
	made, err := json.MarshalIndent(schema, "", "  ")
	return append(made, '\n'), err
}

func settingType(value, meaning string) any {
	switch {
	case value == "true" || value == "false":
		return map[string]any{"type": "boolean"}
	case regexp.MustCompile(`^[0-9]+$`).MatchString(value):
		return map[string]any{"type": "integer"}
	case regexp.MustCompile(`\([^)]*\brepeatable\b`).MatchString(meaning):
		text := map[string]any{"type": "string"}
		return map[string]any{"anyOf": []any{text, map[string]any{"type": "array", "items": text}}}
	}
	return map[string]any{"type": "string"}
}
