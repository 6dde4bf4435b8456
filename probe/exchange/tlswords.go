package exchange

import (
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Sealed begins what is said of a record that the keys of a handshake do not open.
const Sealed = "a record came that does not decrypt"

// TLSWords is what crypto/tls says about what it does not accept, in words for people who do not know Go: without its
// prefixes and the names of its types, and with more than the name of an alert.
func TLSWords(err error) string {
	var record tls.RecordHeaderError
	if errors.As(err, &record) {
		return recordWords(record)
	}
	said := err.Error()
	if local, ok := strings.CutPrefix(said, "local error: tls: "); ok {
		if words, known := alertWords()[local]; known {
			return words
		}
		said = local
	}
	said = strings.TrimPrefix(strings.TrimPrefix(said, "remote error: "), "tls: ")
	said = strings.ReplaceAll(said, ": x509: ", ": ")
	said = messageType.ReplaceAllStringFunc(said, func(name string) string {
		word := messageType.FindStringSubmatch(name)[1]
		return strings.ToUpper(word[:1]) + word[1:]
	})
	return said
}

// messageType matches the type of a handshake message in crypto/tls.
var messageType = regexp.MustCompile(`\*tls\.(\w+?)Msg(?:TLS13)?\b`)

// alertWords say why crypto/tls ended a connection with an alert and no more words.
func alertWords() map[string]string {
	return map[string]string{
		"unexpected message":     "a record or a message came where it has no place (unexpected_message)",
		"bad record MAC":         Sealed + " (bad_record_mac)",
		"record overflow":        "a record came that holds more than the 16384 bytes that TLS allows (record_overflow)",
		"error decoding message": "a message came that breaks the format of its kind (decode_error)",
	}
}

// recordWords say what is wrong with the head of a record, of which text shows that it is none.
func recordWords(e tls.RecordHeaderError) string {
	head := e.RecordHeader
	if isText(head[:]) {
		return fmt.Sprintf("plain text came where a record of TLS is expected, beginning %q", head[:])
	}
	if _, expected, ok := strings.Cut(e.Msg, "when expecting version "); ok {
		return fmt.Sprintf("a record of version 0x%s came where one of version 0x0%s is expected", hex.EncodeToString(head[1:3]), expected)
	}
	return e.Msg
}

func isText(b []byte) bool {
	for _, c := range b {
		if (c < ' ' || c > '~') && c != '\r' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}
