// Package importlist makes lists of endpoints of what other programs are configured by, and says line
// by line what of that a list cannot say.
//
// It reads the modules of blackbox_exporter, and targets as Prometheus' file_sd has them, or as a whole configuration of Prometheus
// has them probed. A module becomes a
// product, with what healthy means, and each of its targets an endpoint of that product. What is a secret
// in a configuration stays there: the list names a variable in its place.
package importlist

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// Note is something that a list does not say as the configuration does.
type Note struct {
	File  string
	Line  int
	Field string // "modules.http_2xx.http.proxy_url"
	Why   string
}

// String is the note in one line.
func (n Note) String() string { return fmt.Sprintf("%s:%d: %s: %s", n.File, n.Line, n.Field, n.Why) }

// Source is a file that is read.
type Source struct {
	Name string
	Data []byte
}

// read reads one document of YAML, which JSON is too.
func (s Source) read() (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(s.Data))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s: the file is empty", s.Name)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more than one document, or something behind the first", s.Name)
	}
	return expanded(s.Name, document.Content[0])
}

// at is a place in a file: what stands there and what it is called.
type at struct {
	file string
	path string
	node *yaml.Node
	key  string // in a mapping
	line int    // of what lacks it, where there is no node
}

// members are what a mapping holds, in its order.
func (a at) members() []at {
	var out []at
	if a.node == nil || a.node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(a.node.Content); i += 2 {
		path := a.node.Content[i].Value
		if a.path != "" {
			path = a.path + "." + path
		}
		out = append(out, at{a.file, path, a.node.Content[i+1], a.node.Content[i].Value, 0})
	}
	return out
}

// member is a member of a mapping; its node is nil where there is none.
func (a at) member(name string) at {
	for _, m := range a.members() {
		if m.key == name {
			return m
		}
	}
	missing := at{file: a.file, path: a.path + "." + name, line: a.line}
	if a.node != nil {
		missing.line = a.node.Line
	}
	return missing
}

// items are what a list holds; a value that is no list is one of its own.
func (a at) items() []at {
	if a.node == nil {
		return nil
	}
	if a.node.Kind != yaml.SequenceNode {
		return []at{a}
	}
	var out []at
	for i, n := range a.node.Content {
		out = append(out, at{file: a.file, path: fmt.Sprintf("%s[%d]", a.path, i), node: n})
	}
	return out
}

// text is a scalar; empty where there is none.
func (a at) text() string {
	if a.node == nil || a.node.Kind != yaml.ScalarNode {
		return ""
	}
	return a.node.Value
}

func (a at) texts() []string {
	var out []string
	for _, item := range a.items() {
		out = append(out, item.text())
	}
	return out
}

// isTrue reports whether a scalar is true; missing is what a missing one is.
func (a at) isTrue(missing bool) bool {
	if a.node == nil {
		return missing
	}
	var b bool
	return a.node.Decode(&b) == nil && b
}

// note says of a place what a list does not say as it does.
func (a at) note(why string, args ...any) Note {
	line := max(1, a.line)
	if a.node != nil {
		line = a.node.Line
	}
	return Note{a.file, line, a.path, fmt.Sprintf(why, args...)}
}
