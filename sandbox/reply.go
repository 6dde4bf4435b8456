package sandbox

import (
	"fmt"
	"net/http"
	"strings"

	"prober/cloudapi"
	"prober/sandbox/imitation"
)

// field is one header field.
type field = cloudapi.Field

// reply is what an API says, before it is put on the wire.
type reply imitation.Reply

// get returns the first field of that name, in any case.
func (r *reply) get(name string) string { return imitation.Reply(*r).Get(name) }

// set replaces the field of that name, or adds it.
func (r *reply) set(name, value string) {
	for i, f := range r.Header {
		if strings.EqualFold(f.Name, name) {
			r.Header[i].Value = value
			return
		}
	}
	r.Header = append(r.Header, field{Name: name, Value: value})
}

// statusLine returns the first line of the reply with its line end.
func (r *reply) statusLine() string {
	return fmt.Sprintf("HTTP/1.1 %03d %s\r\n", r.Status, http.StatusText(r.Status))
}

// fields returns the header fields as lines, without the framing ones and without the
// empty line.
func (r *reply) fields() string {
	var b strings.Builder
	for _, f := range r.Header {
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	return b.String()
}

// head returns the whole header section with a Content-Length.
func (r *reply) head(closing bool) string {
	head := r.statusLine() + r.fields()
	if r.Status >= 200 && r.Status != http.StatusNoContent && r.Status != http.StatusNotModified {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(r.Body))
	}
	if closing {
		return head + "Connection: close\r\n\r\n"
	}
	return head + "Connection: keep-alive\r\n\r\n"
}

// whole returns the reply as it should be, on a connection that is closed then.
func (r *reply) whole() string { return r.head(true) + string(r.Body) }

// document is a reply of a web server or of a web site.
func document(status int, mediaType, body string) *reply {
	return &reply{Status: status, Header: []field{{Name: "Content-Type", Value: mediaType}}, Body: []byte(body)}
}

// page is a reply of a web server rather than of an API.
func page(status int, title string) *reply {
	r := reply(imitation.Page(status, title))
	return &r
}
