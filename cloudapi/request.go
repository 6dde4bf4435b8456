package cloudapi

import (
	"fmt"
	"strings"
)

// Field is one header field of a request.
type Field struct{ Name, Value string }

// Request is one HTTP request, ready to be written by whoever measures it. Host and
// Content-Length are not in Header: they follow from Host and Body.
//
// A signed request holds the key id and the signature in Query, Header or Body;
// printing a Request redacts them.
type Request struct {
	Method string
	Host   string // bare host name, also when another port is dialled
	Path   string // "/" for both families
	Query  string // encoded, without "?"; empty for none
	Header []Field
	Body   []byte
}

// Target returns the request target in origin form (RFC 9112, section 3.2.1).
func (r Request) Target() string {
	path := r.Path
	if path == "" {
		path = "/"
	}
	if r.Query == "" {
		return path
	}
	return path + "?" + r.Query
}

// Get returns the value of the first header field called name, whatever its case.
func (r Request) Get(name string) string {
	for _, f := range r.Header {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// String returns method, host and redacted target; bodies and headers are left out.
func (r Request) String() string {
	return fmt.Sprintf("%s %s%s", r.Method, r.Host, Redact(r.Target()))
}

// Format prints the request as String does, for every verb and flag, so that no
// verb can show a signature.
func (r Request) Format(s fmt.State, _ rune) { _, _ = fmt.Fprint(s, r.String()) }

// UnsignedProbe is the default probe request: a read-only call without credentials,
// Host set to host and Version to apiVersion. The expected answer is a well-formed
// error that names what is missing.
func UnsignedProbe(family Family, host, apiVersion string) Request {
	if family == Tencent {
		return TencentCall{Action: "DescribeAccessRegions", Version: apiVersion}.Unsigned(host)
	}
	return AlibabaCall{Action: "DescribeRegions", Version: apiVersion}.Unsigned(host)
}
