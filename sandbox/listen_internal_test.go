package sandbox

import (
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
)

// Where all ports that the system would choose are taken on the second address, another is found.
func TestFindPastTheSystemsPorts(t *testing.T) {
	both := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}
	taken := errors.New("in use")
	const chosen = 40_000
	from := func(free func(uint16) bool) opener {
		return func(at netip.AddrPort) (io.Closer, uint16, error) {
			number := at.Port()
			if number == 0 {
				number = chosen
			}
			if at.Addr().Is6() && !free(number) {
				return nil, 0, taken
			}
			return io.NopCloser(nil), number, nil
		}
	}
	var p port
	if err := p.find(both, from(func(n uint16) bool { return n != chosen })); err != nil || p.number == chosen || p.number < 1024 || len(p.open) != 2 {
		t.Errorf("port %d on %d: %v", p.number, len(p.open), err)
	}
	if err := p.find(both, from(func(uint16) bool { return false })); !errors.Is(err, taken) || !strings.Contains(err.Error(), "no port is free on all of") {
		t.Errorf("%v", err)
	}
}
