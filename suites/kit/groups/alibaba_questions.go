package groups

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// Names of the questions about Alibaba Cloud's RPC style.
const (
	noParameters       = "no-parameters"
	unknownAction      = "unknown-action"
	unknownVersion     = "unknown-version"
	missingKey         = "missing-key"
	missingTimestamp   = "missing-timestamp"
	postInURL          = "post-parameters-in-url"
	postForm           = "post-form"
	badFormat          = "bad-format"
	asXML              = "as-xml"
	wrongSignature     = "wrong-secret"
	replayedNonce      = "replayed-nonce"
	badSignatureMethod = "bad-signature-method"
	expiredTimestamp   = "expired-timestamp"
	malformedTimestamp = "malformed-timestamp"
	unsupportedRegion  = "unsupported-region"
)

// beyondASCII is a text of two, three and four bytes a character.
const beyondASCII = "é华北1（青岛）😀"

// probeText names a parameter that no action has: it is signed, and otherwise ignored.
const probeText = "ProbeText"

// AlibabaQuestions are asked of every endpoint of ECS and KMS.
func AlibabaQuestions(_ catalog.Endpoint, p catalog.Product) []kit.Question {
	call := cloudapi.AlibabaCall{Action: p.Action(), Version: p.APIVersion}
	with := func(change func(c *cloudapi.AlibabaCall)) cloudapi.AlibabaCall {
		c := call
		change(&c)
		return c
	}
	questions := []kit.Question{
		{Name: noParameters, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return cloudapi.Request{Method: http.MethodGet, Host: a.Host(), Path: "/"}, nil
		}},
		{Name: unknownAction, Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) { c.Action = "DescribeNothingAtAll" }))},
		{Name: unknownVersion, Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) { c.Version = "1999-01-01" }))},
		{Name: missingKey, Make: func(a *kit.Asking) (cloudapi.Request, error) { return call.Unsigned(a.Host()), nil }},
		{Name: missingTimestamp, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return without(a, call, cloudapi.MadeUpAlibaba(), "Timestamp")
		}},
		{Name: InASCII, Make: signed(http.MethodGet, call)},
		{Name: BeyondASCII, Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) { c.Params = url.Values{probeText: {beyondASCII}} }))},
		{Name: asXML, Make: signed(http.MethodGet, with(func(c *cloudapi.AlibabaCall) { c.Format = cloudapi.XML }))},
		{Name: postForm, Make: signed(http.MethodPost, call)},
		{Name: postInURL, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			v, err := signedValues(a, http.MethodPost, call, cloudapi.MadeUpAlibaba())
			return cloudapi.Request{Method: http.MethodPost, Host: a.Host(), Path: "/", Query: cloudapi.EncodeParams(v)}, err
		}},
		{Name: badFormat, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return signedWith(a, call, cloudapi.MadeUpAlibaba(), func(v url.Values) { v.Set("Format", "YAML") })
		}},
	}
	for _, name := range Required(p) {
		questions = append(questions, kit.Question{Name: WithoutParameter(name), Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return without(a, call, cloudapi.MadeUpAlibaba(), name)
		}})
	}
	for _, m := range refusedMethods(p) {
		questions = append(questions, kit.Question{Name: "method-" + strings.ToLower(m), Make: signed(m, call)})
	}
	return append(questions, alibabaKeyQuestions(call)...)
}

// alibabaKeyQuestions need a customer's key. They are read-only, and most are refused.
func alibabaKeyQuestions(call cloudapi.AlibabaCall) []kit.Question {
	ask := func(name string, change func(v url.Values)) kit.Question {
		return kit.Question{Name: name, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return signedWith(a, call, a.Alibaba, change)
		}}
	}
	return []kit.Question{
		{Name: SignedCall, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			nonce, err := a.Nonce()
			a.Kept = cloudapi.StringToSignRPC(http.MethodGet, call.SignedValues(http.MethodGet, a.Alibaba, a.Now, nonce))
			return call.Signed(http.MethodGet, a.Host(), a.Alibaba, a.Now, nonce), err
		}},
		{Name: replayedNonce, Needs: kit.Credentials, After: SignedCall, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return call.Signed(http.MethodGet, a.Host(), a.Alibaba, a.Now, nonceOf(a.Earlier.Kept)), nil
		}},
		ask(badSignatureMethod, func(v url.Values) { v.Set("SignatureMethod", "HMAC-MD5") }),
		ask(expiredTimestamp, func(v url.Values) { v.Set("Timestamp", "2014-05-26T12:00:00Z") }),
		ask(malformedTimestamp, func(v url.Values) { v.Set("Timestamp", "yesterday at noon") }),
		ask(unsupportedRegion, func(v url.Values) { v.Set("RegionId", "xx-nowhere-1") }),
		{Name: wrongSignature, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			key := a.Alibaba
			key.Secret = "this-is-not-the-secret-of-that-key"
			echoed := call
			echoed.Params = url.Values{}
			for _, text := range kit.Texts() {
				echoed.Params.Set("Text"+text.Name, text.Value)
			}
			v, err := signedValues(a, http.MethodGet, echoed, key)
			a.Kept = cloudapi.StringToSignRPC(http.MethodGet, v)
			return cloudapi.Request{Method: http.MethodGet, Host: a.Host(), Path: "/", Query: cloudapi.EncodeParams(v)}, err
		}},
	}
}

// refusedMethods are the methods that a product's rules refuse.
func refusedMethods(p catalog.Product) []string {
	if p.Rules.Methods == nil {
		return nil
	}
	return p.Rules.Methods.Refused
}

// signed makes a call with a key that nobody owns.
func signed(method string, call cloudapi.AlibabaCall) func(*kit.Asking) (cloudapi.Request, error) {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		nonce, err := a.Nonce()
		return call.Signed(method, a.Host(), cloudapi.MadeUpAlibaba(), a.Now, nonce), err
	}
}

func signedValues(a *kit.Asking, method string, call cloudapi.AlibabaCall, key cloudapi.AlibabaKey) (url.Values, error) {
	nonce, err := a.Nonce()
	if err != nil {
		return nil, fmt.Errorf("making a nonce: %w", err)
	}
	return call.SignedValues(method, key, a.Now, nonce), nil
}

// signedWith makes a GET call whose parameters are changed before they are signed.
func signedWith(a *kit.Asking, call cloudapi.AlibabaCall, key cloudapi.AlibabaKey, change func(url.Values)) (cloudapi.Request, error) {
	v, err := signedValues(a, http.MethodGet, call, key)
	if err != nil {
		return cloudapi.Request{}, err
	}
	change(v)
	v.Set("Signature", cloudapi.SignRPC(http.MethodGet, v, key.Secret))
	return cloudapi.Request{Method: http.MethodGet, Host: a.Host(), Path: "/", Query: cloudapi.EncodeParams(v)}, nil
}

// without makes a GET call that lacks one parameter.
func without(a *kit.Asking, call cloudapi.AlibabaCall, key cloudapi.AlibabaKey, name string) (cloudapi.Request, error) {
	return signedWith(a, call, key, func(v url.Values) { v.Del(name) })
}
