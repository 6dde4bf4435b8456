package cloudapi

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"prober/catalog"
)

func at() time.Time { return time.Date(2026, 11, 22, 8, 0, 1, 500, time.FixedZone("UTC+8", 8*3600)) }

func parseQuery(t *testing.T, s string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(s)
	if err != nil {
		t.Fatalf("parsing %q: %v", s, err)
	}
	return v
}

func TestUnsignedProbes(t *testing.T) {
	alibaba := catalog.Product{APIStyle: catalog.StyleAlibabaRPC, APIVersion: "2014-05-26"}
	tencent := catalog.Product{APIStyle: catalog.StyleTencent3, APIVersion: "2018-05-29"}
	own := alibaba
	own.ReadOnlyAction = "GetCallerIdentity"
	for _, tt := range []struct {
		name          string
		request       Request
		target, ctype string
	}{
		{"ecs", UnsignedProbe(alibaba, "ecs.aliyuncs.com"), "/?Action=DescribeRegions&Format=JSON&Version=2014-05-26", ""},
		{"an action of its own", UnsignedProbe(own, "sts.aliyuncs.com"), "/?Action=GetCallerIdentity&Format=JSON&Version=2014-05-26", ""},
		{"gaap", UnsignedProbe(tencent, "gaap.tencentcloudapi.com"), "/?Action=DescribeAccessRegions&Version=2018-05-29", FormType},
		{"no API", UnsignedProbe(catalog.Product{APIStyle: catalog.StyleNone}, "shop.example"), "/", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.request
			if r.Method != "GET" || r.Target() != tt.target || r.Get("content-type") != tt.ctype || len(r.Body) != 0 {
				t.Errorf("%s %s, content type %q, body %q; want GET %s, content type %q, no body",
					r.Method, r.Target(), r.Get("content-type"), r.Body, tt.target, tt.ctype)
			}
			for _, secret := range []string{"AccessKeyId", "SecretId", "Signature"} {
				if strings.Contains(r.Target(), secret) {
					t.Errorf("%s holds %s", r.Target(), secret)
				}
			}
		})
	}
}

