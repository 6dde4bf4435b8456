//go:build unix

package dns

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestNoFileDescriptors lowers the limit of a child process, where it harms nobody else.
func TestNoFileDescriptors(t *testing.T) {
	if os.Getenv("DNS_TEST_NO_FILES") != "" {
		at := serve(t, "127.0.0.1", silent) // the runtime's poller has its descriptors now
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 100, Max: 100}); err != nil {
			t.Fatal(err)
		}
		for {
			f, err := os.Open(os.DevNull)
			if err != nil {
				break
			}
			defer func() { _ = f.Close() }()
		}
		fmt.Println("child:", (&Client{}).Query(context.Background(), at, "example.com", A).Reason)
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestNoFileDescriptors$")
	child.Env = append(os.Environ(), "DNS_TEST_NO_FILES=1")
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "child: prober/fd_exhausted") {
		t.Errorf("%v\n%s", err, out)
	}
}
