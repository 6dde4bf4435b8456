package catalog_test

import (
	"slices"
	"testing"
	"time"

	"prober/catalog"
)

func product(t *testing.T, id string) catalog.Product {
	t.Helper()
	p, ok := embedded(t).Product(id)
	if !ok {
		t.Fatalf("no product %q", id)
	}
	return p
}

func TestDocumentedRules(t *testing.T) {
	ecs, kms, gaap := product(t, "ecs"), product(t, "kms"), product(t, "gaap")
	type list = []catalog.Scheme
	for _, tt := range []struct {
		p               catalog.Product
		served, refused list
		methods         []string
		version         string
		style           catalog.APIStyle
		parametersInURL bool
	}{
		{ecs, list{"https", "http"}, nil, []string{"GET"}, "2014-05-26", "alibaba-rpc", true},
		{kms, list{"https"}, list{"http"}, []string{"POST", "GET"}, "2016-01-20", "alibaba-rpc", true},
		{gaap, list{"https"}, list{"http"}, []string{"POST", "GET"}, "2018-05-29", "tencent-3", false},
	} {
		r := tt.p.Rules
		if !slices.Equal(r.Schemes.Served, tt.served) || !slices.Equal(r.Schemes.Refused, tt.refused) {
			t.Errorf("%s: schemes %+v", tt.p.ID, r.Schemes)
		}
		if !slices.Equal(r.Methods.Served, tt.methods) || slices.Contains(r.Methods.Refused, "GET") {
			t.Errorf("%s: methods %+v", tt.p.ID, r.Methods)
		}
		if r.Encoding.Charset != "UTF-8" || tt.p.APIVersion != tt.version || tt.p.APIStyle != tt.style {
			t.Errorf("%s: charset %s, version %s, style %s", tt.p.ID, r.Encoding.Charset, tt.p.APIVersion, tt.p.APIStyle)
		}
		if inURL := r.Parameters != nil && r.Parameters.InURL && slices.Equal(r.Parameters.Required, []string{"Action"}); inURL != tt.parametersInURL {
			t.Errorf("%s: parameters %+v", tt.p.ID, r.Parameters)
		}
	}
}

func TestDocumentedSizesAndContentTypes(t *testing.T) {
	r := product(t, "gaap").Rules
	sizes := map[string]int64{}
	for _, s := range r.SizeLimits {
		if len(s.SignatureMethods) == 0 {
			sizes[s.Method+" any"] = s.Bytes
		}
		for _, m := range s.SignatureMethods {
			sizes[s.Method+" "+m] = s.Bytes
		}
	}
	want := map[string]int64{
		"GET any": 32768, "POST HmacSHA1": 1048576, "POST HmacSHA256": 1048576, "POST TC3-HMAC-SHA256": 10485760,
	}
	for k, n := range want {
		if sizes[k] != n {
			t.Errorf("%s: %d bytes, want %d", k, sizes[k], n)
		}
	}
	if len(sizes) != len(want) {
		t.Errorf("size limits %v", sizes)
	}
	var types []string
	for _, c := range r.ContentTypes {
		for _, m := range c.SignatureMethods {
			types = append(types, c.ContentType+" "+m)
		}
		if c.SomeAPIsOnly != (c.ContentType == "multipart/form-data") {
			t.Errorf("%s: some APIs only is %v", c.ContentType, c.SomeAPIsOnly)
		}
	}
	if want := []string{
		"application/json TC3-HMAC-SHA256",
		"application/x-www-form-urlencoded HmacSHA1", "application/x-www-form-urlencoded HmacSHA256",
		"multipart/form-data TC3-HMAC-SHA256",
	}; !slices.Equal(types, want) {
		t.Errorf("content types %v, want %v", types, want)
	}
}

