package kubernetes

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	tableBegins = "<!-- values: written by the tests of deploy/kubernetes -->\n"
	tableEnds   = "<!-- end of values -->\n"
)

// Value is a value of the chart, with what values.yaml says of it.
type Value struct{ Path, Default, Meaning string }

// Values are all values of the chart, in their order.
func Values() ([]Value, error) {
	text, err := os.ReadFile(inChart("values.yaml"))
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("values.yaml: %w", err)
	}
	return valuesOf(doc.Content[0], "")
}

func valuesOf(n *yaml.Node, prefix string) (all []Value, err error) {
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		path, meaning := prefix+key.Value, strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(key.HeadComment, "# "), "\n# ", " "))
		if value.Kind == yaml.MappingNode && len(value.Content) > 0 && meaning == "" {
			below, err := valuesOf(value, path+".")
			if err != nil {
				return nil, err
			}
			all = append(all, below...)
			continue
		}
		var plain any
		if err := value.Decode(&plain); err != nil {
			return nil, fmt.Errorf("values.yaml: %s: %w", path, err)
		}
		text, err := json.Marshal(plain)
		if err != nil {
			return nil, fmt.Errorf("values.yaml: %s: %w", path, err)
		}
		all = append(all, Value{path, string(text), meaning})
	}
	return all, nil
}

// readme is the chart's README with the table of its values.
func readme() ([]byte, error) {
	text, err := os.ReadFile(inChart("README.md"))
	if err != nil {
		return nil, err
	}
	before, rest, begins := strings.Cut(string(text), tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		return nil, fmt.Errorf("the chart's README.md has no place for its values, between %q and %q", strings.TrimSpace(tableBegins), strings.TrimSpace(tableEnds))
	}
	values, err := Values()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString(before + tableBegins + "\n| value | default | meaning |\n|---|---|---|\n")
	for _, v := range values {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", v.Path, v.Default, strings.ReplaceAll(v.Meaning, "|", `\|`))
	}
	b.WriteString("\n" + tableEnds + after)
	return []byte(b.String()), nil
}
