package probe

import (
	"context"
	"hash/fnv"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/limit"
	"prober/probe/dns"
	"prober/probe/reason"
)

// nameServer is a resolver in a test: what it says about a name.
type nameServer func(name string, t dnsmessage.Type) (code dnsmessage.RCode, addr string, silent bool)

// ofItsOwn is the address of a name that the server is responsible for.
const ofItsOwn = "127.0.0.78"

// reply is what the resolver sends back for a question; nil for silence.
func (says nameServer) reply(question []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil {
		return nil
	}
	q := m.Questions[0]
	code, addr, silent := says(strings.TrimSuffix(q.Name.String(), "."), q.Type)
	if silent {
		return nil
	}
	m.Response, m.RCode, m.Authoritative, m.Additionals = true, code, addr == ofItsOwn, nil
	if a, err := netip.ParseAddr(addr); err == nil && q.Type.String() == "Type"+typeOf(a) {
		h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
		m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}}}
		if a.Is4() {
			m.Answers[0].Body = &dnsmessage.AResource{A: a.As4()}
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// resolving serves a resolver on loopback.
func resolving(t *testing.T, says nameServer) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		b := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(says.reply(b[:n]), from)
		}
	})
	t.Cleanup(func() { _ = conn.Close(); serving.Wait() })
	return netip.MustParseAddrPort(conn.LocalAddr().String())
}

// asking makes cfg ask resolvers that are in this process, the first of which has the address
// 192.0.2.1. Silence takes no time.
func asking(cfg *Config, resolvers ...nameServer) {
	client := &dns.Client{Timeout: time.Hour, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		at := netip.MustParseAddrPort(address).Addr().As4()
		return &instant{says: resolvers[at[3]-1]}, nil
	}}
	cfg.DNS, cfg.Ask, cfg.Resolvers = client.Lookup, client.Query, nil
	for i := range resolvers {
		cfg.Resolvers = append(cfg.Resolvers, netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)}), 53))
	}
}

// instant is a connection to a resolver whose time is up when there is nothing to read.
type instant struct {
	net.Conn // nil: nothing else is called
	says     nameServer
	replies  [][]byte
}

func (c *instant) Write(b []byte) (int, error) {
	if r := c.says.reply(b); r != nil {
		c.replies = append(c.replies, r)
	}
	return len(b), nil
}

func (c *instant) Read(b []byte) (int, error) {
	if len(c.replies) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(b, c.replies[0])
	c.replies = c.replies[1:]
	return n, nil
}

func (c *instant) Close() error                     { return nil }
func (c *instant) SetDeadline(time.Time) error      { return nil }
func (c *instant) SetReadDeadline(time.Time) error  { return nil }
func (c *instant) SetWriteDeadline(time.Time) error { return nil }

// inOrder is what a resolver in order says: made-up names do not exist, all others have an
// address of their own.
func inOrder(name string, _ dnsmessage.Type) (dnsmessage.RCode, string, bool) {
	if strings.Contains(name, "prober-") {
		return dnsmessage.RCodeNameError, "", false
	}
	return dnsmessage.RCodeSuccess, "127.0.0.77", false
}

// saying says the same about all names.
func saying(code dnsmessage.RCode) nameServer {
	return func(string, dnsmessage.Type) (dnsmessage.RCode, string, bool) { return code, "", false }
}

func silent(string, dnsmessage.Type) (dnsmessage.RCode, string, bool) { return 0, "", true }

// makingUp has an address for each name, whether it exists or not, as proxies do that learn from
// the address which name a connection is for.
func makingUp(name string, _ dnsmessage.Type) (dnsmessage.RCode, string, bool) {
	h := fnv.New32()
	_, _ = h.Write([]byte(name))
	return dnsmessage.RCodeSuccess, netip.AddrFrom4([4]byte{127, 1, byte(h.Sum32()), byte(h.Sum32() >> 8)}).String(), false
}

// about says one thing about names that end in one of some suffixes and another of the rest.
func about(says, rest nameServer, suffixes ...string) nameServer {
	return func(name string, t dnsmessage.Type) (dnsmessage.RCode, string, bool) {
		for _, s := range suffixes {
			if name == s || strings.HasSuffix(name, "."+s) {
				return says(name, t)
			}
		}
		return rest(name, t)
	}
}

// leading leads all names to one address.
func leading(addr string) nameServer {
	return func(string, dnsmessage.Type) (dnsmessage.RCode, string, bool) { return 0, addr, false }
}