func TestTLSExpectations(t *testing.T) {
	day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.FixedZone("Beijing", 8*3600))
	before := day.Add(-time.Second)
	const (
		required, allowed = catalog.Required, catalog.Allowed
		refused, reported = catalog.Refused, catalog.Reported
	)
	for _, tt := range []struct {
		name, product, region string
		at                    time.Time
		want                  [6]catalog.Expectation // SSLv2 to TLS 1.3
	}{
		{"KMS claims TLS 1.0 and later", "kms", "cn-beijing", day, [6]catalog.Expectation{refused, refused, allowed, allowed, required, reported}},
		{"ECS claims nothing", "ecs", "default", day, [6]catalog.Expectation{reported, reported, reported, reported, required, reported}},
		{"GAAP in mainland China", "gaap", "ap-guangzhou", day, [6]catalog.Expectation{reported, reported, reported, reported, required, reported}},
		{"GAAP abroad, the last second", "gaap", "ap-seoul", before, [6]catalog.Expectation{reported, reported, reported, reported, required, reported}},
		{"GAAP abroad, the first instant", "gaap", "ap-seoul", day, [6]catalog.Expectation{reported, reported, refused, refused, required, reported}},
		{"the same instant in UTC", "gaap", "ap-seoul", day.UTC(), [6]catalog.Expectation{reported, reported, refused, refused, required, reported}},
		{"GAAP nearest", "gaap", "nearest", day.AddDate(1, 0, 0), [6]catalog.Expectation{reported, reported, reported, reported, required, reported}},
	} {
		p := product(t, tt.product)
		for i, v := range catalog.TLSVersions() {
			got, rule := p.TLSExpectation(v, tt.region, tt.at)
			if got != tt.want[i] || rule.Version != v || rule.ID == "" {
				t.Errorf("%s: %s is %s by rule %q, want %s", tt.name, v, got, rule.ID, tt.want[i])
			}
		}
	}
}

func TestFourteenRegionsRefuseOldTLS(t *testing.T) {
	c, p := embedded(t), product(t, "gaap")
	at := time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC)
	for _, v := range []catalog.TLSVersion{catalog.TLS10, catalog.TLS11} {
		var regions, ours []string
		for _, r := range c.Regions {
			if e, _ := p.TLSExpectation(v, r.ID, at); r.Provider == "tencent" && e == catalog.Refused {
				regions = append(regions, r.ID)
				if _, ok := c.Endpoint("gaap/" + r.ID + "/public"); ok {
					ours = append(ours, r.ID)
				}
			}
		}
		if len(regions) != 14 || len(ours) != 8 {
			t.Errorf("%s is refused in %d regions %v, %d of them listed; want 14 and 8", v, len(regions), regions, len(ours))
		}
	}
}

func TestTLSRulesWithoutAny(t *testing.T) {
	var p catalog.Product
	e, rule := p.TLSExpectation(catalog.TLS12, "anywhere", time.Time{})
	if e != catalog.Reported || rule.ID != "" {
		t.Errorf("without rules: %s by %q, want reported by none", e, rule.ID)
	}
}

func TestTLSVersionsServed(t *testing.T) {
	after := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		product, region string
		want            []catalog.TLSVersion
	}{
		{"ecs", "default", []catalog.TLSVersion{"TLS1.2", "TLS1.3"}},
		{"kms", "cn-beijing", []catalog.TLSVersion{"TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"}},
		{"gaap", "ap-seoul", []catalog.TLSVersion{"TLS1.2", "TLS1.3"}},
	} {
		if got := product(t, tt.product).TLSVersionsServed(tt.region, after); !slices.Equal(got, tt.want) {
			t.Errorf("%s in %s serves %v, want %v", tt.product, tt.region, got, tt.want)
		}
	}
}

func TestErrorRules(t *testing.T) {
	for _, tt := range []struct {
		product   string
		situation catalog.Situation
		code      string
		status    int
		want      bool
	}{
		{"ecs", catalog.MissingKey, "MissingParameter", 400, true},
		{"kms", catalog.MissingKey, "MissingAccessKeyId", 400, true},
		{"gaap", catalog.MissingKey, "AuthFailure.SecretIdNotFound", 200, true},
		{"ecs", catalog.UnknownAction, "InvalidAction.NotFound", 404, true},
		{"ecs", catalog.UnknownAction, "InvalidAccessKeyId.NotFound", 404, false},
		{"kms", catalog.UnknownKey, "InvalidAccessKeyId.NotFound", 404, true},
		{"gaap", catalog.UnknownKey, "AuthFailure.SecretIdNotFound", 404, false},
		{"gaap", catalog.TooLargeHMAC, "AuthFailure.SignatureFailure", 200, true},
		{"ecs", catalog.Throttled, "Throttling.User", 400, true},
		{"ecs", catalog.Throttled, "Throttlin", 400, false},
		{"ecs", catalog.Bare, "MissingAction", 418, true}, // no status is documented
	} {
		r, ok := product(t, tt.product).ErrorRule(tt.situation)
		if got := ok && r.Matches(tt.code) && r.MatchesStatus(tt.status); got != tt.want {
			t.Errorf("%s %s: %s with %d matches: %v, want %v", tt.product, tt.situation, tt.code, tt.status, got, tt.want)
		}
	}
	if r, ok := product(t, "ecs").ErrorRule(catalog.PlainHTTP); ok {
		t.Errorf("ECS serves plain HTTP, yet there is a rule: %+v", r)
	}
}
