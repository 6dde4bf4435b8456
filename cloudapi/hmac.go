package cloudapi

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
)

// signHMAC returns the base64 text of an HMAC with the hash of a signature method, by the name
// that requests carry; SHA-1 for one that is not known, which a server then refuses.
func signHMAC(signatureMethod, key, text string) string {
	hash := sha1.New
	if signatureMethod == HmacSHA256.String() {
		hash = sha256.New
	}
	mac := hmac.New(hash, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
