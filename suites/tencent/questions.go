// Package tencent is what the products of Tencent Cloud with an API of version 3 are asked and
// judged by, beyond what package common demands of any endpoint.
package tencent

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/common"
	"prober/suites/kit"
)

// Questions are asked of every endpoint of the API style: those that the shared requirements
// need, and the family's own.
type Questions struct {
	common.Questions
	BadAuthorization *kit.Question
	ContentTypes     []PostIn
	// These need a customer's key. They are read-only, and most are refused.
	InEnglish, WrongSecret, BadToken             *kit.Question
	ExpiredTimestamp, RawUTF8, UnsupportedRegion *kit.Question
	// Sizes are requests about each documented size limit, large ones among them.
	Sizes []Size
}

// request makes a request, as [kit.Question] wants it.
type request = func(*kit.Asking) (cloudapi.Request, error)

// Ask makes the questions about a product.
func Ask(p catalog.Product) Questions {
	call := cloudapi.TencentCall{Action: p.Action(), Version: p.APIVersion}
	otherAction, otherVersion := call, call
	otherAction.Action, otherVersion.Version = "DescribeNothingAtAll", "1999-01-01"
	without := func(name string) request { return v1(http.MethodGet, call, func(v url.Values) { v.Del(name) }) }
	q := Questions{
		BadAuthorization: &kit.Question{Name: "bad-authorization", Make: func(a *kit.Asking) (cloudapi.Request, error) {
			r, _ := call.SignedTC3(a.Host(), cloudapi.MadeUpTencent(), a.Now)
			return r.With("Authorization", "open sesame "+cloudapi.MadeUpTencent().ID), nil
		}},
		ContentTypes: contentTypes(call, p),
		Sizes:        sizes(call, p),
	}
	q.NoParameters = &kit.Question{Name: "no-parameters", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return cloudapi.Request{
			Method: http.MethodGet, Host: a.Host(), Path: "/",
			Header: []cloudapi.Field{{Name: "Content-Type", Value: cloudapi.FormType}},
		}, nil
	}}
	q.UnknownAction = &kit.Question{Name: "unknown-action", Make: v1(http.MethodGet, otherAction, nil)}
	q.UnknownVersion = &kit.Question{Name: "unknown-version", Make: v1(http.MethodGet, otherVersion, nil)}
	q.MissingKey = &kit.Question{Name: "missing-key", Make: without("SecretId")}
	q.MissingParameter = &kit.Question{Name: "missing-timestamp", Make: without("Timestamp")}
	q.UnknownKey = &kit.Question{Name: "unknown-key", Make: v1(http.MethodGet, call, nil)}
	q.BeyondASCII = &kit.Question{Name: "unknown-key-beyond-ascii", Make: v1(http.MethodGet, call, func(v url.Values) {
		v.Set(common.ProbeText, common.BeyondASCII)
	})}
	q.Get = []*kit.Question{q.UnknownKey}
	q.Without = common.WithoutRequired(p, without)
	q.Methods = common.RefusedMethods(p, func(method string) request { return v1(method, call, nil) })
	q.Anybody = append([]*kit.Question{}, q.Without...)
	for _, t := range q.ContentTypes {
		q.Anybody = append(q.Anybody, t.Question)
		if !t.Rule.SomeAPIsOnly {
			q.Post = append(q.Post, t.Question)
		}
	}
	q.Anybody = append(q.Anybody, q.UnknownAction, q.UnknownVersion, q.MissingKey, q.MissingParameter, q.UnknownKey, q.BeyondASCII, q.BadAuthorization)
	q.withKey(call)
	return q
}

// withKey makes the questions that need a customer's key.
func (q *Questions) withKey(call cloudapi.TencentCall) {
	type (
		calls = cloudapi.TencentCall
		keys  = cloudapi.TencentKey
	)
	ask := func(name string, prepare func(c *calls, key *keys, at *time.Time)) *kit.Question {
		return &kit.Question{Name: name, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			c, key, at := call, a.Tencent, a.Now
			prepare(&c, &key, &at)
			r, _ := c.SignedTC3(a.Host(), key, at)
			return r, nil
		}}
	}
	q.SignedCall = ask("signed-call", func(c *calls, _ *keys, _ *time.Time) { c.Language = "zh-CN" })
	q.InEnglish = ask("signed-call-english", func(c *calls, _ *keys, _ *time.Time) { c.Language = "en-US" })
	q.WrongSecret = ask("wrong-secret", func(_ *calls, key *keys, _ *time.Time) { key.Secret = "thisIsNotTheSecretKeyOfThatKey00" })
	q.BadToken = ask("bad-token", func(_ *calls, key *keys, _ *time.Time) { key.Token = "this-token-was-never-issued" })
	q.ExpiredTimestamp = ask("expired-timestamp", func(_ *calls, _ *keys, at *time.Time) { *at = at.Add(-24 * time.Hour) })
	q.UnsupportedRegion = ask("unsupported-region", func(c *calls, _ *keys, _ *time.Time) { c.Region = "xx-nowhere" })
	q.RawUTF8 = ask("raw-utf8", func(c *calls, _ *keys, _ *time.Time) { c.Payload = texts() })
}

// texts is a payload of every text, in UTF-8 rather than in escapes.
func texts() []byte {
	members := map[string]string{}
	for _, text := range common.Texts() {
		members["Text"+text.Name] = text.Value
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(members) // strings alone cannot fail
	return bytes.TrimSpace(b.Bytes())
}
