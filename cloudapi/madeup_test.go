package cloudapi

import (
	"strings"
	"testing"
)

// What a made-up key signed is shown as it is, and nothing of a customer's with it.
func TestMadeUpKeysAreNoSecret(t *testing.T) {
	mine := AlibabaKey{ID: "LTAI5tMineAndNobodyElses", Secret: "the-secret-of-my-key-30-letters", Token: "the-token-of-my-key"}
	url := func(id string) string {
		return "GET /?AccessKeyId=" + id + "&Signature=c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw%3D%3D HTTP/1.1"
	}
	free, kept := url(MadeUpAlibaba().ID), url(mine.ID)
	tencent := "Authorization: TC3-HMAC-SHA256 Credential=" + MadeUpTencent().ID + "/2026-11-22/gaap/tc3_request, SignedHeaders=host, Signature=0123456789abcdef0123456789abcdef"
	for _, text := range []string{free, tencent, free + "\r\n" + tencent + "\r\n"} {
		if got := NewRedactor(mine, TencentKey{}).Redact(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	for name, text := range map[string]string{
		"another line": free + "\n" + kept, "the same line": free + " " + kept, "its secret": free + " " + mine.Secret + " Signature=c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw",
		"its token": free + "\nx-acs-security-token: " + mine.Token,
	} {
		got := NewRedactor(mine, TencentKey{}).Redact(text)
		for _, secret := range []string{mine.ID, mine.Secret, mine.Token} {
			if strings.Contains(got, secret) {
				t.Errorf("%s: %q shows %q", name, got, secret)
			}
		}
		if name != "its token" && strings.Count(got, "c2lnbmF0") > 1 {
			t.Errorf("%s: %q shows a signature of the customer's", name, got)
		}
	}
	if got := NewRedactor(mine, TencentKey{}).Redact(free + " " + mine.Secret + " Signature=c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"); strings.Contains(got, "c2lnbmF0") {
		t.Errorf("beside a secret: %q", got)
	}
}
