package needs_test

import (
	"os/exec"
	"strings"
	"testing"

	"prober/needs"
)

// A test that holds something against a program of other people.
func Example() {
	_ = func(t *testing.T) {
		openssl := needs.Program(t, "openssl")
		out, err := exec.Command(openssl, "version").Output()
		if err != nil || !strings.HasPrefix(string(out), "OpenSSL ") {
			t.Errorf("%s, %v", out, err)
		}
	}
	// Output:
}
