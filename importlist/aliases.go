package importlist

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"prober/limit"
)

// expansion puts in place of aliases and merge keys what they stand for, as blackbox_exporter and Prometheus
// read them. A short file can stand for a very large one, so what comes out is counted.
type expansion struct {
	values int
	inside map[*yaml.Node]bool // anchors that are being put in place of an alias
}

var errAliasItself = errors.New("an alias stands inside what it stands for")

// expanded is a document without aliases and merge keys.
func expanded(name string, root *yaml.Node) (*yaml.Node, error) {
	e := expansion{inside: map[*yaml.Node]bool{}}
	n, err := e.node(root)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	return n, nil
}

func (e *expansion) node(n *yaml.Node) (*yaml.Node, error) {
	if e.values++; e.values > limit.ImportValues {
		return nil, fmt.Errorf("%d: with its aliases the file has more than %d values; write it with fewer", n.Line, limit.ImportValues)
	}
	if n.Kind == yaml.AliasNode {
		if e.inside[n.Alias] {
			return nil, fmt.Errorf("%d: *%s: %w", n.Line, n.Value, errAliasItself)
		}
		e.inside[n.Alias] = true
		defer delete(e.inside, n.Alias)
		return e.node(n.Alias)
	}
	out := *n
	out.Content = make([]*yaml.Node, 0, len(n.Content))
	var merged []*yaml.Node
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && n.Content[i&^1].Tag == "!!merge" {
			if i%2 == 0 {
				continue
			}
			base, err := e.node(child)
			if err != nil {
				return nil, err
			}
			merged = append(merged, base)
			continue
		}
		whole, err := e.node(child)
		if err != nil {
			return nil, err
		}
		out.Content = append(out.Content, whole)
	}
	for _, base := range merged {
		if err := merge(&out, base); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

// merge adds to a mapping the members that it does not have, of a mapping or of several, the first of which
// is on top.
func merge(to, base *yaml.Node) error {
	switch base.Kind {
	case yaml.SequenceNode:
		for _, one := range base.Content {
			if one.Kind != yaml.MappingNode {
				return fmt.Errorf("%d: << wants a mapping, or a list of them", one.Line)
			}
			if err := merge(to, one); err != nil {
				return err
			}
		}
	case yaml.MappingNode:
		has := map[string]bool{}
		for i := 0; i < len(to.Content); i += 2 {
			has[to.Content[i].Value] = true
		}
		for i := 0; i+1 < len(base.Content); i += 2 {
			if !has[base.Content[i].Value] {
				to.Content = append(to.Content, base.Content[i], base.Content[i+1])
			}
		}
	default:
		return fmt.Errorf("%d: << wants a mapping, or a list of them", base.Line)
	}
	return nil
}
