package probe

import (
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/dns"
	"prober/probe/reason"
)

// A family for which a resolver fails degrades a name where the resolver is in order, and says nothing about it where
// the resolver fails for others as well, or where packets are lost on the way to it.
func TestHalfOfALookup(t *testing.T) {
	const host, servfail, ok = "api.shop.test", dnsmessage.RCodeServerFailure, reason.None
	var mu sync.Mutex
	for name, tt := range map[string]struct {
		six, rest nameServer
		lookups   int // in which the family fails; 0: always
		why       reason.Reason
		says      string
	}{
		"it fails":                           {saying(servfail), inOrder, 0, reason.ResolveServFail, "answered SERVFAIL"},
		"as all does that is not in memory":  {saying(servfail), saying(servfail), 0, ok, "undecided: "},
		"silence":                            {silent, inOrder, 0, reason.ResolveTimeout, "AAAA in time"},
		"silence, about other names as well": {silent, about(silent, inOrder, "example.net"), 0, ok, "answers some and not others"},
		"silence, about nearly all":          {silent, silent, 0, ok, "undecided: "},
		"silence for a moment":               {silent, inOrder, 1, ok, ""},
	} {
		t.Run(name, func(t *testing.T) {
			begun := 0
			cfg := onLoopback(newPKI())
			asking(&cfg, about(func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
				mu.Lock()
				defer mu.Unlock()
				if kind != dnsmessage.TypeAAAA { // it is asked first, and answered
					begun++
					return leading("192.0.2.1")(name, kind)
				}
				if tt.lookups == 0 || begun <= tt.lookups {
					return tt.six(name, kind)
				}
				return dnsmessage.RCodeSuccess, "", false
			}, tt.rest, host))
			p := New(cfg)
			p.Among([]string{host, "www.bank.test"})
			l := p.resolve(t.Context(), cfg.Resolvers, host, dns.Options{})
			want := reason.Degraded
			if tt.why == ok {
				want = reason.OK
			}
			if l.Outcome != want || l.Reason != tt.why || len(l.Addresses) != 1 || !strings.Contains(l.Detail, tt.says) || tt.says == "" && l.Detail != "" {
				t.Errorf("%s %s, %v: %s", l.Outcome, l.Reason, l.Addresses, l.Detail)
			}
			if shown := p.reproduceLookup(Target{}, l); tt.why != ok && !strings.Contains(shown, " AAAA ") {
				t.Errorf("shown by %q", shown)
			}
			if found := p.nameFindings(Target{}, l); len(found) > 0 != (tt.why != ok) {
				t.Errorf("findings %v", found)
			}
		})
	}
}
