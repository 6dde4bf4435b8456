package exchange

import (
	"fmt"
	"net"
	"syscall"
	"time"

	"prober/probe/reason"
)

// Delivery is what the kernel of this machine knows of how the bytes of a connection travelled: who
// waits in vain can tell so whether the other side has what was sent. The zero value knows nothing.
type Delivery struct {
	known   bool
	unacked int           // bytes that were sent and not acknowledged
	unsent  int           // bytes that were not, since the other side takes no more
	again   int           // times that they were sent again since something was acknowledged last
	silence time.Duration // since anything was acknowledged
	rto     time.Duration // from one time of sending again to the next
	gap     bool          // something came that follows what never came
	unheard time.Duration // since something came in its order
}

// DeliveryOf asks the kernel about a connection, or the one that it stands upon. It costs some system
// calls and is for those that have failed.
func DeliveryOf(conn net.Conn) Delivery {
	socket, ok := beneath[syscall.Conn](conn)
	if !ok {
		return Delivery{}
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return Delivery{}
	}
	var d Delivery
	if err := raw.Control(func(fd uintptr) { d = deliveryOf(int(fd)) }); err != nil {
		return Delivery{}
	}
	return d
}

// Lost reports whether packets of the connection were lost: what was sent was not acknowledged, though
// it was sent again and its time to be acknowledged ran out, or a hole stands in what came for longer
// than it takes to fill one. An acknowledgement of something else shows that the way is there, and that
// the other side does not take more.
func (d Delivery) Lost() bool { return d.unanswered() || d.gap && d.unheard >= d.rto }

// Explain adds to what was waited for in vain whether packets were lost: it is the network's then, and
// not of who is waited for. Of other findings it knows nothing.
func (d Delivery) Explain(f reason.Finding) reason.Finding {
	lost := map[reason.Reason]reason.Reason{
		reason.TLSTimeout: reason.TLSLost, reason.RequestTimeout: reason.RequestLost, reason.RequestWriteTimeout: reason.RequestLost,
		reason.HeadersTimeout: reason.HeadersLost, reason.BodyTimeout: reason.BodyLost,
	}[f.Reason]
	if lost == reason.None {
		return f
	}
	if d.Lost() {
		f.Reason = lost
	}
	if said := d.String(); said != "" {
		f.Detail += "; " + said
	}
	return f
}

// unanswered reports whether nothing came back for what was sent. Times of sending again double: who
// acknowledges what it does not take has done so since the last but one.
func (d Delivery) unanswered() bool {
	return d.unacked > 0 && d.again > 0 && d.silence >= d.rto/4*3
}

// String says what is known, as a clause: "517 bytes were sent and not acknowledged, nor when sent
// again (3 times)"; empty: nothing is.
func (d Delivery) String() string {
	switch {
	case !d.known:
		return ""
	case d.unanswered():
		return fmt.Sprintf("%s sent and not acknowledged, nor when sent again (%s)", count(d.unacked), times(d.again))
	case d.Lost():
		return "what came last follows something that was lost on the way and never came"
	case d.unsent > 0 && d.unacked == 0:
		return fmt.Sprintf("all that was sent was acknowledged, and the other side takes no more: %s not sent", count(d.unsent))
	case d.unacked == 0 && !d.gap:
		return "all that was sent was acknowledged"
	}
	return ""
}

func count(n int) string {
	if n == 1 {
		return "1 byte was"
	}
	return fmt.Sprintf("%d bytes were", n)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
