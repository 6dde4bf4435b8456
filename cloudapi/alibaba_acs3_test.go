package cloudapi

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// A call carries what names it in headers that are signed, and its parameters where its style has them.
func TestSignedACS3(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
	key := AlibabaKey{ID: "LTAItest", Secret: "secret", Token: "a token"}
	call := AlibabaCall{Action: "DescribeRegions", Version: "2014-05-26", Params: url.Values{"Note": {"华 *~"}}}
	roa := AlibabaROACall{Action: "DescribeClusters", Version: "2015-12-15", Path: "/clusters/a%2Ab", Query: url.Values{"name": {"é"}}, Body: []byte(`{"a":1}`)}
	for name, tt := range map[string]struct {
		r                   Request
		target, body, names string
	}{
		"RPC, GET":  {call.SignedACS3("get", "ecs.aliyuncs.com", key, at, "nonce"), "/?Note=%E5%8D%8E%20%2A~", "", "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version"},
		"RPC, POST": {call.SignedACS3("POST", "ecs.aliyuncs.com", key, at, "nonce"), "/", "Note=%E5%8D%8E%20%2A~", "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version"},
		"ROA, POST": {roa.SignedACS3("POST", "cs.aliyuncs.com", key, at, "nonce"), "/clusters/a%2Ab?name=%C3%A9", `{"a":1}`, "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version"},
	} {
		if tt.r.Target() != tt.target || string(tt.r.Body) != tt.body {
			t.Errorf("%s: %s with %q", name, tt.r.Target(), tt.r.Body)
		}
		if auth := tt.r.Get("Authorization"); !strings.HasPrefix(auth, "ACS3-HMAC-SHA256 Credential=LTAItest,SignedHeaders="+tt.names+",Signature=") {
			t.Errorf("%s: %s", name, auth)
		}
		if tt.r.Get("X-Acs-Date") != "2026-11-22T00:00:00Z" || tt.r.Get("X-Acs-Content-Sha256") != hexSHA256(tt.body) {
			t.Errorf("%s: %v", name, tt.r.Header)
		}
	}
}
