// Package settings reads a file that says what flags say: a YAML mapping from the names of flags to
// their values, read strictly. What is misspelt, doubled, empty or nested is an error with its line,
// because a setting that is silently not one is found out months later.
//
//	# prober.yaml
//	interval: 30s
//	product: [ecs, kms]
//	web.listen-address: 127.0.0.1:9115
package settings

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Setting is a flag and its values, as texts that the flag reads.
type Setting struct {
	Name   string
	Values []string // one at least
	List   bool     // they stand in a list, even if there is one
	Line   int      // of the name
}

// Parse reads settings in their order. Errors name the line.
func Parse(data []byte) ([]Setting, error) {
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, plainError(err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one document, or something behind the first")
	}
	root := document.Content[0]
	if isNull(root) {
		return nil, nil // nothing but comments
	}
	if root.Kind != yaml.MappingNode {
		return nil, at(root, "want names of flags with their values, as \"interval: 30s\"")
	}
	var all []Setting
	lines := map[string]int{}
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		name, err := scalar(key)
		if err != nil {
			return nil, err
		}
		if line, twice := lines[name]; twice {
			return nil, at(key, "%q stands in line %d as well", name, line)
		}
		lines[name] = key.Line
		s := Setting{Name: name, Line: key.Line, List: value.Kind == yaml.SequenceNode}
		if s.Values, err = values(name, value); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// values are those of one setting.
func values(name string, n *yaml.Node) ([]string, error) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode && n.Anchor == "" && isPlain(n) {
		items = n.Content
	}
	if len(items) == 0 {
		return nil, at(n, "%q has an empty list: give values, or leave it out", name)
	}
	var out []string
	for _, item := range items {
		if isNull(item) {
			return nil, at(item, "%q has no value: give one, or leave it out", name)
		}
		text, err := scalar(item)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// scalar is the text of a node. Anchors and tags are nothing that flags have.
func scalar(n *yaml.Node) (string, error) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return "", at(n, "anchors and aliases are not read here: write the value out")
	case n.Kind != yaml.ScalarNode:
		return "", at(n, "want one value or a list of them, and nothing nested")
	case !isPlain(n):
		return "", at(n, "the tag %s is not read here: write the bare value", n.Tag)
	}
	return n.Value, nil
}

// isPlain reports whether a node has the tag that its text gives it.
func isPlain(n *yaml.Node) bool { return n.Style&yaml.TaggedStyle == 0 && n.Tag != "!!merge" }

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("line %d: %s", n.Line, fmt.Sprintf(format, args...))
}

// ofYAML is what the library puts before its errors.
var ofYAML = regexp.MustCompile(`^yaml: `)

func plainError(err error) error { return errors.New(ofYAML.ReplaceAllString(err.Error(), "")) }
