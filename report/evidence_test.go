package report_test

import (
	"strings"
	"testing"

	"prober/probe/exchange"
	"prober/report"
)

// wire is all that went one way over a connection, as a report has it.
func wire(text string) report.Wire {
	return report.NewExchange(exchange.Evidence{Sent: exchange.Wire{Text: text, Shown: len(text), Bytes: int64(len(text))}}).Sent
}

func TestWireIsPrintable(t *testing.T) {
	w := wire("a\x00b\x1b[31m\xff\r\n\tc\u0085")
	if w.Text != "a\uFFFDb\uFFFD[31m\uFFFD\r\n\tc\uFFFD" || w.Hex != "6100621b5b33316dff0d0a0963c285" || w.Bytes != 15 || w.Shown != 15 {
		t.Errorf("%+v", w)
	}
	if w = wire(strings.Repeat("a", 200) + "\x00"); w.Hex != "" || w.Head() != strings.Repeat("61", 128) || len(w.Text) != 203 {
		t.Errorf("what the text says is said again: %q, or not at all: %q", w.Hex, w.Head())
	}
	if w = wire(strings.Repeat("a", 127) + "\x00"); w.Hex != strings.Repeat("61", 127)+"00" || w.Head() != w.Hex {
		t.Errorf("got %q", w.Hex)
	}
}
