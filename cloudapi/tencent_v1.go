package cloudapi

import (
	"cmp"
	"net/url"
	"strings"
)

// V1Method is a signature method of Tencent's older signature, version 1, as the parameter
// SignatureMethod names it. The zero value is the documents' default, [HmacSHA1].
type V1Method string

// The signature methods.
const (
	HmacSHA1   V1Method = "HmacSHA1"
	HmacSHA256 V1Method = "HmacSHA256"
)

// String returns the value of the SignatureMethod parameter.
func (m V1Method) String() string { return string(cmp.Or(m, HmacSHA1)) }

// StringToSignV1 returns the text that Tencent's signature version 1 signs: method,
// host, path, "?" and the parameters sorted by name. Unlike in Alibaba's signature the
// values are raw, so non-ASCII text is signed as its UTF-8 bytes. The parameter
// Signature is left out.
//
// Source: "Signature" (HmacSHA1 and HmacSHA256) of the Tencent Cloud API 3.0 documents.
func StringToSignV1(method, host, path string, params url.Values) string {
	return strings.ToUpper(method) + host + cmp.Or(path, "/") + "?" +
		joinParams(params, func(s string) string { return s }, "Signature")
}

// SignTencentV1 returns the base64 text of the HMAC over [StringToSignV1]. The hash is
// that of m; params must already name it as SignatureMethod.
func SignTencentV1(m V1Method, method, host, path string, params url.Values, secret string) string {
	return signHMAC(m.String(), secret, StringToSignV1(method, host, path, params))
}
