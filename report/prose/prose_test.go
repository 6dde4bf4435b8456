package prose_test

import (
	"testing"

	"prober/report/prose"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\r\n":       "plain\ttext\r\n",
		"a\u202etxt.exe\u202c":  `a\u202etxt.exe\u202c`,
		"\ufeff\u200bx\u2028":   `\ufeff\u200bx\u2028`,
		"\U000e0041":            `\U000e0041`,
		"\x1b[2J\x00\u0085\xff": "\uFFFD[2J\uFFFD\uFFFD\uFFFD",
		"中文 é 🙂":                "中文 é 🙂",
	} {
		if got := prose.Visible(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWholeLines(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"one\ntwo", 7, "one\ntwo"},
		{"one\ntwo", 6, "one\n…"},
		{"one\ntwo\nthree", 7, "one\ntwo\n…"},
		{"one two three", 9, "one two …"},
		{"onetwothree", 6, "onetwo…"},
		{"ééé", 3, "é…"},
	} {
		if got := prose.WholeLines(tt.in, tt.n); got != tt.want {
			t.Errorf("%q at %d: %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}
