package imitation

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"unicode/utf8"

	"prober/cloudapi"
)

// Mangled returns the same API with a hop in front of it that damages text: f is applied
// to every name and value that is decoded from a request, to the texts of payloads, and to the
// region names of replies. A client that signs text beyond ASCII then finds another string to
// sign in Alibaba's error, a signature failure with Tencent, or other region names.
func (a *API) Mangled(f func(string) string) *API {
	b := *a
	b.mangle = f
	return &b
}

// text is what the server makes of s.
func (a *API) text(s string) string {
	if a.mangle == nil {
		return s
	}
	return a.mangle(s)
}

// stringLiteral is a string in JSON.
var stringLiteral = regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*"`)

// payload is what the server makes of a body in JSON: its texts are damaged one by one.
func (a *API) payload(body []byte) []byte {
	if a.mangle == nil {
		return body
	}
	return stringLiteral.ReplaceAllFunc(body, func(literal []byte) []byte {
		var text string
		if json.Unmarshal(literal, &text) != nil || a.text(text) == text {
			return literal
		}
		return jsonOf(a.text(text))
	})
}

// form is what the server gets of a body: of a form with texts that are damaged, another one.
func (a *API) form(r Request) []byte {
	if a.mangle == nil || r.mediaType() != cloudapi.FormType {
		return r.Body
	}
	sent, got := url.Values{}, url.Values{}
	decodeParams(sent, string(r.Body), func(s string) string { return s })
	decodeParams(got, string(r.Body), a.text)
	if maps.EqualFunc(sent, got, slices.Equal) {
		return r.Body
	}
	return []byte(cloudapi.EncodeParams(got))
}

// AsASCII is what a hop makes of text that it takes for US-ASCII: every byte beyond it
// becomes U+FFFD.
func AsASCII(s string) string {
	out := make([]rune, 0, len(s))
	for i := range len(s) {
		if s[i] < utf8.RuneSelf {
			out = append(out, rune(s[i]))
		} else {
			out = append(out, utf8.RuneError)
		}
	}
	return string(out)
}

// AsLatin1 is what a hop makes of text that it takes for ISO 8859-1 and writes as UTF-8:
// é becomes Ã©.
func AsLatin1(s string) string {
	out := make([]rune, len(s))
	for i := range len(s) {
		out[i] = rune(s[i])
	}
	return string(out)
}
