package command

import (
	"os/exec"
	"testing"

	"prober/needs"
)

// TestWord has a real shell read what was quoted.
func TestWord(t *testing.T) {
	sh := needs.Program(t, "sh")
	for _, s := range []string{
		"", "plain", "-flag", "a b", "it's", `"`, `\`, "$(id)", "`id`", "a;b", "a&b", "*", "[::1]:443", "#", "~", "ä", "!x", "\t", "%s", "a'b'c", "''",
	} {
		out, err := exec.Command(sh, "-c", "printf '%s' "+Word(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("Word(%q) = %s reads as %q, %v", s, Word(s), out, err)
		}
	}
	if got := Word("good.test"); got != "good.test" {
		t.Errorf("quoted without need: %s", got)
	}
}
