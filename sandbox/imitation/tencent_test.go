package imitation

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

const gaapHost = "gaap.tencentcloudapi.com"

func accessRegions() cloudapi.TencentCall {
	return cloudapi.TencentCall{Action: "DescribeAccessRegions", Version: "2018-05-29"}
}

func tencentKey() cloudapi.TencentKey {
	return cloudapi.TencentKey{ID: "AKIDsandbox0000000001", Secret: secret}
}

// tc3 returns a good call, changed before it is signed by call and after it by request.
func tc3(call func(*cloudapi.TencentCall), request func(*Request)) Request {
	c := accessRegions()
	if call != nil {
		call(&c)
	}
	signed, _ := c.SignedTC3(gaapHost, tencentKey(), now())
	r := received(signed)
	if request != nil {
		request(&r)
	}
	return r
}

func TestTC3Checks(t *testing.T) {
	set := func(name, value string) func(*Request) {
		return func(r *Request) { r.Header.Set(name, value) }
	}
	edit := func(old, new string) func(*Request) {
		return func(r *Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
		}
	}
	body := func(s string) func(*cloudapi.TencentCall) {
		return func(c *cloudapi.TencentCall) { c.Payload = []byte(s) }
	}
	at := func(offset time.Duration) func(*Request) {
		return set("X-TC-Timestamp", strconv.FormatInt(now().Add(offset).Unix(), 10))
	}
	for _, tt := range []struct {
		name    string
		call    func(*cloudapi.TencentCall)
		request func(*Request)
		code    string
		says    string
	}{
		{"nothing wrong", nil, nil, "", ""},
		{"the other action", func(c *cloudapi.TencentCall) { c.Action = "DescribeDestRegions" }, nil, "", ""},
		{"known region", func(c *cloudapi.TencentCall) { c.Region = "ap-guangzhou" }, nil, "", ""},
		{"method", nil, func(r *Request) { r.Method = "PUT" }, "UnsupportedProtocol", "only GET and POST"},
		{"no action", nil, set("X-TC-Action", ""), "MissingParameter", "`Action`"},
		{"no version", nil, set("X-TC-Version", ""), "MissingParameter", "`Version`"},
		{"no time", nil, set("X-TC-Timestamp", ""), "MissingParameter", "`Timestamp`"},
		{"no authorization", nil, set("Authorization", ""), "MissingParameter", "`Authorization`"},
		{"what is missing before what is unknown", nil, func(r *Request) { set("X-TC-Action", "Nonsense")(r); set("Authorization", "")(r) }, "MissingParameter", ""},
		{"unknown action", nil, func(r *Request) { set("X-TC-Action", "Nonsense")(r); set("Authorization", "x")(r) }, "InvalidAction", "`Action` is invalid"},
		{"unknown version", nil, set("X-TC-Version", "1999-01-01"), "NoSuchVersion", ""},
		{"other path", nil, func(r *Request) { r.Path = "/v2/index.php" }, "InvalidAction", ""},
		{"authorization of another algorithm", nil, set("Authorization", "Basic x"), "AuthFailure.InvalidAuthorization", ""},
		{"no credential", nil, edit("Credential=", "Cred="), "AuthFailure.InvalidAuthorization", ""},
		{"no signature", nil, edit("Signature=", "S="), "AuthFailure.InvalidAuthorization", ""},
		{"part without a value", nil, edit("SignedHeaders=", "SignedHeaders"), "AuthFailure.InvalidAuthorization", ""},
		{"part twice", nil, edit("SignedHeaders=", "Signature=x, SignedHeaders="), "AuthFailure.InvalidAuthorization", ""},
		{"scope of another kind", nil, edit("tc3_request", "tc4_request"), "AuthFailure.InvalidAuthorization", ""},
		{"scope of four parts", nil, edit("/gaap/", "/gaap/x/"), "AuthFailure.InvalidAuthorization", ""},
		{"host not signed", nil, edit("content-type;host", "content-type;x-tc-version"), "AuthFailure.InvalidAuthorization", ""},
		{"skipped signature", nil, set("Authorization", "SKIP"), "AuthFailure.InvalidAuthorization", ""},
		{"ill-formed key id", nil, edit("AKIDsandbox", "AKID-sandbox"), "AuthFailure.InvalidSecretId", ""},
		{"unknown key before the time", nil, func(r *Request) { edit("AKIDsandbox", "AKIDother")(r); at(-time.Hour)(r) }, "AuthFailure.SecretIdNotFound", "ensure that your SecretId is correct"},
		{"inactive key", nil, edit("AKIDsandbox", "AKIDinactive"), "AuthFailure.SecretIdNotFound", ""},
		{"time no number", nil, set("X-TC-Timestamp", "soon"), "InvalidParameter", "`Timestamp` type error"},
		{"old before the signature", nil, at(-5*time.Minute - time.Second), "AuthFailure.SignatureExpire", "expired"},
		{"from the future", nil, at(5*time.Minute + time.Second), "AuthFailure.SignatureExpire", ""},
		{"other time inside the window", nil, at(5 * time.Minute), "AuthFailure.SignatureFailure", "check your signature"},
		{"payload changed", nil, func(r *Request) { r.Body = []byte(`{ }`) }, "AuthFailure.SignatureFailure", ""},
		{"signed field changed", nil, set("X-TC-Action", "DescribeDestRegions"), "AuthFailure.SignatureFailure", ""},
		{"field that is not signed changed", nil, set("X-TC-Language", "en-US"), "", ""},
		{"scope of another day", nil, edit("2026-11-22", "2026-11-21"), "AuthFailure.SignatureFailure", ""},
		{"scope of another service", nil, edit("/gaap/", "/cvm/"), "AuthFailure.SignatureFailure", ""},
		{"sent to another host", nil, func(r *Request) { r.Host = "gaap.ap-seoul.tencentcloudapi.com" }, "AuthFailure.SignatureFailure", ""},
		{"token that the key does not have", nil, set("X-TC-Token", "x"), "AuthFailure.TokenFailure", ""},
		{"unknown region", func(c *cloudapi.TencentCall) { c.Region = "mars-1" }, nil, "UnsupportedRegion", "`mars-1`"},
		{"unknown parameter", body(`{"Note":"华北","Also":1}`), nil, "UnknownParameter", "`Also`"},
		{"body no object", body(`[]`), nil, "InvalidParameter", "JSON object"},
		{"parameter in the query", nil, func(r *Request) { r.Query = "x=y" }, "AuthFailure.SignatureFailure", ""},
		{"media type of forms", nil, set("Content-Type", cloudapi.FormType), "InvalidParameter", "splited by `=`"},
		{"media type of files", nil, set("Content-Type", "multipart/form-data; boundary=x"), "InvalidRequest", ""},
		{"media type that is not known", nil, set("Content-Type", "text/plain"), "InvalidRequest", "TC3-HMAC-SHA256"},
		{"raw text signed", body(`{"华北1（青岛）":"é😀"}`), nil, "UnknownParameter", "华北1（青岛）"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newAPI(t, gaap()).Serve(tc3(tt.call, tt.request))
			got := readTencent(t, r)
			expect(t, r, got, 200, tt.code)
			if !strings.Contains(got.Message, tt.says) {
				t.Errorf("message %q, want it to say %q", got.Message, tt.says)
			}
			if r.Get("Content-Type") != "application/json" || r.Get("Server") != "nginx" || got.RequestID != strings.ToLower(got.RequestID) {
				t.Errorf("header %v, request id %q", r.Header, got.RequestID)
			}
		})
	}
}

