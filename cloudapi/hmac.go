package cloudapi

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
)

// hashOf returns the hash of a signature method that is an HMAC in base64, by the name that
// requests carry; SHA-1 for one that is not known, which a server then refuses.
func hashOf(signatureMethod string) func() hash.Hash {
	if signatureMethod == HmacSHA256.String() {
		return sha256.New
	}
	return sha1.New
}

func signHMAC(signatureMethod, key, text string) string {
	mac := hmac.New(hashOf(signatureMethod), []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
