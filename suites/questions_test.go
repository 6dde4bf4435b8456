package suites_test

import (
	"context"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/sandbox/imitation"
	"prober/suites"
	"prober/suites/kit"
)

// Situations beside those of the catalogue.
const (
	carriedOut   catalog.Situation = ""
	undocumented catalog.Situation = "undocumented" // no document says what comes back
)

// Each question brings about the situation that its requirement judges, as the imitated APIs
// see it, and no other.
func TestQuestions(t *testing.T) {
	c := embedded(t)
	wanted := situations()
	for _, s := range suites.All() {
		t.Run(s.Product, func(t *testing.T) {
			p, _ := c.Product(s.Product)
			want := wanted[s.Product]
			for name, a := range ask(t, c, p, s) {
				situation, known := want[name]
				delete(want, name)
				rule, _ := p.ErrorRule(situation)
				switch api := a.Exchange.API; {
				case a.Told() != nil:
					t.Errorf("%s: %v", name, a.Told())
				case !known:
					t.Errorf("%s is not in the table", name)
				case api == nil && name == "plain-http-form":
				case api == nil:
					t.Errorf("%s: %s", name, a.Exchange.APIProblem)
				case situation == undocumented:
				case api.IsError == (situation == carriedOut), api.IsError && api.Code != rule.Codes[0]:
					t.Errorf("%s: %s, want what is said to %q", name, api, situation)
				case situation == catalog.BadSignature && p.APIStyle == catalog.StyleAlibabaRPC:
					if echo, _ := cloudapi.EchoedStringToSign(api.Message); echo != a.Kept {
						t.Errorf("%s echoes %q, kept was %q", name, echo, a.Kept)
					}
				}
			}
			for name := range want {
				t.Errorf("%s was not asked", name)
			}
		})
	}
}

// situations are what questions bring about, by product and name.
func situations() map[string]map[string]catalog.Situation {
	shared := map[string]catalog.Situation{
		"no-parameters": catalog.Bare, "method-put": catalog.UnsupportedMethod, "method-delete": catalog.UnsupportedMethod,
		"signed-call": carriedOut, "plain-http-form": catalog.PlainHTTP,
	}
	byWay := map[string]catalog.Situation{
		"without-action": catalog.MissingParameter, "unknown-action": catalog.UnknownAction, "unknown-version": catalog.UnknownVersion,
		"missing-key": catalog.MissingKey, "missing-timestamp": catalog.MissingParameter, "unknown-key-beyond-ascii": catalog.UnknownKey,
	}
	byWayWithKey := map[string]catalog.Situation{
		"wrong-secret": catalog.BadSignature, "expired-timestamp": catalog.ExpiredTimestamp, "future-timestamp": catalog.ExpiredTimestamp,
		"missing-timestamp-signed": catalog.MissingParameter,
		"changed-after-signing":    catalog.BadSignature, "signed-for-another-method": catalog.BadSignature, "without-signature": catalog.MissingParameter,
	}
	alibaba := with(shared, by(with(with(byWay, byWayWithKey), map[string]catalog.Situation{
		"unknown-key": catalog.UnknownKey, "action-in-lower-case": catalog.UnknownAction, "as-xml": catalog.UnknownKey,
		"bad-format": catalog.BadFormat, "bad-format-signed": catalog.BadFormat, "replayed-nonce": catalog.ReplayedNonce, "bad-signature-method": catalog.BadSignatureMethod,
		"malformed-timestamp": catalog.MalformedTimestamp, "unsupported-region": catalog.UnsupportedRegion,
		"signed-call": carriedOut, "signed-xml": carriedOut, "wrong-secret-long-text": catalog.BadSignature,
	}), "", "-form"), map[string]catalog.Situation{"post-parameters-in-url": catalog.UnknownKey})
	older := []string{"-form-hmacsha1", "-form-hmacsha256"}
	gets := []string{"-get-hmacsha256", "-get-tc3-hmac-sha256"}
	posts := slices.Concat([]string{"-json-tc3-hmac-sha256"}, older, gets)
	older = slices.Concat(older, gets)
	byWayWithKey["bad-token"], byWayWithKey["signed-for-another-host"] = catalog.BadToken, catalog.BadSignature
	for _, name := range []string{"texts", "long-text", "unknown-parameter"} {
		byWayWithKey[name] = catalog.UnknownParameter
	}
	signedByWay := map[string]catalog.Situation{"signed-call": carriedOut}
	ecs := with(alibaba, map[string]catalog.Situation{"regions-zh-CN": carriedOut, "regions-zh-CN-form": carriedOut, "regions-en-US": carriedOut, "regions-ja-form": carriedOut})
	delete(ecs, "plain-http-form") // which is served
	return map[string]map[string]catalog.Situation{
		"ecs": ecs,
		"kms": with(alibaba, map[string]catalog.Situation{
			"encrypt": carriedOut, "decrypt": carriedOut,
		}, by(map[string]catalog.Situation{"decrypt-under": undocumented},
			"-another-context", "-another-name", "-one-text-less", "-another-end", "-another-plane", "-another-ideograph", "-another-case", "-a-blank-more", "-a-control-character", "-a-mark-of-no-width")),
		"gaap": with(shared, by(byWay, append(posts, "")...), by(byWayWithKey, append(posts, "-get")...), by(signedByWay, append(older, "-get")...), map[string]catalog.Situation{
			"unknown-key": catalog.UnknownKey, "unknown-key-get-hmacsha256": catalog.UnknownKey, "unknown-key-get-tc3-hmac-sha256": catalog.UnknownKey,
			"plain-http-form":    undocumented, // a page
			"post-form-hmacsha1": catalog.UnknownKey, "post-form-hmacsha256": catalog.UnknownKey, "post-json-tc3-hmac-sha256": catalog.UnknownKey,
			"post-multipart-tc3-hmac-sha256": undocumented, "bad-authorization": catalog.BadAuthorization,
			"without-signature-json-tc3-hmac-sha256": catalog.BadAuthorization, "without-signature-get-tc3-hmac-sha256": catalog.BadAuthorization,
			"signed-call-english": carriedOut, "unsupported-region": catalog.UnsupportedRegion,
			"get-within-limit": catalog.UnknownParameter, "get-at-limit": catalog.UnknownParameter, "get-above-limit": catalog.TooLarge,
			"post-tc3-within-limit": catalog.UnknownParameter, "post-tc3-at-limit": catalog.UnknownParameter, "post-tc3-above-limit": catalog.TooLarge,
			"post-hmac-within-limit": catalog.UnknownParameter, "post-hmac-at-limit": catalog.UnknownParameter, "post-hmac-above-limit": catalog.TooLargeHMAC,
			"post-hmac-within-limit-hmacsha256": catalog.UnknownParameter, "post-hmac-at-limit-hmacsha256": catalog.UnknownParameter,
			"post-hmac-above-limit-hmacsha256": catalog.TooLargeHMAC,
		}),
	}
}

