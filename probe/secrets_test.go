package probe

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/reason"
)

// leaked returns which of the planted secrets text holds, in any of the forms in which one
// could have got there.
func leaked(text string) string {
	for name, secret := range map[string]string{
		"AccessKeyId": alibabaKey.ID, "AccessKeySecret": alibabaKey.Secret, "SecurityToken": alibabaKey.Token,
		"SecretId": tencentKey.ID, "SecretKey": tencentKey.Secret, "Token": tencentKey.Token,
	} {
		once := cloudapi.PercentEncode(secret)
		for _, form := range []string{
			secret, once, cloudapi.PercentEncode(once), url.QueryEscape(secret), hex.EncodeToString([]byte(secret)),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
			secret[len(secret)/3:], // cut somewhere
		} {
			if strings.Contains(text, form) {
				return name + " as " + form
			}
		}
	}
	return ""
}

// TestLeaked makes sure that the search itself finds something.
func TestLeaked(t *testing.T) {
	for _, text := range []string{"x" + alibabaKey.ID + "x", url.QueryEscape(alibabaKey.Token), tencentKey.Secret[len(tencentKey.Secret)/3:]} {
		if leaked("some "+text+" text") == "" {
			t.Errorf("%q is not found", text)
		}
	}
	if leak := leaked("canary"); leak != "" {
		t.Error(leak)
	}
}

// TestNoSecretIsShown probes with keys in everything that can go wrong, among it servers
// that send back what they got.
func TestNoSecretIsShown(t *testing.T) {
	p := newPKI()
	fixed := func(s string) func(*http.Request) string { return func(*http.Request) string { return s } }
	whole := func(r *http.Request) string { return r.URL.String() + " " + fmt.Sprint(r.Header) }
	observations := map[string]Observation{}
	for _, style := range []catalog.APIStyle{catalog.StyleAlibabaRPC, catalog.StyleTencent3} {
		for name, answer := range map[string]func(*http.Request) string{
			"string to sign": func(r *http.Request) string {
				return reply(400, jsonHeader, alibabaError("SignatureDoesNotMatch", "server string to sign is:"+echo(r, func(s string) string { return s })))
			},
			"string to sign of other text": func(r *http.Request) string {
				return reply(400, jsonHeader, alibabaError("SignatureDoesNotMatch", "server string to sign is:"+echo(r, func(s string) string { return s[1:] })))
			},
			"message": func(r *http.Request) string {
				body, _ := json.Marshal(map[string]string{"RequestId": requestID, "Code": "X", "Message": whole(r)})
				return reply(400, jsonHeader, string(body))
			},
			"code": func(r *http.Request) string {
				body, _ := json.Marshal(map[string]string{"RequestId": requestID, "Code": whole(r), "Message": "m"})
				return reply(500, jsonHeader, string(body))
			},
			"page": func(r *http.Request) string { return reply(200, "", "<html>"+whole(r)) },
			"other JSON": func(r *http.Request) string {
				b, _ := json.Marshal([]string{whole(r)})
				return reply(200, "", string(b))
			},
			"redirect": func(r *http.Request) string {
				return reply(302, "Location: https://x.test/?"+r.URL.RawQuery+"\r\n", "")
			},
			"content type": func(r *http.Request) string { return reply(200, "Content-Type: "+r.URL.RawQuery+"\r\n", "") },
			"request id": func(r *http.Request) string {
				return reply(400, jsonHeader+"X-Acs-Request-Id: "+r.URL.RawQuery+r.Header.Get("Authorization")+"\r\n", alibabaError("X", "m"))
			},
			"field":      func(r *http.Request) string { return reply(200, whole(r)+"\r\n", "") },
			"no reply":   fixed(""),
			"throttled":  fixed(reply(400, jsonHeader, alibabaError("Throttling", "m"))),
			"clock":      fixed(reply(200, jsonHeader, tencentError("AuthFailure.SignatureExpire"))),
			"good reply": fixed(reply(200, jsonHeader, alibabaOK)),
		} {
			observations[string(style)+" "+name] = signedProbe(t, style, answer)
		}
		for name, dial := range map[string]Dialer{
			"refused": refusing(syscall.ECONNREFUSED), "odd": refusing(errors.New("odd")), "silent": answeredBy(nil, syscall.ECONNRESET),
		} {
			cfg := onLoopback(p)
			cfg.Alibaba, cfg.Tencent, cfg.Dial = alibabaKey, tencentKey, dial
			tg := at(goodHost, catalog.HTTPS, loopback443)
			tg.Product, tg.Signed = product(style), true
			observations[string(style)+" "+name] = New(cfg).Probe(t.Context(), tg)
		}
	}
	for name, o := range observations {
		out, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(out), fmt.Sprintf("%+v", o), o.Detail, o.Reproduce} {
			if leak := leaked(text); leak != "" {
				t.Errorf("%s: %s in %s", name, leak, text)
			}
		}
	}
}

// TestPartOfTokenIsNotShown has a server read a token as other text. What differs is then
// inside the token, of which not even a part may be shown.
func TestPartOfTokenIsNotShown(t *testing.T) {
	cfg := onLoopback(newPKI())
	cfg.Alibaba = alibabaKey
	want := "GET&%2F&SecurityToken%3D" + cloudapi.PercentEncode(cloudapi.PercentEncode(alibabaKey.Token)) + "%26Version%3D1"
	got := strings.Replace(want, "canary", "canari", 1)
	if d := New(cfg).difference(got, want); strings.Contains(d, "of%253D") || strings.Contains(d, "canar") {
		t.Errorf("shows %q", d)
	}
}

// TestErrorsOfUserURLs: what cannot be sent is not quoted, since a user may have put a key
// into it.
func TestErrorsOfUserURLs(t *testing.T) {
	cfg := onLoopback(newPKI())
	cfg.Dial = neverDialled(t)
	tg := at(goodHost, catalog.HTTPS, loopback443)
	tg.Path = "no path, but " + alibabaKey.Secret
	o := New(cfg).Probe(t.Context(), tg)
	want(t, o, reason.Unknown, reason.ProberInternal)
	if leak := leaked(o.Detail + o.Reproduce); leak != "" {
		t.Error(leak)
	}
}
