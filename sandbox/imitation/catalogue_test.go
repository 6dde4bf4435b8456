package imitation

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
)

// embedded reads the catalogue that the program embeds.
func embedded(t *testing.T) *catalog.Catalog {
	t.Helper()
	data, err := os.ReadFile("../../endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Decode("endpoints.json", data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func product(t *testing.T, id string) catalog.Product {
	t.Helper()
	for _, p := range embedded(t).Products {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("endpoints.json has no product %q", id)
	return catalog.Product{}
}

// TestSituationsOfTheCatalogue brings about every situation that a request can bring about,
// and holds the reply to the error rule of the product.
func TestSituationsOfTheCatalogue(t *testing.T) {
	for _, id := range []string{"ecs", "kms"} {
		p := product(t, id)
		call := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: p.APIVersion}
		with := func(name, value string) Request {
			v := call.SignedValues("GET", goodKey(), now(), "n")
			v.Set(name, value)
			return alibabaGET(v)
		}
		signed := func(method, name, value string) Request {
			c := call
			c.Params = url.Values{name: {value}}
			return received(c.Signed(method, id+".aliyuncs.com", goodKey(), now(), "n"))
		}
		plain := with("x", "y")
		plain.Scheme = catalog.HTTP
		powerless := cloudapi.AlibabaKey{ID: "LTAIpowerless00000001", Secret: secret}
		encrypt := cloudapi.AlibabaCall{Action: "Encrypt", Version: p.APIVersion, Params: url.Values{"KeyId": {"alias/sandbox"}, "Plaintext": {"AAAA"}}}
		forbidden := received(call.Signed("GET", "h", powerless, now(), "n"))
		if id == "kms" { // its DescribeRegions needs no permission
			forbidden = received(encrypt.Signed("GET", "h", powerless, now(), "n"))
		}
		checkSituations(t, p, map[catalog.Situation]Request{
			catalog.Bare:               {Method: "GET"},
			catalog.UnknownAction:      with("Action", "Nonsense"),
			catalog.UnknownVersion:     with("Version", "1999-01-01"),
			catalog.MissingKey:         received(call.Unsigned("h")),
			catalog.MissingParameter:   with("Timestamp", ""),
			catalog.UnknownKey:         with("AccessKeyId", "testid"),
			catalog.InactiveKey:        with("AccessKeyId", "LTAIinactive000000001"),
			catalog.BadSignature:       with("Signature", "AAAA"),
			catalog.BadSignatureMethod: with("SignatureMethod", "MD5"),
			catalog.ExpiredTimestamp:   with("Timestamp", "2016-02-23T12:46:24Z"),
			catalog.MalformedTimestamp: with("Timestamp", "now"),
			catalog.ReplayedNonce:      signed("GET", "x", "y"),
			catalog.BadFormat:          with("Format", "YAML"),
			catalog.UnsupportedMethod:  signed("PUT", "x", "y"),
			catalog.UnsupportedRegion:  signed("GET", "RegionId", "mars-1"),
			catalog.PlainHTTP:          plain,
			catalog.Forbidden:          forbidden,
		})
	}

	p := product(t, "gaap")
	edit := func(name, value string) Request { return tc3(nil, func(r *Request) { r.Header.Set(name, value) }) }
	powerless, _ := accessRegions().SignedTC3(gaapHost, cloudapi.TencentKey{ID: "AKIDpowerless00000001", Secret: secret}, now())
	form := http.Header{"Content-Type": {cloudapi.FormType}}
	checkSituations(t, p, map[catalog.Situation]Request{
		catalog.Bare:             {Method: "GET"},
		catalog.UnknownAction:    edit("X-TC-Action", "Nonsense"),
		catalog.UnknownVersion:   edit("X-TC-Version", "1999-01-01"),
		catalog.MissingKey:       received(accessRegions().Unsigned(gaapHost)),
		catalog.MissingParameter: edit("X-TC-Timestamp", ""),
		catalog.UnknownParameter: tc3(func(c *cloudapi.TencentCall) { c.Payload = []byte(`{"x":1}`) }, nil),
		catalog.UnknownKey: tc3(nil, func(r *Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "AKID", "OTHER", 1))
		}),
		catalog.BadAuthorization:  edit("Authorization", "Basic x"),
		catalog.BadSignature:      edit("X-TC-Action", "DescribeDestRegions"),
		catalog.BadToken:          edit("X-TC-Token", "x"),
		catalog.ExpiredTimestamp:  edit("X-TC-Timestamp", "1"),
		catalog.UnsupportedMethod: tc3(nil, func(r *Request) { r.Method = "PUT" }),
		catalog.TooLarge:          {Method: "GET", Header: form, Query: "x=" + strings.Repeat("y", 33<<10)},
		catalog.TooLargeHMAC:      {Method: "POST", Header: form, Body: []byte("x=" + strings.Repeat("y", 1<<20))},
		catalog.UnsupportedRegion: tc3(func(c *cloudapi.TencentCall) { c.Region = "mars-1" }, nil),
		catalog.Forbidden:         received(powerless),
	})
}

func checkSituations(t *testing.T, p catalog.Product, requests map[catalog.Situation]Request) {
	t.Helper()
	for _, rule := range p.Rules.Errors {
		if rule.Situation == catalog.Throttled || rule.Situation == catalog.ServerError {
			continue // no request of itself brings these about
		}
		t.Run(rule.ID, func(t *testing.T) {
			request, ok := requests[rule.Situation]
			if !ok {
				t.Fatalf("no request for the situation %q", rule.Situation)
			}
			a := newAPI(t, p)
			reply := a.Serve(request)
			if rule.Situation == catalog.ReplayedNonce {
				reply = a.Serve(request)
			}
			var got cloudapi.Reply
			if p.APIStyle == catalog.StyleTencent3 {
				got = readTencent(t, reply)
			} else {
				got = readAlibaba(t, reply)
			}
			if got.Code != rule.Codes[0] || !rule.MatchesStatus(reply.Status) {
				t.Errorf("code %q, status %d (%s); want %q, %v", got.Code, reply.Status, got.Message, rule.Codes[0], rule.Statuses)
			}
			if strings.HasPrefix(got.Message, "The request was refused: ") {
				t.Errorf("code %q has no wording of its own", got.Code)
			}
		})
	}
}

// TestRegionsOfTheCatalogue: every region of the list has its names here.
func TestRegionsOfTheCatalogue(t *testing.T) {
	c := embedded(t)
	english, ok := regionNames("en-US")
	if !ok {
		t.Fatal("no English names")
	}
	known := knownRegions(catalog.StyleTencent3, "")
	for _, e := range c.Endpoints {
		switch {
		case e.Region == "default" || e.Region == "nearest":
		case e.Product == "gaap":
			if !strings.Contains(strings.Join(known, " ")+" ", e.Region+" ") {
				t.Errorf("%s: region %q has no names", e.ID, e.Region)
			}
		case english[e.Region] == "":
			t.Errorf("%s: region %q has no names", e.ID, e.Region)
		}
	}
}
