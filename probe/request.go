package probe

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/command"
)

// echoText is the non-ASCII text that signed requests carry: two- to four-byte sequences,
// a character that GBK lacks, one decomposed accent, and the characters that signatures
// encode in their own way.
const echoText = "华北1（青岛） ~*é😀 𠮷 e\u0301+"

// echoParameter is the parameter that carries it; the APIs ignore parameters that an
// action does not have, but their signature covers them.
const echoParameter = "ProbeText"

// errNoKey: a signed request is asked for and there is no key to sign it with.
var errNoKey = errors.New("no key")

// errNoText: a text that the list names for the request could not be read.
var errNoText = errors.New("a text of the request could not be read")

// sent is the request of a probe and what is needed to judge the reply.
type sent struct {
	http         *http.Request
	stringToSign string // of a signed Alibaba request; empty otherwise
	token        bool   // a token, which temporary keys have, went with it
}

// request makes the request of a probe: a plain GET, an unsigned read-only call, or a
// signed one.
func (p *Prober) request(t Target) (sent, error) {
	switch style := t.Product.APIStyle; {
	case !style.IsAPI():
		s, _, err := p.plain(t, false)
		return s, err
	case !t.signs():
		r := cloudapi.UnsignedProbe(t.Product, t.Endpoint.Host)
		return p.sending(t, r, r.Target(), "")
	case style == catalog.StyleAlibabaRPC:
		return p.signedAlibaba(t)
	}
	return p.signedTencent(t)
}

// plain makes the request of an endpoint of style none. veiled: marks stand in it for what is not to be shown.
func (p *Prober) plain(t Target, veiled bool) (sent, []command.Value, error) {
	if t.Check != nil && t.Check.missing != nil {
		return sent{}, nil, errNoText
	}
	target, authority := plainTarget(t)
	request, values := t.Check.request(authority, veiled)
	s, err := p.sending(t, request, t.Check.queried(target, veiled, &values), "")
	if err != nil {
		return s, nil, err
	}
	for _, c := range t.Cookies {
		s.http.AddCookie(c)
	}
	return s, values, nil
}

func (p *Prober) signedAlibaba(t Target) (sent, error) {
	if p.cfg.Alibaba.IsZero() {
		return sent{}, fmt.Errorf("%w in %s and %s", errNoKey, cloudapi.EnvAlibabaID, cloudapi.EnvAlibabaSecret)
	}
	nonce, err := cloudapi.NewUUID(p.cfg.Random)
	if err != nil {
		return sent{}, fmt.Errorf("making a nonce: %w", err)
	}
	call := cloudapi.AlibabaCall{
		Action: t.Product.Action(), Version: t.Product.APIVersion, Format: cloudapi.JSON,
		Params: url.Values{echoParameter: {echoText}},
	}
	r, stringToSign := call.SignedAs(t.Product.Signature, http.MethodGet, t.Endpoint.Host, p.cfg.Alibaba, p.cfg.Clock.Now(), nonce)
	s, err := p.sending(t, r, r.Target(), stringToSign)
	s.token = p.cfg.Alibaba.Token != ""
	return s, err
}

func (p *Prober) signedTencent(t Target) (sent, error) {
	if p.cfg.Tencent.IsZero() {
		return sent{}, fmt.Errorf("%w in %s and %s", errNoKey, cloudapi.EnvTencentID, cloudapi.EnvTencentSecret)
	}
	call := cloudapi.TencentCall{Action: t.Product.Action(), Version: t.Product.APIVersion, Language: "zh-CN"}
	r, _ := call.SignedTC3(t.Endpoint.Host, p.cfg.Tencent, p.cfg.Clock.Now())
	return p.sending(t, r, r.Target(), "")
}

// plainTarget returns the request target and the Host of a plain GET.
func plainTarget(t Target) (target, authority string) {
	target, authority = cmp.Or(t.Path, "/"), t.Authority
	if t.Check != nil && t.Check.target != "" {
		target = t.Check.target
	}
	if authority == "" {
		authority = t.Endpoint.Host
		if a, err := netip.ParseAddr(authority); err == nil && a.Is6() {
			authority = "[" + a.String() + "]"
		}
	}
	return target, authority
}

// sending gives a request the form that net/http writes. The error, for a target that is
// none, does not quote it.
func (p *Prober) sending(t Target, r cloudapi.Request, target, stringToSign string) (sent, error) {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return sent{}, errors.New("the path and query of the URL cannot be parsed")
	}
	u.RawQuery = strings.ReplaceAll(u.RawQuery, " ", "%20") // a request line has three words
	u.Scheme, u.Host = string(t.Scheme), r.Host
	req := &http.Request{
		Method: r.Method, URL: u, Host: r.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Close: true,
		Header: http.Header{
			"User-Agent": {p.cfg.UserAgent},
			"Accept":     {"*/*"},
		},
		ContentLength: int64(len(r.Body)),
	}
	for _, f := range r.Header {
		req.Header[http.CanonicalHeaderKey(f.Name)] = []string{f.Value}
	}
	if len(r.Body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(r.Body))
	}
	return sent{http: req, stringToSign: stringToSign}, nil
}