// by are situations by each of several ways, whose names end so.
func by(some map[string]catalog.Situation, ways ...string) map[string]catalog.Situation {
	all := map[string]catalog.Situation{}
	for name, s := range some {
		for _, w := range ways {
			all[name+w] = s
		}
	}
	return all
}

func with(some map[string]catalog.Situation, others ...map[string]catalog.Situation) map[string]catalog.Situation {
	all := maps.Clone(some)
	for _, o := range others {
		maps.Copy(all, o)
	}
	return all
}

// ask asks an imitated API every question that the requirements of a product look at.
func ask(t *testing.T, c *catalog.Catalog, p catalog.Product, s kit.Suite) map[string]kit.Answer {
	t.Helper()
	e, _ := c.Endpoint(map[string]string{"ecs": "ecs/default/public", "kms": "kms/cn-hangzhou/public", "gaap": "gaap/nearest/public"}[p.ID])
	plan := &kit.Plan{
		Catalog: c, Endpoints: []catalog.Endpoint{e}, At: afterNotice, Surveys: &kit.Surveys{},
		Alibaba: cloudapi.AlibabaKey{ID: "LTAI00000000000000000000", Secret: "secret"},
		Tencent: cloudapi.TencentKey{ID: "AKID0000000000000000000000000000", Secret: "secret"}, KMSKeyID: imitation.KMSKeyID,
	}
	api, err := imitation.New(imitation.Config{
		Product: p, Host: e.Host, Region: e.Region, Keys: []imitation.Key{{ID: plan.Alibaba.ID, Secret: "secret"}, {ID: plan.Tencent.ID, Secret: "secret"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	specs, err := s.Specs(plan, plan.Endpoints)
	if err != nil {
		t.Fatal(err)
	}
	plan.Look(specs)
	plan.Survey(t.Context(), imitated{api}, []probe.Target{{Endpoint: e, Product: p}}, 1)
	return plan.Surveys.Of(t.Context(), e.ID).Answers
}

// imitated is a [kit.Prober] that hands every request to an imitated API.
type imitated struct{ *imitation.API }

func (imitated) Probe(context.Context, probe.Target) probe.Observation {
	return probe.Observation{Addresses: []probe.AddressResult{{HTTP: &probe.HTTPFacts{}}}}
}

func (i imitated) Ask(_ context.Context, t probe.Target, _ netip.Addr, _ bool, r cloudapi.Request) probe.Exchange {
	header := http.Header{}
	for _, f := range r.Header {
		header.Add(f.Name, f.Value)
	}
	reply := i.Serve(imitation.Request{
		Scheme: t.Scheme, Method: r.Method, Host: r.Host, Path: r.Path, Query: r.Query, Header: header, Body: r.Body,
	})
	x := probe.Exchange{Outcome: reason.OK, Status: reply.Status, Body: reply.Body}
	api, err := cloudapi.Read(t.Product.APIStyle, reply.Get("Content-Type"), reply.Body)
	if err != nil {
		x.APIProblem = err.Error()
		return x
	}
	x.API, x.Class = &api, cloudapi.ClassOf(t.Product.APIStyle, reply.Status, api.Code)
	return x
}

func (imitated) Command(probe.Target, netip.Addr, cloudapi.Request, reason.Finding) string { return "" }