// TestV1Checks changes the parameters of a good call, without signing again.
func TestV1Checks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(url.Values)
		code   string
		says   string
	}{
		{"nothing wrong", func(url.Values) {}, "", ""},
		{"no parameter", func(v url.Values) { clear(v) }, "MissingParameter", "`Action`"},
		{"no time", func(v url.Values) { v.Del("Timestamp"); v.Del("SecretId") }, "MissingParameter", "`Timestamp`"},
		{"no nonce", func(v url.Values) { v.Del("Nonce") }, "MissingParameter", "`Nonce`"},
		{"no key", func(v url.Values) { v.Del("SecretId") }, "MissingParameter", "`SecretId`"},
		{"no signature", func(v url.Values) { v.Del("Signature") }, "MissingParameter", "`Signature`"},
		{"unknown action", func(v url.Values) { v.Set("Action", "Nonsense") }, "InvalidAction", ""},
		{"unknown key", func(v url.Values) { v.Set("SecretId", "AKIDunknown") }, "AuthFailure.SecretIdNotFound", ""},
		{"ill-formed key", func(v url.Values) { v.Set("SecretId", "AKID unknown") }, "AuthFailure.InvalidSecretId", ""},
		{"old", func(v url.Values) { v.Set("Timestamp", "1") }, "AuthFailure.SignatureExpire", ""},
		{"wrong signature", func(v url.Values) { v.Set("Signature", "AAAA") }, "AuthFailure.SignatureFailure", ""},
		{"unknown signature method", func(v url.Values) { v.Set("SignatureMethod", "MD5") }, "AuthFailure.SignatureFailure", ""},
		{"unknown parameter", func(v url.Values) {
			v.Set("Note", "华北 +&=%")
			v.Set("Signature", cloudapi.SignTencentV1(cloudapi.HmacSHA1, "GET", gaapHost, "/", v, secret))
		}, "UnknownParameter", "`Note`"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			signed := cloudapi.SignedV1("GET", gaapHost, accessRegions().V1Values(cloudapi.HmacSHA1, tencentKey(), now(), 1), tencentKey().Secret)
			v, err := url.ParseQuery(signed.Query)
			if err != nil {
				t.Fatal(err)
			}
			tt.change(v)
			signed.Query = cloudapi.EncodeParams(v)
			r := newAPI(t, gaap()).Serve(received(signed))
			got := readTencent(t, r)
			expect(t, r, got, 200, tt.code)
			if !strings.Contains(got.Message, tt.says) {
				t.Errorf("message %q, want it to say %q", got.Message, tt.says)
			}
		})
	}
}

