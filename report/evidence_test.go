package report_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"prober/report"
)

func TestNewWire(t *testing.T) {
	w := report.NewWire([]byte(strings.Repeat("a", 4095)+"é and more"), nil)
	if w.Text != strings.Repeat("a", 4095) || len(w.Hex) != 256 || w.Bytes != 4106 {
		t.Errorf("got %d bytes of text, %d digits, %d bytes", len(w.Text), len(w.Hex), w.Bytes)
	}
	w = report.NewWire([]byte("a\x00b\x1b[31m\xff\r\n\tc\u0085"), nil)
	if w.Text != "a\uFFFDb\uFFFD[31m\uFFFD\r\n\tc\uFFFD" || w.Hex != "6100621b5b33316dff0d0a0963c285" {
		t.Errorf("got %q, %s", w.Text, w.Hex)
	}
	// The secret is removed before anything is cut, so that no half of it stays.
	w = report.NewWire([]byte(strings.Repeat("-", 120)+canary), func(s string) string { return strings.ReplaceAll(s, canary, "REDACTED") })
	if strings.Contains(w.Text, "s3cr") || strings.Contains(w.Hex, hex.EncodeToString([]byte("s3cr"))) || !strings.HasSuffix(w.Text, "REDACTED") {
		t.Errorf("got %q, %s", w.Text, w.Hex)
	}
}
