package probe

import (
	"encoding/hex"
	"io"
	"strings"
)

// canaryName makes up a name beside host that cannot exist. It starts with host's first
// label, so that the owner of a zone sees in its logs what was being checked:
// "kms.cn-hangzhou.aliyuncs.com" gives "kms-3f9a60c41d2e.cn-hangzhou.aliyuncs.com".
// It is empty where there is no such name: for a host of one label, or a very long one.
func canaryName(host string, random io.Reader) string {
	var b [6]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return ""
	}
	first, rest, ok := strings.Cut(host, ".")
	if !ok || rest == "" {
		return ""
	}
	label := first[:min(len(first), maxLabel-1-hex.EncodedLen(len(b)))] + "-" + hex.EncodeToString(b[:])
	if len(label)+1+len(rest) > maxName {
		return ""
	}
	return label + "." + rest
}

// The longest label and the longest name in text form, RFC 1035, section 2.3.4.
const (
	maxLabel = 63
	maxName  = 253
)
