package catalog

import (
	"reflect"
	"strings"
)

// Rules are the documented rules of a product. Every rule has an id, unique in the
// catalogue, by which requirements refer to it, and at least one source. A rule that is
// absent was not documented: nothing is expected then.
type Rules struct {
	Schemes      *SchemeRule       `json:"schemes,omitempty"`
	Methods      *MethodRule       `json:"methods,omitempty"`
	Parameters   *ParameterRule    `json:"parameters,omitempty"`
	ContentTypes []ContentTypeRule `json:"content_types,omitempty"`
	SizeLimits   []SizeLimitRule   `json:"size_limits,omitempty"`
	Encoding     *EncodingRule     `json:"encoding,omitempty"`
	TLS          []TLSRule         `json:"tls,omitempty"`
	Errors       []ErrorRule       `json:"errors,omitempty"`
}

// Rule is what every rule has.
type Rule struct {
	ID      string   `json:"id"` // "kms/schemes", "gaap/tls/TLS1.0/2026-12"
	Sources []string `json:"sources"`
	Note    string   `json:"note,omitempty"`
}

// Scheme is what an endpoint is probed over. Documented rules, and flags, know those of requests alone.
type Scheme string

// The schemes of requests; see [Schemes].
const (
	HTTPS Scheme = "https"
	HTTP  Scheme = "http"
)

// What endpoints of other kinds are probed over, for which a list has [Own.Kind].
const (
	SchemeTLS Scheme = "tls"
	SchemeTCP Scheme = "tcp"
	SchemeDNS Scheme = "dns"
)

// Schemes lists the schemes of requests.
func Schemes() []Scheme { return []Scheme{HTTPS, HTTP} }

// IsTLS reports whether a handshake is made.
func (s Scheme) IsTLS() bool { return s == HTTPS || s == SchemeTLS }

// IsHTTP reports whether a request is sent.
func (s Scheme) IsHTTP() bool { return s == HTTPS || s == HTTP }

// IsKnown reports whether s is a scheme that something is probed over.
func (s Scheme) IsKnown() bool {
	return s.IsHTTP() || s == SchemeTLS || s == SchemeTCP || s == SchemeDNS
}

// Spoken is what is spoken over a scheme, as sentences name it: "HTTPS", "plain HTTP", "TLS", "TCP", "DNS".
func (s Scheme) Spoken() string {
	if s == HTTP {
		return "plain HTTP"
	}
	return strings.ToUpper(string(s))
}

// SchemeRule says which schemes are served and which must not be.
type SchemeRule struct {
	Rule
	Served  []Scheme `json:"served"`
	Refused []Scheme `json:"refused,omitempty"`
}

// MethodRule says which HTTP methods are served.
type MethodRule struct {
	Rule
	Served []string `json:"served"` // documented: must work
	// Allowed methods work by public sources other than the documents.
	Allowed []string `json:"allowed,omitempty"`
	Refused []string `json:"refused,omitempty"`
}

// ParameterRule says where parameters travel and which one every request needs.
type ParameterRule struct {
	Rule
	InURL    bool     `json:"in_url"`
	Required []string `json:"required"`
}

// ContentTypeRule ties a media type of POST requests to signature methods.
type ContentTypeRule struct {
	Rule
	ContentType      string   `json:"content_type"`
	SignatureMethods []string `json:"signature_methods"`
	SomeAPIsOnly     bool     `json:"some_apis_only,omitempty"`
}

// SizeLimitRule is the largest request that is served, in bytes. The documents write
// "32 KB" and "1 MB"; read here as 1024 and 1024*1024 bytes, the larger reading.
type SizeLimitRule struct {
	Rule
	Method           string   `json:"method"`
	SignatureMethods []string `json:"signature_methods,omitempty"` // empty: any
	Bytes            int64    `json:"bytes"`
}

// EncodingRule names the charset of requests and replies.
type EncodingRule struct {
	Rule
	Charset string `json:"charset"` // "UTF-8", the only one that can be checked
}

// All lists what every rule has, in the order of the fields of r.
func (r Rules) All() []Rule {
	var all []Rule
	for _, x := range r.each() {
		all = append(all, x.shared())
	}
	return all
}

// anyRule is a rule of any kind.
type anyRule interface{ shared() Rule }

func (r Rule) shared() Rule { return r }

func (r Rules) each() []anyRule {
	var all []anyRule
	for _, kind := range reflect.ValueOf(r).Fields() {
		switch {
		case kind.Kind() == reflect.Slice:
			for i := range kind.Len() {
				all = append(all, kind.Index(i).Interface().(anyRule))
			}
		case !kind.IsNil():
			all = append(all, kind.Interface().(anyRule))
		}
	}
	return all
}
