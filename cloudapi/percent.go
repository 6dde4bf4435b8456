package cloudapi

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// PercentEncode encodes the bytes of s as the signatures of Alibaba Cloud and Tencent
// Cloud want it: the unreserved characters of RFC 3986, section 2.3 (A-Z a-z 0-9 - _ .
// ~) stay, every other byte becomes %XY with upper-case digits. Unlike
// [url.QueryEscape] a space is %20 and never a plus sign. Bytes that are not valid
// UTF-8 are encoded as they are.
func PercentEncode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// EncodeParams writes params as a query or form body: sorted by the bytes of the
// names, names and values percent-encoded, values of one name in their order. It is
// the canonicalized query string of Alibaba's RPC signature; servers that read it as
// a form and servers that read it by RFC 3986 see the same text.
func EncodeParams(params url.Values) string { return joinParams(params, PercentEncode) }

// joinParams joins name=value pairs sorted by name, leaving out some parameters; encode is
// applied to every name and value.
func joinParams(params url.Values, encode func(string) string, without ...string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if slices.Contains(without, name) {
			continue
		}
		for _, value := range params[name] {
			pairs = append(pairs, encode(name)+"="+encode(value))
		}
	}
	return strings.Join(pairs, "&")
}
