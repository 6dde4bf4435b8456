package monitor

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"prober/limit"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "connection refused", "connection refused"},
		{"other scripts", "地域 华东1 (Hangzhou)", "地域 华东1 (Hangzhou)"},
		{"lines", "one\r\ntwo\tthree", "one  two three"},
		{"terminal escapes", "\x1b[31mred\x7f", " [31mred "},
		{"not UTF-8", "caf\xe9", "caf\uFFFD"},
		{"bidirectional overrides", "a\u202eb", "a b"},
		{"line separators", "a\u2028b", "a b"},
		{"too long", strings.Repeat("é", 400), strings.Repeat("é", 148) + "…"},
	}
	for _, tt := range tests {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestACommandIsWholeOrNotThere(t *testing.T) {
	whole := "curl " + strings.Repeat("x", limit.ShownCommand-5)
	for in, want := range map[string]string{whole: whole, whole + "x": "", "printf '\x1b'": `printf '\u001b'`} {
		if got := cleanCommand(in); got != want {
			t.Errorf("%.20q of %d bytes: %.20q", in, len(in), got)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("plain")
	f.Add("caf\xe9\r\n")
	f.Add(strings.Repeat("é", 200))
	f.Fuzz(func(t *testing.T, in string) {
		out := Clean(in)
		if len(out) > maxText || !utf8.ValidString(out) || strings.ContainsFunc(out, unicode.IsControl) {
			t.Errorf("clean(%q) = %q", in, out)
		}
		if Clean(out) != out {
			t.Errorf("clean(%q) is not clean: %q", in, Clean(out))
		}
	})
}
