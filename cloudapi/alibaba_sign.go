package cloudapi

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
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
	return strings.ToUpper(method) + "&%2F&" + PercentEncode(joinParams(params, "Signature", PercentEncode))
}

// SignRPC returns the base64 text of HMAC-SHA1 over [StringToSignRPC], keyed with the
// AccessKeySecret and one "&" behind it.
func SignRPC(method string, params url.Values, secret string) string {
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(StringToSignRPC(method, params)))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
