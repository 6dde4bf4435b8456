// Package catalog holds the typed list of endpoints and of the rules that the
// providers document for them.
//
// The list is data: endpoints.json at the top of the repository, embedded by the
// program, or a file that the user names. This package decodes it strictly,
// validates it, selects from it and compares two of them. It never reads a file or
// the network by itself:
//
//	c, err := catalog.Decode("endpoints.json", data)
//	if err != nil { ... } // endpoints.json:12: endpoints[3].host: ...
//	sel, err := c.Select(catalog.Selection{Products: []string{"kms"}})
package catalog

import "time"

// SchemaVersion is the version of the file format that this package reads.
const SchemaVersion = 1

// Catalog is one whole list.
type Catalog struct {
	SchemaVersion int        `json:"schema_version"`
	Sources       []Source   `json:"sources"`
	Regions       []Region   `json:"regions"`
	Products      []Product  `json:"products"`
	Endpoints     []Endpoint `json:"endpoints"`
}

// Source is a document or another public source that an endpoint or a rule rests on.
type Source struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Date  string `json:"date"` // YYYY-MM-DD or YYYY-MM, as the source states it
	URL   string `json:"url,omitempty"`
	Note  string `json:"note,omitempty"`
}

// Region is a place in which a provider runs endpoints. Ids are unique per provider;
// "default" and "nearest" stand for hosts that name no region.
type Region struct {
	ID       string `json:"id"`
	Provider string `json:"provider"` // "alibaba" or "tencent" in the embedded list
	Name     string `json:"name"`
}

// APIStyle is the family of request and reply formats that an endpoint speaks.
type APIStyle string

// The API styles.
const (
	// StyleNone: plain HTTP; healthy is a 2xx or 3xx status.
	StyleNone APIStyle = "none"
	// StyleAlibabaRPC: Alibaba Cloud's RPC style, signed with HMAC-SHA1.
	StyleAlibabaRPC APIStyle = "alibaba-rpc"
	// StyleTencent3: Tencent Cloud API 3.0.
	StyleTencent3 APIStyle = "tencent-3"
)

// Product is a service with one API and one set of documented rules.
type Product struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Provider   string   `json:"provider"`
	APIStyle   APIStyle `json:"api_style"`
	APIVersion string   `json:"api_version,omitempty"` // "2016-01-20"; empty for StyleNone
	Rules      Rules    `json:"rules"`
}

// Rules are the documented rules of a product. Every rule has an id, unique in the
// catalogue, by which requirements refer to it, and at least one source.
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

// Scheme is "https" or "http".
type Scheme string

// The schemes.
const (
	HTTPS Scheme = "https"
	HTTP  Scheme = "http"
)

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

// SizeLimitRule is the largest request that is served, in bytes.
type SizeLimitRule struct {
	Rule
	Method           string   `json:"method"`
	SignatureMethods []string `json:"signature_methods,omitempty"` // empty: any
	Bytes            int64    `json:"bytes"`
}

// EncodingRule names the charset of requests and replies.
type EncodingRule struct {
	Rule
	Charset string `json:"charset"`
}

// TLSVersion is a protocol version, from "SSLv2" to "TLS1.3".
type TLSVersion string

// The protocol versions, oldest first; see [TLSVersions].
const (
	SSLv2 TLSVersion = "SSLv2"
	SSLv3 TLSVersion = "SSLv3"
	TLS10 TLSVersion = "TLS1.0"
	TLS11 TLSVersion = "TLS1.1"
	TLS12 TLSVersion = "TLS1.2"
	TLS13 TLSVersion = "TLS1.3"
)

// TLSVersions lists the protocol versions, oldest first.
func TLSVersions() []TLSVersion { return []TLSVersion{SSLv2, SSLv3, TLS10, TLS11, TLS12, TLS13} }

// Expectation is what a rule expects of one protocol version.
type Expectation string

// The expectations.
const (
	// Required: clients that rely on the document must be able to connect with it.
	Required Expectation = "required"
	// Allowed: both accepting and rejecting keep the rule.
	Allowed Expectation = "allowed"
	// Refused: accepting it breaks the rule.
	Refused Expectation = "refused"
	// Reported: no document speaks of it; what is seen is written down.
	Reported Expectation = "reported"
)

// TLSRule is the expectation of one protocol version, for all regions or some, always
// or from an instant on.
type TLSRule struct {
	Rule
	Version TLSVersion  `json:"version"`
	Expect  Expectation `json:"expect"`
	From    *time.Time  `json:"from,omitempty"`    // nil: always
	Regions []string    `json:"regions,omitempty"` // empty: all
}

// ErrorRule lists the documented error codes of one situation; see docs of the embedded list.
type ErrorRule struct {
	Rule
	Situation string   `json:"situation"` // "unknown-action", "missing-key", ...
	Codes     []string `json:"codes"`
	Statuses  []int    `json:"statuses,omitempty"`
}

// Network is where an endpoint can be reached from.
type Network string

// The networks.
const (
	// Public: the internet.
	Public Network = "public"
	// VPC: only the provider's private network of that region.
	VPC Network = "vpc"
)

// Lifecycle says whether an endpoint is expected to exist.
type Lifecycle string

// The lifecycles. Closed and doubtful endpoints are measured and shown, but never
// change an exit code or fire an alert.
const (
	// Active: listed by current sources.
	Active Lifecycle = "active"
	// Closed: the provider says the region is closed.
	Closed Lifecycle = "closed"
	// Doubtful: current sources no longer list it.
	Doubtful Lifecycle = "doubtful"
)

// Endpoint is one host name of a product. Its id is product/region/network.
type Endpoint struct {
	ID        string    `json:"id"`
	Product   string    `json:"product"`
	Region    string    `json:"region"`
	Network   Network   `json:"network"`
	Host      string    `json:"host"`
	Lifecycle Lifecycle `json:"lifecycle"`
	Sources   []string  `json:"sources"`
	Ports     *Ports    `json:"ports,omitempty"`
	Note      string    `json:"note,omitempty"`
}

// Ports says where to dial; SNI, Host and signatures carry the bare host all the same.
type Ports struct {
	HTTPS uint16 `json:"https,omitempty"` // 0: 443
	HTTP  uint16 `json:"http,omitempty"`  // 0: 80
}

// Port returns the port to dial for scheme s.
func (e Endpoint) Port(s Scheme) uint16 {
	switch {
	case s == HTTP && e.Ports != nil && e.Ports.HTTP != 0:
		return e.Ports.HTTP
	case s == HTTP:
		return 80
	case e.Ports != nil && e.Ports.HTTPS != 0:
		return e.Ports.HTTPS
	}
	return 443
}
