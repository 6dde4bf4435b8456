package prose_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"prober/limit"
	"prober/prose"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\r\n":       "plain\ttext\n",
		"over\rwritten":         `over\u000dwritten`,
		"a\u034fb\u3164":        `a\u034fb\u3164`,
		"variant \u2764\ufe0f":  "variant \u2764\ufe0f",
		"a\u202etxt.exe\u202c":  `a\u202etxt.exe\u202c`,
		"\ufeff\u200bx\u2028":   `\ufeff\u200bx\u2028`,
		"\U000e0041":            `\U000e0041`,
		"\x1b[2J\x00\u0085\xff": `\u001b[2J\u0000\u0085` + "\uFFFD",
		"中文 é 🙂":                "中文 é 🙂",
	} {
		if got := prose.Visible(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNoUserinfo(t *testing.T) {
	for in, want := range map[string]string{
		`URL "https://me:pa55@host.example/x@y": bad`: `URL "https://...@host.example/x@y": bad`,
		"https://me@host.example":                     "https://...@host.example",
		"https://me:p@ss@host.example/":               "https://...@host.example/",
		"https://me:pa/ss?@host.example/":             "https://...@host.example/",
		`no endpoint is named "me:pa55@host:443"`:     `no endpoint is named "...@host:443"`,
		"https:/me:pa55@host.example/":                "https:/...@host.example/",
		"//me:pa55@host.example/":                     "//...@host.example/",
		"me:pa/55@host":                               "...@host",
		`"me:pa\"55@host"`:                            `"...@host"`,
		`"https://me:pa\"5/5@host"`:                   `"https://...@host"`,
		"me:pa'55@host":                               "...@host",
		"me:@host and lists.yaml:3: a@b":              "me:@host and lists.yaml:3: a@b",
		"--control me:pa55@host, x=you:pa55@other":    "--control ...@host, x=...@other",
		"https://host.example/@user me@host.example":  "https://host.example/@user me@host.example",
		"image@2x and a: b@c":                         "image@2x and a: b@c",
	} {
		if got := prose.NoUserinfo(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// What hides is told by every function in its own way, and by none as it is.
func TestNothingHides(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		hides := (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) && r != '\n' && r != '\t'
		if !hides {
			continue
		}
		text := "a" + string(r) + "b"
		for name, got := range map[string]string{"Visible": prose.Visible(text), "Line": prose.Line(text), "OneLine": prose.OneLine(text)} {
			if strings.ContainsRune(got, r) || !strings.HasPrefix(got, "a\\") || !strings.HasSuffix(got, "b") {
				t.Errorf("%s(%+q) = %+q", name, text, got)
			}
		}
		written, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		safe := prose.JSON(written)
		var again string
		if err := json.Unmarshal(safe, &again); err != nil || again != text || strings.ContainsRune(string(safe), r) {
			t.Errorf("JSON of %+q: %s (%v)", text, safe, err)
		}
	}
}

func TestGuard(t *testing.T) {
	const text = "caf\u00e9 \u4e2d\U0001f642 \x1b[31m\u202ered\n\t\x9b\xe4"
	const want = "caf\u00e9 \u4e2d\U0001f642 \\u001b[31m\\u202ered\n\t\uFFFD"
	for size := range len(text) + 1 { // wherever a write ends
		var b bytes.Buffer
		w := prose.Guard(&b)
		for _, part := range []string{text[:size], text[size:]} {
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if b.String() != want {
			t.Errorf("cut at %d: %+q, want %+q", size, b.String(), want)
		}
	}
}

func TestCuts(t *testing.T) {
	long := strings.Repeat("\u00e9 \x1b", 1<<20)
	if got := prose.Brief("about " + long + " do this"); len(got) > limit.ShownLine || !strings.HasPrefix(got, "about ") || !strings.HasSuffix(got, " do this") || !strings.Contains(got, " bytes \u2026 ") {
		t.Errorf("%d bytes: %.80q ... %q", len(got), got, got[len(got)-40:])
	}
	if got := prose.Short(long); len(got) > limit.ShownWord+3 || !utf8.ValidString(got) {
		t.Errorf("%d bytes: %q", len(got), got)
	}
	if got := prose.Command("curl " + long); got != "(a command of 4194309 bytes, too long to show)" {
		t.Errorf("%.80q", got)
	}
	if got := prose.Command("printf 'a\nb'"); got != `$ printf 'a\u000ab'` {
		t.Errorf("%q", got)
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
