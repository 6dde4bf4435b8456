package imitation

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

func describeRegions() cloudapi.AlibabaCall {
	return cloudapi.AlibabaCall{Action: "DescribeRegions", Version: "2014-05-26"}
}

func goodKey() cloudapi.AlibabaKey {
	return cloudapi.AlibabaKey{ID: "LTAIsandbox0000000001", Secret: secret}
}

// signedValues are the parameters of a call that succeeds.
func signedValues() url.Values {
	return describeRegions().SignedValues("GET", goodKey(), now(), "nonce")
}

// TestAlibabaChecks breaks one thing of a good call, and in many cases also something that
// a later check is about, so that the order of the checks shows.
func TestAlibabaChecks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(url.Values)
		status int
		code   string
		says   string
	}{
		{"nothing wrong", func(url.Values) {}, 200, "", ""},
		{"no parameter", func(v url.Values) { clear(v) }, 400, "MissingParameter", `"Action"`},
		{"no action", func(v url.Values) { v.Del("Action"); v.Del("AccessKeyId") }, 400, "MissingParameter", `"Action"`},
		{"unknown action before the key", func(v url.Values) { v.Set("Action", "Nonsense"); v.Del("AccessKeyId") }, 404, "InvalidAction.NotFound", "api is not found"},
		{"unknown version before the key", func(v url.Values) { v.Set("Version", "1999-01-01"); v.Set("AccessKeyId", "x") }, 400, "InvalidVersion", "Version is not valid"},
		{"no version", func(v url.Values) { v.Del("Version") }, 400, "MissingParameter", `"Version"`},
		{"no key", func(v url.Values) { v.Del("AccessKeyId"); v.Del("Timestamp") }, 400, "MissingParameter", `"AccessKeyId"`},
		{"empty key", func(v url.Values) { v.Set("AccessKeyId", "") }, 400, "MissingParameter", `"AccessKeyId"`},
		{"no time", func(v url.Values) { v.Del("Timestamp"); v.Set("AccessKeyId", "x") }, 400, "MissingParameter", `"Timestamp"`},
		{"no nonce", func(v url.Values) { v.Del("SignatureNonce") }, 400, "MissingParameter", `"SignatureNonce"`},
		{"no signature", func(v url.Values) { v.Del("Signature") }, 400, "MissingParameter", `"Signature"`},
		{"bad signature method", func(v url.Values) { v.Set("SignatureMethod", "MD5") }, 400, "InvalidSignatureMethod", ""},
		{"bad format", func(v url.Values) { v.Set("Format", "YAML"); v.Set("AccessKeyId", "x") }, 400, "InvalidParameter.Format", ""},
		{"unknown key before the time", func(v url.Values) { v.Set("AccessKeyId", "testid"); v.Set("Timestamp", "x") }, 404, "InvalidAccessKeyId.NotFound", "access key is not found"},
		{"inactive key", func(v url.Values) { v.Set("AccessKeyId", "LTAIinactive000000001") }, 400, "InvalidAccessKeyId.Inactive", ""},
		{"unreadable time", func(v url.Values) { v.Set("Timestamp", "2026-11-22 00:00:00") }, 400, "InvalidTimeStamp.Format", ""},
		{"old time before the signature", func(v url.Values) { v.Set("Timestamp", "2026-11-21T23:44:59Z") }, 400, "InvalidTimeStamp.Expired", ""},
		{"time from the future", func(v url.Values) { v.Set("Timestamp", "2026-11-22T00:15:01Z") }, 400, "InvalidTimeStamp.Expired", ""},
		{"time just inside the window", func(v url.Values) { v.Set("Timestamp", "2026-11-21T23:45:00Z") }, 400, "SignatureDoesNotMatch", "string to sign"},
		{"wrong signature", func(v url.Values) { v.Set("Signature", "AAAA") }, 400, "SignatureDoesNotMatch", "is not matched"},
		{"parameter added after signing", func(v url.Values) { v.Set("More", "1") }, 400, "SignatureDoesNotMatch", "More"},
		{"signature version", func(v url.Values) { resign(v, "SignatureVersion", "2.0") }, 400, "SignatureDoesNotMatch", ""},
		{"token that the key does not have", func(v url.Values) { resign(v, "SecurityToken", "x") }, 400, "InvalidSecurityToken.MismatchWithAccessKey", ""},
		{"unknown region", func(v url.Values) { resign(v, "RegionId", "mars-1") }, 404, "InvalidRegionId.NotFound", ""},
		{"known region", func(v url.Values) { resign(v, "RegionId", "cn-beijing") }, 200, "", ""},
		{"unknown language", func(v url.Values) { resign(v, "AcceptLanguage", "tlh") }, 404, "InvalidAcceptLanguage.NotFound", ""},
		{"unknown parameter", func(v url.Values) { resign(v, "Note", "华北1（青岛） ~*é😀 +&=%") }, 200, "", ""},
		{"key without permission", func(v url.Values) { resign(v, "AccessKeyId", "LTAIpowerless00000001") }, 403, "Forbidden.RAM", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := signedValues()
			tt.change(v)
			r := newAPI(t, ecs()).Serve(alibabaGET(v))
			got := readAlibaba(t, r)
			expect(t, r, got, tt.status, tt.code)
			if tt.code == "" {
				return
			}
			if !strings.Contains(got.Message, tt.says) || got.HostID != "ecs.aliyuncs.com" {
				t.Errorf("host %q, message %q; want it to say %q", got.HostID, got.Message, tt.says)
			}
			if !strings.Contains(got.Recommend, "q="+tt.code+"&product=Ecs&requestId="+got.RequestID) {
				t.Errorf("recommends %q", got.Recommend)
			}
		})
	}
}

