package cloudapi

import (
	"net/url"
	"slices"
	"strings"
)

// PercentEncode encodes the bytes of s as the signatures of Alibaba Cloud and Tencent
// Cloud want it: the unreserved characters of RFC 3986, section 2.3 (A-Z a-z 0-9 - _ .
// ~) stay, every other byte becomes %XY with upper-case digits. Unlike
// [url.QueryEscape] a space is %20 and never a plus sign. Bytes that are not valid
// UTF-8 are encoded as they are.
func PercentEncode(s string) string {
	const digits = "0123456789ABCDEF"
	n := 0
	for i := range len(s) {
		if !unreserved(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+2*n)
	for i := range len(s) {
		if c := s[i]; unreserved(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

func unreserved(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' ||
		c == '-' || c == '_' || c == '.' || c == '~'
}

// EncodeParams writes params as a query or form body: sorted by the bytes of the
// names, names and values percent-encoded, values of one name in their order. It is
// the canonicalized query string of Alibaba's RPC signature; servers that read it as
// a form and servers that read it by RFC 3986 see the same text.
func EncodeParams(params url.Values) string { return joinParams(params, "", PercentEncode) }

// joinParams joins name=value pairs sorted by name, leaving out the parameter
// without; encode is applied to every name and value.
func joinParams(params url.Values, without string, encode func(string) string) string {
	names := make([]string, 0, len(params))
	for name := range params {
		if name != without || without == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		for _, value := range params[name] {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(encode(name))
			b.WriteByte('=')
			b.WriteString(encode(value))
		}
	}
	return b.String()
}
