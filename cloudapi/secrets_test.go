package cloudapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

// The canaries: values that must never show in any output.
const (
	canaryID     = "LTAIcanaryid0123456789"
	canarySecret = "canary/Secret+56789=="
	canaryToken  = "CAIScanary+/Token&=%"
)

// shows reports how text reveals a canary: as it is, or in a common encoding.
func shows(text string) string {
	for _, canary := range []string{canaryID, canarySecret, canaryToken, "canary"} {
		once := PercentEncode(canary)
		for _, form := range []string{
			canary, once, PercentEncode(once), url.QueryEscape(canary), base64.StdEncoding.EncodeToString([]byte(canary)),
			fmt.Sprintf("%x", canary), fmt.Sprintf("%d", []byte(canary)),
		} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
				return form
			}
		}
	}
	return ""
}

func canaryKeys() map[string]any {
	a := AlibabaKey{canaryID, canarySecret, canaryToken}
	t := TencentKey{canaryID, canarySecret, canaryToken}
	type holder struct {
		Name string
		Key  any
	}
	return map[string]any{
		"alibaba": a, "tencent": t, "pointer": &a, "other pointer": &t, "slice": []TencentKey{t}, "map": map[string]AlibabaKey{"k": a},
		"struct": holder{"x", a}, "typed struct": struct{ K TencentKey }{t}, "pointer in struct": struct{ K *AlibabaKey }{&a},
	}
}

func TestKeysNeverShow(t *testing.T) {
	for name, value := range canaryKeys() {
		t.Run(name, func(t *testing.T) {
			for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%T %v", "%10.3v", "%t"} {
				args := []any{value}
				if format == "%T %v" {
					args = []any{value, value}
				}
				if form := shows(fmt.Sprintf(format, args...)); form != "" {
					t.Errorf("Sprintf(%q) shows %q", format, form)
				}
			}
			var log bytes.Buffer
			slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "key", value)
			slog.New(slog.NewTextHandler(&log, nil)).Info("m", "key", value)
			if form := shows(log.String()); form != "" {
				t.Errorf("the log shows %q: %s", form, log.String())
			}
			data, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if form := shows(string(data)); form != "" {
				t.Errorf("JSON shows %q: %s", form, data)
			}
			if form := shows(fmt.Sprint(fmt.Errorf("using %v: %w", value, ErrNotAPI))); form != "" {
				t.Errorf("the error shows %q", form)
			}
		})
	}
	for _, value := range []any{AlibabaKey{canaryID, canarySecret, canaryToken}, TencentKey{canaryID, canarySecret, canaryToken}} {
		data, err := xml.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if form := shows(string(data)); form != "" {
			t.Errorf("XML shows %q: %s", form, data)
		}
	}
}

func TestKeyNames(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{AlibabaKey{ID: canaryID}.String(), "AccessKeyId LTAI…(redacted)"},
		{TencentKey{ID: "AKIDz8krbsJ5yKBZQpn74W"}.String(), "SecretId AKID…(redacted)"},
		{AlibabaKey{ID: "testid"}.String(), "AccessKeyId (redacted)"},
		{TencentKey{}.String(), "no SecretId"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
	if !(AlibabaKey{}).IsZero() || (AlibabaKey{Token: "x"}).IsZero() || !(TencentKey{}).IsZero() || (TencentKey{ID: "x"}).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestKeysFromEnv(t *testing.T) {
	for _, tt := range []struct {
		name              string
		id, secret, token string
		says              string
	}{
		{"nothing", "", "", "", ""},
		{"permanent", "id", "canary", "", ""},
		{"temporary", "id", "canary", "token", ""},
		{"secret forgotten", "id", "", "", "%s is set but %s is not"},
		{"id forgotten", "", "canary", "", "is set but"},
		{"token alone", "", "", "canary", "is set but"},
		{"newline at the end", "id", "canary\n", "", "white space"},
		{"space in the token", "id", "canary", "to ken", "white space"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			alibaba := map[string]string{EnvAlibabaID: tt.id, EnvAlibabaSecret: tt.secret, EnvAlibabaToken: tt.token}
			tencent := map[string]string{EnvTencentID: tt.id, EnvTencentSecret: tt.secret, EnvTencentToken: tt.token}
			a, errA := AlibabaKeyFromEnv(func(name string) string { return alibaba[name] })
			q, errQ := TencentKeyFromEnv(func(name string) string { return tencent[name] })
			if tt.says == "" {
				if errA != nil || errQ != nil || a != (AlibabaKey{tt.id, tt.secret, tt.token}) || q != (TencentKey{tt.id, tt.secret, tt.token}) {
					t.Errorf("got errors %v and %v, or other values", errA, errQ)
				}
				return
			}
			for _, err := range []error{errA, errQ} {
				says := tt.says
				if tt.name == "secret forgotten" {
					says = "is set but"
				}
				if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "canary") {
					t.Errorf("error %v, want one that says %q without the value", err, says)
				}
			}
			if !a.IsZero() || !q.IsZero() {
				t.Error("a key comes together with an error")
			}
		})
	}
}

