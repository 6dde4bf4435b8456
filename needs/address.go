package needs

import (
	"fmt"
	"net"
	"os"
	"testing"
)

// FreeAddress is a host and port at which nobody listens, for a program of somebody else's that cannot be
// handed a listener. It is on a loopback address of this process's own (Linux has them all), at which nobody
// else looks for a port.
func FreeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp4", fmt.Sprintf("127.30.%d.%d:0", os.Getpid()/250%250, 1+os.Getpid()%250))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
