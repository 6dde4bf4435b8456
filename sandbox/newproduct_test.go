package sandbox_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/sandbox"
)

// newProducts is a catalogue of two products of which no code knows anything.
func newProducts(t testing.TB) *catalog.Catalog {
	t.Helper()
	const name = "testdata/new-products.json"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Decode(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestNewProduct: a product of a known family takes a catalogue and no code to be served.
func TestNewProduct(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: newProducts(t)})
	keys := s.Credentials()
	rpc := func(action string, f cloudapi.Format) string {
		call := cloudapi.AlibabaCall{Action: action, Version: "2015-04-01", Format: f}
		nonce, _ := cloudapi.NewUUID(strings.NewReader(strings.Repeat(action+f.String(), 16)))
		return "?" + call.Signed(http.MethodGet, "", keys.Alibaba, time.Now(), nonce).Query
	}
	v3 := func(action string) string {
		call := cloudapi.TencentCall{Action: action, Version: "2019-01-16"}
		return "?" + cloudapi.SignedV1(http.MethodGet, "cam.example.test", call.V1Values(cloudapi.HmacSHA256, keys.Tencent, time.Now(), 1), keys.Tencent.Secret).Query
	}
	for _, test := range []struct{ id, query, status, says string }{
		{"sts/cn-hangzhou/public", rpc("DescribeNothing", cloudapi.JSON), "200", `"RegionId":"cn-hangzhou"`},
		{"sts/cn-hangzhou/public", rpc("DescribeNothing", cloudapi.XML), "200", "<DescribeNothingResponse>"},
		{"sts/cn-beijing/vpc", rpc("DescribeRegions", cloudapi.JSON), "404", "InvalidAction.NotFound"},
		{"cam/ap-guangzhou/public", v3("DescribeNothing"), "200", `"NothingSet":[{`},
		{"cam/ap-guangzhou/public", v3("DescribeAccessRegions"), "200", "InvalidAction"},
	} {
		e, _ := s.Catalog().Endpoint(test.id)
		got := (&witness{s: s, e: e, query: test.query}).look()
		if !strings.HasPrefix(got.head(), "HTTP/1.1 "+test.status+" ") || !strings.Contains(got.body(), test.says) {
			t.Errorf("%s%s: %s %s; want %s, %s", test.id, test.query, got.head(), got.body(), test.status, test.says)
		}
	}
}

// TestFaultsOfNewProducts: which faults suit a product follows from the catalogue.
func TestFaultsOfNewProducts(t *testing.T) {
	c := newProducts(t)
	all := slices.Concat(sandbox.Faults(c), sandbox.Breaches(c), sandbox.Variants(c))
	for name, want := range map[string][]string{
		"cert_expired":             {"sts", "cam"},
		"not_private":              {"sts"}, // the only one with a VPC endpoint
		"plain_http_served":        {"cam"}, // whose rules refuse it
		"plain_http_forbidden":     {},      // which breaks a requirement of another product
		"request_id_mismatch":      {"sts"}, // a header field of that family
		"host_id":                  {"sts"},
		"unknown_action_code":      {"sts", "cam"},
		"json_refused":             {}, // a requirement of another product
		"version_accepted":         {}, // neither has a rule about TLS
		"verify_bad_status":        {}, // for web sites
		"two_addresses":            {"sts", "cam"},
		"server_error_unavailable": {"sts"},
	} {
		i := slices.IndexFunc(all, func(f sandbox.Fault) bool { return f.Name == name })
		if i < 0 {
			t.Errorf("no fault is called %s", name)
		} else if got := all[i].Products; !slices.Equal(got, want) {
			t.Errorf("%s is for %v, want %v", name, got, want)
		}
	}
	site := sandbox.Faults(siteCatalog(t))
	if i := slices.IndexFunc(site, func(f sandbox.Fault) bool { return f.Name == "verify_bad_status" }); !slices.Equal(site[i].Products, []string{"site"}) {
		t.Errorf("bad_status is for %v", site[i].Products)
	}
}
