package report_test

import (
	"bytes"
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
	if w = wire(strings.Repeat("a", 200)); len(w.Hex) != 256 || len(w.Text) != 200 {
		t.Errorf("%d digits of %d bytes", len(w.Hex), len(w.Text))
	}
}

// The page says how much there was, and how much of it it shows.
func TestPageTellsTheTrueSizes(t *testing.T) {
	text := strings.Repeat("x", 4096)
	r := sample(t)
	for i := range r.Evidence {
		if r.Evidence[i].Kind == report.Exchanged {
			r.Evidence[i].Exchange = report.NewExchange(exchange.Evidence{
				Sent:     exchange.Wire{Text: text, Shown: 4096, Bytes: 65536, Unsent: 983428, Body: 65149},
				Received: exchange.Wire{Text: text, Shown: 4096, Bytes: 5100, Body: 4900},
				Decoded:  exchange.Wire{Text: text, Shown: 4096, Bytes: 1048577, Body: 1048577},
			})
		}
	}
	var page bytes.Buffer
	if err := report.Write(&page, r, report.HTML); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Sent, 65,536 of 1,048,964 bytes, 65,149 of them body; the first 4,096 are shown<",
		"Received, 5,100 bytes, 4,900 of them body; the first 4,096 are shown<",
		"The body, decoded, 1,048,577 bytes; the first 4,096 are shown<",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
