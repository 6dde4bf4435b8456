package imitation

import (
	"strings"
	"testing"
)

// Each damage shows in the text that it is about, and in no name, number, time or signature.
func TestDamages(t *testing.T) {
	texts := map[string][2]string{ // by name: before and after
		"trimmed": {" é ", "é"}, "collapsed": {"é  é", "é é"}, "line_ends": {"a\r\nb\rc", "a\nb\nc"}, "controls": {"a\x01b\u0085", "ab"},
		"invisible": {"a\u200bb\u202e", "ab"}, "separators": {"a\u2028b", "a\nb"}, "no_break_space": {"a\u00a0b", "a b"},
		"cut_characters": {strings.Repeat("é", 256), strings.Repeat("é", 255)}, "cut_bytes": {strings.Repeat("é", 128), strings.Repeat("é", 127)},
		"cut_at_astral": {"a😀b", "a"}, "high_planes": {"😀\U00030400", "😀\ufffd"}, "noncharacters": {"a\ufffe\U0001ffff\ufdd0", "a\ufffd\ufffd\ufffd"},
		"escaped": {"<&", "&lt;&amp;"}, "unescaped": {"&lt;&amp;", "<&"}, "backslashes": {`a\n`, "an"}, "percent": {"%2525", "%25"},
		"composed": {"e\u0301", "é"}, "decomposed": {"é", "e\u0301"}, "compatible": {"Ａ", "A"}, "folded": {"ÀB", "àb"}, "question_marks": {"é😀", "??"},
		"scripts": {"aλЖทिབ中", "a?????中"}, "extension_a": {"㐀中", "?中"}, "joiners": {"a\u200cb\u2060c\u200ed\u200d", "abcd\u200d"}, "tags": {"a\U000e0067\U000e0100", "a"},
		"final_sigma": {"ς ", "σ "}, "typography": {"‘’“”–—…", `''""--...`}, "half_width": {"ｶﾞｱ", "ガア"}, "japanese": {"〜−‖¥‾", `～－∥\~`},
		"ligatures": {"ﬁ", "fi"}, "ideographs": {"\uf900\U0002f800", "\u8c48\u4e3d"}, "presentation": {"ﺍ", "ا"},
		"cut_long": {"é" + strings.Repeat("x", 1100), "é" + strings.Repeat("x", 1022)}, "cut_wide": {"a" + strings.Repeat("é", 1030), "a" + strings.Repeat("é", 1024)},
		"cut_after_2048": {strings.Repeat("é", 1030), strings.Repeat("é", 1024)}, "cut_inside": {strings.Repeat("é", 600), strings.Repeat("é", 512) + "\ufffd"},
		"sixteen_bits": {"a😀é", "aé"}, "last_backslash": {`a \`, "a "},
		"script_tags": {"<script>x</script>", "x"}, "comments": {"a -- b", "a  b"}, "templates": {"${y}$$", "$"},
		"paths": {"../../a b", "a b"}, "links": {"a http://a.example b", "a  b"}, "keywords": {"a SELECT b", "a  b"}, "last_equals": {"a &=", "a &"},
		"vowels": {"\u05e9\u05b8\u05c1", "\u05e9"}, "digits": {"\u0661\u0662", "12"}, "shades": {"\U0001f44d\U0001f3fd", "\U0001f44d"}, "page_breaks": {"a\v\f", "a"},
	}
	for _, d := range Damages() {
		text, known := texts[d.Name]
		if got := d.Of(text[0]); !known || got != text[1] {
			t.Errorf("%s: %q became %q, want %q", d.Name, text[0], got, text[1])
		}
		for _, plain := range []string{"DescribeRegions", "2026-11-26T12:00:00Z", "a+/bC==", "HMAC-SHA1", ""} {
			if got := d.Of(plain); got != plain {
				t.Errorf("%s: %q became %q", d.Name, plain, got)
			}
		}
	}
}

// In JSON the texts are damaged, and what holds them is not.
func TestPayloadsAreDamagedInTheirTexts(t *testing.T) {
	a := newAPI(t, gaap()).Mangled(strings.TrimSpace)
	for in, want := range map[string]string{
		`{ "a" : "b" }`:         `{ "a" : "b" }`,
		`{"a":" b\n","c":"\""}`: `{"a":"b","c":"\""}`,
		`not JSON`:              `not JSON`,
	} {
		if got := string(a.payload([]byte(in))); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
}