func TestV1Variants(t *testing.T) {
	for _, m := range []cloudapi.V1Method{cloudapi.HmacSHA1, cloudapi.HmacSHA256} {
		for _, method := range []string{"GET", "POST"} {
			r := newAPI(t, gaap()).Serve(received(cloudapi.SignedV1(method, gaapHost, accessRegions().V1Values(m, tencentKey(), now(), 1), tencentKey().Secret)))
			got := readTencent(t, r)
			if got.IsError {
				t.Errorf("%s %s: %s", m, method, got)
			}
		}
	}
}

func TestTencentTokens(t *testing.T) {
	key := cloudapi.TencentKey{ID: "AKIDtemporary00000001", Secret: secret, Token: "token"}
	for _, tt := range []struct{ token, code string }{{"token", ""}, {"", "AuthFailure.TokenFailure"}, {"other", "AuthFailure.TokenFailure"}} {
		key.Token = tt.token
		signed, _ := accessRegions().SignedTC3(gaapHost, key, now())
		for _, r := range []cloudapi.Request{signed, cloudapi.SignedV1("POST", gaapHost, accessRegions().V1Values(cloudapi.HmacSHA256, key, now(), 1), key.Secret)} {
			reply := newAPI(t, gaap()).Serve(received(r))
			expect(t, reply, readTencent(t, reply), 200, tt.code)
		}
	}
	powerless := cloudapi.TencentKey{ID: "AKIDpowerless00000001", Secret: secret}
	signed, _ := accessRegions().SignedTC3(gaapHost, powerless, now())
	reply := newAPI(t, gaap()).Serve(received(signed))
	expect(t, reply, readTencent(t, reply), 200, "UnauthorizedOperation")
}

func TestTencentUnsigned(t *testing.T) {
	a := newAPI(t, gaap())
	for name, r := range map[string]cloudapi.Request{
		"parameters": cloudapi.UnsignedProbe(gaap(), gaapHost),
		"fields":     accessRegions().UnsignedHeaders(gaapHost),
	} {
		reply := a.Serve(received(r))
		got := readTencent(t, reply)
		expect(t, reply, got, 200, "MissingParameter")
		if got.Message != "The request is missing a required parameter `Timestamp`." {
			t.Errorf("%s: message %q", name, got.Message)
		}
	}
}

// TestTencentSizes sends requests of the largest documented size, and one byte more.
func TestTencentSizes(t *testing.T) {
	form := http.Header{"Content-Type": {cloudapi.FormType}}
	text := http.Header{"Content-Type": {cloudapi.JSONType}, "X-Tc-Action": {"DescribeAccessRegions"}}
	for _, tt := range []struct {
		name   string
		method string
		header http.Header
		prefix string
		limit  int
		code   string
		says   string
	}{
		{"GET", "GET", form, "x=", 32 << 10, "RequestSizeLimitExceeded", ""},
		{"POST, version 1", "POST", form, "x=", 1 << 20, "AuthFailure.SignatureFailure", "because of exceeding request size limit"},
		{"POST, version 1 with SHA-256", "POST", form, "SignatureMethod=HmacSHA256&x=", 1 << 20, "AuthFailure.SignatureFailure", "TC3-HMAC-SHA256"},
		{"POST, TC3", "POST", text, "", 10 << 20, "RequestSizeLimitExceeded", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, extra := range []int{0, 1} {
				payload := tt.prefix + strings.Repeat("a", tt.limit-len(tt.prefix)+extra)
				r := Request{Method: tt.method, Host: gaapHost, Header: tt.header, Body: []byte(payload)}
				if tt.method == "GET" {
					r.Query, r.Body = payload, nil
				}
				want := "MissingParameter"
				if extra > 0 {
					want = tt.code
				}
				reply := newAPI(t, gaap()).Serve(r)
				got := readTencent(t, reply)
				expect(t, reply, got, 200, want)
				if extra > 0 && !strings.Contains(got.Message, tt.says) {
					t.Errorf("message %q, want it to say %q", got.Message, tt.says)
				}
			}
		})
	}
}

