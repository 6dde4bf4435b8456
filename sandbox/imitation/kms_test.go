package imitation

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
)

// callKMS sends a signed POST and returns the reply.
func callKMS(t *testing.T, a *API, key cloudapi.AlibabaKey, action, nonce string, params url.Values) Reply {
	t.Helper()
	call := cloudapi.AlibabaCall{Action: action, Version: "2016-01-20", Params: params}
	return a.Serve(received(call.Signed("POST", "kms.aliyuncs.com", key, now(), nonce)))
}

func decodeCrypt(t *testing.T, r Reply) cryptBody {
	t.Helper()
	if got := readAlibaba(t, r); got.IsError {
		t.Fatal(got)
	}
	var body cryptBody
	if err := json.Unmarshal(r.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

func TestKMSRoundTrip(t *testing.T) {
	const text = "华北1（青岛） é😀"
	a := newAPI(t, kms())
	sealed := decodeCrypt(t, callKMS(t, a, goodKey(), "Encrypt", "1", url.Values{
		"KeyId": {"alias/sandbox"}, "Plaintext": {base64.StdEncoding.EncodeToString([]byte(text))}, "EncryptionContext": {`{"地区":"青岛","b":"c"}`},
	}))
	if !cloudapi.IsUUID(sealed.KeyID) || strings.Contains(sealed.CiphertextBlob, base64.StdEncoding.EncodeToString([]byte(text))) {
		t.Fatalf("sealed to %+v", sealed)
	}
	blob := url.Values{"CiphertextBlob": {sealed.CiphertextBlob}}
	for _, tt := range []struct{ name, context, code string }{
		{"same context", `{"地区":"青岛","b":"c"}`, ""},
		{"same context, another notation", ` {"b":"c", "\u5730\u533a" : "\u9752\u5c9b"}`, ""},
		{"another context", `{"地区":"北京","b":"c"}`, "InvalidParameter"},
		{"no context", "", "InvalidParameter"},
		{"no map", "[]", "InvalidParameter"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			blob.Set("EncryptionContext", tt.context)
			r := callKMS(t, a, goodKey(), "Decrypt", tt.name, blob)
			if got := readAlibaba(t, r); got.Code != tt.code {
				t.Fatalf("code %q, want %q", got.Code, tt.code)
			}
			if tt.code != "" {
				return
			}
			opened := decodeCrypt(t, r)
			plaintext, err := base64.StdEncoding.DecodeString(opened.Plaintext)
			if err != nil || string(plaintext) != text || opened.KeyID != sealed.KeyID || opened.KeyVersionID != sealed.KeyVersionID {
				t.Errorf("opened to %q, %v", plaintext, err)
			}
		})
	}
}

func TestKMSRefuses(t *testing.T) {
	a := newAPI(t, kms())
	good := base64.StdEncoding.EncodeToString([]byte("text"))
	powerless := cloudapi.AlibabaKey{ID: "LTAIpowerless00000001", Secret: secret}
	foreign := append([]byte("00000000-0000-4000-8000-000000000000"), make([]byte, 40)...)
	own := []byte(a.shared.kms.id)
	for _, tt := range []struct {
		name, action string
		key          cloudapi.AlibabaKey
		params       url.Values
		status       int
		code, says   string
	}{
		{"no key id", "Encrypt", goodKey(), url.Values{"Plaintext": {good}}, 400, "MissingParameter", `The parameter "KeyId" is needed`},
		{"no text", "Encrypt", goodKey(), url.Values{"KeyId": {"alias/sandbox"}}, 400, "MissingParameter", `"Plaintext"`},
		{"not base64", "Encrypt", goodKey(), url.Values{"KeyId": {"alias/sandbox"}, "Plaintext": {"华"}}, 400, "InvalidParameter", `"Plaintext"`},
		{"too long", "Encrypt", goodKey(), url.Values{"KeyId": {"alias/sandbox"}, "Plaintext": {base64.StdEncoding.EncodeToString(make([]byte, 6145))}}, 400, "InvalidParameter", `"Plaintext"`},
		{"just short enough", "Encrypt", goodKey(), url.Values{"KeyId": {"alias/sandbox"}, "Plaintext": {base64.StdEncoding.EncodeToString(make([]byte, 6144))}}, 200, "", ""},
		{"by key id", "Encrypt", goodKey(), url.Values{"KeyId": {string(own)}, "Plaintext": {good}}, 200, "", ""},
		{"bad context", "Encrypt", goodKey(), url.Values{"KeyId": {"alias/sandbox"}, "Plaintext": {good}, "EncryptionContext": {"x"}}, 400, "InvalidParameter", `"EncryptionContext"`},
		{"unknown key", "Encrypt", goodKey(), url.Values{"KeyId": {"alias/other"}, "Plaintext": {good}}, 404, "Forbidden.KeyNotFound", ""},
		{"no permission to encrypt", "Encrypt", powerless, url.Values{"KeyId": {"alias/sandbox"}, "Plaintext": {good}}, 403, "Forbidden.NoPermission", ""},
		{"no blob", "Decrypt", goodKey(), nil, 400, "MissingParameter", `"CiphertextBlob"`},
		{"blob not base64", "Decrypt", goodKey(), url.Values{"CiphertextBlob": {"?"}}, 400, "InvalidParameter", ""},
		{"blob too short", "Decrypt", goodKey(), url.Values{"CiphertextBlob": {good}}, 400, "InvalidParameter", ""},
		{"blob of another key", "Decrypt", goodKey(), url.Values{"CiphertextBlob": {base64.StdEncoding.EncodeToString(foreign)}}, 400, "InvalidParameter", ""},
		{"blob without a nonce", "Decrypt", goodKey(), url.Values{"CiphertextBlob": {base64.StdEncoding.EncodeToString(own)}}, 400, "InvalidParameter", ""},
		{"forged blob", "Decrypt", goodKey(), url.Values{"CiphertextBlob": {base64.StdEncoding.EncodeToString(append(own, make([]byte, 40)...))}}, 400, "InvalidParameter", ""},
		{"no permission to decrypt", "Decrypt", powerless, url.Values{"CiphertextBlob": {good}}, 403, "Forbidden.NoPermission", ""},
		{"regions need no permission", "DescribeRegions", powerless, nil, 200, "", ""},
		{"unknown action", "CreateKey", goodKey(), nil, 404, "InvalidAction.NotFound", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := callKMS(t, a, tt.key, tt.action, tt.name, tt.params)
			got := readAlibaba(t, r)
			expect(t, r, got, tt.status, tt.code)
			if !strings.Contains(got.Message, tt.says) {
				t.Errorf("message %q, want it to say %q", got.Message, tt.says)
			}
		})
	}
}

