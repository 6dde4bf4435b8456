// Package tencent is what the products of Tencent Cloud with an API of version 3 are asked and
// judged by, beyond what package common demands of any endpoint.
package tencent

import (
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
	BadAuthorization *kit.Question
	ContentTypes     []PostIn
	// These need a customer's key. They are read-only, and most are refused.
	InEnglish, BadToken, UnsupportedRegion *kit.Question
	// Texts are calls with every text in a parameter that no action has, by every way.
	Texts []*kit.Question
	// Sizes are requests about each documented size limit, large ones among them.
	Sizes []Size
}

// request makes a request, as [kit.Question] wants it.
type request = func(*kit.Asking) (cloudapi.Request, error)

// Ask makes the questions about a product: each situation by each way.
func Ask(p catalog.Product) Questions {
	call := cloudapi.TencentCall{Action: p.Action(), Version: p.APIVersion}
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
	all := ways(p)
	askedBy := func(name string, by []way, change func(s *situation)) []*kit.Question {
		made := byEachWay(name, kit.Nothing, by, func(w way) request {
			return func(a *kit.Asking) (cloudapi.Request, error) {
				s := situation{call: call, key: cloudapi.MadeUpTencent(), at: a.Now}
				change(&s)
				return w.make(a, s)
			}
		})
		q.Anybody = append(q.Anybody, made...)
		return made
	}
	asked := func(name string, change func(s *situation)) []*kit.Question { return askedBy(name, all, change) }
	for _, name := range common.Required(p) {
		q.Without = append(q.Without, asked("without-"+strings.ToLower(name), func(s *situation) { s.drop = name })...)
	}
	q.UnknownAction = asked("unknown-action", func(s *situation) { s.call.Action = "DescribeNothingAtAll" })
	q.UnknownVersion = asked("unknown-version", func(s *situation) { s.call.Version = "1999-01-01" })
	q.MissingKey = asked("missing-key", func(s *situation) { s.drop = "SecretId" })
	q.MissingParameter = asked("missing-timestamp", func(s *situation) { s.drop = "Timestamp" })
	q.BeyondASCII = asked("unknown-key-beyond-ascii", func(s *situation) { s.call.Params = url.Values{common.ProbeText: {common.BeyondASCII}} })
	q.PlainPost = &kit.Question{Name: "plain-http-form", Over: catalog.HTTP, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return way{method: http.MethodPost, signature: cloudapi.HmacSHA1.String()}.make(a, situation{call: call, key: cloudapi.MadeUpTencent(), at: a.Now, drop: "SecretId"})
	}}
	q.Methods = common.RefusedMethods(p, func(method string) request { return v1(method, call, nil) })
	for _, t := range q.ContentTypes {
		q.Anybody = append(q.Anybody, t.Question)
		if !t.Rule.SomeAPIsOnly {
			q.Post = append(q.Post, t.Question)
		}
	}
	q.Get = askedBy("unknown-key", slices.DeleteFunc(slices.Clone(all), way.posts), func(*situation) {})
	q.UnknownKey = slices.Concat(q.Get[:1], q.Post, q.Get[1:]) // in the order of the ways
	q.Anybody = append(q.Anybody, q.BadAuthorization, q.NoParameters)
	q.withKey(call, all)
	return q
}

// withKey makes the questions that need a customer's key.
func (q *Questions) withKey(call cloudapi.TencentCall, all []way) {
	ask := func(name string, by []way, change func(s *situation)) []*kit.Question {
		made := byEachWay(name, kit.Credentials, by, func(w way) request {
			return func(a *kit.Asking) (cloudapi.Request, error) {
				s := situation{call: call, key: a.Tencent, at: a.Now}
				change(&s)
				return w.make(a, s)
			}
		})
		q.Signed = append(q.Signed, made...)
		return made
	}
	json := []way{{method: http.MethodPost, signature: cloudapi.TC3Algorithm}}
	all = slices.Clone(all)
	all[0].suffix = "-get"
	q.SignedCall = ask("signed-call", json, func(s *situation) { s.call.Language = "zh-CN" })[0]
	q.InEnglish = ask("signed-call-english", json, func(s *situation) { s.call.Language = "en-US" })[0]
	q.BadToken = ask("bad-token", json, func(s *situation) { s.key.Token = "this-token-was-never-issued" })[0]
	q.UnsupportedRegion = ask("unsupported-region", json, func(s *situation) { s.call.Region = "xx-nowhere" })[0]
	for _, w := range all {
		call := q.SignedCall
		if !w.posts() || w.signature != cloudapi.TC3Algorithm { // by which that one goes
			call = ask("signed-call", []way{w}, func(*situation) {})[0]
		}
		q.SignedCalls = append(q.SignedCalls, call)
		if w.posts() {
			q.SignedPosts = append(q.SignedPosts, call)
		}
	}
	q.WrongSignature = ask("wrong-secret", all, func(s *situation) { s.key.Secret = "thisIsNotTheSecretKeyOfThatKey00" })
	q.ExpiredTimestamp = ask("expired-timestamp", all, func(s *situation) { s.at = s.at.Add(-24 * time.Hour) })
	q.Texts = ask("texts", all, func(s *situation) {
		s.call.Params = common.TextParams()
	})
}
