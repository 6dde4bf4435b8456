package imitation

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

// checkSignature checks key, time, signature, token and permission, in this order.
func (c *tencentCall) checkSignature() *apiError {
	id := c.params.Get("SecretId")
	var auth tc3Authorization
	if c.header {
		var ok bool
		if auth, ok = parseTC3(c.common("Authorization")); !ok {
			return c.a.refusal(catalog.BadAuthorization, "")
		}
		id = auth.id
	}
	if strings.ContainsFunc(id, func(r rune) bool { return !isAlphanumeric(r) }) {
		return tencentError("AuthFailure.InvalidSecretId", "The SecretId is illegal.")
	}
	k, known := c.a.key(id)
	switch {
	case !known:
		return c.a.refusal(catalog.UnknownKey, "")
	case k.State == Inactive:
		return c.a.refusal(catalog.InactiveKey, "")
	}
	at, p := c.checkTime()
	if p != nil {
		return p
	}
	if c.header && !c.fitsTC3(auth, k, at) || !c.header && !c.fitsV1(k) {
		return c.a.refusal(catalog.BadSignature, "")
	}
	if !same(c.common("Token"), k.Token) {
		return c.a.refusal(catalog.BadToken, "")
	}
	if k.State == Powerless {
		return c.a.refusal(catalog.Forbidden, "")
	}
	return nil
}

func isAlphanumeric(r rune) bool {
	return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
}

// fitsV1 compares with the version 1 signature over the decoded parameters.
func (c *tencentCall) fitsV1(k Key) bool {
	m := c.signatureMethod()
	if m == cloudapi.TC3Algorithm || !slices.Contains(catalog.StyleTencent3.SignatureMethods(), m) {
		return false
	}
	want := cloudapi.SignTencentV1(cloudapi.V1Method(m), c.r.Method, c.host(), c.r.Path, c.params, k.Secret)
	return same(c.params.Get("Signature"), want)
}

// fitsTC3 compares with the TC3 signature over the fields that the client says it signed.
// The date of the credential scope must be that of the time stamp, and the service the
// first label of the host.
func (c *tencentCall) fitsTC3(auth tc3Authorization, k Key, at time.Time) bool {
	in := cloudapi.TC3Input{
		Method: c.r.Method, Path: c.r.Path, Query: c.query(), Payload: c.payload, Timestamp: at, Service: c.service(),
		UnsignedPayload: c.r.get("X-TC-Content-SHA256") == "UNSIGNED-PAYLOAD",
	}
	for _, name := range auth.signedHeaders {
		value := c.r.get(name)
		if name == "host" {
			value = c.host()
		}
		in.Headers = append(in.Headers, cloudapi.Field{Name: name, Value: value})
	}
	want := cloudapi.SignTC3(in, cloudapi.TencentKey{ID: k.ID, Secret: k.Secret})
	return same(auth.scope, want.CredentialScope) && same(auth.signature, want.Signature)
}

// query returns the query that the server signs: as sent, or what it makes of it when
// text is mangled.
func (c *tencentCall) query() string {
	if c.a.mangle == nil || c.r.Query == "" {
		return c.r.Query
	}
	params := url.Values{}
	decodeParams(params, c.r.Query, c.a.text)
	return cloudapi.EncodeParams(params)
}

// host returns the host as the request names it: signatures cover a port if the client
// sent one.
func (c *tencentCall) host() string { return cmp.Or(c.r.Host, c.a.cfg.Host) }

func (c *tencentCall) service() string {
	service, _, _ := strings.Cut(c.r.hostName(c.a.cfg.Host), ".")
	return service
}

// tc3Authorization is what an Authorization field of TC3-HMAC-SHA256 holds.
type tc3Authorization struct {
	id            string
	scope         string // date/service/tc3_request
	signedHeaders []string
	signature     string
}

// parseTC3 reads an Authorization field. It must sign content-type and host.
func parseTC3(value string) (tc3Authorization, bool) {
	rest, found := strings.CutPrefix(strings.TrimSpace(value), cloudapi.TC3Algorithm+" ")
	if !found {
		return tc3Authorization{}, false
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := parts[name]; !found || twice {
			return tc3Authorization{}, false
		}
		parts[name] = value
	}
	id, scope, found := strings.Cut(parts["Credential"], "/")
	a := tc3Authorization{
		id: id, scope: scope, signature: parts["Signature"],
		signedHeaders: strings.Split(parts["SignedHeaders"], ";"),
	}
	if !found || id == "" || a.signature == "" || strings.Count(scope, "/") != 2 || !strings.HasSuffix(scope, "/tc3_request") {
		return tc3Authorization{}, false
	}
	return a, slices.Contains(a.signedHeaders, "content-type") && slices.Contains(a.signedHeaders, "host")
}
