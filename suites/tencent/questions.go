// Package tencent is what the products of Tencent Cloud with an API of version 3 are asked and
// judged by, beyond what package common demands of any endpoint.
package tencent

import (
	"maps"
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

// Questions are asked of every endpoint of the API style: those that the shared requirements
// need, and the family's own.
type Questions struct {
	common.Questions
	BadAuthorization []*kit.Question
	// PostIn are calls in each documented media type, by the id of its rule.
	PostIn map[string][]*kit.Question
	// These need a customer's key. They are read-only, and most are refused.
	InEnglish, BadToken, UnsupportedRegion []*kit.Question
	// UnknownParameter are calls with a parameter that no action has, in ASCII.
	UnknownParameter []*kit.Question
	// Texts are calls with every text in a parameter that no action has, by every way.
	Texts []common.Compared
	// Sizes are requests about each documented size limit, large ones among them.
	Sizes []Size
}

// Ask makes the questions about a product: each situation by each way.
func Ask(p catalog.Product) Questions {
	call := cloudapi.TencentCall{Action: p.Action(), Version: p.APIVersion}
	gets, posts, some := ways(p)
	all := slices.Concat(gets, posts)
	q := Questions{PostIn: map[string][]*kit.Question{}, Sizes: sizes(call, all, p.Rules.SizeLimits)}
	by := asker(call, kit.Nothing, func(*kit.Asking) cloudapi.TencentKey { return cloudapi.MadeUpTencent() }, &q.Anybody)
	asked := func(name string, change func(s *situation)) []*kit.Question { return by(name, all, change) }
	for _, name := range common.Required(p) {
		q.Without = append(q.Without, asked("without-"+strings.ToLower(name), func(s *situation) { s.drop = name })...)
	}
	q.UnknownAction = asked("unknown-action", func(s *situation) { s.call.Action = "DescribeNothingAtAll" })
	q.UnknownVersion = asked("unknown-version", func(s *situation) { s.call.Version = "1999-01-01" })
	q.MissingKey = asked("missing-key", func(s *situation) { s.drop = "SecretId" })
	q.MissingParameter = asked("missing-timestamp", func(s *situation) { s.drop = "Timestamp" })
	q.Get, q.Post = by("unknown-key", gets, asItIs), by("post", posts, asItIs)
	q.UnknownKey = slices.Concat(q.Get, q.Post)
	q.BeyondASCII = asked("unknown-key-beyond-ascii", func(s *situation) { s.call.Params = url.Values{common.ProbeText: {common.BeyondASCII}} })
	for i, question := range slices.Concat(q.Post, by("post", some, asItIs)) {
		rule := slices.Concat(posts, some)[i].rule
		q.PostIn[rule] = append(q.PostIn[rule], question)
	}
	q.BadAuthorization = []*kit.Question{{Name: "bad-authorization", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		r, _ := call.SignedTC3(a.Host(), cloudapi.MadeUpTencent(), a.Now)
		return r.With("Authorization", "open sesame "+cloudapi.MadeUpTencent().ID), nil
	}}}
	q.NoParameters = []*kit.Question{{Name: "no-parameters", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return cloudapi.Request{
			Method: http.MethodGet, Host: a.Host(), Path: "/",
			Header: []cloudapi.Field{{Name: "Content-Type", Value: cloudapi.FormType}},
		}, nil
	}}}
	q.Anybody = slices.Concat(q.Anybody, q.BadAuthorization, q.NoParameters)
	v1 := func(method string, s situation) common.Request {
		return func(a *kit.Asking) (cloudapi.Request, error) {
			s := s // of several that ask at once, each changes its own
			s.call, s.key, s.at = call, cloudapi.MadeUpTencent(), a.Now
			return way{method: method, media: cloudapi.FormType, signature: cloudapi.HmacSHA1.String()}.make(a, s)
		}
	}
	q.PlainPost = []*kit.Question{{Name: "plain-http-form", Over: catalog.HTTP, Make: v1(http.MethodPost, situation{drop: "SecretId"})}}
	q.Methods = common.RefusedMethods(p, func(method string) common.Request { return v1(method, situation{}) })
	q.withKey(call, gets, posts)
	common.Everywhere(q.UnknownKey, q.SignedCalls[:1], q.SignedPosts[:1], []*kit.Question{q.SignedCall}) // a query, a form and JSON
	return q
}

// tooFarOff is how far off a time is that is refused. Where a call of now is carried out the clocks are five minutes
// apart at most, so that it is more than five minutes off by either, and so little more that a window that is too wide shows.
const tooFarOff = 11 * time.Minute

func (q *Questions) withKey(call cloudapi.TencentCall, gets, posts []way) {
	ask := asker(call, kit.Credentials, func(a *kit.Asking) cloudapi.TencentKey { return a.Tencent }, &q.Signed)
	gets = slices.Clone(gets)
	gets[0].suffix = "-get"
	all, json := slices.Concat(gets, posts), []way{{method: http.MethodPost, media: jsonType, signature: cloudapi.TC3Algorithm}}
	inChinese := func(s *situation) { s.call.Language = "zh-CN" }
	q.SignedCall = ask("signed-call", json, inChinese)[0]
	q.InEnglish = ask("signed-call-english", json, func(s *situation) { s.call.Language = "en-US" })
	q.BadToken = ask("bad-token", all, func(s *situation) { s.key.Token = "this-token-was-never-issued" })
	q.UnsupportedRegion = ask("unsupported-region", json, func(s *situation) { s.call.Region = "xx-nowhere" })
	forms := slices.DeleteFunc(slices.Clone(posts), func(w way) bool { return w.media == jsonType })
	inForms, inQueries := ask("signed-call", forms, inChinese), ask("signed-call", gets, inChinese)
	q.SignedPosts = append(slices.Clone(inForms), q.SignedCall)
	q.SignedCalls = append(slices.Clone(inQueries), q.SignedPosts...)
	q.MissingSigned = ask("missing-timestamp-signed", all, func(s *situation) { s.drop = "Timestamp" })
	q.WrongSignature = ask("wrong-secret", all, func(s *situation) { s.key.Secret = "thisIsNotTheSecretKeyOfThatKey00" })
	q.ExpiredTimestamp = slices.Concat(
		ask("expired-timestamp", all, func(s *situation) { s.at = s.at.Add(-tooFarOff) }),
		ask("future-timestamp", all, func(s *situation) { s.at = s.at.Add(tooFarOff) }),
	)
	q.UnknownParameter = ask("unknown-parameter", all, func(s *situation) { s.call.Params = url.Values{common.ProbeText: {"in ASCII"}} })
	for _, by := range all {
		t := common.Compared{Plain: q.SignedCall}
		if i := slices.Index(forms, by); i >= 0 {
			t.Plain = inForms[i]
		} else if i := slices.Index(gets, by); i >= 0 {
			t.Plain = inQueries[i]
		}
		t.Calls = append(
			ask("texts", []way{by}, func(s *situation) { s.call.Params = common.TextParams() }),
			ask("long-text", []way{by}, func(s *situation) { s.call.Params = common.LongText() })...,
		)
		q.Texts = append(q.Texts, t)
		tampered := common.Compared{Plain: t.Plain}
		tamperings := common.Tamperings(true)
		for _, name := range slices.Sorted(maps.Keys(tamperings)) {
			tampered.Calls = append(tampered.Calls, ask(name, []way{by}, func(s *situation) { s.tampered = tamperings[name] })...)
		}
		q.Tampered = append(q.Tampered, tampered)
	}
}
