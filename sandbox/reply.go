package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// field is one header field.
type field struct{ name, value string }

// reply is what an API says, before it is put on the wire.
type reply struct {
	status int
	header []field
	body   []byte
}

// get returns the first field of that name, in any case.
func (r *reply) get(name string) string {
	for _, f := range r.header {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// set replaces the field of that name, or adds it.
func (r *reply) set(name, value string) {
	for i, f := range r.header {
		if strings.EqualFold(f.name, name) {
			r.header[i].value = value
			return
		}
	}
	r.header = append(r.header, field{name, value})
}

// statusLine returns the first line of the reply with its line end.
func (r *reply) statusLine() string {
	return fmt.Sprintf("HTTP/1.1 %03d %s\r\n", r.status, http.StatusText(r.status))
}

// fields returns the header fields as lines, without the framing ones and without the
// empty line.
func (r *reply) fields() string {
	var b strings.Builder
	for _, f := range r.header {
		b.WriteString(f.name + ": " + f.value + "\r\n")
	}
	return b.String()
}

// head returns the whole header section with a Content-Length.
func (r *reply) head(closing bool) []byte {
	connection := "keep-alive"
	if closing {
		connection = "close"
	}
	var b strings.Builder
	b.WriteString(r.statusLine() + r.fields())
	if r.status >= 200 && r.status != http.StatusNoContent && r.status != http.StatusNotModified {
		b.WriteString("Content-Length: " + strconv.Itoa(len(r.body)) + "\r\n")
	}
	b.WriteString("Connection: " + connection + "\r\n\r\n")
	return []byte(b.String())
}

// page is a reply of a web server rather than of an API.
func page(status int, title string) *reply {
	text := fmt.Sprintf("%d %s", status, title)
	return &reply{
		status: status,
		header: []field{{"Server", "nginx"}, {"Content-Type", "text/html"}},
		body: []byte("<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" +
			text + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"),
	}
}
