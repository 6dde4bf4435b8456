package server

import (
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func testNameserver() *nameserver {
	return &nameserver{hosts: 3, addresses: []netip.Addr{netip.MustParseAddr("127.77.0.1"), netip.MustParseAddr("127.77.0.2")}}
}

// question is a query for one record, packed.
func question(tb testing.TB, name string, t dnsmessage.Type) []byte {
	tb.Helper()
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: 4711, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName(name), Type: t, Class: dnsmessage.ClassINET}},
	}
	packed, err := m.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	return packed
}

func TestNameserverAnswers(t *testing.T) {
	tests := []struct {
		name    string
		qtype   dnsmessage.Type
		code    dnsmessage.RCode
		address string // empty: no answer record
	}{
		{"h00000.bench.test.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "127.77.0.1"},
		{"h00001.bench.test.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "127.77.0.2"},
		{"H00002.Bench.TEST.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "127.77.0.1"},
		{"h00001.bench.test.", dnsmessage.TypeAAAA, dnsmessage.RCodeSuccess, ""},
		{"h00003.bench.test.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"h0001.bench.test.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"h+0001.bench.test.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"00001.bench.test.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"h00001.bench.example.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"bench.test.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{".", dnsmessage.TypeNS, dnsmessage.RCodeNameError, ""},
	}
	for _, test := range tests {
		t.Run(test.name+test.qtype.String(), func(t *testing.T) {
			packed, ok := testNameserver().answer(question(t, test.name, test.qtype))
			if !ok {
				t.Fatal("no answer")
			}
			var m dnsmessage.Message
			if err := m.Unpack(packed); err != nil {
				t.Fatal(err)
			}
			if m.ID != 4711 || !m.Response || m.RCode != test.code || len(m.Questions) != 1 || m.Questions[0].Name.String() != test.name {
				t.Errorf("header %+v, questions %v", m.Header, m.Questions)
			}
			got := ""
			if len(m.Answers) == 1 {
				got = netip.AddrFrom4(m.Answers[0].Body.(*dnsmessage.AResource).A).String()
			}
			if got != test.address || len(m.Answers) > 1 {
				t.Errorf("answers %v, want %q", m.Answers, test.address)
			}
		})
	}
}

func TestNameserverIsSilent(t *testing.T) {
	response := question(t, "h00000.bench.test.", dnsmessage.TypeA)
	response[2] |= 0x80 // QR
	two := dnsmessage.Message{Questions: make([]dnsmessage.Question, 2)}
	for i := range two.Questions {
		two.Questions[i] = dnsmessage.Question{Name: dnsmessage.MustNewName("h00000.bench.test."), Type: dnsmessage.TypeA}
	}
	packed, err := two.Pack()
	if err != nil {
		t.Fatal(err)
	}
	for name, message := range map[string][]byte{
		"empty": nil, "cut": question(t, "h00000.bench.test.", dnsmessage.TypeA)[:20], "response": response, "two questions": packed,
	} {
		if answer, ok := testNameserver().answer(message); ok {
			t.Errorf("%s: answered %x", name, answer)
		}
	}
}

func FuzzNameserver(f *testing.F) {
	f.Add(question(f, "h00000.bench.test.", dnsmessage.TypeA))
	f.Add(question(f, ".", dnsmessage.TypeNS))
	f.Fuzz(func(t *testing.T, message []byte) {
		answer, ok := testNameserver().answer(message)
		if !ok {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(answer); err != nil {
			t.Fatalf("the answer %x cannot be read: %v", answer, err)
		}
		if !m.Response || m.ID != uint16(message[0])<<8|uint16(message[1]) {
			t.Errorf("header %+v for message %x", m.Header, message)
		}
	})
}