// resign changes a parameter and signs again.
func resign(v url.Values, name, value string) {
	v.Set(name, value)
	v.Set("Signature", cloudapi.SignRPC("GET", v, secret))
}

func TestAlibabaMethods(t *testing.T) {
	for _, tt := range []struct {
		method string
		status int
		code   string
	}{
		{"GET", 200, ""},
		{"POST", 200, ""},
		{"PUT", 400, "UnsupportedHTTPMethod"},
		{"DELETE", 400, "UnsupportedHTTPMethod"},
		{"HEAD", 400, "UnsupportedHTTPMethod"},
		{"get", 400, "UnsupportedHTTPMethod"},
	} {
		r := received(describeRegions().Signed(tt.method, "ecs.aliyuncs.com", goodKey(), now(), "n"))
		r.Method = tt.method
		reply := newAPI(t, ecs()).Serve(r)
		got := readAlibaba(t, reply)
		if reply.Status != tt.status || got.Code != tt.code {
			t.Errorf("%s: status %d, code %q; want %d, %q", tt.method, reply.Status, got.Code, tt.status, tt.code)
		}
	}

	p := ecs()
	p.Rules.Methods = &catalog.MethodRule{Served: []string{"GET"}, Allowed: []string{"POST"}}
	r := newAPI(t, p).Serve(received(describeRegions().Signed("POST", "h", goodKey(), now(), "n")))
	expect(t, r, readAlibaba(t, r), 200, "")
	p.Rules.Methods.Allowed = nil
	r = newAPI(t, p).Serve(received(describeRegions().Signed("POST", "h", goodKey(), now(), "n")))
	expect(t, r, readAlibaba(t, r), 400, "UnsupportedHTTPMethod")
}

