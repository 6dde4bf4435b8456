package cloudapi

import (
	"encoding/base64"
	"encoding/hex"
	"os/exec"
	"strings"
	"testing"

	"prober/needs"
)

// TestOpenSSLComputesTheSameMACs runs every vector through a program of other people: the
// last step of each signature must be what openssl makes of the string to sign.
func TestOpenSSLComputesTheSameMACs(t *testing.T) {
	openssl := needs.Program(t, "openssl")
	mac := func(hash string, key []byte, text string) []byte {
		t.Helper()
		cmd := exec.Command(openssl, "dgst", "-"+hash, "-mac", "HMAC", "-macopt", "hexkey:"+hex.EncodeToString(key), "-binary")
		cmd.Stdin = strings.NewReader(text)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl dgst -%s: %v", hash, err)
		}
		return out
	}
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			_, toSign, signature := v.sign(t)
			var want string
			switch {
			case v.Signer == "alibaba-rpc":
				want = base64.StdEncoding.EncodeToString(mac("sha1", []byte(v.Secret+"&"), toSign))
			case v.Signer == "acs3":
				want = hex.EncodeToString(mac("sha256", []byte(v.Secret), toSign))
			case v.SignatureMethod != "":
				hash := strings.ToLower(strings.TrimPrefix(v.SignatureMethod, "Hmac"))
				want = base64.StdEncoding.EncodeToString(mac(hash, []byte(v.Secret), toSign))
			default:
				key := mac("sha256", []byte("TC3"+v.Secret), "2019-02-25")
				key = mac("sha256", mac("sha256", key, v.Service), "tc3_request")
				want = hex.EncodeToString(mac("sha256", key, toSign))
			}
			if signature != want {
				t.Errorf("signature %s, openssl says %s", signature, want)
			}
		})
	}
}
