package imitation

import (
	"net/http"
	"testing"
	"unicode/utf8"

	"prober/catalog"
	"prober/cloudapi"
)

// FuzzServe: whatever a client sends, the reply is one that the documented shape covers.
func FuzzServe(f *testing.F) {
	f.Add("GET", "Action=DescribeRegions&Version=2014-05-26", "", "", []byte(nil))
	f.Add("POST", "", cloudapi.FormType, "", []byte("Action=DescribeAccessRegions&Version=2018-05-29"))
	f.Add("POST", "", cloudapi.JSONType, "TC3-HMAC-SHA256 Credential=AKIDsandbox0000000001/2026-11-22/gaap/tc3_request, SignedHeaders=content-type;host, Signature=00", []byte(`{"x":"\ud800"}`))
	f.Add("GET", "%zz=%&&==;\xff=\x00", "", "x", []byte("\xff"))
	f.Fuzz(func(t *testing.T, method, query, contentType, authorization string, body []byte) {
		for _, p := range []catalog.Product{ecs(), kms(), gaap()} {
			header := http.Header{"Content-Type": {contentType}}
			if authorization != "" {
				header["Authorization"] = []string{authorization}
				header["X-Tc-Action"] = []string{"DescribeAccessRegions"}
				header["X-Tc-Version"] = []string{"2018-05-29"}
				header["X-Tc-Timestamp"] = []string{"1795305600"}
			}
			r := newAPI(t, p).Serve(Request{Method: method, Query: query, Header: header, Body: body})
			if !utf8.Valid(r.Body) || r.Status < 200 || r.Status > 599 {
				t.Errorf("status %d, body %q", r.Status, r.Body)
			}
			if p.APIStyle == catalog.StyleTencent3 {
				readTencent(t, r)
			} else {
				readAlibaba(t, r)
			}
		}
	})
}

// FuzzParseTC3: what is accepted has all its parts.
func FuzzParseTC3(f *testing.F) {
	f.Add("TC3-HMAC-SHA256 Credential=a/2026-11-22/gaap/tc3_request, SignedHeaders=content-type;host, Signature=00")
	f.Add("TC3-HMAC-SHA256 ,,==")
	f.Fuzz(func(t *testing.T, value string) {
		a, ok := parseTC3(value)
		if ok && (a.id == "" || a.scope == "" || a.signature == "" || len(a.signedHeaders) < 2) {
			t.Errorf("%q is read as %+v", value, a)
		}
	})
}
