package main

import (
	"bytes"
	"strings"
	"testing"
)

// Off a terminal progress is whole lines, on one it is a line that is cleared in the end.
func TestProgress(t *testing.T) {
	var lines, line bytes.Buffer
	p := newProgress(&lines, false)
	p.step(1, 2)
	p.show()
	p.stop()
	if got := lines.String(); got != "prober: 1 of 2 requirements judged\n" {
		t.Errorf("off a terminal: %q", got)
	}
	p = newProgress(&line, true)
	p.step(0, 2)
	p.show()
	p.stop()
	if got := line.String(); !strings.HasSuffix(got, "\r\x1b[K") || strings.Contains(got, "\n") {
		t.Errorf("on a terminal: %q", got)
	}
}
