package common_test

import (
	"strings"
	"testing"

	"prober/suites/common"
)

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
