package exchange

import (
	"fmt"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// arrivedGrace is how long reading may take for bytes that the kernel already holds. Only
// a TLS record that is not yet complete can use it up.
const arrivedGrace = 2 * time.Millisecond

// lookForSurplus looks for bytes behind the end of the reply. Whatever was sent together
// with the end (in the same segment or TLS record, or already waiting in the kernel) is
// seen without waiting for it; what comes later is not.
func (x *exchange) lookForSurplus(deadline time.Time) {
	surplus := make([]byte, limit.SurplusBytes)
	n := 0
	if buffered := x.in.Buffered(); buffered > 0 {
		n, _ = x.in.Read(surplus) // from the buffer alone
	}
	until := time.Unix(1, 0) // long past: gives what crypto/tls has decrypted already
	if bytesWaiting(x.conn) {
		until = time.Now().Add(arrivedGrace)
	}
	if until.After(deadline) {
		until = deadline
	}
	if x.conn.SetReadDeadline(until) == nil {
		got, _ := x.source.Read(surplus[n:])
		n += got
	}
	if n == 0 {
		return
	}
	x.reply.Surplus = surplus[:n]
	x.reply.note(reason.VerifySurplusBytes, fmt.Sprintf("%s behind the end of the reply, beginning %q",
		countSurplus(n), surplus[:min(n, 16)]))
}

func countSurplus(n int) string {
	switch n {
	case 1:
		return "a byte"
	case limit.SurplusBytes:
		return fmt.Sprintf("%d bytes or more", n)
	}
	return fmt.Sprintf("%d bytes", n)
}
