package cloudapi

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
)

// V1Method is a signature method of Tencent's older signature, version 1.
type V1Method uint8

// The signature methods. The zero value is the documents' default.
const (
	HmacSHA1 V1Method = iota
	HmacSHA256
)

// String returns the value of the SignatureMethod parameter.
func (m V1Method) String() string {
	if m == HmacSHA256 {
		return "HmacSHA256"
	}
	return "HmacSHA1"
}

// StringToSignV1 returns the text that Tencent's signature version 1 signs: method,
// host, path, "?" and the parameters sorted by name. Unlike in Alibaba's signature the
// values are raw, so non-ASCII text is signed as its UTF-8 bytes. The parameter
// Signature is left out.
//
// Source: "Signature" (HmacSHA1 and HmacSHA256) of the Tencent Cloud API 3.0 documents.
func StringToSignV1(method, host, path string, params url.Values) string {
	if path == "" {
		path = "/"
	}
	return strings.ToUpper(method) + host + path + "?" +
		joinParams(params, "Signature", func(s string) string { return s })
}

// SignTencentV1 returns the base64 text of the HMAC over [StringToSignV1]. The hash is
// that of m; params must already name it as SignatureMethod.
func SignTencentV1(m V1Method, method, host, path string, params url.Values, secret string) string {
	newHash := sha1.New
	if m == HmacSHA256 {
		newHash = sha256.New
	}
	mac := hmac.New(newHash, []byte(secret))
	mac.Write([]byte(StringToSignV1(method, host, path, params)))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
