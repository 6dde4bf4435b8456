package main

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

// canaries are planted keys that no output may hold.
var canaries = map[string]string{
	"ALIBABA_CLOUD_ACCESS_KEY_ID":     "LTAIcanaryKeyId/+1",
	"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "canarySecret/+=2",
	"ALIBABA_CLOUD_SECURITY_TOKEN":    "canaryToken/+=3",
	"TENCENTCLOUD_SECRET_ID":          "AKIDcanarySecretId4",
	"TENCENTCLOUD_SECRET_KEY":         "canarySecretKey5",
	"TENCENTCLOUD_TOKEN":              "canaryTencentToken6",
}

// No output of any command holds a planted key: raw, URL-escaped or base64. Connect
// failures are among them, because net/http's errors quote whole URLs.
func TestSecretsNeverAppear(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"check", "--signed", "--allow-private", "--address", "127.0.0.1", "--timeout", "1s", "ecs/default/public"},
		{"check", "--signed", "--allow-private", "--address", "127.0.0.1", "--timeout", "1s", "--output", "json", "kms/cn-hangzhou/public"},
		{"check", "--signed", "--allow-private", "--address", "127.0.0.1", "--timeout", "1s", "--output", "json", "gaap/nearest/public"},
		{"check", "--signed", "--resolver", "127.0.0.1:1", "--timeout", "1s", "gaap/nearest/public"},
		{"check", "--sandbox", "--signed", "--output", "json"},
		{"check", "--sandbox", "--signed", "--output", "json", "--fault", "*=mangled_text"},
		{"check", "--sandbox", "--signed", "--fault", "*=credentials"},
		{"conformance", "--sandbox", "--region", "cn-hangzhou", "--region", "default", "--output", "json"},
		{"conformance", "--resolver", "127.0.0.1:1", "--timeout", "1s", "--region", "cn-hangzhou", "--region", "nearest"},
		{"endpoints", "list"},
		{"explain", "credentials"},
		{"version"},
		{"sandbox", "--list-faults", "--output", "json"},
		{"check", "--timeout", "soon"},
	} {
		t.Run(strings.Join(args[:min(3, len(args))], " "), func(t *testing.T) {
			r := runApp(t, canaries, args...)
			if r.stdout+r.stderr == "" {
				t.Fatal("no output: the test would see nothing")
			}
			for name, secret := range canaries {
				for form, text := range map[string]string{
					"raw": secret, "URL-escaped": url.QueryEscape(secret), "base64": base64.StdEncoding.EncodeToString([]byte(secret)),
					"path-escaped": url.PathEscape(secret), "twice escaped": url.QueryEscape(url.QueryEscape(secret)),
				} {
					if strings.Contains(r.stdout+r.stderr, text) {
						t.Errorf("%s appears %s", name, form)
					}
				}
			}
		})
	}
}
