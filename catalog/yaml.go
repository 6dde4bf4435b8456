package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"prober/limit"
)

// parseYAML reads one YAML document into the tree that [parse] makes of JSON. A node's offset is the
// number of its line. Of YAML there is what lists need: mappings, sequences and scalars. Anchors and
// tags are refused: what a value is shall be seen where it stands, and costs no more than its text.
//
// The library's own tree takes ten times the text. A list is therefore read in pieces, of which each
// is let go before the next.
func parseYAML(data []byte, most int) (*node, int, error) {
	if at, err := notText(data); err != nil {
		return nil, lineOf(data, at), err
	}
	r := &yamlReader{most: most, words: map[string]string{}}
	items := longList(data)
	if items == nil {
		return r.document(data, 0)
	}
	list := node{kind: array, offset: int32(items.line)} //nolint:gosec // a file has at most limit.CatalogueBytes
	for text, line := range items.pieces(data) {
		piece, at, err := r.document(text, line-1)
		if err != nil {
			return nil, at, err
		}
		if piece.kind != array {
			return nil, line, errors.New("want a list")
		}
		list.holds = append(list.holds, piece.holds...)
	}
	if items.key == "" {
		return &list, 0, nil
	}
	root, at, err := r.document(items.rest(data), 0)
	if err != nil {
		return nil, at, err
	}
	for i := range root.holds {
		if m := &root.holds[i]; m.key == items.key && m.value.kind == null {
			m.value = list
			return root, 0, nil
		}
	}
	return nil, items.line, fmt.Errorf("the list below %s: cannot be read as its value", items.key)
}

const smallest = `the smallest one is "endpoints: [https://api.example.com/healthz]"`

var errEmpty = errors.New("the list is empty; " + smallest)

// yamlReader turns what the library reads into nodes.
type yamlReader struct {
	values, most int
	line         int               // before the first one of the piece
	words        map[string]string // that stand again and again, each kept once
}

func (r *yamlReader) document(data []byte, before int) (*node, int, error) {
	r.line = before
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, 1, errEmpty
	case err != nil:
		return r.misspelt(data, err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		if err == nil {
			return nil, before + max(1, more.Line), errors.New("a second document begins here; a list is one")
		}
		return r.misspelt(data, err)
	}
	root, at, err := r.node(document.Content[0], 0)
	return &root, at, err
}

// ofYAML is what the library puts before its errors.
var ofYAML = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// ofParser are the errors of the library that are not of the letters of a text, but of how its parts follow each other.
var ofParser = regexp.MustCompile(`^did not find expected ('-' indicator|key|node content|<document start>|',' or)`)

func (r *yamlReader) misspelt(data []byte, err error) (*node, int, error) {
	text := err.Error()
	line := 0
	if found := ofYAML.FindStringSubmatch(text); found != nil {
		text = text[len(found[0]):]
		if line, _ = strconv.Atoi(found[1]); line > 0 && ofParser.MatchString(text) {
			line++ // which it counts from 0 there
		}
	}
	line = min(max(1, line), lineOf(data, len(data)))
	return nil, r.line + line, errors.New(text + remedy(text, data, line))
}

func (r *yamlReader) node(n *yaml.Node, depth int) (node, int, error) {
	out := node{offset: int32(r.line + n.Line)} //nolint:gosec // as above
	fail := func(format string, args ...any) (node, int, error) {
		return out, int(out.offset), fmt.Errorf(format, args...)
	}
	switch r.values++; {
	case r.values > r.most:
		return fail("from here on there are more values than a list may have, %d", r.most)
	case depth > limit.FileDepth:
		return fail("more than %d values inside each other", limit.FileDepth)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return fail("anchors and aliases are not read here: write the value out")
	case n.Style&yaml.TaggedStyle != 0 || n.Tag == "!!merge":
		return fail("the tag %s is not read here: write the bare value", n.Tag)
	case n.Kind == yaml.ScalarNode:
		r.scalar(n, &out)
		return out, 0, nil
	}
	pairs := n.Kind == yaml.MappingNode
	out.kind = array
	step := 1
	if pairs {
		out.kind, step = object, 2
	}
	out.holds = make([]member, 0, len(n.Content)/step)
	for i := 0; i < len(n.Content); i += step {
		m := member{offset: int32(r.line + n.Content[i].Line)} //nolint:gosec // as above
		if pairs {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 || key.Tag == "!!merge" {
				out.offset = m.offset
				return fail("a name is one word, without anchor and tag")
			}
			m.key = r.word(key.Value)
		}
		value, at, err := r.node(n.Content[i+step-1], depth+1)
		if err != nil {
			return value, at, err
		}
		m.value = value
		out.holds = append(out.holds, m)
	}
	return out, 0, nil
}

// scalar reads what a text means as the core schema of YAML 1.2 has it; a date is a text.
func (r *yamlReader) scalar(n *yaml.Node, out *node) {
	out.text = r.word(n.Value)
	switch n.Tag {
	case "!!null":
		out.kind = null
	case "!!int", "!!float":
		out.kind = number
	case "!!bool":
		out.kind, out.truth = boolean, strings.EqualFold(n.Value, "true")
	default:
		out.kind = text
	}
}

// word keeps short words once: the names of fields, and of products and regions.
func (r *yamlReader) word(s string) string {
	if len(s) > shortWord {
		return strings.Clone(s)
	}
	if known, ok := r.words[s]; ok {
		return known
	}
	s = strings.Clone(s)
	if len(r.words) < manyWords {
		r.words[s] = s
	}
	return s
}
