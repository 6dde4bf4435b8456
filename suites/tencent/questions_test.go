package tencent

import (
	"crypto/rand"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// product is the one of the embedded catalogue in the API style.
func product(t *testing.T) catalog.Product {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	p, ok := c.Product("gaap")
	if !ok {
		t.Fatal("the catalogue has no product gaap")
	}
	return p
}

// A request above a limit is so by one byte of parameters, one within it leaves room for a
// head.
func TestSizes(t *testing.T) {
	p := product(t)
	all := Ask(p).Sizes
	if len(all) != 4 { // one of the three limits is for two signature methods
		t.Errorf("%d limits and methods, want 4", len(all))
	}
	for _, s := range all {
		n := int(s.Rule.Bytes)
		for q, want := range map[*kit.Question]int{s.Within: n - headRoom, s.At: n, s.Above: n + 1} {
			r, err := q.Make(&kit.Asking{
				Endpoint: catalog.Endpoint{Host: "gaap.example.test"}, Product: p, Now: time.Now(), Random: rand.Reader,
				Tencent: cloudapi.TencentKey{ID: "AKID0000000000000000000000000000", Secret: "secret"},
			})
			if got := len(r.Query) + len(r.Body); err != nil || got != want || r.Method != s.Rule.Method || !q.Heavy {
				t.Errorf("%s: %s of %d bytes, heavy %t, %v; want %s of %d", q.Name, r.Method, got, q.Heavy, err, s.Rule.Method, want)
			}
		}
	}
}

// Each documented pair of a media type and a signature method is asked about, and one that
// this program cannot make is no answer of the API's.
func TestContentTypesFollowTheRules(t *testing.T) {
	p := product(t)
	pairs := 0
	for _, rule := range p.Rules.ContentTypes {
		pairs += len(rule.SignatureMethods)
	}
	q, asked := Ask(p), 0
	for _, questions := range q.PostIn {
		asked += len(questions)
	}
	if asked != pairs || pairs < 4 {
		t.Errorf("%d questions for %d pairs", asked, pairs)
	}
	if len(q.Post) != pairs-1 { // multipart is for some APIs only
		t.Errorf("every API takes %d of %d", len(q.Post), pairs)
	}
	if _, err := (way{method: "POST", media: jsonType, signature: "HmacSHA1"}).make(&kit.Asking{}, situation{}); err == nil {
		t.Error("JSON was signed with HmacSHA1, which signs parameters")
	}
}