// TestAlibabaPOST signs the union of query and form body.
func TestAlibabaPOST(t *testing.T) {
	v := describeRegions().SignedValues("POST", goodKey(), now(), "n")
	query := url.Values{"Action": v["Action"], "Version": v["Version"]}
	v.Del("Action")
	v.Del("Version")
	r := Request{
		Method: "POST", Query: cloudapi.EncodeParams(query), Body: []byte(cloudapi.EncodeParams(v)),
		Header: http.Header{"Content-Type": {cloudapi.FormType + "; charset=utf-8"}},
	}
	reply := newAPI(t, ecs()).Serve(r)
	expect(t, reply, readAlibaba(t, reply), 200, "")

	r.Header.Set("Content-Type", "application/json")
	reply = newAPI(t, ecs()).Serve(r)
	expect(t, reply, readAlibaba(t, reply), 400, "MissingParameter")
}

func TestAlibabaOtherPath(t *testing.T) {
	r := alibabaGET(signedValues())
	r.Path = "/v1"
	reply := newAPI(t, ecs()).Serve(r)
	expect(t, reply, readAlibaba(t, reply), 404, "InvalidAction.NotFound")
}

// TestAlibabaEcho: the string to sign that comes back is the client's own, also for text
// whose encodings differ between libraries.
func TestAlibabaEcho(t *testing.T) {
	wrong := cloudapi.AlibabaKey{ID: goodKey().ID, Secret: "wrong"}
	for _, code := range []string{"SignatureDoesNotMatch", "IncompleteSignature"} {
		p := ecs()
		p.Rules.Errors = []catalog.ErrorRule{{Situation: catalog.BadSignature, Codes: []string{code}}}
		for _, text := range []string{"plain", "华北1（青岛） ~*é😀", "a+b c%20d%2B", "&=;", "\u00e9 e\u0301", "%E4"} {
			call := describeRegions()
			call.Format = cloudapi.XML
			call.Params = url.Values{"Note": {text}, "键": {"值"}}
			want := cloudapi.StringToSignRPC("GET", call.SignedValues("GET", wrong, now(), "n"))
			reply := newAPI(t, p).Serve(received(call.Signed("GET", "h", wrong, now(), "n")))
			got := readAlibaba(t, reply)
			expect(t, reply, got, 400, code)
			if echo, ok := cloudapi.EchoedStringToSign(got.Message); !ok || echo != want {
				t.Errorf("%q: echo\n%s\nwant\n%s", text, echo, want)
			}
		}
	}
}

func TestAlibabaNonce(t *testing.T) {
	a := newAPI(t, ecs())
	clock := now()
	a.cfg.Now = func() time.Time { return clock }
	call := func(nonce string) cloudapi.Reply {
		return readAlibaba(t, a.Serve(received(describeRegions().Signed("GET", "h", goodKey(), clock, nonce))))
	}
	wrong := describeRegions().SignedValues("GET", goodKey(), clock, "one")
	wrong.Set("Signature", "AAAA")
	_ = a.Serve(alibabaGET(wrong)) // a refused call does not use up its nonce
	for _, tt := range []struct {
		after       time.Duration
		nonce, code string
	}{
		{0, "one", ""},
		{0, "one", "SignatureNonceUsed"},
		{0, "two", ""},
		{15 * time.Minute, "one", "SignatureNonceUsed"},
		{15 * time.Minute, "one", ""},
	} {
		clock = clock.Add(tt.after)
		if got := call(tt.nonce); got.Code != tt.code {
			t.Errorf("nonce %q at %s: code %q, want %q", tt.nonce, clock, got.Code, tt.code)
		}
	}
}

func TestAlibabaTemporaryKey(t *testing.T) {
	key := cloudapi.AlibabaKey{ID: "LTAItemporary00000001", Secret: secret, Token: "token+/="}
	r := newAPI(t, ecs()).Serve(received(describeRegions().Signed("GET", "h", key, now(), "n")))
	expect(t, r, readAlibaba(t, r), 200, "")
	key.Token = ""
	r = newAPI(t, ecs()).Serve(received(describeRegions().Signed("GET", "h", key, now(), "n")))
	expect(t, r, readAlibaba(t, r), 400, "InvalidSecurityToken.MismatchWithAccessKey")
}

