package load

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/bench/server"
)

// bareTimeout bounds each part of a bare probe.
const bareTimeout = 5 * time.Second

// bare is the least that a client of the standard library does for the same exchange: it
// asks for A and AAAA, connects, makes a full handshake that verifies the chain and the
// name, sends one GET and reads the reply to its end. It measures no phases, keeps no
// facts and judges nothing but the status.
type bare struct {
	resolver *net.UDPAddr
	port     uint16
	tls      []*tls.Config // one a host, made beforehand
	hosts    []string
}

// newBare returns a bare prober of w that offers groups; nil means those of crypto/tls.
func newBare(w *server.World, groups []tls.CurveID) (*bare, error) {
	roots, err := w.Roots()
	if err != nil {
		return nil, err
	}
	b := &bare{resolver: net.UDPAddrFromAddrPort(w.Resolver), port: w.Port}
	for i := range w.Hosts {
		b.hosts = append(b.hosts, w.Host(i))
		b.tls = append(b.tls, &tls.Config{RootCAs: roots, ServerName: w.Host(i), CurvePreferences: groups})
	}
	return b, nil
}

func (b *bare) probe(host int) error {
	name := b.hosts[host]
	addr, err := b.ask(name, dnsmessage.TypeA)
	if err != nil {
		return fmt.Errorf("asking for A of %s: %w", name, err)
	}
	if _, err := b.ask(name, dnsmessage.TypeAAAA); err != nil && !errors.Is(err, errNoAddress) {
		return fmt.Errorf("asking for AAAA of %s: %w", name, err)
	}
	tcp, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, b.port)))
	if err != nil {
		return err
	}
	defer tcp.Close() //nolint:errcheck // everything was read by then
	if err := tcp.SetDeadline(time.Now().Add(bareTimeout)); err != nil {
		return err
	}
	conn := tls.Client(tcp, b.tls[host])
	if err := conn.Handshake(); err != nil {
		return fmt.Errorf("handshake with %s: %w", name, err)
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+name+"\r\nConnection: close\r\n\r\n"); err != nil {
		return fmt.Errorf("writing to %s: %w", name, err)
	}
	if err := readReply(conn); err != nil {
		return fmt.Errorf("reply of %s: %w", name, err)
	}
	return nil
}

var (
	errNoAddress = errors.New("no address")
	errAnswer    = errors.New("not an answer to the question")
	errReply     = errors.New("not a reply with status 200 and a length")
)

// ask sends one question from a new socket. The answer is the first address in it.
func (b *bare) ask(host string, t dnsmessage.Type) (netip.Addr, error) {
	name, err := dnsmessage.NewName(host + ".")
	if err != nil {
		return netip.Addr{}, err
	}
	buffer := make([]byte, 512)
	if _, err := rand.Read(buffer[:2]); err != nil {
		return netip.Addr{}, err
	}
	id := binary.BigEndian.Uint16(buffer)
	builder := dnsmessage.NewBuilder(buffer[:0], dnsmessage.Header{ID: id, RecursionDesired: true})
	if err := builder.StartQuestions(); err != nil {
		return netip.Addr{}, err
	}
	if err := builder.Question(dnsmessage.Question{Name: name, Type: t, Class: dnsmessage.ClassINET}); err != nil {
		return netip.Addr{}, err
	}
	message, err := builder.Finish()
	if err != nil {
		return netip.Addr{}, err
	}
	conn, err := net.DialUDP("udp", nil, b.resolver)
	if err != nil {
		return netip.Addr{}, err
	}
	defer conn.Close() //nolint:errcheck // nothing is written any more
	if err := conn.SetDeadline(time.Now().Add(bareTimeout)); err != nil {
		return netip.Addr{}, err
	}
	if _, err := conn.Write(message); err != nil {
		return netip.Addr{}, err
	}
	n, err := conn.Read(buffer)
	if err != nil {
		return netip.Addr{}, err
	}
	return firstAddress(buffer[:n], id)
}

// firstAddress returns the first address in the answer with an id. It is errNoAddress
// that says that the name has none.
func firstAddress(message []byte, id uint16) (netip.Addr, error) {
	var p dnsmessage.Parser
	h, err := p.Start(message)
	if err != nil || !h.Response || h.ID != id || h.RCode != dnsmessage.RCodeSuccess {
		return netip.Addr{}, errAnswer
	}
	if err := p.SkipAllQuestions(); err != nil {
		return netip.Addr{}, err
	}
	for {
		record, err := p.AnswerHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			return netip.Addr{}, errNoAddress
		}
		if err != nil {
			return netip.Addr{}, err
		}
		switch record.Type {
		case dnsmessage.TypeA:
			a, err := p.AResource()
			return netip.AddrFrom4(a.A), err
		case dnsmessage.TypeAAAA:
			a, err := p.AAAAResource()
			return netip.AddrFrom16(a.AAAA), err
		}
		if err := p.SkipAnswer(); err != nil {
			return netip.Addr{}, err
		}
	}
}

// readReply reads a reply whose length is announced, to its end.
func readReply(r io.Reader) error {
	var buffer [4096]byte
	got := 0
	for {
		n, err := r.Read(buffer[got:])
		got += n
		if head, body, whole := bytes.Cut(buffer[:got], []byte("\r\n\r\n")); whole {
			length, ok := announced(head)
			if !ok {
				return errReply
			}
			if len(body) >= length {
				return nil
			}
		}
		switch {
		case err != nil:
			return err
		case got == len(buffer):
			return errReply
		}
	}
}

// announced returns the length of the body that follows a header section of status 200.
func announced(head []byte) (int, bool) {
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) {
		return 0, false
	}
	_, after, found := bytes.Cut(head, []byte("\r\nContent-Length: "))
	digits, _, _ := bytes.Cut(after, []byte("\r\n"))
	n, err := strconv.Atoi(string(digits))
	return n, found && err == nil && n >= 0
}
