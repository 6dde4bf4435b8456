package groups

import (
	"crypto/rand"
	"net/http"
	"slices"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/cloudapi"
	"prober/sandbox/imitation"
	"prober/suites/kit"
)

// Each question brings about the situation that its spec judges, as the imitated APIs see
// it, and no other.
func TestAlibabaQuestions(t *testing.T) {
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]catalog.Situation{
		noParameters: catalog.Bare, WithoutParameter("Action"): catalog.MissingParameter, unknownAction: catalog.UnknownAction,
		unknownVersion: catalog.UnknownVersion, missingKey: catalog.MissingKey, missingTimestamp: catalog.MissingParameter,
		InASCII: catalog.UnknownKey, BeyondASCII: catalog.UnknownKey, asXML: catalog.UnknownKey, postForm: catalog.UnknownKey,
		postInURL: catalog.UnknownKey, badFormat: catalog.BadFormat, "method-put": catalog.UnsupportedMethod,
		"method-delete": catalog.UnsupportedMethod, SignedCall: "", replayedNonce: catalog.ReplayedNonce,
		badSignatureMethod: catalog.BadSignatureMethod, expiredTimestamp: catalog.ExpiredTimestamp,
		malformedTimestamp: catalog.MalformedTimestamp, unsupportedRegion: catalog.UnsupportedRegion, wrongSignature: catalog.BadSignature,
	}
	for _, product := range []string{"ecs", "kms"} {
		p, _ := c.Product(product)
		e := catalog.Endpoint{ID: product + "/here/public", Product: product, Host: product + ".example.test", Region: "here"}
		key := cloudapi.AlibabaKey{ID: "LTAI00000000000000000000", Secret: "secret"}
		api, err := imitation.New(imitation.Config{Product: p, Host: e.Host, Region: e.Region, Keys: []imitation.Key{{ID: key.ID, Secret: key.Secret}}})
		if err != nil {
			t.Fatal(err)
		}
		answers := map[string]kit.Answer{}
		questions := AlibabaQuestions(e, p)
		slices.SortStableFunc(questions, func(a, b kit.Question) int { return len(a.After) - len(b.After) })
		for _, q := range questions {
			a := &kit.Asking{Endpoint: e, Product: p, Alibaba: key, Now: time.Now(), Random: rand.Reader, Earlier: answers[q.After]}
			r, err := q.Make(a)
			if err != nil {
				t.Fatalf("%s %s: %v", product, q.Name, err)
			}
			answers[q.Name] = kit.Answer{Kept: a.Kept}
			said, err := cloudapi.ReadAlibaba("", serve(api, r).Body)
			s, known := want[q.Name]
			rule, _ := p.ErrorRule(s)
			switch {
			case err != nil:
				t.Errorf("%s %s: %v", product, q.Name, err)
			case !known:
				t.Errorf("%s is not in the table", q.Name)
			case s == "" && said.IsError, s != "" && (!said.IsError || said.Code != rule.Codes[0]):
				t.Errorf("%s %s: %s, want what is said to %q", product, q.Name, said, s)
			}
			if q.Name == wrongSignature {
				if echo, _ := cloudapi.EchoedStringToSign(said.Message); echo != a.Kept {
					t.Errorf("%s echoes %q, kept was %q", product, echo, a.Kept)
				}
			}
		}
		if len(answers) != len(want) {
			t.Errorf("%s: %d questions, want %d", product, len(answers), len(want))
		}
	}
}

// serve hands a request to an imitated API.
func serve(api *imitation.API, r cloudapi.Request) imitation.Reply {
	header := http.Header{}
	for _, f := range r.Header {
		header.Add(f.Name, f.Value)
	}
	return api.Serve(imitation.Request{
		Scheme: catalog.HTTPS, Method: r.Method, Host: r.Host, Path: r.Path, Query: r.Query, Header: header, Body: r.Body,
	})
}

// Products that share a requirement share its number and its words.
func TestSharedRequirementsAgree(t *testing.T) {
	a := Product{Prefix: "ECS", Rules: "ecs", Document: Document{Source: "a", Endpoints: "E"}}
	b := Product{Prefix: "KMS", Rules: "kms", Document: Document{Source: "b", Endpoints: "E", Older: &Document{Source: "c", Endpoints: "Older E"}}}
	first, second := a.DNSRequirements(), b.DNSRequirements()
	for i := range first {
		if first[i].ID[len("ECS"):] != second[i].ID[len("KMS"):] || first[i].Text != second[i].Text {
			t.Errorf("%+v and %+v", first[i], second[i])
		}
	}
	if also := second[0].Also; len(also) != 1 || also[0] != (kit.Reference{Source: "c", Section: "Older E"}) {
		t.Errorf("also in %+v", also)
	}
	if also := second[1].Also; also != nil {
		t.Errorf("an RFC's requirement is also in %+v", also)
	}
}

func TestRequired(t *testing.T) {
	with := catalog.Product{Rules: catalog.Rules{Parameters: &catalog.ParameterRule{Required: []string{"Action", "Version"}}}}
	if got, want := WithoutRequired(with), []string{"without-action", "without-version"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := WithoutRequired(catalog.Product{}), []string{"without-action"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