func TestRedactForms(t *testing.T) {
	key := AlibabaKey{canaryID, canarySecret, canaryToken}
	call := AlibabaCall{Action: "DescribeRegions", Version: "2014-05-26"}
	signed := call.Signed("GET", "ecs.aliyuncs.com", key, at(), "n")
	values := call.SignedValues("GET", key, at(), "n")
	toSign := StringToSignRPC("GET", values)
	tencent := TencentKey{"AKIDcanary0123456789", canarySecret, canaryToken}
	tc3, _ := TencentCall{Action: "A", Version: "V"}.SignedTC3("gaap.tencentcloudapi.com", tencent, at())
	var transcript strings.Builder
	for _, f := range tc3.Header {
		transcript.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	v1 := SignedV1("GET", "h", TencentCall{Action: "A", Version: "V"}.V1Values(HmacSHA1, tencent, at(), 1), tencent.Secret)

	for name, text := range map[string]string{
		"URL":                       "https://ecs.aliyuncs.com" + signed.Target(),
		"url.Error":                 (&url.Error{Op: "Get", URL: "https://ecs.aliyuncs.com" + signed.Target(), Err: ErrNotAPI}).Error(),
		"string to sign":            toSign,
		"string to sign, encoded":   PercentEncode(toSign),
		"v1":                        v1.Target(),
		"headers":                   transcript.String(),
		"header map":                "map[Authorization:[TC3-HMAC-SHA256 Credential=canary/2026, Signature=canary] Accept:[*]]",
		"parameter map":             fmt.Sprint(map[string][]string{"AccessKeyId": {"canary"}, "Signature": {"canary="}}),
		"JSON":                      `{"AccessKeyId": "canary", "AccessKeySecret":"canary","SecurityToken":"canary", "Authorization":"x canary"}`,
		"JSON in JSON":              `{"m":"{\"SecretId\":\"canary\",\"SecretKey\": \"canary\"}"}`,
		"JSON encoded":              PercentEncode(`{"SecretId": "canary","x":"y"}`),
		"JSON form-encoded":         url.QueryEscape(`{"SecretKey": "canary","x":"y"}`),
		"XML":                       "<AccessKeyId>canary</AccessKeyId><SecurityToken>canary</SecurityToken>",
		"STS header":                "x-acs-security-token: canary\nx-acs-accesskey-id: canary",
		"lower case":                "accesskeyid=canary&signature=canary",
		"key id by itself":          "the SecretId AKIDcanary0123456789 is not found, nor is LTAI5tcanary123 or STS.NUcanary12",
		"canary in a longer name":   "X-Signature=canary",
		"query with amp entity":     "a=b&amp;Signature=canary&amp;c=d",
		"quoted in a Go string":     fmt.Sprintf("%q", `SecretId="canary"`),
		"behind an encoded newline": "%0ASignature%3Dcanary%0A",
		"YAML":                      "signature: canary\nSignature: x9canary is it\nX-Signature: x9canary is it\nmy_signature: canary\n",
		"a code with a value":       "IncompleteSignature: canary",
		"a code with a value, more": "IncompleteSignature: Canary/Signature= was not taken by it",
		"a name behind a code":      "IncompleteSignature: SecretKey=canary was not taken by it",
		"a name behind a reason":    "tls/weak_signature: SecretKey=canary is signed with SHA1-RSA",
		"a value in a sentence":     "IncompleteSignature: The request signature: x9canary was not taken by it",
		"a name for a value":        `Signature="SecretKey":"canary",`,
		"a name before brackets":    `Signature=xSecretKey=[[["canary"`,
		"a name behind a value":     "Signature=" + strings.Repeat("x", 100) + `AccessKeySecret:"canary"`,
		"names in names":            `Signature=Token=canary&Token=SecretId="canary"`,
		"another word of the same":  "my/weak_signature: x9canary is signed with SHA1-RSA",
	} {
		t.Run(name, func(t *testing.T) {
			got := Redact(text)
			if form := shows(got); form != "" {
				t.Errorf("shows %q: %s", form, got)
			}
			if got == text {
				t.Error("nothing was redacted")
			}
			if again := Redact(got); again != got {
				t.Errorf("redacted again\n%s\nwant\n%s", again, got)
			}
		})
	}
}

func TestRedactKeepsTheRest(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Action=DescribeRegions&SignatureMethod=HMAC-SHA1&SignatureNonce=1", "Action=DescribeRegions&SignatureMethod=HMAC-SHA1&SignatureNonce=1"},
		{"AccessKeyId=x&Action=y", "AccessKeyId=REDACTED&Action=y"},
		{"GET&%2F&AccessKeyId%3Dx%26Action%3Dy", "GET&%2F&AccessKeyId%3DREDACTED%26Action%3Dy"},
		{"Authorization: a b c\r\nHost: h\r\n", "Authorization: REDACTED\r\nHost: h\r\n"},
		{"The signature is expired, please request again.", "The signature is expired, please request again."},
		{`The input parameter "AccessKeyId" that is mandatory`, `The input parameter "AccessKeyId" that is mandatory`},
		{"MissingSecurityToken: The input parameter", "MissingSecurityToken: The input parameter"},
		{"MissingAccessKeyId: AccessKeyId is mandatory for this action.", "MissingAccessKeyId: AccessKeyId is mandatory for this action."},
		{"SecurityToken: SecurityToken is mandatory", "SecurityToken: SecurityToken is mandatory"},
		{"bad OCSP signature: ECDSA verification failure", "bad OCSP signature: ECDSA verification failure"},
		{"no refusal of a signature: status 502, not an API reply", "no refusal of a signature: status 502, not an API reply"},
		{"tls/weak_signature: kms.cn-hangzhou.aliyuncs.com is signed with SHA1-RSA", "tls/weak_signature: kms.cn-hangzhou.aliyuncs.com is signed with SHA1-RSA"},
		{"tls/weak_signature: Old Authority G1 is signed with MD5-RSA", "tls/weak_signature: Old Authority G1 is signed with MD5-RSA"},
		{"400 IncompleteSignature: The request signature does not conform to standards.", "400 IncompleteSignature: The request signature does not conform to standards."},
		{"", ""},
	} {
		if got := Redact(tt.in); got != tt.want {
			t.Errorf("Redact(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestRedactOwnValues: without any name beside it only the key itself can tell.
func TestRedactOwnValues(t *testing.T) {
	text := strings.Join([]string{
		canarySecret, PercentEncode(canarySecret), PercentEncode(PercentEncode(canaryToken)), url.QueryEscape(canaryToken),
		base64.StdEncoding.EncodeToString([]byte(canarySecret)), canaryID,
	}, " ")
	for _, got := range []string{
		NewRedactor(AlibabaKey{canaryID, canarySecret, canaryToken}, TencentKey{}).Redact(text),
		NewRedactor(AlibabaKey{}, TencentKey{canaryID, canarySecret, canaryToken}).Redact(text),
	} {
		if form := shows(got); form != "" {
			t.Errorf("shows %q: %s", form, got)
		}
	}
	if got := (Redactor{}).Redact("plain text"); got != "plain text" {
		t.Errorf("the zero key changes text to %q", got)
	}
}

func TestRequestPrintsRedacted(t *testing.T) {
	r := AlibabaCall{Action: "DescribeRegions", Version: "2014-05-26"}.
		Signed("POST", "h", AlibabaKey{canaryID, canarySecret, canaryToken}, at(), "n")
	r.Query = string(r.Body)
	r.Header = append(r.Header, Field{"Authorization", "canary"})
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{r, &r, []Request{r}} {
			if form := shows(fmt.Sprintf(format, value)); form != "" {
				t.Errorf("Sprintf(%q) shows %q", format, form)
			}
		}
	}
	if s := r.String(); !strings.HasPrefix(s, "POST h/?AccessKeyId=REDACTED&Action=DescribeRegions") {
		t.Errorf("String() = %q", s)
	}
}

// FuzzRedact puts a canary behind a name in each notation, in the middle of any text.
func FuzzRedact(f *testing.F) {
	f.Add("a=b", "&c=d", uint8(0))
	f.Add("GET&%2F&", "%26x%3Dy", uint8(3))
	f.Add("Signature=", "Authorization:", uint8(5))
	f.Fuzz(func(t *testing.T, before, after string, form uint8) {
		const canary = "qZ9canaryValue7xW"
		if strings.Contains(before+after, "canary") {
			return
		}
		forms := []string{
			"&AccessKeyId=%s&", `"SecretKey":"%s",`, "\nAuthorization: x %s\n", "%%26SecurityToken%%3D%s%%26", "%%2526Signature%%253D%s%%2526",
			"<SecretId>%s</SecretId>", "\nX-TC-Token: %s\n", "%%22Token%%22%%3A%%22%s%%22",
		}
		text := before + fmt.Sprintf(forms[int(form)%len(forms)], canary) + after
		if got := Redact(text); strings.Contains(got, "canary") {
			t.Errorf("Redact(%q) = %q", text, got)
		}
	})
}
