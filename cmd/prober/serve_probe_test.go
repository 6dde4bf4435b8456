package main

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"prober/cloudapi"
)

// fetched is the text that a page of serve answers with.
func fetched(t *testing.T, page string) string {
	t.Helper()
	reply, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// serve --signed shows what signed calls alone find, and /probe tells it with a log that holds no key.
func TestServeSigns(t *testing.T) {
	t.Parallel()
	address, end := served(t, "--sandbox", "--product", "kms", "--region", "cn-hongkong", "--network", "public", "--signed", "--fault", "kms/cn-hongkong/public=mangled_text")
	text := fetched(t, "http://"+address+"/probe?debug=true&target=kms/cn-hongkong/public")
	said, err := end()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"reason=verify/mangled_text", "probe_success 0", "See it with:\n$ prober check", "module=api", "probe_http_status_code"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, secret := range []string{"Signature=", "AccessKeyId=", "SecurityToken="} {
		if strings.Contains(text+said, secret) {
			t.Errorf("%q is in\n%s", secret, text)
		}
	}
}

// The log of /probe holds no planted key: raw, URL-escaped or base64.
func TestProbeLogHoldsNoSecret(t *testing.T) {
	t.Parallel()
	canaries := map[string]string{cloudapi.EnvAlibabaID: canaryID, cloudapi.EnvAlibabaSecret: canarySecret, cloudapi.EnvAlibabaToken: canaryToken}
	address, end := servedWith(t, canaries, "--product", "kms", "--region", "cn-hangzhou", "--signed", "--resolver", "127.0.0.1:1", "--timeout", "1s")
	text := fetched(t, "http://"+address+"/probe?debug=true&target=kms/cn-hangzhou/public")
	said, err := end()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "Logs for the probe:") {
		t.Fatalf("no log: %s", text)
	}
	for name, secret := range canaries {
		for _, form := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			if strings.Contains(text+said, form) {
				t.Errorf("%s appears in\n%s", name, text)
			}
		}
	}
}
