package compat_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"prober/cloudapi"
)

func TestTencentDescribeAccessRegions(t *testing.T) {
	c := startCloud(t, 0)
	for _, s := range everySetting(tencentKey(c)) {
		t.Run(s.signature+" "+s.method, func(t *testing.T) {
			regions, err := askAccessRegions(t, newTencentClient(c, s), describeAccessRegions())
			if err != nil {
				t.Fatal(err)
			}
			if n := len(regions.names()); n == 0 || regions.Response.TotalCount != int64(n) {
				t.Errorf("%d regions, TotalCount %d", n, regions.Response.TotalCount)
			}
			if id := regions.Response.RequestID; !cloudapi.IsUUID(id) || id != strings.ToLower(id) {
				t.Errorf("request id %q", id)
			}
			if sent := c.last(t); sent.host != gaapHost || sent.method != s.method {
				t.Errorf("the client sent %s to %s", sent.method, sent.host)
			}
		})
	}
}

// everySetting returns each signature method with each method of HTTP.
func everySetting(key cloudapi.TencentKey) []tencentSettings {
	var all []tencentSettings
	for _, signature := range signatures() {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			all = append(all, tencentSettings{key: key, signature: signature, method: method})
		}
	}
	return all
}

func TestTencentRefusals(t *testing.T) {
	c, late := startCloud(t, 0), startCloud(t, 6*time.Minute)
	good := tencentKey(c)
	for _, test := range []struct {
		name string
		at   *cloud
		key  cloudapi.TencentKey
		code string
	}{
		{"wrong secret", c, cloudapi.TencentKey{ID: good.ID, Secret: good.Secret + "x"}, "AuthFailure.SignatureFailure"},
		{"unknown key", c, cloudapi.TencentKey{ID: "AKIDunknownunknown", Secret: good.Secret}, "AuthFailure.SecretIdNotFound"},
		{"unknown token", c, cloudapi.TencentKey{ID: good.ID, Secret: good.Secret, Token: "token"}, "AuthFailure.TokenFailure"},
		{"clock", late, tencentKey(late), "AuthFailure.SignatureExpire"},
	} {
		for _, s := range everySetting(test.key) {
			t.Run(test.name+" "+s.signature+" "+s.method, func(t *testing.T) {
				_, err := askAccessRegions(t, newTencentClient(test.at, s), describeAccessRegions())
				got := refusal(t, err)
				if got.Code != test.code || got.Message == "" || !cloudapi.IsUUID(got.RequestId) {
					t.Errorf("refused with %v, want %s", got, test.code)
				}
			})
		}
	}
}

// TestTencentNames compares names byte for byte in the two languages that the API has.
func TestTencentNames(t *testing.T) {
	c := startCloud(t, 0)
	for language, want := range map[string]map[string]string{
		"zh-CN": {"Guangzhou": "广州, 中国大陆-华南", "Saopaulo": "圣保罗, 南美"},
		"en-US": {"Guangzhou": "Guangzhou, South China", "Saopaulo": "São Paulo, South America"},
	} {
		for _, s := range everySetting(tencentKey(c)) {
			s.language = language
			regions, err := askAccessRegions(t, newTencentClient(c, s), describeAccessRegions())
			if err != nil {
				t.Errorf("%s, %s %s: %v", language, s.signature, s.method, err)
				continue
			}
			for region, name := range want {
				if got := regions.names()[region]; got != name {
					t.Errorf("%s, %s %s: %s is called %q, want %q", language, s.signature, s.method, region, got, name)
				}
			}
		}
	}
}

// TestTencentMangledText shows the fault from the vendor's side: names that cannot be
// right, and a signature that fails although the secret is right.
func TestTencentMangledText(t *testing.T) {
	c := startCloud(t, 0)
	c.withFault(t, gaapEndpoint, "mangled_text")
	for _, s := range everySetting(tencentKey(c)) {
		t.Run(s.signature+" "+s.method, func(t *testing.T) {
			client := newTencentClient(c, s)
			regions, err := askAccessRegions(t, client, describeAccessRegions())
			if err != nil {
				t.Fatalf("with ASCII parameters: %v", err)
			}
			if name := regions.names()["Guangzhou"]; !strings.ContainsRune(name, '\uFFFD') {
				t.Errorf("Guangzhou is called %q", name)
			}
			in := tencentInput{settings: s}
			if s.signature == cloudapi.TC3Algorithm && s.method == http.MethodPost {
				in.payload = map[string]any{"Note": "广州"}
			} else {
				in.params = map[string]string{"Note": "广州"}
			}
			_, err = askAccessRegions(t, client, in.request(t))
			if got := refusal(t, err); got.Code != "AuthFailure.SignatureFailure" {
				t.Errorf("refused with %s", got.Code)
			}
		})
	}
}

// TestTencentPlainHTTP expects the 403 that the vendor's maintainers speak of in issue 56
// of tencentcloud-sdk-go. This version of the client tries to decode the page before it
// looks at the status, and so reports the page.
func TestTencentPlainHTTP(t *testing.T) {
	c := startCloud(t, 0)
	for _, s := range everySetting(tencentKey(c)) {
		s.plain = true
		_, err := askAccessRegions(t, newTencentClient(c, s), describeAccessRegions())
		got := refusal(t, err)
		if !strings.HasPrefix(got.Code, "ClientError.") || !strings.Contains(got.Message, "403 Forbidden") {
			t.Errorf("%s %s: refused with %s: %s", s.signature, s.method, got.Code, got.Message)
		}
	}
}
