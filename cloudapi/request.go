package cloudapi

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"prober/catalog"
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

// carrying returns a request with parameters, which travel in the form body of a POST request
// and in the query of every other method.
func carrying(method, host string, params url.Values) Request {
	r := Request{Method: strings.ToUpper(method), Host: host, Path: "/"}
	if r.Method == "POST" {
		r.Header, r.Body = []Field{{"Content-Type", FormType}}, []byte(EncodeParams(params))
	} else {
		r.Query = EncodeParams(params)
	}
	return r
}

// setGiven sets a parameter that is left out when it is empty.
func setGiven(params url.Values, name, value string) {
	if value != "" {
		params.Set(name, value)
	}
}

// Target returns the request target in origin form (RFC 9112, section 3.2.1).
func (r Request) Target() string {
	path := cmp.Or(r.Path, "/")
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

// With returns the request with another value of a header field that it has.
func (r Request) With(name, value string) Request {
	r.Header = slices.Clone(r.Header)
	for i, f := range r.Header {
		if strings.EqualFold(f.Name, name) {
			r.Header[i].Value = value
		}
	}
	return r
}

// Without returns the request without a header field.
func (r Request) Without(name string) Request {
	r.Header = slices.DeleteFunc(slices.Clone(r.Header), func(f Field) bool { return strings.EqualFold(f.Name, name) })
	return r
}

// String returns method, host and redacted target; bodies and headers are left out.
func (r Request) String() string {
	return fmt.Sprintf("%s %s%s", r.Method, r.Host, Redact(r.Target()))
}

// Format prints the request as String does, for every verb and flag, so that no
// verb can show a signature.
func (r Request) Format(s fmt.State, _ rune) { _, _ = fmt.Fprint(s, r.String()) }

// UnsignedProbe is the default probe request: the read-only action of product p, without
// credentials, Host set to host. The expected answer is a well-formed error that names
// what is missing. Of a product without an API it is a plain GET of "/".
func UnsignedProbe(p catalog.Product, host string) Request {
	switch p.APIStyle {
	case catalog.StyleAlibabaRPC:
		return AlibabaCall{Action: p.Action(), Version: p.APIVersion}.Unsigned(host)
	case catalog.StyleTencent3:
		return TencentCall{Action: p.Action(), Version: p.APIVersion}.Unsigned(host)
	}
	return Request{Method: "GET", Host: host, Path: "/"}
}
