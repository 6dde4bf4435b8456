package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"prober/limit"
	"prober/probe/exchange"
)

// handshake is what one TLS handshake showed, also when it failed.
type handshake struct {
	conn       *tls.Conn // nil when err is not
	err        error
	state      tls.ConnectionState // as far as it got
	chain      []*x509.Certificate // as sent, leaf first; nil when none was read
	certAsked  *atomic.Bool        // the server asked for a client certificate, perhaps after the handshake
	firstBytes []byte              // the first bytes that the server sent
	greeting   []byte              // those and more, which hold a usual ServerHello
	waited     time.Duration       // for turns
	delivery   exchange.Delivery   // of what was sent, where it failed
	rec        *recorder
}

// send sends what is held back of the handshake, where no request follows to take it along.
func (h *handshake) send() { _ = h.rec.send() }

// suites are all the cipher suites that crypto/tls knows: whether a suite is weak is for
// the version table and the reports to say, not for a client's defaults to hide.
func suites() []uint16 {
	var ids []uint16
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		ids = append(ids, s.ID)
	}
	return ids
}

// suiteNames are the names of all of them: [tls.CipherSuiteName] makes the whole list to find one.
func suiteNames() map[uint16]string {
	names := map[uint16]string{}
	for _, id := range suites() {
		names[id] = tls.CipherSuiteName(id)
	}
	return names
}

// classicalGroups is every key exchange of crypto/tls without a post-quantum share, which
// costs a quarter more CPU per probe and makes a ClientHello that some old servers drop.
func classicalGroups() []tls.CurveID {
	return []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521}
}

// tlsTemplate is the configuration that every handshake starts from. Nothing is verified
// during the handshake, so that a bad certificate still yields its facts; the caller
// judges the chain afterwards. The handshake's own signature is always checked.
func tlsTemplate(postQuantum bool, now func() time.Time) *tls.Config {
	c := &tls.Config{
		MinVersion:         tls.VersionTLS10,
		MaxVersion:         tls.VersionTLS13,
		CipherSuites:       suites(),
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: true,                        //nolint:gosec // package certs judges it afterwards
		Renegotiation:      tls.RenegotiateOnceAsClient, // servers ask so for a client certificate once they know the path
		Time:               now,
	}
	if !postQuantum {
		c.CurvePreferences = classicalGroups()
	}
	return c
}

// shake makes the handshake on conn, whose deadline is set by the caller. An IP address as
// host is sent without SNI, as RFC 6066 asks. A server that sends much waits for a turn. The last
// flight of ours, if nothing comes after it, goes with what is written next, or by [handshake.send].
func shake(ctx context.Context, template *tls.Config, turn turns, conn net.Conn, host string) *handshake {
	h := &handshake{certAsked: new(atomic.Bool)}
	rec := &recorder{Conn: conn, turn: func() (func(), error) {
		began := template.Time()
		defer func() { h.waited += template.Time().Sub(began) }()
		return turn.take(ctx)
	}, delivery: sync.OnceValue(func() exchange.Delivery { return exchange.DeliveryOf(conn) })}
	h.rec = rec
	cfg := template.Clone()
	cfg.ServerName = host
	cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if len(template.Certificates) > 0 {
			return &template.Certificates[0], nil
		}
		h.certAsked.Store(true)
		return &tls.Certificate{}, nil
	}
	tc := tls.Client(rec, cfg)
	if h.err = tc.HandshakeContext(ctx); h.err != nil {
		h.delivery = rec.delivery()
	}
	if rec.handshaken(); rec.late != nil && h.err != nil {
		h.err = rec.late // crypto/tls has only the context's word for it
	}
	h.greeting = rec.first[:rec.n]
	h.firstBytes = h.greeting[:min(len(h.greeting), shownOfAnswer)]
	h.state = tc.ConnectionState()
	h.chain = h.state.PeerCertificates
	if h.err == nil {
		h.conn = tc
	}
	if h.err != nil || rec.came > limit.HeavyHandshake { // an alert; and a large chain takes its time to be judged
		h.send()
	}
	return h
}