func TestUnsignedHeaders(t *testing.T) {
	r := TencentCall{Action: "DescribeAccessRegions", Version: "2018-05-29", Region: "ap-guangzhou", Language: "en-US"}.
		UnsignedHeaders("gaap.tencentcloudapi.com")
	for name, want := range map[string]string{
		"Content-Type": JSONType, "X-TC-Action": "DescribeAccessRegions", "X-TC-Version": "2018-05-29",
		"X-TC-Region": "ap-guangzhou", "X-TC-Language": "en-US", "Authorization": "",
	} {
		if got := r.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if r.Method != "POST" || string(r.Body) != "{}" || r.Target() != "/" {
		t.Errorf("%s %s with body %q, want POST / with {}", r.Method, r.Target(), r.Body)
	}
}

func TestAlibabaSigned(t *testing.T) {
	call := AlibabaCall{
		Action: "DescribeRegions", Version: "2014-05-26", Format: XML, RegionID: "cn-qingdao",
		Params: url.Values{"AcceptLanguage": {"zh-CN"}, "Note": {"青岛 +"}, "Action": {"DeleteInstance"}},
	}
	key := AlibabaKey{ID: "testid", Secret: "testsecret", Token: "temporary"}
	for _, method := range []string{"GET", "POST", "PUT"} {
		t.Run(method, func(t *testing.T) {
			r := call.Signed(method, "ecs.aliyuncs.com", key, at(), "nonce-1")
			encoded, empty := r.Query, string(r.Body)
			if method == "POST" {
				encoded, empty = empty, encoded
				if r.Get("Content-Type") != FormType {
					t.Errorf("content type %q, want %q", r.Get("Content-Type"), FormType)
				}
			}
			if empty != "" {
				t.Errorf("parameters in the wrong place: %q", empty)
			}
			v := parseQuery(t, encoded)
			for name, want := range map[string]string{
				"Action": "DescribeRegions", "Format": "XML", "RegionId": "cn-qingdao", "AccessKeyId": "testid",
				"SecurityToken": "temporary", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
				"SignatureNonce": "nonce-1", "Timestamp": "2026-11-22T00:00:01Z", "Note": "青岛 +",
			} {
				if got := v.Get(name); got != want {
					t.Errorf("%s = %q, want %q", name, got, want)
				}
			}
			if want := SignRPC(method, v, "testsecret"); v.Get("Signature") != want {
				t.Errorf("Signature %q, want %q", v.Get("Signature"), want)
			}
			if strings.Contains(encoded, "+") {
				t.Errorf("%q holds a plus sign", encoded)
			}
		})
	}
	call.Values()["Note"][0] = "changed"
	if call.Params.Get("Note") != "青岛 +" {
		t.Error("Values shares memory with the caller's parameters")
	}
	if len(call.Params) != 3 || call.Params.Get("Action") != "DeleteInstance" {
		t.Errorf("signing changed the caller's parameters: %v", call.Params)
	}
}

func TestTencentSignedV1(t *testing.T) {
	call := TencentCall{Action: "DescribeAccessRegions", Version: "2018-05-29", Region: "ap-guangzhou", Params: url.Values{"Note": {"中国大陆-华北"}}}
	key := TencentKey{ID: "id", Secret: "secret", Token: "temporary"}
	for _, m := range []V1Method{HmacSHA1, HmacSHA256} {
		for _, method := range []string{"GET", "POST"} {
			r := SignedV1(method, "gaap.tencentcloudapi.com", call.V1Values(m, key, at(), 4294967295), key.Secret)
			encoded := r.Query
			if method == "POST" {
				encoded = string(r.Body)
			}
			v := parseQuery(t, encoded)
			if want := SignTencentV1(m, method, "gaap.tencentcloudapi.com", "/", v, "secret"); v.Get("Signature") != want {
				t.Errorf("%s %s: signature %q, want %q", m, method, v.Get("Signature"), want)
			}
			if v.Get("SignatureMethod") != m.String() || v.Get("Nonce") != "4294967295" || v.Get("Token") != "temporary" ||
				v.Get("Timestamp") != "1795305601" || r.Get("Content-Type") != FormType {
				t.Errorf("%s %s: parameters %v, content type %q", m, method, v, r.Get("Content-Type"))
			}
		}
	}
}

func TestTencentSignedTC3(t *testing.T) {
	call := TencentCall{Action: "DescribeAccessRegions", Version: "2018-05-29", Payload: []byte(`{"Note":"华北"}`)}
	r, sig := call.SignedTC3("gaap.ap-guangzhou.tencentcloudapi.com", TencentKey{ID: "id", Secret: "secret", Token: "temporary"}, at())
	if r.Get("Authorization") != sig.Authorization || !strings.Contains(sig.Authorization, "/2026-11-22/gaap/tc3_request") {
		t.Errorf("Authorization %q, scope %q", r.Get("Authorization"), sig.CredentialScope)
	}
	if sig.SignedHeaders != "content-type;host;x-tc-action" {
		t.Errorf("signed headers %q", sig.SignedHeaders)
	}
	if r.Get("X-TC-Timestamp") != "1795305601" || r.Get("X-TC-Token") != "temporary" || string(r.Body) != `{"Note":"华北"}` {
		t.Errorf("headers %v, body %q", len(r.Header), r.Body)
	}
}

// A GET request carries and signs its parameters in the query, and has no payload.
func TestTencentSignedTC3InQuery(t *testing.T) {
	call := TencentCall{Action: "DescribeAccessRegions", Version: "2018-05-29", Params: url.Values{"Note": {"华北 1"}}, InQuery: true}
	key := TencentKey{ID: "id", Secret: "secret"}
	r, sig := call.SignedTC3("gaap.tencentcloudapi.com", key, at())
	if r.Method != "GET" || r.Query != "Note=%E5%8D%8E%E5%8C%97%201" || len(r.Body) > 0 || r.Get("Content-Type") != FormType {
		t.Errorf("%s %q, %d bytes of %s", r.Method, r.Query, len(r.Body), r.Get("Content-Type"))
	}
	want := "GET\n/\n" + r.Query + "\ncontent-type:" + FormType + "\nhost:gaap.tencentcloudapi.com\nx-tc-action:describeaccessregions\n\n" +
		"content-type;host;x-tc-action\n" + hexSHA256("")
	if sig.CanonicalRequest != want {
		t.Errorf("signed is %q, want %q", sig.CanonicalRequest, want)
	}
}

func TestTarget(t *testing.T) {
	for _, tt := range []struct {
		r    Request
		want string
	}{
		{Request{}, "/"}, {Request{Path: "/x"}, "/x"}, {Request{Query: "a=b"}, "/?a=b"},
	} {
		if got := tt.r.Target(); got != tt.want {
			t.Errorf("Target() = %q, want %q", got, tt.want)
		}
	}
}
