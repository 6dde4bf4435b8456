package cloudapi

import "strings"

// EchoedStringToSign returns the string to sign that an Alibaba API quotes when a
// signature does not match, and whether message quotes one. It is the server's own view
// of the parameters, decoded and encoded again: comparing it with [StringToSignRPC]
// shows whether UTF-8 text arrived unharmed. The API quotes only for known key ids.
//
// Both wordings of the RPC signature are read,
//
//	Specified signature is not matched with our calculation. server string to sign is:GET&%2F&…
//	The request signature does not conform to Aliyun standards. server string to sign is:GET&%2F&…
//
// and that of the header signature ACS3, "server StringToSign is […]".
//
// The result holds the key id; see [Redact].
func EchoedStringToSign(message string) (string, bool) {
	if _, echo, found := strings.Cut(message, "server string to sign is:"); found {
		echo = strings.TrimSpace(echo)
		return echo, echo != ""
	}
	if _, rest, found := strings.Cut(message, "server StringToSign is ["); found {
		if echo, _, closed := strings.Cut(rest, "]"); closed {
			return echo, echo != ""
		}
	}
	return "", false
}
