package catalog

import (
	"maps"
	"path/filepath"
	"strings"
)

// Request is what is sent to an endpoint of style none. Without one it is a GET of the endpoint's path.
type Request struct {
	Method string `json:"method,omitempty"` // empty: GET, or POST where there is a body
	Path   string `json:"path,omitempty"`   // path and query; empty: the endpoint's
	// Query are parameters behind those of the path, by their names.
	Query map[string]Text `json:"query,omitempty"`
	// Headers are fields beside those that every request has, by their names.
	Headers map[string]Text `json:"headers,omitempty"`
	Body    *Body           `json:"body,omitempty"`
	Basic   *Basic          `json:"basic,omitempty"`  // RFC 7617
	Bearer  Text            `json:"bearer,omitempty"` // a token, RFC 6750
}

// Body is what a request sends: one of the three.
type Body struct {
	Text Text `json:"text,omitempty"`
	// JSON is sent as application/json unless Headers say otherwise. Each string of it, but for the names of
	// members, is a [Text]: see [Value.Pieces].
	JSON Value  `json:"json,omitempty"`
	File string `json:"file,omitempty"` // from the folder of the list
}

// Basic is a name and a password.
type Basic struct {
	User     Text `json:"user"`
	Password Text `json:"password"`
}

// Text is a text, or says where one is: "env:NAME" is the value of a variable and "file:PATH" the content of
// a file, from the folder of the list, without the ends of its last lines. What is there is a secret, and
// stands in no output.
type Text string

// TextSource says what kind of place a text is in.
type TextSource uint8

// The sources of a text.
const (
	Literal TextSource = iota
	FromEnv
	FromFile
)

// Place returns where the text is, and the name of the variable or of the file; of a literal text that
// itself.
func (t Text) Place() (TextSource, string) {
	if name, ok := strings.CutPrefix(string(t), "env:"); ok {
		return FromEnv, name
	}
	if name, ok := strings.CutPrefix(string(t), "file:"); ok {
		return FromFile, name
	}
	return Literal, string(t)
}

// from returns the request with its files by their paths from a folder.
func (r *Request) from(folder string) *Request {
	if r == nil {
		return nil
	}
	file := func(name string) string {
		if name == "" || filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(folder, name)
	}
	text := func(t Text) Text {
		if source, name := t.Place(); source == FromFile {
			return Text("file:" + file(name))
		}
		return t
	}
	out := *r
	out.Bearer = text(r.Bearer)
	out.Headers, out.Query = maps.Clone(r.Headers), maps.Clone(r.Query)
	for _, named := range []map[string]Text{out.Headers, out.Query} {
		for name, value := range named {
			named[name] = text(value)
		}
	}
	if r.Basic != nil {
		out.Basic = &Basic{text(r.Basic.User), text(r.Basic.Password)}
	}
	if r.Body != nil {
		var in strings.Builder
		r.Body.JSON.Pieces(func(s string) { in.WriteString(s) }, func(t Text) { writeString(&in, string(text(t))) })
		out.Body = &Body{text(r.Body.Text), Value(in.String()), file(r.Body.File)}
	}
	return &out
}
