package needs_test

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"prober/needs"
)

// TestMain is also a program that says where it listens, or ends before.
func TestMain(m *testing.M) {
	switch os.Getenv("NEEDS_PROGRAM") {
	case "listens":
		_, _ = os.Stdout.WriteString("it begins\nlistening on 127.0.0.1:1\n")
		select {}
	case "ends":
		_, _ = os.Stderr.WriteString("no room\n")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestTryStart(t *testing.T) {
	says := regexp.MustCompile(`listening on (\S+)`)
	for does, want := range map[string]string{"listens": "127.0.0.1:1", "ends": ""} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "NEEDS_PROGRAM="+does)
		match, said := needs.TryStart(t, cmd, says)
		if got := append(match, "", "")[1]; got != want || (match == nil) != (said == "no room\n") {
			t.Errorf("%s: %q, %q", does, match, said)
		}
	}
}
