package cloudapi

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// JSONType is the media type of a JSON payload, as Tencent's documents write it.
const JSONType = "application/json; charset=utf-8"

// TencentCall is one call of a Tencent Cloud API 3.0, without credentials.
type TencentCall struct {
	Action   string
	Version  string // "2018-05-29" for GAAP
	Region   string // "ap-guangzhou"; left out when empty
	Language string // "zh-CN" or "en-US"; left out when empty
	// Params are the parameters of the action for form and query requests. A common
	// parameter named here is overwritten.
	Params url.Values
	// InQuery makes TC3 requests GET ones, with Params in the query and no payload.
	InQuery bool
	// Payload is the body of TC3 requests; nil means {}. ContentType is its media type; empty
	// means JSON.
	Payload     []byte
	ContentType string
}

// Values returns the parameters of the call as a query or form carries them, without
// credentials and signature.
func (c TencentCall) Values() url.Values {
	v := make(url.Values, len(c.Params)+10)
	for name, values := range c.Params {
		v[name] = append([]string(nil), values...)
	}
	v.Set("Action", c.Action)
	v.Set("Version", c.Version)
	setGiven(v, "Region", c.Region)
	setGiven(v, "Language", c.Language)
	return v
}

// Unsigned returns the call as a GET request without credentials. GET requests of this
// family carry the form content type although they have no body.
func (c TencentCall) Unsigned(host string) Request {
	return Request{
		Method: "GET", Host: host, Path: "/", Query: EncodeParams(c.Values()),
		Header: []Field{{"Content-Type", FormType}},
	}
}

// UnsignedHeaders returns the call without credentials in the newer style: a POST
// request with a JSON payload, or a GET one, the common parameters in X-TC- headers.
func (c TencentCall) UnsignedHeaders(host string) Request {
	r := Request{Method: "POST", Host: host, Path: "/", Header: append([]Field{{"Content-Type", c.contentType()}}, c.headers()...)}
	if c.InQuery {
		r.Method, r.Query = "GET", EncodeParams(c.Params)
	} else {
		r.Body = c.payload()
	}
	return r
}

// SignedTC3 returns the call as a request signed with TC3-HMAC-SHA256, and the
// signature's intermediate texts. The server accepts the instant at within 5 minutes
// of its own clock. Signed are content-type, host and x-tc-action.
func (c TencentCall) SignedTC3(host string, key TencentKey, at time.Time) (Request, TC3Signature) {
	service, _, _ := strings.Cut(host, ".")
	r := c.UnsignedHeaders(host)
	sig := SignTC3(TC3Input{
		Method: r.Method, Path: r.Path, Query: r.Query, Payload: r.Body, Service: service, Timestamp: at,
		Headers: []Field{{"Content-Type", c.contentType()}, {"Host", host}, {"X-TC-Action", c.Action}},
	}, key)
	r.Header = append(r.Header,
		Field{"X-TC-Timestamp", strconv.FormatInt(at.Unix(), 10)},
		Field{"Authorization", sig.Authorization})
	if key.Token != "" {
		r.Header = append(r.Header, Field{"X-TC-Token", key.Token})
	}
	return r, sig
}

// V1Values returns all parameters of the call for version 1, but for its Signature. Nonce is
// any number, new for each request.
func (c TencentCall) V1Values(m V1Method, key TencentKey, at time.Time, nonce uint32) url.Values {
	v := c.Values()
	v.Set("SecretId", key.ID)
	v.Set("Timestamp", strconv.FormatInt(at.Unix(), 10))
	v.Set("Nonce", strconv.FormatUint(uint64(nonce), 10))
	v.Set("SignatureMethod", m.String())
	setGiven(v, "Token", key.Token)
	return v
}

// SignedV1 signs parameters with version 1, by the method that they name, and returns the
// request: a POST request carries them in a form body, every other method in the query.
func SignedV1(method, host string, params url.Values, secret string) Request {
	m := V1Method(params.Get("SignatureMethod"))
	params.Set("Signature", SignTencentV1(m, method, host, "/", params, secret))
	r := carrying(method, host, params)
	r.Header = []Field{{"Content-Type", FormType}}
	return r
}

func (c TencentCall) payload() []byte {
	if c.Payload == nil {
		return []byte("{}")
	}
	return c.Payload
}

// contentType is that of a payload; GET requests of this family carry the form's.
func (c TencentCall) contentType() string {
	if c.InQuery {
		return FormType
	}
	return cmp.Or(c.ContentType, JSONType)
}

func (c TencentCall) headers() []Field {
	h := []Field{{"X-TC-Action", c.Action}, {"X-TC-Version", c.Version}}
	if c.Region != "" {
		h = append(h, Field{"X-TC-Region", c.Region})
	}
	if c.Language != "" {
		h = append(h, Field{"X-TC-Language", c.Language})
	}
	return h
}
