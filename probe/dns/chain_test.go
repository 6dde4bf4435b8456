package dns

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// targetsOf are the targets of a chain of n aliases of example.com.
func targetsOf(n int) []string {
	var out []string
	for i := range n {
		out = append(out, string(rune('a'+i))+".example.com")
	}
	return out
}

// aliases are the records of such a chain with an address at its end.
func aliases(n int) string {
	var b strings.Builder
	owner := "example.com"
	for _, target := range targetsOf(n) {
		b.WriteString(owner + " 60 CNAME " + target + "\n")
		owner = target
	}
	return b.String() + owner + " 60 A 192.0.2.9"
}

// oneLink makes every name an alias of one a label longer and says nothing about that.
func oneLink() resolver {
	return reflex(func(a asked, m *dnsmessage.Message) { m.Answers = rrs(a.name() + " 60 CNAME a." + a.name()) })
}

// deeper are the first n names that oneLink leads example.com to.
func deeper(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strings.Repeat("a.", i+1) + "example.com"
	}
	return names
}

// TestChainIsFollowedAcrossAnswers asks a server that gives one link at a time.
func TestChainIsFollowedAcrossAnswers(t *testing.T) {
	oneLink := func(records string) resolver {
		all := rrs(records)
		return reflex(func(a asked, m *dnsmessage.Message) {
			m.Authoritative = true
			for _, r := range all {
				if r.Header.Name == a.Questions[0].Name && (r.Header.Type == a.Questions[0].Type || r.Header.Type == dnsmessage.TypeCNAME) {
					m.Answers = append(m.Answers, r)
				}
			}
			if len(m.Answers) == 0 {
				m.RCode = dnsmessage.RCodeNameError
			}
		})
	}
	var long strings.Builder
	owner := "example.com"
	for i := range 16 {
		target := string(rune('a'+i)) + ".example.com"
		long.WriteString(owner + " 60 CNAME " + target + "\n")
		owner = target
	}
	tests := []struct {
		name, records string
		want          reason.Reason
		wantChain     string
		wantQuestions string
		wantMinTTL    time.Duration
	}{
		{
			"to its end", twoAway + "c.example.net 70 A 192.0.2.9", reason.None, "b.example.com c.example.net",
			"example.com A, b.example.com A, c.example.net A", 50 * time.Second,
		},
		{
			"to nowhere", twoAway, reason.ResolveCNAMEDangling, "b.example.com c.example.net",
			"example.com A, b.example.com A, c.example.net A", 0,
		},
		{
			"in a circle", "example.com 60 CNAME b.example.com\n b.example.com 60 CNAME c.example.com\n c.example.com 60 CNAME b.example.com",
			reason.ResolveCNAMELoop, "b.example.com c.example.com b.example.com", "example.com A, b.example.com A, c.example.com A", 0,
		},
		{
			"too far", long.String(), reason.ResolveCNAMETooLong,
			"a.example.com b.example.com c.example.com d.example.com e.example.com f.example.com g.example.com h.example.com i.example.com j.example.com k.example.com l.example.com m.example.com",
			"example.com A, a.example.com A, b.example.com A, c.example.com A, d.example.com A, e.example.com A, f.example.com A, g.example.com A, h.example.com A, i.example.com A, j.example.com A, k.example.com A, l.example.com A", 0,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, c := newNetwork(t, oneLink(test.records))
			l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{Families: OnlyIPv4})
			if l.Reason != test.want || strings.Join(l.CNAME, " ") != test.wantChain || l.MinTTL.Duration() != test.wantMinTTL {
				t.Errorf("%q (%s), chain %v, TTL %v", l.Reason, l.Detail, l.CNAME, l.MinTTL)
			}
			if got := strings.Join(n.questions(), ", "); got != test.wantQuestions {
				t.Errorf("asked %s, want %s", got, test.wantQuestions)
			}
		})
	}
}

// TestAliasOfAnyBytes: an alias may hold any byte, and is asked for as it is.
func TestAliasOfAnyBytes(t *testing.T) {
	odd := "caf\xe9\x00 \xc3\x89.example"
	n, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
		switch a.name() {
		case "www.example.com": // a server that is only responsible for the beginning
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: a.Questions[0].Name, Type: dnsmessage.TypeCNAME, Class: dnsmessage.ClassINET, TTL: 60},
				Body:   &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(odd + ".")},
			})
		case odd:
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: a.Questions[0].Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET, TTL: 60},
				Body:   &dnsmessage.AResource{A: [4]byte{192, 0, 2, 9}},
			})
		}
	}))
	l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "www.example.com", Options{Families: OnlyIPv4})
	if l.Outcome != reason.OK || len(l.Addresses) != 1 || len(n.log) != 2 {
		t.Errorf("%s %s %q after %q", l.Outcome, l.Reason, l.Detail, n.questions())
	}
	if want := `caf\233\000\032\195\137.example`; len(l.Queries) != 2 || l.Queries[1].Name != want {
		t.Errorf("asked %+v, want %s", l.Queries, want)
	}
}
