package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
)

// What is short is told: the limit on open files, and no port.
func TestTooFewFiles(t *testing.T) {
	full := fmt.Errorf("listening: %w", os.NewSyscallError("socket", syscall.EMFILE))
	var p port
	opened := 0
	err := p.find([]netip.Addr{netip.MustParseAddr("127.0.0.1")}, func(netip.AddrPort) (io.Closer, uint16, error) {
		opened++
		return nil, 0, full
	})
	if opened != 1 || strings.Contains(err.Error(), "no port") {
		t.Errorf("%d tries: %v", opened, err)
	}
	told := enoughFiles(err, 85)
	if text := told.Error(); !errors.Is(told, syscall.EMFILE) || !strings.Contains(text, "85 endpoints takes up to 356") || !strings.Contains(text, "(ulimit -n 1380, or LimitNOFILE=1380 ") {
		t.Errorf("%v", told)
	}
	if again := enoughFiles(told, 85); again.Error() != told.Error() {
		t.Errorf("told twice: %v", again)
	}
	busy := errors.New("in use")
	if other := enoughFiles(busy, 85); other != busy {
		t.Errorf("%v", other)
	}
}