func TestDescribeRegionsLanguages(t *testing.T) {
	for _, tt := range []struct{ language, want string }{
		{"", "华北1（青岛）"}, {"zh-CN", "华北1（青岛）"}, {"en-US", "China (Qingdao)"}, {"ja", "中国 (青島)"},
	} {
		for _, format := range []cloudapi.Format{cloudapi.JSON, cloudapi.XML} {
			call := describeRegions()
			call.Format = format
			if tt.language != "" {
				call.Params = url.Values{"AcceptLanguage": {tt.language}}
			}
			r := newAPI(t, ecs()).Serve(received(call.Signed("GET", "h", goodKey(), now(), "n")))
			var body regionsBody
			decode := json.Unmarshal
			if format == cloudapi.XML {
				decode = xml.Unmarshal
			}
			if err := decode(r.Body, &body); err != nil {
				t.Fatal(err)
			}
			want := regionItem{"cn-qingdao", "ecs.cn-qingdao.aliyuncs.com", tt.want}
			if len(body.Regions.Region) != len(alibabaRegions()) || body.Regions.Region[0] != want {
				t.Errorf("%q in %s: %d regions, the first %v; want %v", tt.language, format, len(body.Regions.Region), body.Regions.Region[0], want)
			}
			if !strings.Contains(string(r.Body), tt.want) {
				t.Errorf("%q in %s: the name is escaped in the body", tt.language, format)
			}
		}
	}
}

func TestAlibabaHeaders(t *testing.T) {
	for _, tt := range []struct {
		format, want string
	}{
		{"JSON", "application/json;charset=utf-8"},
		{"json", "application/json;charset=utf-8"},
		{"XML", "text/xml;charset=utf-8"},
		{"", "text/xml;charset=utf-8"},
	} {
		r := newAPI(t, ecs()).Serve(alibabaGET(url.Values{"Action": {"DescribeRegions"}, "Version": {"2014-05-26"}, "Format": {tt.format}}))
		if got := r.Get("content-type"); got != tt.want {
			t.Errorf("Format=%s: content type %q, want %q", tt.format, got, tt.want)
		}
		if len(r.Get("X-Acs-Trace-Id")) != 32 || r.Get("Access-Control-Allow-Origin") != "*" || r.Get("Date") != "Sun, 22 Nov 2026 00:00:00 GMT" {
			t.Errorf("Format=%s: header fields %v", tt.format, r.Header)
		}
		if body := string(r.Body); tt.want == "application/json;charset=utf-8" && (strings.HasSuffix(body, "\n") || !strings.Contains(body, "&product=Ecs")) {
			t.Errorf("JSON is escaped or ends with a newline: %s", body)
		}
		got := readAlibaba(t, r)
		if got.RequestID != strings.ToUpper(got.RequestID) {
			t.Errorf("request id %q is not upper case", got.RequestID)
		}
		if strings.HasPrefix(tt.want, "text/xml") && (got.Root != "Error" || got.Charset != "UTF-8" || !strings.Contains(string(r.Body), "<Recommend><![CDATA[https://")) {
			t.Errorf("XML error %s", r.Body)
		}
	}
}

func TestHostID(t *testing.T) {
	for _, tt := range []struct{ host, want string }{
		{"ecs.cn-beijing.aliyuncs.com", "ecs.cn-beijing.aliyuncs.com"}, {"ecs.aliyuncs.com:8443", "ecs.aliyuncs.com"}, {"", "ecs.aliyuncs.com"},
	} {
		if got := readAlibaba(t, newAPI(t, ecs()).Serve(Request{Method: "GET", Host: tt.host})); got.HostID != tt.want {
			t.Errorf("host %q: HostId %q, want %q", tt.host, got.HostID, tt.want)
		}
	}
}
