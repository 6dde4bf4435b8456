package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

// signedCall is what the signature of a request is made over.
type signedCall struct {
	method, host string
	params       url.Values // of query and form
	query        string
	payload      []byte
	at           time.Time
}

// fitsOtherwise tells whether the signature of a request fits another one, of the customer's: that which change
// makes of it.
func fitsOtherwise(change func(*signedCall)) func(*exchange) bool {
	return func(x *exchange) bool {
		seconds, _ := strconv.ParseInt(x.parameters().Get("Timestamp"), 10, 64) // Alibaba's has another form
		c := &signedCall{method: x.req.Method, host: x.req.Host, params: x.parameters(), query: x.req.URL.RawQuery, payload: x.body, at: time.Unix(seconds, 0)}
		change(c)
		key := x.c.e.s.credentials
		switch {
		case x.c.e.product.APIStyle == catalog.StyleAlibabaRPC:
			return c.params.Get("Signature") == cloudapi.SignRPC(c.method, c.params, key.Alibaba.Secret)
		case x.signature() != cloudapi.TC3Algorithm:
			return c.params.Get("Signature") == cloudapi.SignTencentV1(cloudapi.V1Method(x.signature()), c.method, c.host, "/", c.params, key.Tencent.Secret)
		}
		service, _, _ := strings.Cut(c.host, ".")
		return x.req.Header.Get("Authorization") == cloudapi.SignTC3(cloudapi.TC3Input{
			Method: c.method, Query: c.query, Payload: c.payload, Service: service, Timestamp: c.at,
			Headers: []cloudapi.Field{
				{Name: "Content-Type", Value: x.req.Header.Get("Content-Type")},
				{Name: "Host", Value: c.host},
				{Name: "X-TC-Action", Value: x.req.Header.Get("X-TC-Action")},
			},
		}, key.Tencent).Authorization
	}
}

// unsignedParts takes out of a call what some leave out of what they sign: parameters that no action has to have,
// blanks in JSON, and a second.
func unsignedParts(c *signedCall) {
	signed := []string{
		"AccessKeyId", "Action", "Format", "Nonce", "SecretId", "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp", "Version",
	}
	for name := range c.params {
		if !slices.Contains(signed, name) {
			c.params.Del(name)
		}
	}
	var compact bytes.Buffer
	if len(c.payload) == 0 {
		c.at = c.at.Add(-time.Second)
	} else if json.Compact(&compact, c.payload) == nil {
		c.payload = compact.Bytes()
	}
}

func otherMethod(c *signedCall) {
	c.method = map[string]string{http.MethodGet: http.MethodPost, http.MethodPost: http.MethodGet}[c.method]
}

func otherHost(c *signedCall) { c.host = cloudapi.ElsewhereOf(c.host) }

// withoutSignature tells whether a request names a customer's key and has no signature.
func withoutSignature(x *exchange) bool {
	return withKey(x) && x.parameters().Get("Signature") == "" && !strings.Contains(x.req.Header.Get("Authorization"), "Signature=")
}
