// Package alibaba is what the products of Alibaba Cloud with an API of the RPC style are asked
// and judged by, beyond what package common demands of any endpoint.
package alibaba

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

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
	BadFormatSigned                                       []*kit.Question
	UnsupportedRegion, SignedXML, LongText                []*kit.Question
}

// way is how the parameters of a call travel: in the query of a GET, or in a form.
type way struct{ suffix, method string }

func ways() []way { return []way{{"", http.MethodGet}, {"-form", http.MethodPost}} }

// situation is a call, whose key it is signed with, and what is done to its parameters before
// they are signed. Without a key it is not signed.
type situation struct {
	call   cloudapi.AlibabaCall
	key    cloudapi.AlibabaKey
	change func(v url.Values)
	// off is by how much the time that it says is ahead of now.
	off time.Duration
	// tampered is what becomes of it once it is signed.
	tampered common.Tampering
	// replayed: the nonce is to be kept, for who sends it again.
	replayed bool
}

// signature is how the call is signed: what is done to its parameters, and to its time, and a format of XML, belong
// to that of version 1.0.
func (s situation) signature(p catalog.Product) catalog.Signature {
	if s.change != nil || s.off != 0 || s.call.Format == cloudapi.XML {
		return catalog.SignatureRPC
	}
	return p.Signature
}

// setting sets a parameter; to nothing, it leaves it out.
func setting(name, value string) func(s *situation) {
	return func(s *situation) {
		s.change = func(v url.Values) {
			if v.Set(name, value); value == "" {
				v.Del(name)
			}
		}
	}
}

// asker returns what makes a question about a call for each way, in a situation that change makes
// of an ordinary one. All are kept.
func asker(call cloudapi.AlibabaCall, needs kit.Need, key func(*kit.Asking) cloudapi.AlibabaKey, kept *[]*kit.Question) func(name string, change func(s *situation)) []*kit.Question {
	return func(name string, change func(s *situation)) []*kit.Question {
		var made []*kit.Question
		for _, w := range ways() {
			made = append(made, &kit.Question{Name: name + w.suffix, Needs: needs, Make: func(a *kit.Asking) (cloudapi.Request, error) {
				s := situation{call: call, key: key(a)}
				change(&s)
				return w.make(a, s)
			}})
		}
		*kept = append(*kept, made...)
		return made
	}
}

func asItIs(*situation) {}

// Ask makes the questions about a product: each situation by each way.
func Ask(p catalog.Product) Questions {
	call := cloudapi.AlibabaCall{Action: p.Action(), Version: p.APIVersion}
	var q Questions
	asked := asker(call, kit.Nothing, func(*kit.Asking) cloudapi.AlibabaKey { return cloudapi.MadeUpAlibaba() }, &q.Anybody)
	for _, name := range common.Required(p) {
		q.Without = append(q.Without, asked("without-"+strings.ToLower(name), setting(name, ""))...)
	}
	q.UnknownAction = asked("unknown-action", func(s *situation) { s.call.Action = "DescribeNothingAtAll" })
	q.OtherCase = asked("action-in-lower-case", func(s *situation) { s.call.Action = strings.ToLower(s.call.Action) })
	q.UnknownVersion = asked("unknown-version", func(s *situation) { s.call.Version = "1999-01-01" })
	q.MissingParameter = asked("missing-timestamp", setting("Timestamp", ""))
	q.UnknownKey = asked("unknown-key", asItIs)
	q.BeyondASCII = asked("unknown-key-beyond-ascii", func(s *situation) { s.call.Params = url.Values{common.ProbeText: {common.BeyondASCII}} })
	q.AsXML = asked("as-xml", func(s *situation) { s.call.Format = cloudapi.XML })
	q.UnknownKeyInXML = q.AsXML
	q.BadFormat = asked("bad-format", setting("Format", "YAML"))
	q.MissingKey = asked("missing-key", func(s *situation) { s.key = cloudapi.AlibabaKey{} })
	postInURL := &kit.Question{Name: "post-parameters-in-url", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		nonce, err := a.Nonce()
		return inURL(a, http.MethodPost, call.SignedValues(http.MethodPost, cloudapi.MadeUpAlibaba(), a.Now, nonce)), err
	}}
	q.NoParameters = []*kit.Question{{Name: "no-parameters", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return inURL(a, http.MethodGet, nil), nil
	}}}
	q.PlainPost = []*kit.Question{{Name: "plain-http-form", Over: catalog.HTTP, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return way{method: http.MethodPost}.make(a, situation{call: call})
	}}}
	q.Anybody = append(q.Anybody, postInURL, q.NoParameters[0])
	q.Get, q.Post = q.UnknownKey[:1], []*kit.Question{q.UnknownKey[1], postInURL}
	q.Methods = common.RefusedMethods(p, func(method string) common.Request {
		return func(a *kit.Asking) (cloudapi.Request, error) {
			return way{method: method}.make(a, situation{call: call, key: cloudapi.MadeUpAlibaba()})
		}
	})
	q.withKey(call)
	common.Everywhere(q.UnknownKey, q.SignedCalls)
	return q
}

