package catalog

import (
	"bytes"
	"path/filepath"
	"strings"
)

// DecodeList reads a list of somebody's own, which may be JSON or YAML, and validates it. It takes
// whatever [Decode] takes, and fills in what such a list may leave out:
//
//	endpoints: [https://api.example.com/healthz]
//
// is a whole one. A list of Prometheus' file_sd is one too, and so is a text of URLs, one a line. The file's name says how it is written:
// ".json", ".yaml" or ".yml"; of another name its first character does. Errors are those of [Decode].
func DecodeList(name string, data []byte) (*Catalog, error) {
	read := parseYAML
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, Errors{{File: name, Line: 1, Problem: errEmpty.Error()}}
	case isTable(name):
		return nil, Errors{{File: name, Line: 1, Problem: errTable.Error()}}
	case isTextproto(data):
		return nil, Errors{{File: name, Line: 1, Problem: errTextproto.Error()}}
	case isJSON(name, data):
		read = parse
	case isURLs(data):
		read = parseURLs
	}
	return decode(name, data, read, true)
}

// isJSON reports whether a file is to be read as JSON.
func isJSON(name string, data []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return true
	case ".yaml", ".yml":
		return false
	}
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) == 0 || data[0] == '{' || data[0] == '['
}

// own is the word for what a list of somebody's own does not say: its source, its provider, and its
// product where the file's name is no word for one.
const own = "own"

// productOf is the product of the endpoints that name none: what the file is called.
func productOf(file string) string {
	base := filepath.Base(file)
	word := strings.ToLower(strings.TrimSuffix(base, filepath.Ext(base)))
	if !isWord(word) || strings.Trim(word, "0123456789") == "" || word == "endpoints" || word == "targets" || len(word) > 63 {
		return own // such as /dev/fd/63
	}
	return word
}
