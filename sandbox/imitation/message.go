package imitation

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
)

// Request is one request as a server sees it.
type Request struct {
	Scheme catalog.Scheme // empty: https
	Method string
	Host   string // of the Host field, a port included if one was sent; empty: the endpoint's
	Path   string // empty: "/"
	Query  string // as sent, without "?"
	Header http.Header
	Body   []byte
}

// Reply is what the API says. Content-Length and Connection are left to whoever puts it on
// the wire.
type Reply struct {
	Status int
	Header []cloudapi.Field
	Body   []byte
}

// Get returns the value of the first header field called name, whatever its case.
func (r Reply) Get(name string) string {
	for _, f := range r.Header {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

func (r Request) get(name string) string { return r.Header.Get(name) }

// mediaType returns the media type of the body in lower case, without parameters.
func (r Request) mediaType() string {
	t, _, _ := strings.Cut(r.get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// hostName returns the host that the request names, without a port.
func (r Request) hostName(fallback string) string {
	host, _, _ := strings.Cut(r.Host, ":")
	return cmp.Or(host, fallback)
}

// decodeParams adds the parameters of a query or form body to into, each name and value
// decoded as a form ("+" is a space) and then given to mangle. What cannot be decoded
// stays as it was sent. It reports whether every pair had a "=".
func decodeParams(into url.Values, encoded string, mangle func(string) string) (complete bool) {
	complete = true
	for pair := range strings.SplitSeq(encoded, "&") {
		if pair == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		complete = complete && found
		into.Add(mangle(unescape(name)), mangle(unescape(value)))
	}
	return complete
}

func unescape(s string) string {
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return decoded
}

// Page is a reply of a web server rather than of an API.
func Page(status int, title string) Reply {
	title = fmt.Sprintf("%d %s", status, title)
	return Reply{
		Status: status,
		Header: []cloudapi.Field{{Name: "Server", Value: "nginx"}, {Name: "Content-Type", Value: "text/html"}},
		Body: []byte("<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
			"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"),
	}
}