// shownOfAnswer is how many of the first bytes are shown, or tell what answered in place of TLS.
const shownOfAnswer = 64

// asked reports whether a client certificate was asked for, where there was a handshake at all.
func asked(b *atomic.Bool) bool { return b != nil && b.Load() }

// recorder keeps the first bytes that arrive, as evidence of what answered, and whether the
// stream below TLS ended. While the handshake lasts it counts what arrives: of a server that sends
// very much, what came is handed on in turn, since crypto/tls has to parse it all. And it holds back
// what ends a handshake of TLS 1.3, so that the request goes out in the same segment: a system call
// and a packet less on both sides.
type recorder struct {
	net.Conn
	first [256]byte
	n     int // of first
	ended bool

	came    int                    // during the handshake
	after   int64                  // after it
	turn    func() (func(), error) // nil after it
	release func()                 // nil while there is no turn
	late    error                  // why no turn came
	held    []byte                 // written, and not sent before something is awaited or written after the handshake
	again   bool                   // a handshake was begun after it

	shaken   atomic.Bool              // the handshake is over; crypto/tls may close the connection beside its end
	delivery func() exchange.Delivery // what became of what was sent, as the kernel said when it was asked first
}

// Read implements net.Conn. No turn is held while it waits for the peer.
func (r *recorder) Read(b []byte) (int, error) {
	r.endTurn()
	if err := r.send(); err != nil {
		return 0, err
	}
	n, err := r.Conn.Read(b)
	if r.n < len(r.first) && n > 0 {
		r.n += copy(r.first[r.n:], b[:n])
	}
	r.ended = r.ended || errors.Is(err, io.EOF)
	if r.turn == nil {
		r.after += int64(n)
		return n, err
	}
	if r.came += n; r.came > limit.HeavyHandshake {
		if r.release, r.late = r.turn(); r.late != nil {
			return n, r.late
		}
	}
	return n, err
}

// Write implements net.Conn. The first flight goes out at once.
func (r *recorder) Write(b []byte) (int, error) {
	const handshakeRecord = 22
	r.again = r.again || r.turn == nil && len(b) > 0 && b[0] == handshakeRecord
	if r.turn != nil && r.n > 0 {
		r.held = append(r.held, b...)
		return len(b), nil
	}
	if len(r.held) == 0 {
		return r.Conn.Write(b)
	}
	before := len(r.held)
	r.held = append(r.held, b...)
	n, err := r.Conn.Write(r.held)
	r.held = nil
	return max(0, n-before), err
}

// send sends what is held back.
func (r *recorder) send() error {
	if len(r.held) == 0 {
		return nil
	}
	_, err := r.Conn.Write(r.held)
	r.held = nil
	return err
}

func (r *recorder) endTurn() {
	if r.release != nil {
		r.release()
		r.release = nil
	}
}

// Close implements net.Conn. The connection of a handshake whose time is up is closed before that is known
// to who waits for it.
func (r *recorder) Close() error {
	if !r.shaken.Load() {
		r.delivery()
	}
	return r.Conn.Close()
}

// handshaken ends the counting.
func (r *recorder) handshaken() {
	r.endTurn()
	r.turn = nil
	r.shaken.Store(true)
}

// Ended reports whether the peer closed the stream before TLS said that it would: after a
// close_notify nobody reads on.
func (r *recorder) Ended() bool { return r.ended }

// Came returns how many bytes came since the handshake, those of TLS among them.
func (r *recorder) Came() int64 { return r.after }

// Renegotiates reports whether the server asked for another handshake, which TLS 1.2 has, and it was begun.
func (r *recorder) Renegotiates() bool { return r.again }

// NetConn returns the connection below, for who wants to look at its socket.
func (r *recorder) NetConn() net.Conn { return r.Conn }
