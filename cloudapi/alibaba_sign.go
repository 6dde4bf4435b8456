package cloudapi

import (
	"net/url"
	"strings"
)

// StringToSignRPC returns the text that signature version 1.0 of Alibaba's RPC style
// signs: the method, the encoded path "/" and the canonicalized query string encoded
// once more, joined by "&". The parameter Signature is left out; parameters of query
// and form body are signed together, so params is their union.
//
// Non-ASCII values appear encoded twice: 华 is %25E5%258D%258E. No document says
// what happens to a name that occurs twice; here each occurrence is signed in order.
//
// Source: "Request signatures" of the ECS API reference.
func StringToSignRPC(method string, params url.Values) string {
	return strings.ToUpper(method) + "&%2F&" + PercentEncode(joinParams(params, PercentEncode, "Signature"))
}

// SignRPC returns the base64 text of the HMAC over [StringToSignRPC], keyed with the
// AccessKeySecret and one "&" behind it. The hash is that of the parameter SignatureMethod,
// or else SHA-1.
func SignRPC(method string, params url.Values, secret string) string {
	return signHMAC(params.Get("SignatureMethod"), secret+"&", StringToSignRPC(method, params))
}
