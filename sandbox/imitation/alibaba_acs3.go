package imitation

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"prober/cloudapi"
)

// acs3 is the Authorization of a request that is signed with ACS3-HMAC-SHA256.
type acs3 struct {
	signedHeaders []string
}

// readACS3 takes what the headers of such a request say for the parameters by which version 1.0 says the same;
// nil for a request that is signed otherwise.
func readACS3(r Request, params url.Values) *acs3 {
	text, is := strings.CutPrefix(r.get("Authorization"), cloudapi.ACS3Algorithm+" ")
	if !is {
		return nil
	}
	for name, header := range map[string]string{
		"Action": "X-Acs-Action", "Version": "X-Acs-Version", "Timestamp": "X-Acs-Date", "SignatureNonce": "X-Acs-Signature-Nonce",
		"SecurityToken": "X-Acs-Security-Token",
	} {
		if value := r.get(header); value != "" {
			params.Set(name, value)
		}
	}
	if strings.Contains(r.get("Accept"), "json") {
		params.Set("Format", "JSON")
	}
	params.Set("SignatureMethod", cloudapi.ACS3Algorithm)
	params.Set("SignatureVersion", "3.0")
	a := &acs3{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			params.Set("AccessKeyId", value)
		case "SignedHeaders":
			a.signedHeaders = strings.Split(value, ";")
		case "Signature":
			params.Set("Signature", value)
		}
	}
	return a
}

// sign makes the signature that the request should have, over the headers that it says it signed; false where
// one that has to be signed is not among them, or the hash of the payload is another's.
func (a *acs3) sign(c *alibabaCall, k Key) (cloudapi.ACS3Signature, bool) {
	query := url.Values{}
	decodeParams(query, c.r.Query, c.a.text)
	in := cloudapi.ACS3Input{Method: c.r.Method, Path: c.r.Path, Query: query, Payload: c.a.form(c.r)}
	for _, name := range a.signedHeaders {
		value := c.r.get(name)
		if name == "host" {
			value = cmp.Or(c.r.Host, c.a.cfg.Host)
		}
		in.Headers = append(in.Headers, cloudapi.Field{Name: name, Value: value})
	}
	s := cloudapi.SignACS3(in, cloudapi.AlibabaKey{ID: k.ID, Secret: k.Secret})
	whole := s.SignedHeaders == strings.Join(a.signedHeaders, ";") && strings.HasSuffix(s.CanonicalRequest, "\n"+c.r.get("X-Acs-Content-Sha256"))
	for _, name := range []string{"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"} {
		whole = whole && slices.Contains(a.signedHeaders, name)
	}
	return s, whole
}