// TestControls: a resolver that is broken is told from a name, a zone or a provider that is.
func TestControls(t *testing.T) {
	const nx, servfail, refused, formerr = dnsmessage.RCodeNameError, dnsmessage.RCodeServerFailure, dnsmessage.RCodeRefused, dnsmessage.RCodeFormatError
	const own, apex, other = "api.shop.test", "shop.test", "www.bank.test"
	root := func(says nameServer) nameServer { return about(inOrder, says, "") } // the root is known, as a cache knows it
	infra := func(says nameServer) nameServer {                                  // and the apex of each zone, while all below them is not
		return func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
			if name == "" || ZoneOf(name) == name && name != "com" && name != "net" {
				return inOrder(name, kind)
			}
			return says(name, kind)
		}
	}
	lost := reason.ProberResolverUnavailable
	hosts := func(says nameServer) nameServer { // all questions for addresses fail, and those for the servers and the start of a zone do not
		return func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
			if kind == dnsmessage.TypeA || kind == dnsmessage.TypeAAAA || strings.Contains(name, "prober-") {
				return says(name, kind)
			}
			return inOrder(name, kind)
		}
	}
	existing := func(says nameServer) nameServer { // all that exists fails
		return func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
			if kind == dnsmessage.TypeSOA || kind == dnsmessage.TypeNS || strings.Contains(name, "prober-") {
				return inOrder(name, kind)
			}
			return says(name, kind)
		}
	}
	mixed := func(own, made nameServer) nameServer { // the host fails in one way, made-up names and the rest in others
		return about(own, func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
			if strings.Contains(name, "prober-") {
				return made(name, kind)
			}
			return saying(refused)(name, kind)
		}, "api.shop.test", other)
	}
	com := func(says nameServer) nameServer { // the top of the tree besides
		return func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
			if name == "com" {
				return inOrder(name, kind)
			}
			return infra(says)(name, kind)
		}
	}
	for name, tt := range map[string]struct {
		resolver nameServer
		controls []string
		outcome  reason.Outcome
		why      reason.Reason
	}{
		"all names are denied":                           {saying(nx), nil, reason.Unknown, lost},
		"all names but the root are denied":              {root(saying(nx)), nil, reason.Unknown, lost},
		"all names fail":                                 {saying(servfail), nil, reason.Unknown, lost},
		"all names but the root fail":                    {root(saying(servfail)), nil, reason.Unknown, lost},
		"all names are refused":                          {saying(refused), nil, reason.Unknown, lost},
		"all names but the root are refused":             {root(saying(refused)), nil, reason.Unknown, lost},
		"all questions are malformed":                    {saying(formerr), nil, reason.Unknown, lost},
		"all names are empty":                            {saying(0), nil, reason.Unknown, lost},
		"silence about all names":                        {silent, nil, reason.Unknown, lost},
		"silence about all names but the root":           {root(silent), nil, reason.Unknown, lost},
		"all names lead to one address":                  {leading("127.0.0.77"), nil, reason.Unknown, lost},
		"each name leads to a made-up address":           {makingUp, nil, reason.Unknown, lost},
		"all names lead to no host":                      {leading("0.0.0.0"), nil, reason.Unknown, reason.ResolveBogon},
		"one name leads to no host":                      {about(leading("0.0.0.0"), inOrder, own), nil, reason.Fail, reason.ResolveBogon},
		"without a way out, other names are remembered":  {about(inOrder, saying(servfail), other), nil, reason.Unknown, lost},
		"without a way out, apexes are remembered":       {infra(saying(servfail)), nil, reason.Unknown, lost},
		"the same, silently":                             {infra(silent), nil, reason.Unknown, lost},
		"the same, refusing":                             {infra(saying(refused)), nil, reason.Unknown, lost},
		"the same, denying":                              {infra(saying(nx)), nil, reason.Unknown, lost},
		"without a way out, com is remembered as well":   {com(saying(servfail)), nil, reason.Unknown, lost},
		"without a way out, the control is remembered":   {about(about(inOrder, saying(servfail), "www.intra.test"), infra(saying(servfail)), "intra.test"), []string{"www.intra.test"}, reason.Unknown, lost},
		"all but apexes are denied, and the control":     {infra(saying(nx)), []string{"www.intra.test"}, reason.Unknown, lost},
		"all but com and the apexes, and the control":    {com(saying(nx)), []string{"www.intra.test"}, reason.Unknown, lost},
		"the control fails alike":                        {about(saying(servfail), inOrder, own, "intra.test"), []string{"www.intra.test"}, reason.Unknown, lost},
		"one of two controls fails alike":                {about(saying(servfail), inOrder, own, "intra.test"), []string{"www.intra.test", "www.extra.test"}, reason.Fail, reason.ResolveServFail},
		"the control is of the zone that fails":          {about(saying(servfail), inOrder, apex), []string{"www.shop.test"}, reason.Fail, reason.ResolveServFail},
		"all hosts are denied, NS and SOA are not":       {hosts(saying(nx)), nil, reason.Unknown, lost},
		"all hosts are empty, NS and SOA are not":        {hosts(saying(0)), nil, reason.Unknown, lost},
		"all hosts fail, NS and SOA do not":              {hosts(saying(servfail)), nil, reason.Unknown, lost},
		"all hosts are silent, NS and SOA are not":       {hosts(silent), nil, reason.Unknown, lost},
		"the same, denying, and the control":             {hosts(saying(nx)), []string{"www.intra.test"}, reason.Unknown, lost},
		"all that exists is empty":                       {existing(saying(0)), nil, reason.Unknown, lost},
		"all that exists is denied":                      {existing(saying(nx)), nil, reason.Unknown, lost},
		"all that exists is silent":                      {existing(silent), nil, reason.Unknown, lost},
		"all that exists fails":                          {existing(saying(servfail)), nil, reason.Unknown, lost},
		"silence here, denial there":                     {mixed(silent, saying(nx)), nil, reason.Unknown, lost},
		"failure here, denial there":                     {mixed(saying(servfail), saying(nx)), nil, reason.Unknown, lost},
		"silence here, failure there":                    {mixed(silent, saying(servfail)), nil, reason.Unknown, lost},
		"denial here, failure there":                     {mixed(saying(nx), saying(servfail)), nil, reason.Unknown, lost},
		"some of what is asked is lost":                  {about(silent, inOrder, own, "example.net"), nil, reason.Unknown, lost},
		"some of it is, and not the control":             {about(silent, inOrder, own, "example.net"), []string{"www.intra.test"}, reason.Unknown, lost},
		"only what leads to no host is known":            {about(saying(nx), leading("0.0.0.0"), own), nil, reason.Unknown, lost},
		"all but com is denied, with no other name":      {about(saying(nx), inOrder, own, other), nil, reason.Fail, reason.ResolveNXDomain},
		"a closed network, all that exists is empty":     {about(existing(saying(0)), saying(nx), apex, "bank.test"), nil, reason.Unknown, lost},
		"the same, the world is refused":                 {about(existing(saying(0)), saying(refused), apex, "bank.test"), nil, reason.Unknown, lost},
		"the same, the control is known":                 {about(inOrder, about(existing(saying(0)), saying(nx), apex, "bank.test"), "intra.test"), []string{"www.intra.test"}, reason.Fail, reason.ResolveNoData},
		"a network in order, all listed names are empty": {about(existing(saying(0)), inOrder, apex, "bank.test"), nil, reason.Fail, reason.ResolveNoData},

		"one name is denied":  {about(saying(nx), inOrder, own), nil, reason.Fail, reason.ResolveNXDomain},
		"one name fails":      {about(saying(servfail), inOrder, own), nil, reason.Fail, reason.ResolveServFail},
		"one name is empty":   {about(saying(0), inOrder, own), nil, reason.Fail, reason.ResolveNoData},
		"one name is silent":  {about(silent, inOrder, own), nil, reason.Fail, reason.ResolveTimeout},
		"one zone is denied":  {about(saying(nx), inOrder, apex), nil, reason.Fail, reason.ResolveNXDomain},
		"one zone fails":      {about(saying(servfail), inOrder, apex), nil, reason.Fail, reason.ResolveServFail},
		"one zone is silent":  {about(silent, inOrder, apex), nil, reason.Fail, reason.ResolveTimeout},
		"nothing is up there": {inOrder, nil, reason.Fail, reason.ConnectRefused},

		"a closed network, one name is denied":      {about(about(saying(nx), inOrder, own), saying(refused), apex), nil, reason.Fail, reason.ResolveNXDomain},
		"a closed network, one zone is denied":      {about(inOrder, saying(nx), "bank.test"), nil, reason.Fail, reason.ResolveNXDomain},
		"a closed network, one zone fails":          {about(inOrder, saying(servfail), "bank.test"), nil, reason.Fail, reason.ResolveServFail},
		"a closed network, one zone is silent":      {about(inOrder, silent, "bank.test"), nil, reason.Fail, reason.ResolveTimeout},
		"a closed network, one zone is refused":     {about(inOrder, about(saying(nx), saying(refused), apex), "bank.test"), nil, reason.Fail, reason.ResolveNXDomain},
		"a closed network, one zone is empty":       {about(existing(saying(0)), about(inOrder, saying(nx), "bank.test"), apex), nil, reason.Fail, reason.ResolveNoData},
		"a closed network, the other one is denied": {about(existing(saying(0)), about(saying(nx), saying(refused), "bank.test"), apex), nil, reason.Fail, reason.ResolveNoData},
		"a closed network of few names, one fails":  {about(leading(ofItsOwn), saying(servfail), other), nil, reason.Fail, reason.ResolveServFail},
		"a closed network of one name, denied":      {about(saying(nx), about(inOrder, saying(refused), apex), own, other), nil, reason.Fail, reason.ResolveNXDomain},
		"a closed network of one name, silent":      {about(silent, about(inOrder, saying(servfail), apex), own, other), nil, reason.Fail, reason.ResolveTimeout},
		"a closed network of one name, failing":     {about(saying(servfail), about(inOrder, saying(servfail), apex), own, other), nil, reason.Fail, reason.ResolveServFail},
		"a closed network of one name, empty":       {about(saying(0), about(inOrder, saying(refused), apex), own, other), nil, reason.Fail, reason.ResolveNoData},
		"a closed network of one name, no answers":  {about(silent, saying(nx), own, other), nil, reason.Fail, reason.ResolveTimeout},
		"a control name is known":                   {about(inOrder, saying(nx), "intra.test"), []string{"intra.test"}, reason.Fail, reason.ResolveNXDomain},
		"a control name is not known either":        {about(inOrder, saying(nx), "intra.test"), []string{"extra.test"}, reason.Unknown, lost},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := onLoopback(newPKI())
			asking(&cfg, tt.resolver)
			cfg.Controls = tt.controls
			p := New(cfg)
			p.Among([]string{own, "ftp.shop.test", other})
			o := p.Probe(t.Context(), target(own, catalog.HTTP, closedPort(t).Port()))
			want(t, o, tt.outcome, tt.why)
			if o.Outcome == reason.Unknown && o.Reason.Blame() != reason.Resolver {
				t.Errorf("blame %s", o.Reason.Blame())
			}
			if strings.HasPrefix(name, "some of ") && !strings.Contains(o.Detail, "answers some and not others (") {
				t.Error(o.Detail)
			}
		})
	}
}

