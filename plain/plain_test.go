package plain_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"prober/plain"
)

func TestLine(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"", 10, ""},
		{"plain é 青 😀", 100, "plain é 青 😀"},
		{"a\r\nb\tc", 100, "a  b c"},
		{"\x00\x1b[31m\x7f", 100, "\uFFFD\uFFFD[31m\uFFFD"},
		{"\u0080\u009b1m\u009f\u00a0", 100, "\uFFFD\uFFFD1m\uFFFD\u00a0"},
		{"\u202egpj\u2066\u061c\u200f\u2028\ufeff\u200b", 100, "\uFFFDgpj\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
		{"\xff\xfe青\xe9", 100, "\uFFFD\uFFFD青\uFFFD"},
		{"0123456789", 10, "0123456789"},
		{"0123456789a", 10, "0123456…"},
		{"青青青青", 10, "青青…"},
		{"青青青青", 9, "青青…"},
		{"\x01\x01\x01\x01\x01", 9, "\uFFFD\uFFFD…"},
		{"0123456\xe9\xe9\xe9\xe9", 10, "0123456…"},
		{"long", 0, "…"},
	} {
		if got := plain.Line(c.text, c.most); got != c.want {
			t.Errorf("%q within %d is %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// FuzzLine: whatever comes, a line is one, valid, bounded, and stays itself.
func FuzzLine(f *testing.F) {
	f.Add("\x1b[31m\u202e", 3)
	f.Add("青\xff", 7)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = 3 + max(0, most)%300
		line := plain.Line(text, most)
		if len(line) > most || !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl) {
			t.Errorf("%q within %d is %q", text, most, line)
		}
		if again := plain.Line(line, most); strings.ReplaceAll(again, "\uFFFD", "") != strings.ReplaceAll(line, "\uFFFD", "") {
			t.Errorf("%q becomes %q at the second time", line, again)
		}
	})
}

func ExampleLine() {
	fmt.Println(plain.Line("one\ntwo three", 9))
	// Output: one tw…
}
