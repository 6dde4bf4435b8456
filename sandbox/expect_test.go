package sandbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"strings"
	"syscall"

	"golang.org/x/net/dns/dnsmessage"
)

// expectations says of every fault and variant how it shows to the witness.
func expectations() map[string]expectation {
	all := make(map[string]expectation)
	for _, part := range []map[string]expectation{
		resolveExpectations(), connectExpectations(), tlsExpectations(), certificateExpectations(),
		versionExpectations(), requestExpectations(), headerExpectations(), bodyExpectations(),
		verifyExpectations(), variantExpectations(),
	} {
		maps.Copy(all, part)
	}
	return all
}

// healthy tells what is wrong with an endpoint that should be well.
func healthy(s seen) string {
	switch {
	case s.a.parse != nil || len(s.a.addresses()) == 0:
		return fmt.Sprintf("DNS: %+v", s.a)
	case s.dial != nil || s.tls != nil || s.verified != nil || s.write != nil:
		return fmt.Sprintf("dial %v, tls %v, verify %v, write %v", s.dial, s.tls, s.verified, s.write)
	case !strings.HasPrefix(s.head(), "HTTP/1.1 ") || s.end != io.EOF:
		return fmt.Sprintf("reply %q, %v", s.raw, s.end)
	case !strings.Contains(s.body(), "RequestId") && s.body() != "ok\n":
		return fmt.Sprintf("body %q", s.body())
	}
	return ""
}

// is makes an expectation of a condition.
func is(ok func(seen) bool) expectation {
	return expectation{check: func(s seen) string {
		if ok(s) {
			return ""
		}
		return fmt.Sprintf("A %v %v, AAAA %v, dial %v, tls %v, verify %v, write %v, end %v, reply %.300q",
			s.a.message.RCode, s.a.addresses(), s.aaaa.addresses(), s.dial, s.tls, s.verified, s.write, s.end, s.raw)
	}}
}

func (x expectation) with(prepare func(*witness)) expectation {
	x.prepare = prepare
	return x
}

// hanging says which step hangs.
func (x expectation) hanging(step string) expectation {
	return x.with(func(w *witness) { w.hangs = step })
}

func rcodeIs(code dnsmessage.RCode) expectation {
	return is(func(s seen) bool {
		return s.a.message.RCode == code && s.aaaa.message.RCode == code && len(s.a.message.Answers) == 0
	})
}

// cnames counts the aliases of an answer.
func cnames(a dnsAnswer) int {
	n := 0
	for _, r := range a.message.Answers {
		if r.Header.Type == dnsmessage.TypeCNAME {
			n++
		}
	}
	return n
}

func leads(to string) expectation {
	return is(func(s seen) bool {
		got := s.a.addresses()
		return len(got) == 1 && got[0] == netip.MustParseAddr(to) && len(s.aaaa.addresses()) == 0
	})
}