// TestHostsThatWereWell: names of other zones that a resolver answered a moment ago tell, when it denies
// them all, or leads them nowhere any more, that it does so to what exists, though it knows the top of the
// tree; one that is still answered, in whatever family, and one that has long been gone, do not.
func TestHostsThatWereWell(t *testing.T) {
	const nx = dnsmessage.RCodeNameError
	hosts := []string{"api.shop.test", "dead.bank.test", "gone.bank.test", "www.bank.test"}
	for name, tt := range map[string]struct {
		denied  []string // in the second round
		outcome reason.Outcome
	}{
		"all are denied":                  {[]string{"shop.test", "bank.test"}, reason.Unknown},
		"one is denied":                   {[]string{"api.shop.test"}, reason.Fail},
		"one of a zone, all of another":   {[]string{"api.shop.test", "gone.bank.test"}, reason.Fail},
		"another that was gone all along": {[]string{"api.shop.test", "dead.bank.test"}, reason.Fail},
	} {
		for _, how := range []dnsmessage.RCode{nx, dnsmessage.RCodeSuccess} { // with no address
			t.Run(name+", "+how.String(), func(t *testing.T) {
				denied := []string{"dead.bank.test"}
				var now time.Time
				cfg := onLoopback(newPKI())
				asking(&cfg, func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
					return about(saying(how), inOrder, denied...)(name, kind)
				})
				cfg.Clock.NowFunc = func() time.Time { return now }
				p := New(cfg)
				p.Among(hosts)
				for _, h := range hosts {
					p.Probe(t.Context(), target(h, catalog.HTTP, closedPort(t).Port()))
				}
				denied, now = tt.denied, now.Add(time.Minute)
				o := p.Probe(t.Context(), target("api.shop.test", catalog.HTTP, closedPort(t).Port()))
				if o.Outcome != tt.outcome {
					t.Errorf("%s %s: %s", o.Outcome, o.Reason, o.Detail)
				}
				denied, now = tt.denied[:1], now.Add(time.Minute)
				if o = p.Probe(t.Context(), target("api.shop.test", catalog.HTTP, closedPort(t).Port())); o.Outcome != reason.Fail {
					t.Errorf("later %s: %s", o.Outcome, o.Detail)
				}
			})
		}
	}
}

