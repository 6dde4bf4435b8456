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
		groups.InASCII: catalog.UnknownKey, groups.BeyondASCII: catalog.UnknownKey, postHmacSHA1: catalog.UnknownKey,
		postHmacSHA256: catalog.UnknownKey, postJSON: catalog.UnknownKey, badAuthorization: catalog.BadAuthorization,
		"method-put": catalog.UnsupportedMethod, "method-delete": catalog.UnsupportedMethod, signedCall: "", inEnglish: "",
		wrongSecret: catalog.BadSignature, badToken: catalog.BadToken, expiredTimestamp: catalog.ExpiredTimestamp,
		unsupportedRegion: catalog.UnsupportedRegion, rawUTF8: catalog.UnknownParameter,
		"get-within-limit": catalog.UnknownParameter, "get-above-limit": catalog.TooLarge,
		"post-hmac-within-limit": catalog.UnknownParameter, "post-hmac-above-limit": catalog.TooLargeHMAC,
		"post-tc3-within-limit": catalog.UnknownParameter, "post-tc3-above-limit": catalog.TooLarge,
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
		case q.Name == postMultipart: // no document says what comes back
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
		for _, want := range []int{n - headRoom, n + 1} {
			a := &kit.Asking{
				Endpoint: catalog.Endpoint{Host: "gaap.example.test"}, Product: p, Now: time.Now(), Random: rand.Reader,
				Tencent: cloudapi.TencentKey{ID: "AKID0000000000000000000000000000", Secret: "secret"},
			}
			r, err := l.request(cloudapi.TencentCall{Action: action, Version: p.APIVersion}, want)(a)
			if err != nil {
				t.Errorf("%s: %v", l.rule, err)
			}
			if got := len(r.Query) + len(r.Body); got != want {
				t.Errorf("%s: %d bytes, want %d", l.rule, got, want)
			}
		}
	}
}
