package jsonquery

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/theory/jsonpath"

	"prober/limit"
)

// Query is a query that was read.
type Query struct {
	path    *jsonpath.Path // nil: it is a pointer
	pointer []string       // the names and numbers that lead to the value
}

// Parse reads a JSONPath, which begins with "$", or a JSON pointer, which is empty or begins with "/".
func Parse(text string) (Query, error) {
	switch {
	case len(text) > limit.QueryBytes:
		return Query{}, fmt.Errorf("a query of %d bytes; at most %d", len(text), limit.QueryBytes)
	case text == "" || text[0] == '/':
		return pointer(text)
	case text[0] != '$':
		return Query{}, errors.New("want a JSONPath, which begins with $, or a JSON pointer, which begins with /")
	}
	path, err := jsonpath.Parse(text)
	if err != nil {
		return Query{}, errors.New("no JSONPath: " + strings.TrimPrefix(err.Error(), "jsonpath: "))
	}
	bare := unquoted(text)
	switch {
	case strings.Count(bare, "..") > 1:
		return Query{}, errors.New("more than one \"..\": that can take longer than a probe may")
	case strings.Contains(bare[1:], "$"):
		return Query{}, errors.New("a filter that begins at the root again, with $: that can take longer than a probe may")
	}
	return Query{path: path}, nil
}

// unquoted is a JSONPath without what stands in quotes.
func unquoted(text string) string {
	var out strings.Builder
	quote, escaped := byte(0), false
	for _, c := range []byte(text) {
		switch {
		case escaped:
			escaped = false
		case quote != 0 && c == '\\':
			escaped = true
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// pointer reads a JSON pointer.
func pointer(text string) (Query, error) {
	q := Query{pointer: []string{}}
	if text == "" {
		return q, nil
	}
	for step := range strings.SplitSeq(text[1:], "/") {
		if rest := strings.NewReplacer("~0", "", "~1", "").Replace(step); strings.Contains(rest, "~") {
			return Query{}, errors.New("no JSON pointer: \"~\" stands only in ~0, which means ~, and in ~1, which means /")
		}
		q.pointer = append(q.pointer, strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~"))
	}
	return q, nil
}

// Select returns the values that the query finds in a document, in no certain order; none where there is
// nothing.
func (q Query) Select(doc Document) (found []any, err error) {
	if q.path == nil {
		return follow(doc.root, q.pointer), nil
	}
	defer func() {
		if cause := recover(); cause != nil {
			found, err = nil, fmt.Errorf("the query cannot be answered: %v", cause)
		}
	}()
	return q.path.Select(doc.root), nil
}

// follow goes where a pointer leads.
func follow(at any, steps []string) []any {
	for _, step := range steps {
		switch in := at.(type) {
		case map[string]any:
			next, ok := in[step]
			if !ok {
				return nil
			}
			at = next
		case []any:
			i, err := strconv.ParseUint(step, 10, 32)
			if err != nil || i >= uint64(len(in)) || step != strconv.FormatUint(i, 10) {
				return nil
			}
			at = in[i]
		default:
			return nil
		}
	}
	return []any{at}
}
