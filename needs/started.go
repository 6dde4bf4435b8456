package needs

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// Started starts a program of somebody else's, which takes a port that it finds free itself, waits
// until what it writes matches says, and returns the match. It is killed when the test ends.
func Started(t testing.TB, cmd *exec.Cmd, says *regexp.Regexp) []string {
	t.Helper()
	match, said := TryStart(t, cmd, says)
	if match == nil {
		t.Fatalf("%s does not start:\n%s", cmd.Path, said)
	}
	return match
}

// TryStart is [Started] for a program that has to be told its port, which somebody else may take
// meanwhile: where it ends before it matches there is no match, and said is what it wrote.
func TryStart(t testing.TB, cmd *exec.Cmd, says *regexp.Regexp) (match []string, said string) {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close() // it has its own
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = out.Close()
	})
	var all strings.Builder
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if match := says.FindStringSubmatch(line); match != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }() // it is never to wait for a reader
			return match, ""
		}
		all.WriteString(line)
		if err != nil {
			return nil, all.String()
		}
	}
}