// TestKMSDiffersFromECS in its words, its nonce and its default format.
func TestKMSDiffersFromECS(t *testing.T) {
	a := newAPI(t, kms())
	r := a.Serve(received(cloudapi.UnsignedProbe(kms(), "kms.aliyuncs.com")))
	got := readAlibaba(t, r)
	expect(t, r, got, 400, "MissingAccessKeyId")
	if got.Message != "AccessKeyId is mandatory for this action." {
		t.Errorf("message %q", got.Message)
	}

	values := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: "2016-01-20"}.SignedValues("GET", goodKey(), now(), "")
	values.Del("SignatureNonce")
	values.Del("Format")
	values.Set("Signature", cloudapi.SignRPC("GET", values, secret))
	r = a.Serve(alibabaGET(values))
	expect(t, r, readAlibaba(t, r), 200, "")
	var regions regionsBody
	if err := json.Unmarshal(r.Body, &regions); err != nil || regions.Regions.Region[0] != (regionItem{RegionID: "cn-qingdao"}) {
		t.Errorf("%v, %s", err, r.Body)
	}
}

func TestKMSRepliesInXML(t *testing.T) {
	call := cloudapi.AlibabaCall{Action: "Encrypt", Version: "2016-01-20", Format: cloudapi.XML, Params: url.Values{"KeyId": {"alias/sandbox"}, "Plaintext": {"AAAA"}}}
	r := newAPI(t, kms()).Serve(received(call.Signed("GET", "h", goodKey(), now(), "n")))
	if got := readAlibaba(t, r); got.Root != "EncryptResponse" {
		t.Errorf("root %q, body %s", got.Root, r.Body)
	}
	var body struct{ CiphertextBlob string }
	if err := xml.Unmarshal(r.Body, &body); err != nil || body.CiphertextBlob == "" {
		t.Errorf("%v: %s", err, r.Body)
	}
}

func TestPlainHTTP(t *testing.T) {
	for _, tt := range []struct {
		product catalog.Product
		status  int
		code    string
	}{{kms(), 403, "InvalidProtocol.NeedSsl"}, {ecs(), 400, "MissingParameter"}} {
		r := newAPI(t, tt.product).Serve(Request{Scheme: catalog.HTTP, Method: "GET"})
		expect(t, r, readAlibaba(t, r), tt.status, tt.code)
	}
	r := newAPI(t, gaap()).Serve(Request{Scheme: catalog.HTTP, Method: "GET"})
	if r.Status != 403 || r.Get("Server") != "nginx" || !strings.Contains(string(r.Body), "<center><h1>403 Forbidden</h1></center>") {
		t.Errorf("status %d, body %s", r.Status, r.Body)
	}
	open := gaap()
	open.Rules.Schemes = nil
	r = newAPI(t, open).Serve(Request{Scheme: catalog.HTTP, Method: "GET"})
	expect(t, r, readTencent(t, r), 200, "MissingParameter")
}