// TestHostsOfIPv6: a host that has IPv6 addresses alone is asked for those, so that it stays one which is answered well.
func TestHostsOfIPv6(t *testing.T) {
	var now time.Time
	empty := false
	cfg := onLoopback(newPKI())
	asking(&cfg, func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
		switch {
		case name == "www.bank.test":
			return leading("::1")(name, kind)
		case name == "api.shop.test" && empty:
			return saying(dnsmessage.RCodeSuccess)(name, kind)
		case name == "api.shop.test":
			return inOrder(name, kind)
		}
		return saying(dnsmessage.RCodeNameError)(name, kind)
	})
	cfg.Clock.NowFunc = func() time.Time { return now }
	p := New(cfg)
	p.Among([]string{"api.shop.test", "www.bank.test"})
	for range 2 {
		p.Probe(t.Context(), target("www.bank.test", catalog.HTTP, closedPort(t).Port()))
		o := p.Probe(t.Context(), target("api.shop.test", catalog.HTTP, closedPort(t).Port()))
		if want := map[bool]reason.Reason{false: reason.ConnectRefused, true: reason.ResolveNoData}[empty]; o.Reason != want || o.Outcome != reason.Fail {
			t.Errorf("%s %s: %s", o.Outcome, o.Reason, o.Detail)
		}
		empty, now = true, now.Add(time.Minute)
	}
}

