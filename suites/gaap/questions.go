package gaap

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// Names of the questions.
const (
	noParameters      = "no-parameters"
	unknownAction     = "unknown-action"
	unknownVersion    = "unknown-version"
	missingKey        = "missing-key"
	missingTimestamp  = "missing-timestamp"
	badAuthorization  = "bad-authorization"
	signedCall        = groups.SignedCall
	inEnglish         = "signed-call-english"
	wrongSecret       = "wrong-secret"
	badToken          = "bad-token"
	expiredTimestamp  = "expired-timestamp"
	rawUTF8           = "raw-utf8"
	unsupportedRegion = "unsupported-region"
)

// beyondASCII is a text of two, three and four bytes a character.
const beyondASCII = "é华北1（青岛）😀"

// probeText names a parameter that no action has.
const probeText = "ProbeText"

// questions are asked of every endpoint of GAAP; the large ones of two.
func questions(e catalog.Endpoint, p catalog.Product) []kit.Question {
	call := cloudapi.TencentCall{Action: p.Action(), Version: p.APIVersion}
	all := slices.Concat(anybodysQuestions(call), contentTypeQuestions(call, p), keyQuestions(call))
	if p.Rules.Methods != nil {
		for _, m := range p.Rules.Methods.Refused {
			all = append(all, kit.Question{Name: "method-" + strings.ToLower(m), Make: v1(m, call, nil)})
		}
	}
	for _, name := range groups.Required(p) {
		all = append(all, kit.Question{Name: groups.WithoutParameter(name), Make: v1(http.MethodGet, call, func(v url.Values) { v.Del(name) })})
	}
	if slices.Contains(sized(), e.Region) {
		all = append(all, sizeQuestions(call, p)...)
	}
	return all
}

// anybodysQuestions need no key: where one is looked at, it is one that nobody owns.
func anybodysQuestions(call cloudapi.TencentCall) []kit.Question {
	otherAction, otherVersion := call, call
	otherAction.Action, otherVersion.Version = "DescribeNothingAtAll", "1999-01-01"
	return []kit.Question{
		{Name: noParameters, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return cloudapi.Request{
				Method: http.MethodGet, Host: a.Host(), Path: "/",
				Header: []cloudapi.Field{{Name: "Content-Type", Value: cloudapi.FormType}},
			}, nil
		}},
		{Name: unknownAction, Make: v1(http.MethodGet, otherAction, nil)},
		{Name: unknownVersion, Make: v1(http.MethodGet, otherVersion, nil)},
		{Name: missingKey, Make: v1(http.MethodGet, call, func(v url.Values) { v.Del("SecretId") })},
		{Name: missingTimestamp, Make: v1(http.MethodGet, call, func(v url.Values) { v.Del("Timestamp") })},
		{Name: groups.InASCII, Make: v1(http.MethodGet, call, nil)},
		{Name: groups.BeyondASCII, Make: v1(http.MethodGet, call, func(v url.Values) { v.Set(probeText, beyondASCII) })},
		{Name: badAuthorization, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			r, _ := call.SignedTC3(a.Host(), cloudapi.MadeUpTencent(), a.Now)
			return set(r, "Authorization", "open sesame "+cloudapi.MadeUpTencent().ID), nil
		}},
	}
}

