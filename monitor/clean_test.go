package monitor

import (
	"strings"
	"testing"

	"prober/limit"
)

func TestACommandIsWholeOrNotThere(t *testing.T) {
	whole := "curl " + strings.Repeat("x", limit.ShownCommand-5)
	for in, want := range map[string]string{whole: whole, whole + "x": "", "printf '\x1b'": `printf '\u001b'`} {
		if got := cleanCommand(in); got != want {
			t.Errorf("%.20q of %d bytes: %.20q", in, len(in), got)
		}
	}
}
