package exchange

import (
	"bytes"
	"fmt"
	"net/http"
	"unicode/utf8"

	"prober/probe/reason"
)

// JudgeText judges the character encoding of a body that is meant to be text in UTF-8:
// its labels (verify/charset), a byte order mark at its start (verify/bom) and its bytes
// (verify/invalid_utf8, with the offset of the first bad one). body is decoded of any
// content coding, as [Reply].Body is. The findings are in this order; none means that
// the text can be decoded without loss.
//
// It looks at the bytes themselves. Decoders such as encoding/json and encoding/xml put
// U+FFFD in the place of what is invalid, without an error, and what they return can no
// longer be judged.
//
// A missing label is fine: application/json has no charset parameter (RFC 8259, section
// 11), and UTF-8 is the default of XML. Any character that UTF-8 can carry is fine too,
// noncharacters such as U+FFFE included. A byte order mark is reported in front of XML
// as well, which allows it, because many clients stumble over it there too.
func JudgeText(header http.Header, body []byte) []reason.Finding {
	r := &Reply{}
	judgeLabel(r, header)
	text := judgeBOM(r, body)
	judgeXMLDeclaration(r, text)
	begin := 0 // of what at counts from
	at, what := firstInvalid(body)
	switch {
	case at >= 0:
	case isXML(header, text):
		begin = len(body) - len(text)
		at, what = loneXMLSurrogate(text)
	case isJSON(header, text):
		begin = len(body) - len(text)
		at, what = loneJSONSurrogate(text)
	}
	if at >= 0 {
		r.note(reason.VerifyInvalidUTF8, fmt.Sprintf("%s at offset %#x", what, begin+at))
	}
	return r.Findings
}

// boms are the byte order marks by which text announces its encoding. UTF-32 stands
// before UTF-16, whose mark its own begins with.
func boms() []struct{ mark, encoding string } {
	return []struct{ mark, encoding string }{
		{"\xef\xbb\xbf", "UTF-8"},
		{"\xff\xfe\x00\x00", "UTF-32, little-endian"},
		{"\x00\x00\xfe\xff", "UTF-32, big-endian"},
		{"\xff\xfe", "UTF-16, little-endian"},
		{"\xfe\xff", "UTF-16, big-endian"},
	}
}

// judgeBOM reports a byte order mark and returns the text behind it.
func judgeBOM(r *Reply, body []byte) []byte {
	for _, bom := range boms() {
		if text, ok := bytes.CutPrefix(body, []byte(bom.mark)); ok {
			r.note(reason.VerifyBOM, fmt.Sprintf("the body starts with the byte order mark of %s (% x)", bom.encoding, bom.mark))
			return text
		}
	}
	return body
}

// firstInvalid returns the offset of the first byte that is not part of a well-formed
// UTF-8 sequence, with what is wrong there; -1 if all of it is well formed (RFC 3629,
// section 4; the Unicode Standard, table 3-7).
func firstInvalid(b []byte) (int, string) {
	if utf8.Valid(b) {
		return -1, ""
	}
	at := 0
	for at < len(b) {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at, nameInvalid(b[at:])
}

// nameInvalid says what the ill-formed sequence at the start of b looks like.
func nameInvalid(b []byte) string {
	first, second := b[0], byte(0)
	if len(b) > 1 {
		second = b[1]
	}
	continued := second&0xc0 == 0x80
	switch {
	case first&0xc0 == 0x80:
		return fmt.Sprintf("continuation byte %#02x without a start", first)
	case first == 0xc0, first == 0xc1,
		first == 0xe0 && continued && second < 0xa0,
		first == 0xf0 && continued && second < 0x90:
		return fmt.Sprintf("overlong form beginning with %#02x", first)
	case first == 0xed && continued && second >= 0xa0:
		return "UTF-16 surrogate in UTF-8 (CESU-8), beginning with 0xed"
	case first == 0xf4 && continued && second >= 0x90, first >= 0xf5 && first <= 0xf7:
		return fmt.Sprintf("code point beyond U+10FFFF, beginning with %#02x", first)
	case first >= 0xf8:
		return fmt.Sprintf("byte %#02x, which UTF-8 never uses,", first)
	}
	return fmt.Sprintf("sequence beginning with %#02x, cut short", first)
}