func (q *Questions) withKey(call cloudapi.AlibabaCall) {
	ask := asker(call, kit.Credentials, func(a *kit.Asking) cloudapi.AlibabaKey { return a.Alibaba }, &q.Signed)
	q.SignedCalls = ask("signed-call", func(s *situation) { s.replayed = true })
	q.SignedCall, q.SignedPosts = q.SignedCalls[0], q.SignedCalls[1:]
	for i, w := range ways() {
		q.ReplayedNonce = append(q.ReplayedNonce, &kit.Question{Name: "replayed-nonce" + w.suffix, Needs: kit.Credentials, After: q.SignedCalls[i], Make: func(a *kit.Asking) (cloudapi.Request, error) {
			r, _ := call.SignedAs(a.Product.Signature, w.method, a.Host(), a.Alibaba, a.Now, nonceOf(a.Earlier.Kept))
			return r, nil
		}})
	}
	q.Signed = slices.Concat(q.Signed, q.ReplayedNonce)
	q.BadSignatureMethod = ask("bad-signature-method", setting("SignatureMethod", "HMAC-MD5"))
	q.ExpiredTimestamp = slices.Concat(
		ask("expired-timestamp", func(s *situation) { s.off = -tooFarOff }),
		ask("future-timestamp", func(s *situation) { s.off = tooFarOff }),
	)
	q.MissingSigned = ask("missing-timestamp-signed", setting("Timestamp", ""))
	q.BadFormatSigned = ask("bad-format-signed", setting("Format", "YAML"))
	q.MalformedTimestamp = ask("malformed-timestamp", setting("Timestamp", "yesterday at noon"))
	q.UnsupportedRegion = ask("unsupported-region", setting("RegionId", "xx-nowhere-1"))
	q.SignedXML = ask("signed-xml", func(s *situation) {
		s.call.Format, s.call.Params = cloudapi.XML, url.Values{"AcceptLanguage": {"zh-CN"}}
	})
	q.WrongSignature = ask("wrong-secret", func(s *situation) {
		s.key.Secret, s.call.Params = otherSecret, common.TextParams()
	})
	for i, w := range ways() {
		q.Tampered = append(q.Tampered, common.Compared{Plain: q.SignedCalls[i], Calls: q.tampered(call, w)})
	}
	q.LongText = ask("wrong-secret-long-text", func(s *situation) {
		s.key.Secret, s.call.Params = otherSecret, common.LongText()
	})
}

// tooFarOff is how far off a time is that is refused. Where a call of now is carried out the clocks are 15 minutes
// apart at most, so that it is more than 15 minutes off by either, and so little more that a window that is too wide shows.
const tooFarOff = 31 * time.Minute

// otherSecret is not the secret of the customer's key.
const otherSecret = "this-is-not-the-secret-of-that-key"

// Signed asks with a read-only call of the customer's, by each way.
func Signed(name string, call cloudapi.AlibabaCall) []*kit.Question {
	var kept []*kit.Question
	return asker(call, kit.Credentials, func(a *kit.Asking) cloudapi.AlibabaKey { return a.Alibaba }, &kept)(name, asItIs)
}

// make makes the request of a situation, and keeps the string that was signed.
func (w way) make(a *kit.Asking, s situation) (cloudapi.Request, error) {
	v := s.call.Values()
	if !s.key.IsZero() {
		nonce, err := a.Nonce()
		if err != nil {
			return cloudapi.Request{}, fmt.Errorf("making a nonce: %w", err)
		}
		if by := s.signature(a.Product); by == catalog.SignatureACS3 {
			r, signed := s.call.SignedAs(by, w.method, a.Host(), s.key, a.Now, nonce)
			r = tamperACS3(r, s)
			if a.Kept = signed; s.replayed {
				a.Kept = noncePrefix + nonce + nonceSuffix
			}
			return r, nil
		}
		v = s.call.SignedValues(w.method, s.key, a.Now.Add(s.off), nonce)
		if s.change != nil {
			s.change(v)
			v.Set("Signature", cloudapi.SignRPC(w.method, v, s.key.Secret))
		}
		s.tamper(w.method, v)
		a.Kept = cloudapi.StringToSignRPC(w.method, v)
	}
	if w.method != http.MethodPost {
		return inURL(a, w.method, v), nil
	}
	return cloudapi.Request{
		Method: w.method, Host: a.Host(), Path: "/", Body: []byte(cloudapi.EncodeParams(v)),
		Header: []cloudapi.Field{{Name: "Content-Type", Value: cloudapi.FormType}},
	}, nil
}

func inURL(a *kit.Asking, method string, v url.Values) cloudapi.Request {
	return cloudapi.Request{Method: method, Host: a.Host(), Path: "/", Query: cloudapi.EncodeParams(v)}
}

// What stands around the nonce in a string to sign of version 1.0.
const noncePrefix, nonceSuffix = "SignatureNonce%3D", "%26"

// nonceOf returns the nonce in a string to sign, which is encoded twice.
func nonceOf(stringToSign string) string {
	_, after, _ := strings.Cut(stringToSign, noncePrefix)
	nonce, _, _ := strings.Cut(after, nonceSuffix)
	return nonce
}
