package exchange

import (
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// losing makes the kernel lose, unseen by either side, what comes to a socket in segments of more than
// so many bytes, those of the header among them, as a network does; 0: all.
func losing(t *testing.T, conn net.Conn, above uint32) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_LEN},
		{Code: unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K, K: above, Jt: 0, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0},
		{Code: unix.BPF_RET | unix.BPF_K, K: 1 << 20},
	}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
	}); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
}

// What was lost is found as what it is, by a connection that loses it, whatever came before.
func TestLostPackets(t *testing.T) {
	const moment, large = time.Second + time.Second/2, 1000 // by then the kernel has sent again what it sends
	for _, tt := range []struct{ phase, before string }{
		{"request", ""},
		{"headers", "HTTP/1.1 200"},
		{"body", ok200 + "Content-Length: 9999\r\n\r\nhello"},
	} {
		for end, after := range map[string]string{"/timeout": "", "/lost": strings.Repeat("x", 2*large)} {
			t.Run(tt.phase+end, func(t *testing.T) {
				t.Parallel()
				wantFrom(t, moment, tt.phase+end, func(d time.Duration) *Reply {
					conn := serve(t, func(c *net.TCPConn) {
						readRequest(c)
						send(c, tt.before)
						if after != "" {
							send(c, after)
							send(c, "y") // not lost
						}
						waitForEnd(c)
					})
					losing(t, conn, large)
					return Do(t.Context(), conn, newRequest(t, ""), Options{Deadline: time.Now().Add(d)})
				})
			})
		}
	}
	t.Run("the request", func(t *testing.T) {
		t.Parallel()
		wantFrom(t, moment, "request/lost", func(d time.Duration) *Reply {
			deaf := make(chan struct{})
			conn := serve(t, func(c *net.TCPConn) { losing(t, c, 0); close(deaf); <-t.Context().Done() }) // it hears no end
			<-deaf
			return Do(t.Context(), conn, newRequest(t, ""), Options{Deadline: time.Now().Add(d)})
		})
	})
}
