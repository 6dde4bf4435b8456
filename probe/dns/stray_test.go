package dns

import (
	"bytes"
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/limit"
	"prober/probe/reason"
)

// good answers the question as it should be.
func good(a asked) []byte {
	return a.reply(func(m *dnsmessage.Message) { m.Answers = rrs(a.name() + " 60 A 192.0.2.9") })
}

// The packets that must not be taken for an answer.
var strayPackets = map[string]func(a asked) []byte{
	"empty":           func(asked) []byte { return nil },
	"garbage":         func(asked) []byte { return bytes.Repeat([]byte{0xff}, 40) },
	"text":            func(asked) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") },
	"echo":            func(a asked) []byte { return a.raw },
	"cut in header":   func(a asked) []byte { return good(a)[:11] },
	"cut in question": func(a asked) []byte { return good(a)[:20] },
	"wrong id": func(a asked) []byte {
		p := good(a)
		p[0] ^= 0x80
		return p
	},
	"wrong name": func(a asked) []byte {
		return a.reply(func(m *dnsmessage.Message) {
			m.Questions = []dnsmessage.Question{{Name: wire("evil.example"), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}}
			m.Answers = rrs("evil.example 60 A 192.0.2.66")
		})
	},
	"wrong type": func(a asked) []byte {
		return a.reply(func(m *dnsmessage.Message) { m.Questions[0].Type = dnsmessage.TypeTXT })
	},
	"wrong class": func(a asked) []byte {
		return a.reply(func(m *dnsmessage.Message) { m.Questions[0].Class = dnsmessage.ClassCHAOS })
	},
	"wrong opcode": func(a asked) []byte { return a.reply(func(m *dnsmessage.Message) { m.OpCode = 5 }) },
	"two questions": func(a asked) []byte {
		return a.reply(func(m *dnsmessage.Message) { m.Questions = append(m.Questions, m.Questions[0]) })
	},
	"no question": func(a asked) []byte { return a.reply(func(m *dnsmessage.Message) { m.Questions = nil }) },
}

// TestStraysAreWaitedOut sends each kind of packet before the answer, and instead of it.
func TestStraysAreWaitedOut(t *testing.T) {
	want := map[string]reason.Reason{
		"empty": reason.ResolveMalformed, "garbage": reason.ResolveMalformed, "text": reason.ResolveMalformed,
		"echo": reason.ResolveMalformed, "cut in header": reason.ResolveMalformed, "cut in question": reason.ResolveMalformed,
		"wrong id":   reason.ResolveTimeout,
		"wrong name": reason.ResolveMismatch, "wrong type": reason.ResolveMismatch, "wrong class": reason.ResolveMismatch,
		"wrong opcode": reason.ResolveMismatch, "two questions": reason.ResolveMismatch,
		"no question": reason.ResolveMismatch,
	}
	for name, stray := range strayPackets {
		t.Run(name, func(t *testing.T) {
			_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte { return [][]byte{stray(a), stray(a), good(a)} }})
			a := c.Query(context.Background(), resolver1, "www.example.com", A)
			if a.Reason != reason.None || len(a.Addresses) != 1 || a.Addresses[0].String() != "192.0.2.9" || a.Strays != 2 {
				t.Errorf("before the answer: %+v", a)
			}
			_, c = newNetwork(t, resolver{answer: func(a asked) [][]byte { return [][]byte{stray(a)} }})
			a = c.Query(context.Background(), resolver1, "www.example.com", A)
			if a.Reason != want[name] || a.RCode != "" || a.Addresses != nil || a.Strays != 2 { // one for each transmission
				t.Errorf("instead of the answer: %+v, want %q", a, want[name])
			}
			if !strings.Contains(a.Detail, "ignored packets: ") {
				t.Errorf("detail %q does not speak of the packets", a.Detail)
			}
		})
	}
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte { return [][]byte{strayPackets["no question"](a)} }})
	if a := c.Query(context.Background(), resolver1, "www.example.com", A); !strings.Contains(a.Detail, ", 2 without the question,") {
		t.Errorf("detail %q", a.Detail)
	}
	if len(want) != len(strayPackets) {
		t.Errorf("%d expectations for %d kinds of packet", len(want), len(strayPackets))
	}
}

