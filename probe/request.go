package probe

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"prober/catalog"
	"prober/cloudapi"
)

// echoText is the non-ASCII text that signed requests carry: two- to four-byte sequences,
// a character that GBK lacks, one decomposed accent, and the characters that signatures
// encode in their own way.
const echoText = "华北1（青岛） ~*é😀 𠮷 e\u0301+"

// echoParameter is the parameter that carries it; the APIs ignore parameters that an
// action does not have, but their signature covers them.
const echoParameter = "ProbeText"

// sent is the request of a probe and what is needed to judge the reply.
type sent struct {
	http         *http.Request
	stringToSign string // of a signed Alibaba request; empty otherwise
}

// family returns the API family of a style, and false for StyleNone.
func family(s catalog.APIStyle) (cloudapi.Family, bool) {
	switch s {
	case catalog.StyleAlibabaRPC:
		return cloudapi.Alibaba, true
	case catalog.StyleTencent3:
		return cloudapi.Tencent, true
	}
	return 0, false
}

// request makes the request of a probe: a plain GET, an unsigned read-only call, or a
// signed one.
func (p *Prober) request(t Target) (sent, error) {
	fam, isAPI := family(t.Product.APIStyle)
	switch {
	case !isAPI:
		target, authority := p.unsignedTarget(t)
		return sent{http: p.httpRequest(t, cloudapi.Request{Method: http.MethodGet, Host: authority}, target)}, nil
	case !t.Signed:
		r := cloudapi.UnsignedProbe(fam, t.Endpoint.Host, t.Product.APIVersion)
		return sent{http: p.httpRequest(t, r, r.Target())}, nil
	case fam == cloudapi.Alibaba:
		return p.signedAlibaba(t)
	}
	return p.signedTencent(t)
}

func (p *Prober) signedAlibaba(t Target) (sent, error) {
	if p.cfg.Alibaba.IsZero() {
		return sent{}, fmt.Errorf("no key in %s and %s", cloudapi.EnvAlibabaID, cloudapi.EnvAlibabaSecret)
	}
	nonce, err := cloudapi.NewUUID(p.random())
	if err != nil {
		return sent{}, fmt.Errorf("making a nonce: %w", err)
	}
	call := cloudapi.AlibabaCall{
		Action: "DescribeRegions", Version: t.Product.APIVersion, Format: cloudapi.JSON,
		Params: url.Values{echoParameter: {echoText}},
	}
	now := p.cfg.Clock.Now()
	r := call.Signed(http.MethodGet, t.Endpoint.Host, p.cfg.Alibaba, now, nonce)
	values := call.SignedValues(http.MethodGet, p.cfg.Alibaba, now, nonce)
	return sent{http: p.httpRequest(t, r, r.Target()), stringToSign: cloudapi.StringToSignRPC(http.MethodGet, values)}, nil
}

func (p *Prober) signedTencent(t Target) (sent, error) {
	if p.cfg.Tencent.IsZero() {
		return sent{}, fmt.Errorf("no key in %s and %s", cloudapi.EnvTencentID, cloudapi.EnvTencentSecret)
	}
	call := cloudapi.TencentCall{Action: "DescribeAccessRegions", Version: t.Product.APIVersion, Language: "zh-CN"}
	r, _ := call.SignedTC3(t.Endpoint.Host, p.cfg.Tencent, p.cfg.Clock.Now())
	return sent{http: p.httpRequest(t, r, r.Target())}, nil
}

// unsignedTarget returns the request target and the Host of the request without any key,
// as a reproduction shows it.
func (p *Prober) unsignedTarget(t Target) (target, authority string) {
	if fam, isAPI := family(t.Product.APIStyle); isAPI {
		return cloudapi.UnsignedProbe(fam, t.Endpoint.Host, t.Product.APIVersion).Target(), t.Endpoint.Host
	}
	target, authority = t.Path, t.Authority
	if target == "" {
		target = "/"
	}
	if authority == "" {
		authority = t.Endpoint.Host
	}
	return target, authority
}

// httpRequest gives a request the form that net/http writes.
func (p *Prober) httpRequest(t Target, r cloudapi.Request, target string) *http.Request {
	u, err := url.ParseRequestURI(target)
	if err != nil { // nothing that is made here; a URL of the user's was parsed before
		u = &url.URL{Path: "/"}
	}
	u.Scheme, u.Host = string(t.Scheme), r.Host
	req := &http.Request{
		Method: r.Method, URL: u, Host: r.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Close: true,
		Header: http.Header{
			"User-Agent":      {p.cfg.UserAgent},
			"Accept":          {"*/*"},
			"Accept-Encoding": {"identity"},
		},
		ContentLength: int64(len(r.Body)),
	}
	for _, f := range r.Header {
		req.Header[http.CanonicalHeaderKey(f.Name)] = []string{f.Value}
	}
	if len(r.Body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(r.Body))
	}
	return req
}

func (p *Prober) random() io.Reader {
	if p.cfg.Random != nil {
		return p.cfg.Random
	}
	return rand.Reader
}