func TestTencentRegions(t *testing.T) {
	for _, tt := range []struct{ action, language, set, name, area string }{
		{"DescribeAccessRegions", "", "AccessRegionSet", "北京", "中国大陆-华北"},
		{"DescribeDestRegions", "zh-CN", "DestRegionSet", "北京", "中国大陆-华北"},
		{"DescribeDestRegions", "en-US", "DestRegionSet", "Beijing", "North China"},
	} {
		call := cloudapi.TencentCall{Action: tt.action, Version: "2018-05-29", Language: tt.language}
		signed, _ := call.SignedTC3(gaapHost, tencentKey(), now())
		var body struct{ Response map[string]json.RawMessage }
		if err := json.Unmarshal(newAPI(t, gaap()).Serve(received(signed)).Body, &body); err != nil {
			t.Fatal(err)
		}
		var set []gaapRegion
		if err := json.Unmarshal(body.Response[tt.set], &set); err != nil {
			t.Fatalf("%s: %v", tt.set, err)
		}
		want := gaapRegion{"Beijing", tt.name, "NorthChina", tt.area, "dc", 0}
		if len(set) != len(tencentRegions()) || string(body.Response["TotalCount"]) != strconv.Itoa(len(set)) || set[2] != want {
			t.Errorf("%d of %s regions, the third %v; want %v", len(set), body.Response["TotalCount"], set[2], want)
		}
	}
}

// TestTC3GET signs a query instead of a payload; the common parameters stay in fields.
func TestTC3GET(t *testing.T) {
	header := http.Header{
		"Content-Type": {cloudapi.FormType}, "X-Tc-Action": {"DescribeAccessRegions"}, "X-Tc-Version": {"2018-05-29"},
		"X-Tc-Timestamp": {strconv.FormatInt(now().Unix(), 10)},
	}
	for _, tt := range []struct{ signed, sent, code string }{
		{"", "", ""},
		{"Note=%E5%8D%8E", "Note=%E5%8D%8E", "UnknownParameter"},
		{"Note=a", "Note=b", "AuthFailure.SignatureFailure"},
		{"Region=ap-seoul", "Region=ap-seoul", "UnknownParameter"},
	} {
		sig := cloudapi.SignTC3(cloudapi.TC3Input{
			Method: "GET", Query: tt.signed, Service: "gaap", Timestamp: now(),
			Headers: []cloudapi.Field{{Name: "content-type", Value: cloudapi.FormType}, {Name: "host", Value: gaapHost}},
		}, tencentKey())
		header.Set("Authorization", sig.Authorization)
		r := newAPI(t, gaap()).Serve(Request{Method: "GET", Host: gaapHost, Query: tt.sent, Header: header})
		expect(t, r, readTencent(t, r), 200, tt.code)
	}
}

func TestTC3UnsignedPayload(t *testing.T) {
	r := tc3(nil, nil)
	sig := cloudapi.SignTC3(cloudapi.TC3Input{
		Method: "POST", Service: "gaap", Timestamp: now(), UnsignedPayload: true,
		Headers: []cloudapi.Field{{Name: "content-type", Value: cloudapi.JSONType}, {Name: "host", Value: gaapHost}},
	}, tencentKey())
	r.Header.Set("Authorization", sig.Authorization)
	reply := newAPI(t, gaap()).Serve(r)
	expect(t, reply, readTencent(t, reply), 200, "AuthFailure.SignatureFailure")
	r.Header.Set("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD")
	reply = newAPI(t, gaap()).Serve(r)
	expect(t, reply, readTencent(t, reply), 200, "")
}

// TestContentTypesComeFromTheRules: without a rule every media type will do.
func TestContentTypesComeFromTheRules(t *testing.T) {
	p := gaap()
	p.Rules.ContentTypes = nil
	r := newAPI(t, p).Serve(Request{Method: "POST", Host: gaapHost, Body: []byte("x"), Header: http.Header{"Content-Type": {"text/plain"}}})
	expect(t, r, readTencent(t, r), 200, "MissingParameter")
	r = newAPI(t, gaap()).Serve(Request{Method: "POST", Host: gaapHost}) // nothing that could have a type
	expect(t, r, readTencent(t, r), 200, "MissingParameter")
	p.Rules.Methods = &catalog.MethodRule{Served: []string{"GET"}}
	r = newAPI(t, p).Serve(Request{Method: "POST", Host: gaapHost})
	expect(t, r, readTencent(t, r), 200, "UnsupportedProtocol")
}