// TestQuestionInAnotherCase: names are the same in upper and lower case (RFC 4343), those of
// questions too.
func TestQuestionInAnotherCase(t *testing.T) {
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		p := good(a)
		p[headerSize+1] ^= 0x20
		return [][]byte{p}
	}})
	if a := c.Query(context.Background(), resolver1, "www.example.com", A); a.Reason != reason.None || a.Strays != 0 {
		t.Errorf("%+v", a)
	}
}

// TestWorstStrayDecides: a packet to another question says more than garbage, and that more
// than a wrong id.
func TestWorstStrayDecides(t *testing.T) {
	tests := []struct {
		packets []string
		want    reason.Reason
	}{
		{[]string{"wrong id", "garbage"}, reason.ResolveMalformed},
		{[]string{"wrong name", "garbage", "wrong id"}, reason.ResolveMismatch},
	}
	for _, test := range tests {
		_, c := newNetwork(t, resolver{answer: func(a asked) (packets [][]byte) {
			for _, name := range test.packets {
				packets = append(packets, strayPackets[name](a))
			}
			return packets
		}})
		if a := c.Query(context.Background(), resolver1, "example.com", A); a.Reason != test.want {
			t.Errorf("%v: %q, want %q", test.packets, a.Reason, test.want)
		}
	}
}

func TestFloodOfStraysIsBounded(t *testing.T) {
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		packets := make([][]byte, limit.Strays+10)
		for i := range packets {
			packets[i] = strayPackets["wrong id"](a)
		}
		return append(packets, good(a))
	}})
	a := c.Query(context.Background(), resolver1, "example.com", A)
	if a.Reason != reason.ResolveMismatch || a.Strays != limit.Strays {
		t.Errorf("reason %q after %d packets, want resolve/mismatch after %d", a.Reason, a.Strays, limit.Strays)
	}
}

// TestErrorWithoutQuestion: servers that cannot read a question may leave it out.
func TestErrorWithoutQuestion(t *testing.T) {
	for code, want := range map[dnsmessage.RCode]reason.Reason{
		dnsmessage.RCodeServerFailure: reason.ResolveServFail,
		dnsmessage.RCodeRefused:       reason.ResolveRefused,
		dnsmessage.RCodeNameError:     reason.ResolveMismatch, // says something about a name, but which?
	} {
		_, c := newNetwork(t, reflex(func(_ asked, m *dnsmessage.Message) { m.RCode, m.Questions = code, nil }))
		if a := c.Query(context.Background(), resolver1, "example.com", A); a.Reason != want {
			t.Errorf("%v: %q, want %q", code, a.Reason, want)
		}
	}
}

// TestBrokenAnswerIsFinal: id and question are right, so nothing better will come.
func TestBrokenAnswerIsFinal(t *testing.T) {
	shortAddress := func(a asked) []byte {
		p := good(a)
		p[len(p)-5] = 3 // of the four bytes, which are all there
		return p
	}
	longAddress := func(a asked) []byte {
		p := append(good(a), 9)
		p[len(p)-6] = 5
		return p
	}
	longCNAME := func(a asked) []byte {
		p := a.reply(func(m *dnsmessage.Message) { m.Answers = rrs(a.name() + " 60 CNAME b.example") })
		i := bytes.LastIndex(p, []byte("\x01b\x07example"))
		p[i-1] += 40 // announces more data than the message has
		return p
	}
	loopingPointer := func(a asked) []byte {
		p := good(a)
		i := headerSize + len(a.name()) + 2 + 4 // the owner of the answer, a pointer to itself
		p[i], p[i+1] = 0xc0, byte(i)
		return p
	}
	for name, packet := range map[string]func(a asked) []byte{
		"cut in the answer":     func(a asked) []byte { p := good(a); return p[:len(p)-2] },
		"address of 3 bytes":    shortAddress,
		"address of 5 bytes":    longAddress,
		"CNAME out of bounds":   longCNAME,
		"pointer loop":          loopingPointer,
		"authority is missing":  func(a asked) []byte { p := good(a); p[9] = 1; return p },
		"additional is missing": func(a asked) []byte { p := good(a); p[11] = 1; return p },
	} {
		n, c := newNetwork(t, resolver{answer: func(a asked) [][]byte { return [][]byte{packet(a), good(a)} }})
		a := c.Query(context.Background(), resolver1, "www.example.com", A)
		if a.Reason != reason.ResolveMalformed || a.Strays != 0 || len(n.log) != 1 || a.Addresses != nil {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestIPv6AddressOfTheWrongSize(t *testing.T) {
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		p := a.reply(func(m *dnsmessage.Message) { m.Answers = rrs(a.name() + " 60 AAAA 2001:db8::9") })
		p[len(p)-17] = 15
		return [][]byte{p}
	}})
	if a := c.Query(context.Background(), resolver1, "www.example.com", AAAA); a.Reason != reason.ResolveMalformed {
		t.Errorf("%+v", a)
	}
}

