package tencent

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

// PostIn is a question that posts a call in a documented media type, signed by a method that
// is documented for it, with a key that nobody owns.
type PostIn struct {
	Rule catalog.ContentTypeRule
	*kit.Question
}

// contentTypes are the questions about every pair of a media type and a method.
func contentTypes(call cloudapi.TencentCall, p catalog.Product) []PostIn {
	var all []PostIn
	for _, rule := range p.Rules.ContentTypes {
		for _, method := range rule.SignatureMethods {
			all = append(all, PostIn{rule, &kit.Question{
				Name: "post-" + lastPart(rule.ID) + "-" + strings.ToLower(method), Make: post(call, rule.ContentType, method),
			}})
		}
	}
	return all
}

// lastPart is the last part of a rule's id: "json" of "gaap/content-types/json".
func lastPart(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// posted demands that a call in the media type of a rule is looked at as far as its key.
func posted(d common.Document, q Questions, rule string) kit.Judgement {
	var questions []*kit.Question
	for _, t := range q.ContentTypes {
		if t.Rule.ID == d.Rules(rule)[0] {
			questions = append(questions, t.Question)
		}
	}
	return kit.EachReply(questions, kit.Saying("a request that is looked at gets as far as its key", kit.GetAsFarAsKey()))
}

// post makes a call in a media type, signed by a method.
func post(call cloudapi.TencentCall, mediaType, method string) request {
	v1Methods := map[string]bool{cloudapi.HmacSHA1.String(): true, cloudapi.HmacSHA256.String(): true}
	switch {
	case mediaType == cloudapi.FormType && v1Methods[method]:
		return v1(http.MethodPost, call, func(v url.Values) { v.Set("SignatureMethod", method) })
	case mediaType == "application/json" && method == cloudapi.TC3Algorithm:
		return func(a *kit.Asking) (cloudapi.Request, error) {
			r, _ := call.SignedTC3(a.Host(), cloudapi.MadeUpTencent(), a.Now)
			return r, nil
		}
	case mediaType == "multipart/form-data" && method == cloudapi.TC3Algorithm:
		return func(a *kit.Asking) (cloudapi.Request, error) { return inParts(a, call) }
	}
	return func(*kit.Asking) (cloudapi.Request, error) {
		return cloudapi.Request{}, fmt.Errorf("this program cannot make a request in %s signed with %s", mediaType, method)
	}
}
