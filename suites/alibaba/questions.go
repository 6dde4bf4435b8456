// Package alibaba is what the products of Alibaba Cloud with an API of the RPC style are asked
// and judged by, beyond what package common demands of any endpoint.
package alibaba

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/common"
	"prober/suites/kit"
)

// Questions are asked of every endpoint of the RPC style: those that the shared requirements
// need, and the family's own.
type Questions struct {
	common.Questions
	AsXML, BadFormat, PostForm *kit.Question
	// These need a customer's key. They are read-only, and most are refused.
	WrongSignature, ReplayedNonce, BadSignatureMethod       *kit.Question
	ExpiredTimestamp, MalformedTimestamp, UnsupportedRegion *kit.Question
}

// request makes a request, as [kit.Question] wants it.
type request = func(*kit.Asking) (cloudapi.Request, error)

// Ask makes the questions about a product.
func Ask(p catalog.Product) Questions {
	call := cloudapi.AlibabaCall{Action: p.Action(), Version: p.APIVersion}
	with := func(change func(c *cloudapi.AlibabaCall)) cloudapi.AlibabaCall {
		c := call
		change(&c)
		return c
	}
	q := Questions{
		AsXML:     &kit.Question{Name: "as-xml", Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) { c.Format = cloudapi.XML }))},
		PostForm:  &kit.Question{Name: "post-form", Make: signed(http.MethodPost, call)},
		BadFormat: &kit.Question{Name: "bad-format", Make: changed(call, func(v url.Values) { v.Set("Format", "YAML") })},
	}
	postInURL := &kit.Question{Name: "post-parameters-in-url", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		v, err := signedValues(a, http.MethodPost, call, cloudapi.MadeUpAlibaba())
		return inURL(a, http.MethodPost, v), err
	}}
	q.NoParameters = &kit.Question{Name: "no-parameters", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return inURL(a, http.MethodGet, nil), nil
	}}
	q.UnknownAction = &kit.Question{Name: "unknown-action", Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) { c.Action = "DescribeNothingAtAll" }))}
	q.UnknownVersion = &kit.Question{Name: "unknown-version", Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) { c.Version = "1999-01-01" }))}
	q.MissingKey = &kit.Question{Name: "missing-key", Make: func(a *kit.Asking) (cloudapi.Request, error) { return call.Unsigned(a.Host()), nil }}
	without := func(name string) request { return changed(call, func(v url.Values) { v.Del(name) }) }
	q.MissingParameter = &kit.Question{Name: "missing-timestamp", Make: without("Timestamp")}
	q.UnknownKey = &kit.Question{Name: "unknown-key", Make: signed(http.MethodGet, call)}
	q.BeyondASCII = &kit.Question{Name: "unknown-key-beyond-ascii", Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) {
		c.Params = url.Values{common.ProbeText: {common.BeyondASCII}}
	}))}
	q.Get, q.Post = []*kit.Question{q.UnknownKey}, []*kit.Question{q.PostForm, postInURL}
	q.Without = common.WithoutRequired(p, without)
	q.Methods = common.RefusedMethods(p, func(method string) request { return signed(method, call) })
	q.Anybody = append(append([]*kit.Question{}, q.Without...), q.UnknownAction, q.UnknownVersion, q.MissingKey, q.MissingParameter,
		q.UnknownKey, q.BeyondASCII, q.AsXML, q.PostForm, postInURL, q.BadFormat)
	q.withKey(call)
	return q
}

// withKey makes the questions that need a customer's key.
func (q *Questions) withKey(call cloudapi.AlibabaCall) {
	ask := func(name string, change func(v url.Values)) *kit.Question {
		return &kit.Question{Name: name, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return signedWith(a, call, a.Alibaba, change)
		}}
	}
	q.SignedCall = &kit.Question{Name: "signed-call", Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		nonce, err := a.Nonce()
		a.Kept = cloudapi.StringToSignRPC(http.MethodGet, call.SignedValues(http.MethodGet, a.Alibaba, a.Now, nonce))
		return call.Signed(http.MethodGet, a.Host(), a.Alibaba, a.Now, nonce), err
	}}
	q.ReplayedNonce = &kit.Question{Name: "replayed-nonce", Needs: kit.Credentials, After: q.SignedCall, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return call.Signed(http.MethodGet, a.Host(), a.Alibaba, a.Now, nonceOf(a.Earlier.Kept)), nil
	}}
	q.BadSignatureMethod = ask("bad-signature-method", func(v url.Values) { v.Set("SignatureMethod", "HMAC-MD5") })
	q.ExpiredTimestamp = ask("expired-timestamp", func(v url.Values) { v.Set("Timestamp", "2014-05-26T12:00:00Z") })
	q.MalformedTimestamp = ask("malformed-timestamp", func(v url.Values) { v.Set("Timestamp", "yesterday at noon") })
	q.UnsupportedRegion = ask("unsupported-region", func(v url.Values) { v.Set("RegionId", "xx-nowhere-1") })
	q.WrongSignature = &kit.Question{Name: "wrong-secret", Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		key := a.Alibaba
		key.Secret = "this-is-not-the-secret-of-that-key"
		echoed := call
		echoed.Params = url.Values{}
		for _, text := range common.Texts() {
			echoed.Params.Set("Text"+text.Name, text.Value)
		}
		v, err := signedValues(a, http.MethodGet, echoed, key)
		a.Kept = cloudapi.StringToSignRPC(http.MethodGet, v)
		return inURL(a, http.MethodGet, v), err
	}}
}

// Signed asks with a read-only call of the customer's.
func Signed(name string, call cloudapi.AlibabaCall) *kit.Question {
	return &kit.Question{Name: name, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		nonce, err := a.Nonce()
		return call.Signed(http.MethodGet, a.Host(), a.Alibaba, a.Now, nonce), err
	}}
}

// signed makes a call with a key that nobody owns.
func signed(method string, call cloudapi.AlibabaCall) request {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		nonce, err := a.Nonce()
		return call.Signed(method, a.Host(), cloudapi.MadeUpAlibaba(), a.Now, nonce), err
	}
}

// changed makes a GET call with a key that nobody owns, whose parameters are changed before
// they are signed.
func changed(call cloudapi.AlibabaCall, change func(url.Values)) request {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		return signedWith(a, call, cloudapi.MadeUpAlibaba(), change)
	}
}

func signedWith(a *kit.Asking, call cloudapi.AlibabaCall, key cloudapi.AlibabaKey, change func(url.Values)) (cloudapi.Request, error) {
	v, err := signedValues(a, http.MethodGet, call, key)
	if err != nil {
		return cloudapi.Request{}, err
	}
	change(v)
	v.Set("Signature", cloudapi.SignRPC(http.MethodGet, v, key.Secret))
	return inURL(a, http.MethodGet, v), nil
}

func signedValues(a *kit.Asking, method string, call cloudapi.AlibabaCall, key cloudapi.AlibabaKey) (url.Values, error) {
	nonce, err := a.Nonce()
	if err != nil {
		return nil, fmt.Errorf("making a nonce: %w", err)
	}
	return call.SignedValues(method, key, a.Now, nonce), nil
}

func inURL(a *kit.Asking, method string, v url.Values) cloudapi.Request {
	return cloudapi.Request{Method: method, Host: a.Host(), Path: "/", Query: cloudapi.EncodeParams(v)}
}

// nonceOf returns the nonce in a string to sign, which is encoded twice.
func nonceOf(stringToSign string) string {
	_, after, _ := strings.Cut(stringToSign, "SignatureNonce%3D")
	nonce, _, _ := strings.Cut(after, "%26")
	return nonce
}
