package catalog

import (
	"bytes"
	"regexp"
)

var beginsAsURL = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://\S*$`)

// isURLs reports whether a text is nothing but URLs, one a line, between empty lines and comments.
func isURLs(data []byte) bool {
	any := false
	for line := range bytes.Lines(data) {
		switch line = bytes.TrimSpace(line); {
		case len(line) == 0 || line[0] == '#':
		case !beginsAsURL.Match(line):
			return false
		default:
			any = true
		}
	}
	return any
}

// parseURLs reads URLs, one a line, into the tree of a list of them. As in YAML an offset is the number of a line.
func parseURLs(data []byte, _ int) (*node, int, error) {
	if at, err := notText(data); err != nil {
		return nil, lineOf(data, at), err
	}
	list := node{kind: array, offset: 1}
	number := int32(0)
	for line := range bytes.Lines(data) {
		number++
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			list.holds = append(list.holds, member{offset: number, value: node{kind: text, offset: number, text: string(line)}})
		}
	}
	return &list, 0, nil
}