// TestSilenceThatEnds: a resolver that was silent for a moment, and is well once it is asked control
// questions, is asked for the host again before its silence is told.
func TestSilenceThatEnds(t *testing.T) {
	const host = "api.shop.test"
	var mu sync.Mutex
	well := false
	cfg := onLoopback(newPKI())
	asking(&cfg, func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
		mu.Lock()
		defer mu.Unlock()
		well = well || name != host
		if !well {
			return silent(name, kind)
		}
		return inOrder(name, kind)
	})
	o := New(cfg).Probe(t.Context(), target(host, catalog.HTTP, closedPort(t).Port()))
	want(t, o, reason.Fail, reason.ConnectRefused)
	if asked := o.Asked(); len(o.DNS.Queries) < 3 || o.DNS.Queries[0].Reason != reason.ResolveTimeout {
		t.Errorf("asked %v", asked)
	}
}

// TestOneAddressForOneFamily: the made-up names are asked about in the family that is probed.
func TestOneAddressForOneFamily(t *testing.T) {
	cfg := onLoopback(newPKI())
	asking(&cfg, leading("::1"))
	cfg.Families = dns.OnlyIPv6
	o := New(cfg).Probe(t.Context(), target("api.shop.test", catalog.HTTP, closedPort(t).Port()))
	want(t, o, reason.Unknown, reason.ProberResolverUnavailable)
	if !strings.Contains(o.Reproduce, " AAAA ") {
		t.Errorf("reproduce %q", o.Reproduce)
	}
}

// TestControlsAreAskedOnce: many names that fail at once cost a few questions, and old answers
// do not count.
func TestControlsAreAskedOnce(t *testing.T) {
	var now time.Time
	var mu sync.Mutex
	asked := 0
	cfg := onLoopback(newPKI())
	asking(&cfg, func(name string, _ dnsmessage.Type) (dnsmessage.RCode, string, bool) {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasSuffix(name, ".example.com") {
			asked++
		}
		return dnsmessage.RCodeNameError, "", false
	})
	cfg.Clock.NowFunc = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	p := New(cfg)
	probe := func() {
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				want(t, p.Probe(t.Context(), target("api.shop.test", catalog.HTTPS, 443)), reason.Unknown, reason.ProberResolverUnavailable)
			})
		}
		all.Wait()
	}
	probe()
	if asked != 1 {
		t.Errorf("a control question was asked %d times", asked)
	}
	mu.Lock()
	now = now.Add(2 * limit.ControlsKept)
	mu.Unlock()
	probe()
	if asked != 2 {
		t.Errorf("later the control question was asked %d times in all", asked)
	}
}

