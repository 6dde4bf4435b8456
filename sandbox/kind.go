package sandbox

import (
	"bytes"
	"cmp"
	"io"
	"net/netip"
	"time"

	"prober/catalog"
	"prober/sandbox/nameserver"
)

// kindOf is what a probe does at an endpoint, by what its list says.
func kindOf(own *catalog.Own) catalog.Kind {
	if own == nil || own.Kind == "" {
		return catalog.KindHTTP
	}
	return own.Kind
}

// kinds are those of the endpoints at which a behaviour shows, by what it meddles with.
func (b behaviour) kinds() []catalog.Kind {
	var all []catalog.Kind
	byTLS := b.hello != nil || b.wrap != nil || b.tls != nil || b.versions != nil || b.spareVersions != nil || b.certificate != 0 || b.second != 0
	byHTTP := b.secured != nil || b.request != nil || b.edit != nil || b.wire != nil || b.mangle != nil || b.plainServed || b.bound != nil
	connected := !byTLS && !byHTTP && b.talk == nil && b.asked == nil && b.accept == nil && b.delay == (Latency{})
	if byHTTP || byTLS || b.accept != nil || connected || b.delay != (Latency{}) {
		all = append(all, catalog.KindHTTP)
	}
	if !byHTTP && (byTLS || b.accept != nil) || connected {
		all = append(all, catalog.KindTLS)
	}
	if connected || b.talk != nil {
		all = append(all, catalog.KindTCP)
	}
	if connected && b.spare != spareBlackHole || b.asked != nil { // which drops SYNs, and has no ear for UDP
		all = append(all, catalog.KindDNS)
	}
	return all
}

// talk says what the list of an endpoint of kind tcp expects, once the client has said what it is to say.
func (c *connection) talk(b behaviour) {
	_ = c.tcp.SetDeadline(time.Now().Add(helloTimeout))
	var send, expect []byte
	if c.e.own.TCP != nil {
		send, _ = c.e.own.TCP.Send.Bytes() // validation saw to both
		expect, _ = c.e.own.TCP.Expect.Bytes()
	}
	got := make([]byte, len(send))
	if _, err := io.ReadFull(c.tcp, got); err != nil || !bytes.Equal(got, send) || !c.pause(c.e.s.cfg.Latency.plus(b.delay).FirstByte) {
		return
	}
	if b.talk != nil {
		b.talk(c, expect)
		return
	}
	if _, err := c.tcp.Write(expect); err == nil {
		c.drain()
	}
}

// saying is a talk of other bytes, after which the connection ends in some way.
func saying(text string, end func(*connection)) func(*connection, []byte) {
	return func(c *connection, _ []byte) {
		_, _ = io.WriteString(c.tcp, text) // the client may be gone
		end(c)
	}
}

// asked listens as a DNS server that answers as the list of an endpoint of kind dns expects.
func (e *endpoint) asked(at netip.AddrPort) (io.Closer, uint16, error) {
	server, err := nameserver.Start(nameserver.Config{
		At:    at,
		Delay: func() time.Duration { return e.s.cfg.Latency.plus(e.behaviour().delay).DNS },
		Answer: func(q nameserver.Question) nameserver.Answer {
			e.s.log.question(e.s.cfg.Now(), e.ID, q)
			answer := expected(e.own.DNS)
			if f := e.behaviour().asked; f != nil {
				answer = f(e.own.DNS)
			}
			return answer(q, nameserver.Host{Name: e.own.DNS.Name})
		},
	})
	if err != nil {
		return nil, 0, err
	}
	return server, server.Addr().Port(), nil
}

// expected answers a question of a list as it expects; with a record where any will do.
func expected(q *catalog.DNSQuestion) nameserver.AnswerFunc {
	records := q.Records
	if len(records) == 0 {
		records = []string{nameserver.MadeUp(typeOf(q), nil)}
	}
	return nameserver.Written(q.Name, typeOf(q), string(q.RCode), records)
}

func typeOf(q *catalog.DNSQuestion) string { return string(cmp.Or(q.Type, "A")) }