// keyQuestions need a customer's key. They are read-only, and most are refused.
func keyQuestions(call cloudapi.TencentCall) []kit.Question {
	ask := func(name string, prepare func(a *kit.Asking, c *cloudapi.TencentCall, key *cloudapi.TencentKey, at *time.Time)) kit.Question {
		return kit.Question{Name: name, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			c, key, at := call, a.Tencent, a.Now
			prepare(a, &c, &key, &at)
			r, _ := c.SignedTC3(a.Host(), key, at)
			return r, nil
		}}
	}
	type (
		asking = kit.Asking
		calls  = cloudapi.TencentCall
		keys   = cloudapi.TencentKey
	)
	return []kit.Question{
		ask(signedCall, func(_ *asking, c *calls, _ *keys, _ *time.Time) { c.Language = "zh-CN" }),
		ask(inEnglish, func(_ *asking, c *calls, _ *keys, _ *time.Time) { c.Language = "en-US" }),
		ask(wrongSecret, func(_ *asking, _ *calls, key *keys, _ *time.Time) { key.Secret = "thisIsNotTheSecretKeyOfThatKey00" }),
		ask(badToken, func(_ *asking, _ *calls, key *keys, _ *time.Time) { key.Token = "this-token-was-never-issued" }),
		ask(expiredTimestamp, func(_ *asking, _ *calls, _ *keys, at *time.Time) { *at = at.Add(-24 * time.Hour) }),
		ask(unsupportedRegion, func(_ *asking, c *calls, _ *keys, _ *time.Time) { c.Region = "xx-nowhere" }),
		ask(rawUTF8, func(_ *asking, c *calls, _ *keys, _ *time.Time) { c.Payload = texts() }),
	}
}

// texts is a payload of every text, in UTF-8 rather than in escapes.
func texts() []byte {
	members := map[string]string{}
	for _, text := range kit.Texts() {
		members["Text"+text.Name] = text.Value
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(members) // strings alone cannot fail
	return bytes.TrimSpace(b.Bytes())
}

// v1 makes a call signed by a key that nobody owns, with version 1 of the signature. change
// is applied to the parameters before they are signed; nil changes nothing.
func v1(method string, call cloudapi.TencentCall, change func(url.Values)) func(*kit.Asking) (cloudapi.Request, error) {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		return signV1(a, method, call, cloudapi.MadeUpTencent(), change)
	}
}

func signV1(a *kit.Asking, method string, call cloudapi.TencentCall, key cloudapi.TencentKey, change func(url.Values)) (cloudapi.Request, error) {
	var nonce [4]byte
	if _, err := a.Random.Read(nonce[:]); err != nil {
		return cloudapi.Request{}, fmt.Errorf("making a nonce: %w", err)
	}
	// Always ten digits, so that the size of a request does not depend on it.
	v := call.V1Values(cloudapi.HmacSHA1, key, a.Now, binary.BigEndian.Uint32(nonce[:])|1<<31)
	if change != nil {
		change(v)
	}
	return cloudapi.SignedV1(method, a.Host(), v, key.Secret), nil
}

// inParts makes a call in multipart/form-data, which has one file.
func inParts(a *kit.Asking, call cloudapi.TencentCall) (cloudapi.Request, error) {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	if err := parts.WriteField(probeText, beyondASCII); err != nil {
		return cloudapi.Request{}, fmt.Errorf("writing a part: %w", err)
	}
	if err := parts.Close(); err != nil {
		return cloudapi.Request{}, fmt.Errorf("writing the last part: %w", err)
	}
	r := call.UnsignedHeaders(a.Host())
	r.Body = body.Bytes()
	r = set(r, "Content-Type", parts.FormDataContentType())
	signature := cloudapi.SignTC3(cloudapi.TC3Input{
		Method: r.Method, Path: r.Path, Payload: r.Body, Service: "gaap", Timestamp: a.Now,
		Headers: []cloudapi.Field{{Name: "Content-Type", Value: parts.FormDataContentType()}, {Name: "Host", Value: a.Host()}, {Name: "X-TC-Action", Value: call.Action}},
	}, cloudapi.MadeUpTencent())
	r = set(r, "X-TC-Timestamp", strconv.FormatInt(a.Now.Unix(), 10))
	return set(r, "Authorization", signature.Authorization), nil
}

// set replaces a header field, or adds it.
func set(r cloudapi.Request, name, value string) cloudapi.Request {
	r.Header = slices.Clone(r.Header)
	for i, f := range r.Header {
		if strings.EqualFold(f.Name, name) {
			r.Header[i].Value = value
			return r
		}
	}
	r.Header = append(r.Header, cloudapi.Field{Name: name, Value: value})
	return r
}
