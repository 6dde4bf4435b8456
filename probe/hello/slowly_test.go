package hello_test

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"prober/probe/hello"
)

// limited is a server that resets the connections above so many in a second, by the clock of the
// bubble in which it runs.
type limited struct {
	perSecond int
	opened    []time.Time
}

// over counts a connection, and reports whether it is too many.
func (l *limited) over() bool {
	now := time.Now()
	l.opened = append(l.opened, now)
	recent := 0
	for _, at := range l.opened {
		if at.After(now.Add(-time.Second)) {
			recent++
		}
	}
	return recent > l.perSecond
}

// scanLimited scans such a server, which otherwise answers as s does.
func scanLimited(t *testing.T, perSecond int, s script) (table hello.Table, l *limited) {
	t.Helper()
	l = &limited{perSecond: perSecond}
	synctest.Test(t, func(t *testing.T) {
		server := &fakeServer{t: t, asked: map[hello.Version]int{}, script: func(q question) reply {
			if q.asked > 0 && l.over() {
				return reply{end: endReset}
			}
			return s(q)
		}}
		scanner := &hello.Scanner{Dial: func(context.Context, netip.AddrPort) (net.Conn, error) { return server.dial() }}
		table = scanner.Scan(t.Context(), anyAddress, "kms.example.com")
	})
	return table, l
}

// TestConnectionLimit scans servers that reset what is above a few connections a second: asked
// slowly, they tell all the same.
func TestConnectionLimit(t *testing.T) {
	resetting := modern().but(hello.TLS11, always(reply{end: endReset})).but(hello.TLS10, always(reply{end: endReset}))
	for _, tt := range []struct {
		name string
		s    script
		want string
	}{
		{"refusing in words", modern(), "RRRRAA"},
		{"refusing by resets", resetting, "RRRRAA"},
		{"with TLS 1.2 alone", accepting(hello.TLS12), "RRRRAR"},
		{"with TLS 1.3 alone", accepting(hello.TLS13), "RRRRRA"},
		{"with all from TLS 1.0 on", accepting(hello.TLS10, hello.TLS11, hello.TLS12, hello.TLS13), "RRAAAA"},
	} {
		for _, perSecond := range []int{3, 4, 5, 10} {
			table, l := scanLimited(t, perSecond, tt.s)
			if got := verdicts(table); got != tt.want {
				t.Errorf("%s, %d a second: %s, want %s, after %d connections:%s", tt.name, perSecond, got, tt.want, len(l.opened), describe(table))
			}
		}
	}
}

// TestBanned scans servers that drop everything once there were a few connections: what they were
// not asked about stays inconclusive, and they are left alone.
func TestBanned(t *testing.T) {
	for after := range 12 {
		table, server := scan(t, func(q question) reply {
			if q.asked > 0 && q.n > after {
				return reply{end: endReset}
			}
			return modern()(q)
		})
		for _, v := range []hello.Version{hello.TLS12, hello.TLS13} {
			if table[v].Verdict == hello.Rejected {
				t.Errorf("after %d connections %s is rejected:%s", after, v, describe(table))
			}
		}
		if n := len(server.asks); n > 28 {
			t.Errorf("after %d connections there were %d", after, n)
		}
	}
}

// TestSlowPause asks at less than three connections a second, after more than a second of rest.
func TestSlowPause(t *testing.T) {
	_, l := scanLimited(t, 3, modern().but(hello.TLS11, always(reply{end: endReset})))
	rested := false
	for i, at := range l.opened[1:] {
		wait := at.Sub(l.opened[i])
		if rested && wait < time.Second/3 {
			t.Errorf("connection %d came after %s", i+2, wait)
		}
		rested = rested || wait > time.Second
	}
	if !rested {
		t.Error("it was not asked slowly")
	}
}
