package probe

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"strings"
)

// canaryName makes up a name beside host that cannot exist. It starts with host's first
// label, so that the owner of a zone sees in its logs what was being checked:
// "kms.cn-hangzhou.aliyuncs.com" gives "kms-3f9a60c41d2e.cn-hangzhou.aliyuncs.com".
func canaryName(host string, random io.Reader) string {
	if random == nil {
		random = rand.Reader
	}
	var b [6]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return ""
	}
	first, rest, ok := strings.Cut(host, ".")
	if !ok {
		return ""
	}
	return first + "-" + hex.EncodeToString(b[:]) + "." + rest
}
