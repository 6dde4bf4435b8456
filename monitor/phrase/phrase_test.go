package phrase

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 0: "0 s", 59 * time.Second: "59 s", 61 * time.Second: "1 min 1 s", time.Hour: "1 h", 11*time.Minute + 59*time.Second: "11 min",
		25*time.Hour + 5*time.Minute: "1 d 1 h",
		1920 * time.Millisecond:      "2 s",
		59700 * time.Millisecond:     "1 min",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{time.Minute: "1 min", 90 * time.Second: "1 min 30 s", 10 * time.Second: "10 s", 1500 * time.Millisecond: "1.5 s", 100 * time.Millisecond: "100 ms", 26 * time.Hour: "1 d 2 h"} {
		if got := Exactly(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	for s, want := range map[float64]string{0: "0.0 ms", 0.00234: "2.3 ms", 0.1234: "123 ms", 2.5: "2.5 s", 90: "1 min 30 s"} {
		if got := Latency(s); got != want {
			t.Errorf("%g s is %q, want %q", s, got, want)
		}
	}
}

func TestAgo(t *testing.T) {
	for d, want := range map[time.Duration]string{-time.Second: "just now", 900 * time.Millisecond: "just now", time.Second: "1 s ago", 3 * time.Hour: "3 h ago"} {
		if got := Ago(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

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
