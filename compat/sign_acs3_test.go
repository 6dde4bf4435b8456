package compat_test

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	openapi "github.com/alibabacloud-go/openapi-util/service"
	"github.com/alibabacloud-go/tea/tea"

	"prober/catalog"
	"prober/cloudapi"
)

// theirACS3 is the Authorization that the vendor's code makes for a request.
func theirACS3(r cloudapi.Request, query map[string]string, key cloudapi.AlibabaKey) string {
	request := tea.NewRequest()
	request.Method, request.Pathname = tea.String(r.Method), tea.String(r.Path)
	for name, value := range query {
		request.Query[name] = tea.String(value)
	}
	request.Headers["host"] = tea.String(r.Host)
	for _, f := range r.Header {
		if f.Name != "Authorization" {
			request.Headers[strings.ToLower(f.Name)] = tea.String(f.Value)
		}
	}
	payload := openapi.HexEncode(openapi.Hash(r.Body, tea.String(cloudapi.ACS3Algorithm)))
	return tea.StringValue(openapi.GetAuthorization(request, tea.String(cloudapi.ACS3Algorithm), payload, tea.String(key.ID), tea.String(key.Secret)))
}

// randomQuery has values of random text, under names that need no encoding: the vendor's code leaves names as
// they are.
func randomQuery(r *rand.Rand) (map[string]string, url.Values) {
	query, values := map[string]string{}, url.Values{}
	for range r.IntN(6) {
		name, value := randomWord(r, 1+r.IntN(8)), randomText(r, 0, 24)
		query[name] = value
		values.Set(name, value)
	}
	return query, values
}

// TestACS3Signatures compares the signatures of RPC and ROA calls with those of the vendor's code.
func TestACS3Signatures(t *testing.T) {
	r := newRandom()
	for i := range samples {
		key := cloudapi.AlibabaKey{ID: "LTAI" + randomWord(r, 20), Secret: randomText(r, 1, 30), Token: randomToken(r)}
		at, nonce := time.Unix(r.Int64N(2_000_000_000), 0), randomWord(r, 32)
		query, values := randomQuery(r)
		method := []string{"GET", "POST", "PUT", "DELETE"}[r.IntN(4)]
		var ours cloudapi.Request
		if r.IntN(2) == 0 {
			call := cloudapi.AlibabaCall{Action: randomWord(r, 12), Version: "2014-05-26", Params: values}
			ours, _ = call.SignedAs(catalog.SignatureACS3, method, "ecs.aliyuncs.com", key, at, nonce) // as a list chooses it
			if method == "POST" {
				query = nil // it is the form
			}
		} else {
			ours = cloudapi.AlibabaROACall{
				Action: randomWord(r, 12), Version: "2015-12-15", Path: "/" + cloudapi.PercentEncode(randomText(r, 0, 9)), Query: values, Body: []byte(randomText(r, 0, 40)),
			}.SignedACS3(method, "cs.aliyuncs.com", key, at, nonce)
		}
		if theirs := theirACS3(ours, query, key); ours.Get("Authorization") != theirs {
			t.Fatalf("input %d, %s %s:\n ours   %s\n theirs %s", i, method, ours.Target(), ours.Get("Authorization"), theirs)
		}
	}
}

// TestACS3OverTheWire sends calls to the sandbox, which verifies what the vendor's code signed, and refuses the
// same with another secret.
func TestACS3OverTheWire(t *testing.T) {
	c, random := startCloud(t, 0), newRandom()
	for i := range 20 {
		for _, method := range []string{"GET", "POST"} {
			key := alibabaKey(c)
			good := i%2 == 0
			if !good {
				key.Secret += "x"
			}
			query, values := randomQuery(random)
			r := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: ecs().version, Params: values}.SignedACS3(method, ecs().host, key, time.Now(), randomWord(random, 32))
			if method == "POST" {
				query = nil
			}
			r = r.With("Authorization", theirACS3(r, query, key))
			request, err := http.NewRequestWithContext(t.Context(), method, "https://"+r.Host+r.Target(), strings.NewReader(string(r.Body)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Header {
				request.Header.Set(f.Name, f.Value)
			}
			reply, err := c.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = reply.Body.Close()
			if want := map[bool]int{true: 200, false: 400}[good]; reply.StatusCode != want {
				t.Errorf("%s, with the right secret %v: status %d, want %d", method, good, reply.StatusCode, want)
			}
		}
	}
}
