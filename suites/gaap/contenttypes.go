package gaap

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// contentTypeQuestion names the question that posts a body of a documented media type,
// signed by a documented method: "post-form-hmacsha1".
func contentTypeQuestion(rule catalog.ContentTypeRule, method string) string {
	return "post-" + rule.ID[strings.LastIndex(rule.ID, "/")+1:] + "-" + strings.ToLower(method)
}

// contentTypesBy names the questions of the rules that suit.
func contentTypesBy(p catalog.Product, suits func(catalog.ContentTypeRule) bool) []string {
	var names []string
	for _, rule := range p.Rules.ContentTypes {
		if suits(rule) {
			for _, method := range rule.SignatureMethods {
				names = append(names, contentTypeQuestion(rule, method))
			}
		}
	}
	return names
}

// everyContentType names the questions of all rules, and contentTypesOfAll those of the
// media types that every API takes.
func everyContentType(p catalog.Product) []string {
	return contentTypesBy(p, func(catalog.ContentTypeRule) bool { return true })
}

func contentTypesOfAll(p catalog.Product) []string {
	return contentTypesBy(p, func(r catalog.ContentTypeRule) bool { return !r.SomeAPIsOnly })
}

func contentTypesOf(p catalog.Product, rule string) []string {
	return contentTypesBy(p, func(r catalog.ContentTypeRule) bool { return r.ID == rule })
}

// contentTypeQuestions post a call in every documented media type, signed by each method
// that is documented for it, with a key that nobody owns.
func contentTypeQuestions(call cloudapi.TencentCall, p catalog.Product) []kit.Question {
	var questions []kit.Question
	for _, rule := range p.Rules.ContentTypes {
		for _, method := range rule.SignatureMethods {
			questions = append(questions, kit.Question{Name: contentTypeQuestion(rule, method), Make: post(call, rule.ContentType, method)})
		}
	}
	return questions
}

// post makes a call in a media type, signed by a method.
func post(call cloudapi.TencentCall, mediaType, method string) func(*kit.Asking) (cloudapi.Request, error) {
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