// TestRecordsOfAnotherClassDoNotCount: they are no answer, and an answer that holds nothing else is not one that there is nothing.
func TestRecordsOfAnotherClassDoNotCount(t *testing.T) {
	const both = "www.example.com 60 CNAME b.example\nwww.example.com 60 A 192.0.2.66"
	for name, tt := range map[string]struct {
		inClass, other string // records
		class          dnsmessage.Class
		want           reason.Reason
		detail         string
	}{
		"alone":          {"", both, dnsmessage.ClassCHAOS, reason.ResolveBadAnswer, "answered NOERROR for www.example.com A, with records in class CH but none of www.example.com in class IN"},
		"without a name": {"", both, 254, reason.ResolveBadAnswer, "with records in class CLASS254 but"},
		"none":           {"", both, 0, reason.ResolveBadAnswer, "with records in class CLASS0 but"},
		"at the end of a chain": {
			"www.example.com 60 CNAME b.example", "b.example 60 A 192.0.2.66", dnsmessage.ClassHESIOD, reason.ResolveBadAnswer, "with records in class HS but none of b.example in class IN",
		},
		"beside the answer":    {"www.example.com 60 A 192.0.2.1", both, dnsmessage.ClassCHAOS, reason.None, ""},
		"of another type":      {"", "www.example.com 60 TXT x", dnsmessage.ClassCHAOS, reason.ResolveNoData, "without a record of that type"},
		"of another name, too": {"evil.example 60 A 192.0.2.1", both, dnsmessage.ClassCHAOS, reason.ResolveBadAnswer, "with records of evil.example but none of www.example.com"},
	} {
		_, c := newNetwork(t, reflex(func(_ asked, m *dnsmessage.Message) {
			m.Answers = rrs(tt.other)
			for i := range m.Answers {
				m.Answers[i].Header.Class = tt.class
			}
			m.Answers = append(m.Answers, rrs(tt.inClass)...)
		}))
		a := c.Query(context.Background(), resolver1, "www.example.com", A)
		if a.Reason != tt.want || !strings.Contains(a.Detail, tt.detail) || slices.Contains(a.Addresses, netip.MustParseAddr("192.0.2.66")) {
			t.Errorf("%s: %+v, want %s: %s", name, a, tt.want, tt.detail)
		}
	}
}

func TestBytesAfterTheMessageAreHarmless(t *testing.T) {
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte { return [][]byte{append(good(a), 1, 2, 3)} }})
	if a := c.Query(context.Background(), resolver1, "www.example.com", A); a.Reason != reason.None {
		t.Errorf("%+v", a)
	}
}

// TestNamesFromTheWireAreHarmless: bytes that would move a cursor or break a line are escaped.
func TestNamesFromTheWireAreHarmless(t *testing.T) {
	_, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
		m.Answers = rrs(a.name() + " 60 CNAME b.example")
		m.Answers[0].Body = &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName("A\n\x1b\\\"\xff.example.")}
		m.RCode = dnsmessage.RCodeNameError
	}))
	a := c.Query(context.Background(), resolver1, "www.example.com", A)
	if want := `a\010\027\\\"\255.example`; targets(a.CNAMEs) != want || !strings.Contains(a.Detail, want) {
		t.Errorf("chain %q, detail %q, want %q", targets(a.CNAMEs), a.Detail, want)
	}
}
