package cloudapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"prober/catalog"
	"prober/limit"
	"prober/plain"
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
	// ErrLimit: the body is deeper or has more parts than is read here; the text names the limit.
	// It may well be a reply of the family.
	ErrLimit = errors.New("a reply beyond what the prober reads")
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

// NotAPI tells by the beginning of a body, of any length, that the whole is no reply of an API
// style, with an [ErrNotAPI], or an [ErrUnparseable] where it has the API's words. It is nil where
// it may be a reply.
func NotAPI(style catalog.APIStyle, contentType string, start []byte) error {
	text := WithoutBOM(start)
	switch first := begin(text); {
	case first == 0:
		return nil // nothing but white space yet
	case looksLikeHTML(contentType, text):
		return notAPI("found HTML", text)
	case style == catalog.StyleTencent3 && first == '<':
		return notAPI("found XML or HTML", text)
	case style == catalog.StyleTencent3 && first != '{' && first != '[':
		return unreadable("found no JSON object", text)
	case first != '{' && first != '[' && first != '<':
		return unreadable("found neither a JSON object nor XML", text)
	}
	return nil
}

// orScalar is err, unless text is a JSON text that is no object or array (RFC 8259): then it says
// which.
func orScalar(text []byte, err error) error {
	kind := map[byte]string{'"': "string", 't': "true", 'f': "false", 'n': "null"}[begin(text)]
	if kind == "" {
		kind = "number"
	}
	if !json.Valid(text) {
		return err
	}
	return wrongShape("found a JSON "+kind, text)
}

// String returns code, request id and redacted message in one line.
func (r Reply) String() string {
	if !r.IsError {
		return "success, request " + r.RequestID
	}
	return fmt.Sprintf("%s: %s, request %s", plain.Line(r.Code, limit.FactBytes), plain.Line(Redact(r.Message), limit.FactBytes), r.RequestID)
}

// GoString returns what String returns, so that %#v does not show the raw message.
func (r Reply) GoString() string { return r.String() }

// shown is how many bytes of a foreign body an error message quotes.
const shown = 51

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
	return unreadable(fmt.Sprintf("found unparseable %s (%s)", format, why), body)
}

func unreadable(what string, body []byte) error {
	kind := ErrNotAPI
	words := bytes.ReplaceAll(body, []byte{0}, nil) // which UTF-16 puts between the letters
	for _, word := range []string{"RequestId", "HostId", `"Response"`, `"Code"`, "<Error>", "<Code>"} {
		if bytes.Contains(words, []byte(word)) {
			kind = ErrUnparseable
		}
	}
	return fmt.Errorf("%w: %s%s", kind, what, excerpt(body))
}

// excerpt quotes the redacted start of body, or nothing when body is blank.
func excerpt(body []byte) string {
	const window = 4096 // redaction must see whole values, not only what is shown
	text := strings.TrimSpace(string(body[:min(len(body), window)]))
	if text == "" {
		return ""
	}
	return ": " + plain.Line(Redact(text), shown)
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
