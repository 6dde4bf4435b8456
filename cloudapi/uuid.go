package cloudapi

import (
	"fmt"
	"io"
	"regexp"
)

// NewUUID reads 16 bytes from random and returns them as a version 4 UUID in lower
// case (RFC 9562, section 5.4). It serves as signature nonce and as request id.
func NewUUID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("reading 16 random bytes for a UUID: %w", err)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

var uuidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// IsUUID reports whether s has the form of a UUID, in either case.
func IsUUID(s string) bool { return uuidForm.MatchString(s) }
