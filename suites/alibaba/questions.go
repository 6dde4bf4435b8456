// Package alibaba is what the products of Alibaba Cloud with an API of the RPC style are asked
// and judged by, beyond what package common demands of any endpoint.
package alibaba

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/common"
	"prober/suites/kit"
)

// Questions are asked of every endpoint of the RPC style: those that the shared requirements
// need, and the family's own, each by every way.
type Questions struct {
	common.Questions
	AsXML, BadFormat []*kit.Question
	// These need a customer's key. They are read-only, and most are refused.
	ReplayedNonce, BadSignatureMethod, MalformedTimestamp []*kit.Question
	UnsupportedRegion, SignedXML                          []*kit.Question
}

// way is how the parameters of a call travel: in the query of a GET, or in a form.
type way struct{ suffix, method string }

func ways() []way { return []way{{"", http.MethodGet}, {"-form", http.MethodPost}} }

// situation is a call, and what is done to its parameters before they are signed; nil for
// nothing.
type situation struct {
	call   cloudapi.AlibabaCall
	change func(v url.Values)
}

// Ask makes the questions about a product: each situation by each way.
func Ask(p catalog.Product) Questions {
	call := cloudapi.AlibabaCall{Action: p.Action(), Version: p.APIVersion}
	var q Questions
	asked := func(name string, s situation) []*kit.Question {
		all := byEachWay(name, kit.Nothing, func(w way) common.Request {
			return func(a *kit.Asking) (cloudapi.Request, error) { return w.signed(a, cloudapi.MadeUpAlibaba(), s) }
		})
		q.Anybody = append(q.Anybody, all...)
		return all
	}
	calling := func(name string, change func(c *cloudapi.AlibabaCall)) []*kit.Question {
		c := call
		change(&c)
		return asked(name, situation{call: c})
	}
	without := func(name string) []*kit.Question {
		return asked("without-"+strings.ToLower(name), situation{call, func(v url.Values) { v.Del(name) }})
	}
	for _, name := range common.Required(p) {
		q.Without = append(q.Without, without(name)...)
	}
	q.UnknownAction = calling("unknown-action", func(c *cloudapi.AlibabaCall) { c.Action = "DescribeNothingAtAll" })
	q.OtherCase = calling("action-in-lower-case", func(c *cloudapi.AlibabaCall) { c.Action = strings.ToLower(c.Action) })
	q.UnknownVersion = calling("unknown-version", func(c *cloudapi.AlibabaCall) { c.Version = "1999-01-01" })
	q.MissingParameter = asked("missing-timestamp", situation{call, func(v url.Values) { v.Del("Timestamp") }})
	q.UnknownKey = asked("unknown-key", situation{call: call})
	q.BeyondASCII = calling("unknown-key-beyond-ascii", func(c *cloudapi.AlibabaCall) { c.Params = url.Values{common.ProbeText: {common.BeyondASCII}} })
	q.AsXML = calling("as-xml", func(c *cloudapi.AlibabaCall) { c.Format = cloudapi.XML })
	q.BadFormat = asked("bad-format", situation{call, func(v url.Values) { v.Set("Format", "YAML") }})
	q.MissingKey = byEachWay("missing-key", kit.Nothing, func(w way) common.Request {
		return func(a *kit.Asking) (cloudapi.Request, error) { return w.carry(a, call.Values()), nil }
	})
	postInURL := &kit.Question{Name: "post-parameters-in-url", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		v, err := signedValues(a, http.MethodPost, call, cloudapi.MadeUpAlibaba())
		return inURL(a, http.MethodPost, v), err
	}}
	q.NoParameters = []*kit.Question{{Name: "no-parameters", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return inURL(a, http.MethodGet, nil), nil
	}}}
	q.PlainPost = []*kit.Question{{Name: "plain-http-form", Over: catalog.HTTP, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return way{method: http.MethodPost}.carry(a, call.Values()), nil
	}}}
	q.Anybody = append(slices.Concat(q.Anybody, q.MissingKey, q.NoParameters), postInURL)
	q.Get, q.Post = q.UnknownKey[:1], []*kit.Question{q.UnknownKey[1], postInURL}
	q.Methods = common.RefusedMethods(p, func(method string) common.Request {
		return func(a *kit.Asking) (cloudapi.Request, error) {
			nonce, err := a.Nonce()
			return call.Signed(method, a.Host(), cloudapi.MadeUpAlibaba(), a.Now, nonce), err
		}
	})
	q.withKey(call)
	common.Everywhere(q.UnknownKey, q.SignedCalls)
	return q
}