// TestControlsAreBounded: no more is kept than there is room for.
func TestControlsAreBounded(t *testing.T) {
	var c controls
	now := time.Now()
	for i := range 3 * limit.ControlEntries {
		c.entry(controlKey{zone: strings.Repeat("a", i)}, now, now)
	}
	if len(c.kept) != limit.ControlEntries {
		t.Errorf("%d entries", len(c.kept))
	}
	if c.entry(controlKey{zone: "later"}, now, now.Add(2*limit.ControlsKept)) == nil || len(c.kept) != 1 {
		t.Errorf("%d entries after all of them were old", len(c.kept))
	}
}

// TestBrokenResolverGivesWay: where the first resolver cannot tell anything the next one does.
func TestBrokenResolverGivesWay(t *testing.T) {
	cfg := onLoopback(newPKI())
	asking(&cfg, saying(dnsmessage.RCodeNameError), inOrder)
	o := New(cfg).Probe(t.Context(), target("api.shop.test", catalog.HTTP, closedPort(t).Port()))
	want(t, o, reason.Fail, reason.ConnectRefused)
	if o.DNS.Resolver != cfg.Resolvers[1] || len(o.Asked()) != 2 {
		t.Errorf("%s decided, of %v", o.DNS.Resolver, o.Asked())
	}
}

// TestControlsForAll: control questions that one probe began and has no time for go on for another
// that waits for them, and end with the last.
func TestControlsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := onLoopback(newPKI())
		asking(&cfg, about(saying(dnsmessage.RCodeServerFailure), inOrder, "api.shop.test"))
		ask := cfg.Ask
		cfg.Ask = func(ctx context.Context, resolver netip.AddrPort, name string, kind dns.Type) dns.Answer {
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			return ask(ctx, resolver, name, kind)
		}
		for _, patient := range []bool{true, false} {
			p := New(cfg)
			hasty, stop := context.WithTimeout(t.Context(), time.Second/2)
			defer stop()
			var both sync.WaitGroup
			both.Go(func() {
				want(t, p.Probe(hasty, target("api.shop.test", catalog.HTTPS, 443)), reason.Unknown, reason.ProberCanceled)
			})
			synctest.Wait()
			if patient {
				want(t, p.Probe(t.Context(), target("api.shop.test", catalog.HTTPS, 443)), reason.Fail, reason.ResolveServFail)
			}
			both.Wait()
		}
	})
}

// TestNoControlsAtTheEnd: a probe whose time is up does not wait for controls, and tells nothing.
func TestNoControlsAtTheEnd(t *testing.T) {
	cfg := onLoopback(newPKI())
	ctx, stop := context.WithCancel(t.Context())
	cfg.DNS = func(ctx context.Context, r []netip.AddrPort, host string, opt dns.Options) *dns.Lookup {
		stop()
		l := failing(reason.ResolveNXDomain)(ctx, r, host, opt)
		l.Resolver = netip.MustParseAddrPort("192.0.2.1:53")
		return l
	}
	cfg.Ask = func(context.Context, netip.AddrPort, string, dns.Type) dns.Answer {
		t.Error("a control question was asked")
		return dns.Answer{}
	}
	want(t, New(cfg).Probe(ctx, target("api.shop.test", catalog.HTTPS, 443)), reason.Unknown, reason.ProberCanceled)
}

// TestControlsAreFresh: a resolver that was well before a lookup began, and no longer is, is asked again.
func TestControlsAreFresh(t *testing.T) {
	var now time.Time
	broken := false
	cfg := onLoopback(newPKI())
	asking(&cfg, func(name string, kind dnsmessage.Type) (dnsmessage.RCode, string, bool) {
		if broken || name == "gone.shop.test" {
			return dnsmessage.RCodeServerFailure, "", false
		}
		return inOrder(name, kind)
	})
	cfg.Clock.NowFunc = func() time.Time { return now }
	p := New(cfg)
	want(t, p.Probe(t.Context(), target("gone.shop.test", catalog.HTTPS, 443)), reason.Fail, reason.ResolveServFail)
	broken, now = true, now.Add(limit.ControlsFresh/2)
	want(t, p.Probe(t.Context(), target("api.shop.test", catalog.HTTPS, 443)), reason.Unknown, reason.ProberResolverUnavailable)
}