func resolveExpectations() map[string]expectation {
	silentFirst := func(s seen) bool { return s.a.silent }
	truncated := func(tcp func(dnsAnswer) bool) expectation {
		return is(func(s seen) bool {
			over := ask(s.by.s.Resolvers()[0], "tcp", s.by.e.Host, dnsmessage.TypeA, false, patience)
			return s.a.message.Truncated && len(s.a.message.Answers) == 0 && tcp(over)
		})
	}
	return map[string]expectation{
		"nxdomain": rcodeIs(dnsmessage.RCodeNameError),
		"nxdomain_second_resolver": is(func(s seen) bool {
			other := ask(s.by.s.Resolvers()[1], "udp", s.by.e.Host, dnsmessage.TypeA, false, patience)
			return healthy(s) == "" && other.message.RCode == dnsmessage.RCodeNameError
		}),
		"nodata":               rcodeIs(dnsmessage.RCodeSuccess),
		"servfail":             rcodeIs(dnsmessage.RCodeServerFailure),
		"servfail_aaaa":        is(func(s seen) bool { return healthy(s) == "" && s.aaaa.message.RCode == dnsmessage.RCodeServerFailure }),
		"resolve_refused":      rcodeIs(dnsmessage.RCodeRefused),
		"formerr":              rcodeIs(dnsmessage.RCodeFormatError),
		"notimp":               rcodeIs(dnsmessage.RCodeNotImplemented),
		"bad_rcode":            rcodeIs(9),
		"bad_rcode_yxdomain":   rcodeIs(6),
		"bad_rcode_unassigned": rcodeIs(12),
		"referral": is(func(s seen) bool {
			m := s.a.message
			return !m.Authoritative && len(m.Answers) == 0 && len(m.Authorities) == 1 && m.Authorities[0].Header.Type == dnsmessage.TypeNS
		}),
		"resolvers_disagree": is(func(s seen) bool {
			other := ask(s.by.s.Resolvers()[1], "udp", s.by.e.Host, dnsmessage.TypeA, false, patience)
			return s.a.message.RCode == dnsmessage.RCodeNameError && len(other.addresses()) == 1
		}),
		"filtered": is(func(s seen) bool {
			told := ask(s.by.s.Resolvers()[0], "udp", s.by.e.Host, dnsmessage.TypeA, true, patience)
			for _, r := range told.message.Additionals {
				if o, ok := r.Body.(*dnsmessage.OPTResource); ok && len(o.Options) == 1 {
					return o.Options[0].Code == 15 && bytes.Equal(o.Options[0].Data, []byte{0, 17})
				}
			}
			return false
		}),
		"resolve_timeout":              is(silentFirst).hanging("dns"),
		"resolve_timeout_aaaa":         is(func(s seen) bool { return healthy(s) == "" && s.aaaa.silent }).hanging("aaaa"),
		"resolve_timeout_wrong_id":     is(func(s seen) bool { return s.a.message.ID == 0x1234^0xff00 && s.aaaa.message.ID == 0x1234^0xff00 }),
		"resolve_truncated":            truncated(func(a dnsAnswer) bool { return a.message.Truncated && len(a.message.Answers) == 0 }),
		"resolve_truncated_tcp_closed": truncated(func(a dnsAnswer) bool { return a.silent }),
		"mismatch": is(func(s seen) bool {
			return s.a.message.Questions[0].Name.String() == "other.aliyuncs.com." && len(s.a.message.Answers) > 0
		}),
		"bad_answer":              is(func(s seen) bool { return s.a.message.Answers[0].Header.Name.String() == "other.aliyuncs.com." }),
		"bad_answer_class":        is(func(s seen) bool { return s.a.message.Answers[0].Header.Class == dnsmessage.ClassHESIOD }),
		"resolve_malformed":       is(func(s seen) bool { return !s.a.silent && len(s.a.raw) > 12 && s.a.parse != nil }),
		"resolve_malformed_empty": is(func(s seen) bool { return !s.a.silent && len(s.a.raw) == 0 }),
		"cname_loop": is(func(s seen) bool {
			return cnames(s.a) == 2 && s.a.message.Answers[0].Header.Name == s.a.message.Questions[0].Name &&
				s.a.message.Answers[1].Body.(*dnsmessage.CNAMEResource).CNAME == s.a.message.Questions[0].Name
		}),
		"cname_dangling": is(func(s seen) bool { return cnames(s.a) == 1 && s.a.message.RCode == dnsmessage.RCodeNameError }),
		"cname_dangling_nodata": is(func(s seen) bool {
			return cnames(s.a) == 1 && s.a.message.RCode == dnsmessage.RCodeSuccess && len(s.a.addresses()) == 0
		}),
		"cname_too_long":        is(func(s seen) bool { return cnames(s.a) == 12 && len(s.a.addresses()) == 1 }),
		"cname_too_long_twenty": is(func(s seen) bool { return cnames(s.a) == 20 && len(s.a.addresses()) == 1 }),
		"bogon":                 leads("10.0.0.1"),
		"bogon_metadata":        leads("100.100.100.200"),
		"bogon_link_local":      leads("169.254.169.254"),
		"bogon_zero":            leads("0.0.0.0"),
		"bogon_vpc":             leads("100.100.100.200"),
		"not_private":           leads("127.0.0.1"),
		"hijacked": is(func(s seen) bool {
			label, parent, _ := strings.Cut(s.by.e.Host, ".")
			a := ask(s.by.s.Resolvers()[0], "udp", label+"-c4n4ry."+parent, dnsmessage.TypeA, false, patience)
			away := ask(s.by.s.Resolvers()[0], "udp", "c4n4ry.example.com", dnsmessage.TypeA, false, patience)
			return healthy(s) == "" && len(a.addresses()) == 1 && len(away.addresses()) == 1
		}),
	}
}

func connectExpectations() map[string]expectation {
	second := func(w *witness) { w.addresses = []netip.Addr{netip.MustParseAddr("127.0.0.2")} }
	both := func(s seen) bool { return len(s.a.addresses()) == 2 }
	refused := func(s seen) bool { return errors.Is(s.dial, syscall.ECONNREFUSED) }
	timeout := func(s seen) bool {
		var t interface{ Timeout() bool }
		return errors.As(s.dial, &t) && t.Timeout()
	}
	return map[string]expectation{
		"connect_refused":             is(refused),
		"connect_refused_one_address": is(func(s seen) bool { return both(s) && refused(s) }).with(second),
		"connect_timeout":             is(timeout).hanging("dial"),
		"connect_timeout_one_address": is(func(s seen) bool { return both(s) && timeout(s) }).with(func(w *witness) {
			second(w)
			w.hangs = "dial"
		}),
		"unreachable": is(func(s seen) bool { return errors.Is(s.dial, syscall.ENETUNREACH) }),
	}
}
