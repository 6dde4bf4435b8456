//go:build unix

package dns

import (
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// Nobody writes to a pipe, and nobody waits for that.
func TestSystemResolversFromAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "resolv.conf")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := SystemResolvers(path); !errors.Is(err, errNoPlainFile) {
		t.Error(err)
	}
}
