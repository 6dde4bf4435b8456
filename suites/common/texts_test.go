package common_test

import (
	"strings"
	"testing"
	"unicode"

	"prober/cloudapi"
	"prober/suites/common"
)

// Every mark of ASCII is in one of the texts: any of them means something to somebody in between.
func TestMarksOfASCII(t *testing.T) {
	var all strings.Builder
	for _, text := range common.Texts() {
		all.WriteString(text.Value)
	}
	for r := ' '; r < 0x7f; r++ {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(all.String(), r) {
			t.Errorf("no text has %q", r)
		}
	}
}

// Front ends take some 8 KB of a URL, and few less than 4 KB.
func TestTextsFitIntoURL(t *testing.T) {
	if n := len(cloudapi.EncodeParams(common.TextParams())); n > 3700 {
		t.Errorf("the texts take %d bytes of a query", n)
	}
}

// Texts are valid, of differing names, and hold what their classes say.
func TestTexts(t *testing.T) {
	seen := map[string]bool{}
	for _, text := range common.Texts() {
		if seen[text.Name] || text.Why == "" || text.Value == "" {
			t.Errorf("%+v: twice, or without a reason", text)
		}
		seen[text.Name] = true
		if strings.ToValidUTF8(text.Value, "") != text.Value {
			t.Errorf("%s is not valid UTF-8", text.Name)
		}
		if strings.ContainsFunc(text.Name, func(r rune) bool { return r < '0' || r > 'z' }) {
			t.Errorf("%q cannot name a parameter", text.Name)
		}
	}
}
