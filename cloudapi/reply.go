package cloudapi

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"prober/catalog"
)

// The ways in which a body is no reply of the expected family.
var (
	// ErrNotAPI: the body is no API reply at all: HTML, plain text, nothing, or text that
	// looks like JSON or XML and holds nothing of what the APIs say.
	ErrNotAPI = errors.New("not an API reply")
	// ErrUnparseable: the body holds what the APIs say, and no parser takes it.
	ErrUnparseable = errors.New("an API reply that cannot be parsed")
	// ErrWrongShape: the body is JSON or XML, but not of the shape that this family
	// documents, such as another family's reply or one without a request id.
	ErrWrongShape = errors.New("not the documented shape of an API reply")
)

// Reply is what a reply of either family says.
type Reply struct {
	Format  Format
	IsError bool
	// Root is the name of the XML root element or of the one JSON member that holds the
	// reply ("Response" for Tencent); empty for Alibaba's JSON.
	Root string
	// Charset is the encoding that an XML declaration names; empty without one.
	Charset string

	Code      string // error code; empty for a success
	Message   string // as it came: may quote the key id, see Redact
	RequestID string
	HostID    string // Alibaba: the host that the request named
	Recommend string // Alibaba: link to an explanation; optional
}

// Read reads a reply of an API style, as [ReadAlibaba] and [ReadTencent] do.
func Read(style catalog.APIStyle, contentType string, body []byte) (Reply, error) {
	if style == catalog.StyleTencent3 {
		return ReadTencent(body)
	}
	return ReadAlibaba(contentType, body)
}

// String returns code, request id and redacted message in one line.
func (r Reply) String() string {
	if !r.IsError {
		return "success, request " + r.RequestID
	}
	return fmt.Sprintf("%s: %s, request %s", printable(r.Code), printable(Redact(r.Message)), r.RequestID)
}

// GoString returns what String returns, so that %#v does not show the raw message.
func (r Reply) GoString() string { return r.String() }

// shown is how many bytes of a foreign body an error message quotes.
const shown = 48

// notAPI and wrongShape wrap the sentinels with what was found.
func notAPI(what string, body []byte) error {
	return fmt.Errorf("%w: %s%s", ErrNotAPI, what, excerpt(body))
}

func wrongShape(what string, body []byte) error {
	return fmt.Errorf("%w: %s%s", ErrWrongShape, what, excerpt(body))
}

// unparseable is the error for a body that is neither JSON nor XML, though it looks so; why says
// where it goes wrong. Without a word of the APIs in it, it is somebody else's.
func unparseable(format, why string, body []byte) error {
	kind := ErrNotAPI
	for _, word := range []string{"RequestId", "HostId", `"Response"`, `"Code"`, "<Error>", "<Code>"} {
		if bytes.Contains(body, []byte(word)) {
			kind = ErrUnparseable
		}
	}
	return fmt.Errorf("%w: found unparseable %s (%s)%s", kind, format, why, excerpt(body))
}

// excerpt quotes the redacted start of body, or nothing when body is blank.
func excerpt(body []byte) string {
	const window = 4096 // redaction must see whole values, not only what is shown
	text := strings.TrimSpace(string(body[:min(len(body), window)]))
	if text == "" {
		return ""
	}
	text = printable(Redact(text))
	if len(text) > shown {
		text = strings.ToValidUTF8(text[:shown], "") + "…" // without part of a character
	}
	return ": " + text
}

// printable returns s in one line of printable, valid UTF-8: everything else becomes a
// space or a replacement character.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r < ' ' || 0x7f <= r && r < 0xa0, r == 0x2028, r == 0x2029,
			0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0xfeff:
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// WithoutBOM removes a byte order mark. RFC 8259, section 8.1, forbids sending one, but whether
// that breaks a rule is for the caller to judge on the raw bytes; here the reply behind it is
// read.
func WithoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\uFEFF")) }

// begin returns the first byte of text behind the white space that JSON and XML know, and 0
// where there is none.
func begin(text []byte) byte {
	if text = bytes.TrimLeft(text, xmlSpace); len(text) > 0 {
		return text[0]
	}
	return 0
}
