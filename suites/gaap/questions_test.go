package gaap

import (
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/cloudapi"
	"prober/sandbox/imitation"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// Each question brings about the situation that its spec judges, as the imitated API sees
// it, and no other.
func TestQuestions(t *testing.T) {
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]catalog.Situation{
		noParameters: catalog.Bare, groups.WithoutParameter("Action"): catalog.MissingParameter, unknownAction: catalog.UnknownAction,
		unknownVersion: catalog.UnknownVersion, missingKey: catalog.MissingKey, missingTimestamp: catalog.MissingParameter,
		groups.InASCII: catalog.UnknownKey, groups.BeyondASCII: catalog.UnknownKey, "post-form-hmacsha1": catalog.UnknownKey,
		"post-form-hmacsha256": catalog.UnknownKey, "post-json-tc3-hmac-sha256": catalog.UnknownKey, badAuthorization: catalog.BadAuthorization,
		"method-put": catalog.UnsupportedMethod, "method-delete": catalog.UnsupportedMethod, signedCall: "", inEnglish: "",
		wrongSecret: catalog.BadSignature, badToken: catalog.BadToken, expiredTimestamp: catalog.ExpiredTimestamp,
		unsupportedRegion: catalog.UnsupportedRegion, rawUTF8: catalog.UnknownParameter,
		"get-within-limit": catalog.UnknownParameter, "get-above-limit": catalog.TooLarge,
		"post-hmac-within-limit": catalog.UnknownParameter, "post-hmac-above-limit": catalog.TooLargeHMAC,
		"post-tc3-within-limit": catalog.UnknownParameter, "post-tc3-above-limit": catalog.TooLarge,
		"post-hmac-within-limit-hmacsha256": catalog.UnknownParameter, "post-hmac-above-limit-hmacsha256": catalog.TooLargeHMAC,
		"get-at-limit": catalog.UnknownParameter, "post-tc3-at-limit": catalog.UnknownParameter,
		"post-hmac-at-limit": catalog.UnknownParameter, "post-hmac-at-limit-hmacsha256": catalog.UnknownParameter,
	}
	p, _ := c.Product("gaap")
	e := catalog.Endpoint{ID: "gaap/nearest/public", Product: "gaap", Host: "gaap.example.test", Region: "nearest"}
	key := cloudapi.TencentKey{ID: "AKID0000000000000000000000000000", Secret: "secret"}
	api, err := imitation.New(imitation.Config{Product: p, Host: e.Host, Region: e.Region, Keys: []imitation.Key{{ID: key.ID, Secret: key.Secret}}})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, q := range questions(e, p) {
		r, err := q.Make(&kit.Asking{Endpoint: e, Product: p, Tencent: key, Now: time.Now(), Random: rand.Reader})
		if err != nil {
			t.Fatalf("%s: %v", q.Name, err)
		}
		header := http.Header{}
		for _, f := range r.Header {
			header.Add(f.Name, f.Value)
		}
		said, err := cloudapi.ReadTencent(api.Serve(imitation.Request{
			Scheme: catalog.HTTPS, Method: r.Method, Host: r.Host, Path: r.Path, Query: r.Query, Header: header, Body: r.Body,
		}).Body)
		s, known := want[q.Name]
		rule, _ := p.ErrorRule(s)
		switch {
		case err != nil:
			t.Errorf("%s: %v", q.Name, err)
		case q.Name == "post-multipart-tc3-hmac-sha256": // no document says what comes back
		case !known:
			t.Errorf("%s is not in the table", q.Name)
		case s == "" && said.IsError, s != "" && (!said.IsError || said.Code != rule.Codes[0]):
			t.Errorf("%s: %s, want what is said to %q", q.Name, said, s)
		}
		seen++
	}
	if seen != len(want)+1 {
		t.Errorf("%d questions, want %d", seen, len(want)+1)
	}
}

// A request above a limit is so by one byte of parameters, one within it leaves room for a
// head.
func TestSizes(t *testing.T) {
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := c.Product("gaap")
	for _, l := range limits() {
		n := l.bytes(p)
		if n == 0 {
			t.Errorf("%s is no limit", l.rule)
		}
		for _, want := range []int{n - headRoom, n, n + 1} {
			a := &kit.Asking{
				Endpoint: catalog.Endpoint{Host: "gaap.example.test"}, Product: p, Now: time.Now(), Random: rand.Reader,
				Tencent: cloudapi.TencentKey{ID: "AKID0000000000000000000000000000", Secret: "secret"},
			}
			r, err := l.request(cloudapi.TencentCall{Action: p.Action(), Version: p.APIVersion}, l.methods(p)[0], want)(a)
			if err != nil {
				t.Errorf("%s: %v", l.rule, err)
			}
			if got := len(r.Query) + len(r.Body); got != want {
				t.Errorf("%s: %d bytes, want %d", l.rule, got, want)
			}
		}
	}
}

// Each documented pair of a media type and a signature method is asked about, and one that
// this program cannot make is no answer of the API's.
func TestContentTypesFollowTheRules(t *testing.T) {
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := c.Product("gaap")
	pairs := 0
	for _, rule := range p.Rules.ContentTypes {
		pairs += len(rule.SignatureMethods)
	}
	if got := everyContentType(p); len(got) != pairs || len(got) < 4 {
		t.Errorf("%d questions for %d pairs: %v", len(got), pairs, got)
	}
	if got := contentTypesOfAll(p); len(got) != pairs-1 { // multipart is for some APIs only
		t.Errorf("every API takes %v", got)
	}
	if got := contentTypesOf(p, "gaap/content-types/form"); len(got) != 2 {
		t.Errorf("forms: %v", got)
	}
	if _, err := post(cloudapi.TencentCall{}, "application/json", "HmacSHA1")(&kit.Asking{}); err == nil {
		t.Error("JSON was signed with HmacSHA1, which signs parameters")
	}
}