// withKey makes the questions that need a customer's key.
func (q *Questions) withKey(call cloudapi.AlibabaCall) {
	by := func(name string, key func(cloudapi.AlibabaKey) cloudapi.AlibabaKey, s situation) []*kit.Question {
		all := byEachWay(name, kit.Credentials, func(w way) common.Request {
			return func(a *kit.Asking) (cloudapi.Request, error) { return w.signed(a, key(a.Alibaba), s) }
		})
		q.Signed = append(q.Signed, all...)
		return all
	}
	same := func(k cloudapi.AlibabaKey) cloudapi.AlibabaKey { return k }
	ask := func(name string, change func(v url.Values)) []*kit.Question {
		return by(name, same, situation{call, change})
	}
	q.SignedCalls = ask("signed-call", nil)
	q.SignedCall, q.SignedPosts = q.SignedCalls[0], q.SignedCalls[1:]
	for i, w := range ways() {
		replayed := &kit.Question{Name: "replayed-nonce" + w.suffix, Needs: kit.Credentials, After: q.SignedCalls[i], Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return call.Signed(w.method, a.Host(), a.Alibaba, a.Now, nonceOf(a.Earlier.Kept)), nil
		}}
		q.ReplayedNonce = append(q.ReplayedNonce, replayed)
	}
	q.BadSignatureMethod = ask("bad-signature-method", func(v url.Values) { v.Set("SignatureMethod", "HMAC-MD5") })
	q.ExpiredTimestamp = ask("expired-timestamp", func(v url.Values) { v.Set("Timestamp", "2014-05-26T12:00:00Z") })
	q.MalformedTimestamp = ask("malformed-timestamp", func(v url.Values) { v.Set("Timestamp", "yesterday at noon") })
	q.UnsupportedRegion = ask("unsupported-region", func(v url.Values) { v.Set("RegionId", "xx-nowhere-1") })
	inXML := call
	inXML.Format, inXML.Params = cloudapi.XML, url.Values{"AcceptLanguage": {"zh-CN"}}
	q.SignedXML = by("signed-xml", same, situation{call: inXML})
	echoed := call
	echoed.Params = common.TextParams()
	q.WrongSignature = by("wrong-secret", func(k cloudapi.AlibabaKey) cloudapi.AlibabaKey {
		k.Secret = "this-is-not-the-secret-of-that-key"
		return k
	}, situation{call: echoed})
	q.Signed = append(q.Signed, q.ReplayedNonce...)
}

// Signed asks with a read-only call of the customer's, by each way.
func Signed(name string, call cloudapi.AlibabaCall) []*kit.Question {
	return byEachWay(name, kit.Credentials, func(w way) common.Request {
		return func(a *kit.Asking) (cloudapi.Request, error) { return w.signed(a, a.Alibaba, situation{call: call}) }
	})
}

// byEachWay makes a question for each way.
func byEachWay(name string, needs kit.Need, by func(w way) common.Request) []*kit.Question {
	var all []*kit.Question
	for _, w := range ways() {
		all = append(all, &kit.Question{Name: name + w.suffix, Needs: needs, Make: by(w)})
	}
	return all
}

// signed makes a signed call in a situation, and keeps the string that was signed.
func (w way) signed(a *kit.Asking, key cloudapi.AlibabaKey, s situation) (cloudapi.Request, error) {
	v, err := signedValues(a, w.method, s.call, key)
	if err != nil {
		return cloudapi.Request{}, err
	}
	if s.change != nil {
		s.change(v)
		v.Set("Signature", cloudapi.SignRPC(w.method, v, key.Secret))
	}
	a.Kept = cloudapi.StringToSignRPC(w.method, v)
	return w.carry(a, v), nil
}

// carry makes a request of parameters.
func (w way) carry(a *kit.Asking, v url.Values) cloudapi.Request {
	if w.method != http.MethodPost {
		return inURL(a, w.method, v)
	}
	return cloudapi.Request{
		Method: w.method, Host: a.Host(), Path: "/", Body: []byte(cloudapi.EncodeParams(v)),
		Header: []cloudapi.Field{{Name: "Content-Type", Value: cloudapi.FormType}},
	}
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
