package nameserver

import (
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// FuzzReply: whatever comes, the server answers with nothing or with a message that can
// be read, says that it is an answer and carries the id of the question.
func FuzzReply(f *testing.F) {
	z := NewZone([]Host{{Name: "ecs.aliyuncs.com", V4: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}})
	s := &Server{cfg: Config{Answer: z.Answer}}
	for _, q := range []dnsmessage.Question{
		{Name: dnsmessage.MustNewName("ecs.aliyuncs.com."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
		{Name: dnsmessage.MustNewName("."), Type: dnsmessage.TypeNS, Class: dnsmessage.ClassINET},
	} {
		packed, err := (&dnsmessage.Message{Header: dnsmessage.Header{ID: 1}, Questions: []dnsmessage.Question{q}}).Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, tcp := range []bool{false, true} {
			for _, out := range s.reply(in, tcp) {
				var m dnsmessage.Message
				if err := m.Unpack(out); err != nil {
					t.Fatalf("%x: %v", out, err)
				}
				if !m.Response || out[0] != in[0] || out[1] != in[1] {
					t.Errorf("%x answers %x", out, in)
				}
				if !tcp && len(out) > ednsUDPSize {
					t.Errorf("%d bytes over UDP", len(out))
				}
			}
		}
	})
}
