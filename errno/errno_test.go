package errno

import (
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
)

func TestIs(t *testing.T) {
	dial := func(n syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connectex", n)}
	}
	for _, c := range []struct {
		system string
		err    error
		name   syscall.Errno
		want   bool
	}{
		{"linux", dial(syscall.ECONNREFUSED), syscall.ECONNREFUSED, true},
		{"linux", dial(10061), syscall.ECONNREFUSED, false},
		{"windows", dial(syscall.ECONNREFUSED), syscall.ECONNREFUSED, true},
		{"windows", dial(10061), syscall.ECONNREFUSED, true},
		{"windows", dial(10061), syscall.ECONNRESET, false},
		{"windows", dial(10054), syscall.ECONNRESET, true},
		{"windows", dial(10060), syscall.ETIMEDOUT, true},
		{"windows", dial(10065), syscall.EHOSTUNREACH, true},
		{"windows", dial(10048), syscall.EADDRINUSE, true},
		{"windows", dial(10048), syscall.EADDRNOTAVAIL, false},
		{"windows", dial(9999), syscall.ECONNRESET, false},
		{"windows", io.EOF, syscall.EPIPE, false},
		{"windows", nil, syscall.EPIPE, false},
	} {
		if got := is(c.system, c.err, c.name); got != c.want {
			t.Errorf("on %s, whether %v is %v: %t", c.system, c.err, c.name, got)
		}
	}
}

// What this system says of a port at which nobody listens is what POSIX calls refused.
func TestRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err == nil {
		c.Close()
		t.Skip("somebody else listens there now")
	}
	if !Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%s says %v", runtime.GOOS, errors.Unwrap(err))
	}
}
