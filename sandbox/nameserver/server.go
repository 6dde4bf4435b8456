package nameserver

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/sandbox/punctual"
)

// tcpIdle is how long a TCP connection may wait for the next question.
const tcpIdle = 10 * time.Second

// Config is what a server needs.
type Config struct {
	Answer func(Question) Answer
	// Delay is how long to wait before an answer is sent; nil: not at all.
	Delay func() time.Duration
	// Observe is told of every question; may be nil.
	Observe func(Question)
	// Number is what Question.Server says.
	Number int
	// At is the address to listen at; the zero one is a free port of 127.0.0.1.
	At netip.AddrPort
}

// Server answers over UDP and TCP on one port of a loopback address.
type Server struct {
	cfg     Config
	udp     *net.UDPConn
	tcp     *net.TCPListener
	once    sync.Once // closes it
	closing context.Context
	stop    context.CancelFunc
	wg      sync.WaitGroup
}

// Start opens a server and serves until Close.
func Start(cfg Config) (*Server, error) {
	if cfg.Delay == nil {
		cfg.Delay = func() time.Duration { return 0 }
	}
	if !cfg.At.IsValid() {
		cfg.At = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0)
	}
	udp, tcp, err := listen(cfg.At)
	if err != nil {
		return nil, fmt.Errorf("opening a name server: %w", err)
	}
	s := &Server{cfg: cfg, udp: udp, tcp: tcp}
	s.closing, s.stop = context.WithCancel(context.Background())
	s.wg.Go(s.serveUDP)
	s.wg.Go(s.serveTCP)
	return s, nil
}

// waiting is how many bytes of questions may wait: hundreds of clients that ask at once, on a machine that has
// better to do, are not to lose any. What is lost is sent again only after half of a client's time.
const waiting = 4 << 20

// listen listens with both protocols, and finds a port that is free for both where none is given.
func listen(at netip.AddrPort) (*net.UDPConn, *net.TCPListener, error) {
	if !at.Addr().IsLoopback() {
		return nil, nil, fmt.Errorf("listening at %v: not a loopback address", at)
	}
	const tries = 20
	var last error
	for range tries {
		tcp, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at))
		if err != nil {
			return nil, nil, err
		}
		port := tcp.Addr().(*net.TCPAddr).AddrPort().Port()
		udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at.Addr(), port)))
		if err == nil {
			// The system may grant less.
			_ = udp.SetReadBuffer(waiting)
			return udp, tcp, nil
		}
		last = errors.Join(err, tcp.Close())
		if at.Port() != 0 {
			break
		}
	}
	return nil, nil, last
}

// Addr returns where the server listens.
func (s *Server) Addr() netip.AddrPort {
	return s.udp.LocalAddr().(*net.UDPAddr).AddrPort()
}

// Close stops the server and waits for its goroutines.
func (s *Server) Close() error {
	var err error
	s.once.Do(func() {
		s.stop()
		err = errors.Join(s.udp.Close(), s.tcp.Close())
	})
	s.wg.Wait()
	return err
}

func (s *Server) serveUDP() {
	buf := make([]byte, 64<<10)
	for {
		n, from, err := s.udp.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // an ICMP error about an earlier answer
		}
		packets := s.reply(buf[:n], false)
		s.after(func() {
			for _, p := range packets {
				// The client may be gone; there is nobody to tell.
				_, _ = s.udp.WriteToUDPAddrPort(p, from)
			}
		})
	}
}

// after runs f after the delay, without holding up the questions that follow.
func (s *Server) after(f func()) {
	if d := s.cfg.Delay(); d > 0 {
		end := time.Now().Add(d)
		time.AfterFunc(punctual.Early(d), func() {
			punctual.Until(end)
			f()
		})
		return
	}
	f()
}

func (s *Server) serveTCP() {
	for {
		c, err := s.tcp.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			s.wg.Go(func() { s.serveConn(c) })
		}
	}
}

// serveConn answers the questions of one connection, one after another (RFC 7766).
func (s *Server) serveConn(c net.Conn) {
	closeConn := func() { _ = c.Close() } // the client may be gone
	defer closeConn()
	defer context.AfterFunc(s.closing, closeConn)()
	for {
		if err := c.SetDeadline(time.Now().Add(tcpIdle)); err != nil {
			return
		}
		var length [2]byte
		if _, err := io.ReadFull(c, length[:]); err != nil {
			return
		}
		message := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(c, message); err != nil {
			return
		}
		packets := s.reply(message, true)
		if len(packets) == 0 || !s.wait() {
			return
		}
		for _, p := range packets {
			if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(p))), p...)); err != nil {
				return
			}
		}
	}
}

// wait holds a TCP connection for the delay; false means that the server is closing.
func (s *Server) wait() bool {
	d := s.cfg.Delay()
	end := time.Now().Add(d)
	select {
	case <-time.After(punctual.Early(d)):
		punctual.Until(end)
		return true
	case <-s.closing.Done():
		return false
	}
}

// reply returns the packets that answer message; none means silence.
func (s *Server) reply(message []byte, tcp bool) [][]byte {
	q, err := parseQuestion(message)
	if errors.Is(err, errNotAQuestion) {
		return nil
	}
	q.TCP, q.Server = tcp, s.cfg.Number
	if err != nil {
		return finish(q, Answer{RCode: dnsmessage.RCodeFormatError, NotAuthoritative: true})
	}
	if s.cfg.Observe != nil {
		s.cfg.Observe(q)
	}
	return finish(q, s.cfg.Answer(q))
}

// finish packs a, cutting it down to what the client takes over UDP.
func finish(q Question, a Answer) [][]byte {
	if a.Silent {
		return nil
	}
	packed, err := pack(q, a)
	if err != nil {
		packed, err = pack(q, Answer{RCode: dnsmessage.RCodeServerFailure})
	}
	if err == nil && !q.TCP && len(packed) > q.udpSize {
		packed, err = pack(q, Answer{RCode: a.RCode, NotAuthoritative: a.NotAuthoritative, Truncated: true})
	}
	if err != nil {
		return nil
	}
	var packets [][]byte
	if a.Stray != nil && !q.TCP {
		packets = append(packets, a.Stray(packed))
	}
	if a.Rewrite != nil {
		packed = a.Rewrite(packed)
	}
	return append(packets, packed)
}
