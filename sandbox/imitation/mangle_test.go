package imitation

import (
	"net/url"
	"strings"
	"testing"

	"prober/cloudapi"
)

func TestManglers(t *testing.T) {
	for _, tt := range []struct{ in, ascii, latin1 string }{
		{"", "", ""}, {"plain ~", "plain ~", "plain ~"}, {"é", "\uFFFD\uFFFD", "Ã©"}, {"a华", "a\uFFFD\uFFFD\uFFFD", "aå\u008d\u008e"},
	} {
		if got := AsASCII(tt.in); got != tt.ascii {
			t.Errorf("AsASCII(%q) = %q, want %q", tt.in, got, tt.ascii)
		}
		if got := AsLatin1(tt.in); got != tt.latin1 {
			t.Errorf("AsLatin1(%q) = %q, want %q", tt.in, got, tt.latin1)
		}
	}
}

// TestMangledAlibaba: the server signs what it decoded, so that the client sees the damage
// in the echo. Calls in ASCII pass, apart from the names that come back.
func TestMangledAlibaba(t *testing.T) {
	whole := newAPI(t, ecs())
	mangled := whole.Mangled(AsLatin1)
	call := describeRegions()
	call.Params = url.Values{"Note": {"é"}}
	sent := call.SignedValues("GET", goodKey(), now(), "n")
	got := readAlibaba(t, mangled.Serve(alibabaGET(sent)))
	echo, ok := cloudapi.EchoedStringToSign(got.Message)
	want := strings.Replace(cloudapi.StringToSignRPC("GET", sent), "%25C3%25A9", "%25C3%2583%25C2%25A9", 1)
	if !ok || echo != want || echo == cloudapi.StringToSignRPC("GET", sent) {
		t.Errorf("echo\n%s\nwant\n%s", echo, want)
	}
	if got := readAlibaba(t, whole.Serve(alibabaGET(sent))); got.IsError {
		t.Errorf("without the hop: %s", got)
	}

	r := newAPI(t, ecs()).Mangled(AsASCII).Serve(received(describeRegions().Signed("GET", "h", goodKey(), now(), "n")))
	expect(t, r, readAlibaba(t, r), 200, "")
	if body := string(r.Body); strings.Contains(body, "青岛") || !strings.Contains(body, "\uFFFD") {
		t.Errorf("region names come whole: %.200s", body)
	}
}

// TestMangledKeepsState: the mangled API and the whole one share their nonces.
func TestMangledKeepsState(t *testing.T) {
	a := newAPI(t, ecs())
	r := received(describeRegions().Signed("GET", "h", goodKey(), now(), "n"))
	_ = a.Serve(r)
	reply := a.Mangled(AsASCII).Serve(r)
	expect(t, reply, readAlibaba(t, reply), 400, "SignatureNonceUsed")
}

func TestMangledTencent(t *testing.T) {
	a := newAPI(t, gaap()).Mangled(AsASCII)
	r := a.Serve(tc3(nil, nil))
	expect(t, r, readTencent(t, r), 200, "")
	if !strings.Contains(string(r.Body), `"RegionName":"`+"\uFFFD") {
		t.Errorf("region names come whole: %.200s", r.Body)
	}
	call := accessRegions()
	call.Params = url.Values{"Note": {"华北"}}
	call.Payload = []byte(`{"Note":"华北"}`)
	signed, _ := call.SignedTC3(gaapHost, tencentKey(), now())
	for _, request := range []cloudapi.Request{signed, cloudapi.SignedV1("POST", gaapHost, call.V1Values(cloudapi.HmacSHA1, tencentKey(), now(), 1), tencentKey().Secret)} {
		r := a.Serve(received(request))
		expect(t, r, readTencent(t, r), 200, "AuthFailure.SignatureFailure")
	}

	in := cloudapi.TC3Input{
		Method: "GET", Query: "Note=%E5%8D%8E", Service: "gaap", Timestamp: now(),
		Headers: []cloudapi.Field{{Name: "content-type", Value: cloudapi.FormType}, {Name: "host", Value: gaapHost}},
	}
	get := tc3(nil, func(r *Request) {
		r.Method, r.Query, r.Body = "GET", in.Query, nil
		r.Header.Set("Content-Type", cloudapi.FormType)
		r.Header.Set("Authorization", cloudapi.SignTC3(in, tencentKey()).Authorization)
	})
	r = a.Serve(get)
	expect(t, r, readTencent(t, r), 200, "AuthFailure.SignatureFailure")
}
