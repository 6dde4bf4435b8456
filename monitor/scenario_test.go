package monitor

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/monitor/fixture"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/suspicion"
)

// scenario is something that is broken, and what has to be told of it.
type scenario struct {
	name    string
	faults  string        // ENDPOINT=FAULT, ENDPOINT a pattern, separated by spaces
	control bool          // the prober has one beyond the lookup
	only    string        // product that alone is listed; empty: all
	both    bool          // both families are asked for
	silent  time.Duration // for which is waited, because some answer never comes; 0: for ever

	// How many endpoints are then in these states; the others are ok.
	fail, degraded, unknown int
	cause                   suspicion.Cause
	doubt                   suspicion.Doubt // what could tell it from a broken network
}

// soon is for which is waited where nothing comes from anybody.
const soon = 50 * time.Millisecond

// Six endpoints are public and one is on a private network that the prober is not in, so that it is
// unknown whatever happens but where its name is denied.
func scenarios() []scenario {
	return []scenario{
		{name: "SERVFAIL for everything", faults: "ecs/us-east-1/public=resolver_unavailable_servfail", unknown: 7, cause: suspicion.Lookups},
		{name: "NXDOMAIN for everything", faults: "ecs/us-east-1/public=resolver_unavailable_nxdomain", unknown: 7, cause: suspicion.Lookups},
		{name: "REFUSED for everything", faults: "ecs/us-east-1/public=resolver_unavailable_refused", unknown: 7, cause: suspicion.Lookups},
		{name: "a silent resolver", faults: "ecs/us-east-1/public=resolver_unavailable_silent", silent: soon, unknown: 7, cause: suspicion.Lookups},
		{name: "one address for all names", faults: "ecs/us-east-1/public=resolver_unavailable_one_address", unknown: 7, cause: suspicion.Lookups},
		{name: "no address of any name, of which all are denied", faults: "ecs/us-east-1/public=resolver_unavailable_addresses_denied", unknown: 7, cause: suspicion.Lookups},
		{name: "no address of any name, of which none is denied", faults: "ecs/us-east-1/public=resolver_unavailable_no_addresses", unknown: 7, cause: suspicion.Lookups},
		{name: "no address of any name of the list", faults: "*=nodata", unknown: 7, cause: suspicion.Lookups},
		{name: "all names of the list are denied", faults: "*=nxdomain", unknown: 7, cause: suspicion.Lookups},
		{name: "no host at the end of any name", faults: "ecs/us-east-1/public=bogon_every_name", unknown: 7, cause: suspicion.Lookups},
		{name: "one provider listed, and no host at the end of any name", faults: "gaap/na-ashburn/public=bogon_every_name", only: "gaap", unknown: 2, cause: suspicion.Lookups},
		{name: "one provider listed, and no resolver", faults: "gaap/na-ashburn/public=resolver_unavailable_servfail", only: "gaap", unknown: 2, cause: suspicion.Lookups},
		{name: "resets for all", faults: "ecs/us-east-1/public=vantage_offline_reset", unknown: 7, cause: suspicion.Resets},
		{name: "resets for all, and the control", faults: "ecs/us-east-1/public=vantage_offline_reset", control: true, unknown: 7, cause: suspicion.Resets},
		{name: "one provider listed, resets, and the control", faults: "gaap/na-ashburn/public=vantage_offline_reset", only: "gaap", control: true, unknown: 2, cause: suspicion.Resets},
		{name: "nothing comes", faults: "ecs/us-east-1/public=vantage_offline_silent", silent: soon, unknown: 7, cause: suspicion.Silence},
		{name: "a captive portal", faults: "ecs/us-east-1/public=vantage_offline_portal", unknown: 7, cause: suspicion.Portal},
		{name: "a captive portal that takes the control's connection", faults: "ecs/us-east-1/public=vantage_offline_portal", control: true, unknown: 7, cause: suspicion.Portal},
		{name: "a clock that is wrong", faults: "*/public=cert_not_yet_valid", unknown: 7, cause: suspicion.Clock},
		{name: "no connection anywhere", faults: "*/public=connect_refused", unknown: 7, cause: suspicion.Resets},
		{name: "a firewall that ends what begins with a ClientHello", faults: "*/public=tls_reset", unknown: 7, cause: suspicion.Resets},
		{name: "a firewall that takes connections and ends them", faults: "*/public=tls_eof_on_accept", unknown: 7, cause: suspicion.Resets},
		{name: "a captive portal that redirects", faults: "*/public=redirect", unknown: 7, cause: suspicion.Portal},
		{name: "a filter that shows its own page", faults: "*/public=not_api_blocked", unknown: 7, cause: suspicion.Portal},
		{name: "a proxy that speaks no TLS", faults: "*/public=plaintext", unknown: 7, cause: suspicion.Portal},
		{name: "half the names fail, the others lead nowhere", faults: "kms/*/public=servfail gaap/*/public=servfail ecs/*/public=connect_refused", unknown: 7, cause: suspicion.Mixed},
		{name: "one name is denied besides", faults: "*/public=connect_refused gaap/na-ashburn/public=nxdomain", fail: 1, unknown: 6, cause: suspicion.Resets},
		{name: "one name leads nowhere besides", faults: "*/public=connect_refused gaap/na-ashburn/public=bogon", unknown: 7, cause: suspicion.Mixed},

		{name: "all is well", unknown: 1},
		{name: "one provider is down", faults: "ecs/*/public=connect_refused kms/*/public=connect_refused", fail: 4, unknown: 1},
		{name: "the other provider resets", faults: "gaap/*/public=tls_reset", fail: 2, unknown: 1},
		{name: "one product is down", faults: "kms/*/public=connect_refused", fail: 2, unknown: 1},
		{name: "one region is down, of both providers", faults: "*/cn-hongkong/public=connect_refused gaap/ap-hongkong/public=connect_refused", fail: 3, unknown: 1},
		{name: "one address of each is down", faults: "*/public=connect_refused_one_address", degraded: 6, unknown: 1},
		{name: "one family of each fails", faults: "*/public=servfail_aaaa", both: true, degraded: 6, unknown: 1},
		{name: "the zone of one provider fails", faults: "ecs/*/public=servfail kms/*=servfail", fail: 5},
		{name: "the names of one provider are withdrawn", faults: "gaap/*/public=nxdomain", fail: 2, unknown: 1},
		{name: "the names of one provider have no address", faults: "gaap/*/public=nodata", fail: 2, unknown: 1},
		{name: "the names of the other one have none", faults: "ecs/*=nodata kms/*=nodata", fail: 5},
		{name: "the names of the only provider have none", faults: "gaap/*/public=nodata", only: "gaap", fail: 2},
		{name: "the certificates of one provider end", faults: "gaap/*/public=cert_expired", fail: 2, unknown: 1},
		{name: "every server fails", faults: "*/public=server_error", fail: 6, unknown: 1},
		{name: "all of two providers, and the control is well", faults: "*/public=connect_refused", control: true, fail: 6, unknown: 1},
		{name: "all of the only provider, and the control is well", faults: "gaap/*/public=connect_refused", only: "gaap", control: true, fail: 2},
		{name: "all of the only provider, without a control", faults: "gaap/*/public=connect_refused", only: "gaap", fail: 2, doubt: suspicion.NoControl},
		{name: "all of the only provider ends connections, and the control is well", faults: "gaap/*/public=tls_reset", only: "gaap", control: true, fail: 2, doubt: suspicion.BeyondControls},
		{name: "one provider listed, a captive portal, and the control", faults: "gaap/na-ashburn/public=vantage_offline_portal", only: "gaap", control: true, fail: 2, doubt: suspicion.BeyondControls},
		{name: "the certificates of the only provider end", faults: "gaap/*/public=cert_expired", only: "gaap", control: true, fail: 2, doubt: suspicion.BeyondControls},
	}
}

// Whatever breaks the prober's own resolver or network counts for nothing, from the first round on
// and on a day that began well, and whatever is really down is told within one round.
func TestScenarios(t *testing.T) {
	g := fixture.NewGround(t)
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			s.play(t, g, g.Cloud.Resolvers())
		})
	}
}

// play plays the scenario: it is broken from the start, all is well again, and once more each.
func (s scenario) play(t *testing.T, g *fixture.Ground, resolvers []netip.AddrPort) {
	t.Helper()
	r := newPlay(t, g, s, resolvers, nil)
	for _, before := range []string{"from the start", "on a good day"} {
		g.Heal(t)
		g.Break(t, s.faults)
		was := r.failed()
		r.round(t, s.silent)
		got, failed := r.now(), r.failed()-was
		for o, want := range map[reason.Outcome]int{reason.Fail: s.fail, reason.Degraded: s.degraded, reason.Unknown: s.unknown} {
			if got[o] != want || failed < s.fail || failed > 0 && s.fail == 0 {
				t.Errorf("%s: %d endpoints are %s, want %d, and %d failures were counted:\n%s", before, got[o], o, want, failed, r)
			}
		}
		cause, doubt := r.m.vantage.state()
		if cause != s.cause || doubt != s.doubt {
			t.Errorf("%s: cause %q, doubt %d, want %q, %d", before, cause, doubt, s.cause, s.doubt)
		}
		if len(r.m.vantage.held) > 0 {
			t.Errorf("%s: %d results are held for more than a round", before, len(r.m.vantage.held))
		}
		g.Heal(t)
		r.round(t, 0)
		if more := r.failed() - was - failed; more != 0 || r.m.vantage.suspected() {
			t.Errorf("%s: once all is well again %d more failures are counted, suspected %v:\n%s", before, more, r.m.vantage.suspected(), r)
		}
	}
}

// play is a monitor whose rounds a test plays, over the ground of a scenario.
type play struct {
	m       *Monitor
	clock   *clock
	targets []probe.Target
	probers map[time.Duration]*probe.Prober // by how long they wait
	prober  func(wait time.Duration) *probe.Prober
}

func newPlay(t *testing.T, g *fixture.Ground, s scenario, resolvers []netip.AddrPort, change func(*Config)) *play {
	t.Helper()
	r := &play{targets: slices.Clone(g.Targets)}
	if s.only != "" {
		r.targets = slices.DeleteFunc(r.targets, func(x probe.Target) bool { return x.Endpoint.Product != s.only })
	}
	cfg := probe.Config{
		Resolvers: resolvers, Roots: g.Cloud.Roots(), Timeout: time.Minute,
		Guard: probe.Guard{Public: g.Cloud.Public(), Private: g.Cloud.Private()},
		Clock: probe.Clock{ElapsedFunc: func() time.Duration { return 0 }},
	}
	if !s.both {
		cfg.Families = dns.OnlyIPv4
	}
	if s.control {
		host, port, _ := strings.Cut(g.Cloud.Controls()[0], ":")
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Reaches = []probe.Reach{{Host: host, Port: uint16(number)}}
	}
	hosts := make([]string, len(r.targets))
	for i, x := range r.targets {
		hosts[i] = x.Endpoint.Host
	}
	r.prober = func(wait time.Duration) *probe.Prober {
		cfg := cfg
		cfg.Timeout = cmp.Or(wait, time.Minute)
		p := probe.New(cfg)
		p.Among(hosts)
		return p
	}
	r.probers = map[time.Duration]*probe.Prober{0: r.prober(0), s.silent: r.prober(s.silent)}
	r.m, r.clock = monitorOf(t, r.targets, change)
	r.m.running.Store(true)
	return r
}

// round probes each endpoint once, at once, and takes the results in, and those of whoever is called
// ahead of its turn.
func (r *play) round(t *testing.T, silent time.Duration) {
	t.Helper()
	p := r.probers[silent]
	ask := func(x probe.Target) probe.Observation {
		o := p.Probe(t.Context(), x)
		for wait := silent; o.Reason == reason.ProberStalled; o = r.prober(wait).Probe(t.Context(), x) {
			wait *= 2 // a busy machine needs longer
		}
		return o
	}
	r.clock.Advance(time.Minute)
	began := r.m.elapsed()
	results := make([]probe.Observation, len(r.targets))
	var all sync.WaitGroup
	for i, x := range r.targets {
		all.Go(func() { results[i] = ask(x) })
	}
	all.Wait()
	r.clock.Advance(time.Second)
	for i := range results {
		results[i].Started = r.clock.Now() // the prober's own clock is the world's
		r.m.record(r.m.list.Load().byID[results[i].Endpoint.ID], &results[i], began)
	}
	for len(r.m.queue) > 0 { // those that are called may tell more
		e := r.m.queue.pop().endpoint
		began := r.m.elapsed()
		o := ask(e.aim())
		r.m.record(e, &o, began)
		e.end()
	}
}

// now is how many endpoints are in each state.
func (r *play) now() (n [view.NumOutcomes]int) {
	for _, s := range r.m.Statuses() {
		n[s.Outcome]++
	}
	return n
}

// failed is how many failures were counted.
func (r *play) failed() (n int) {
	for _, e := range r.m.list.Load().endpoints {
		n += int(e.outcomes[reason.Fail])
	}
	return n
}

func (r *play) String() string {
	var b strings.Builder
	for _, s := range r.m.Statuses() {
		fmt.Fprintf(&b, "%-24s %-8s %-30s %.140s\n", s.ID, s.Outcome, s.Cause, s.Detail)
	}
	return b.String()
}

// brokenResolver is what a resolver makes of every answer, whoever it is about.
type brokenResolver struct {
	spoil  func(answer []byte) []byte
	silent bool // it makes no answer of it
}

func brokenResolvers() map[string]brokenResolver {
	bare := func(b []byte) []byte { // without records
		clear(b[6:12])
		end := 12
		for b[end] != 0 {
			end += int(b[end]) + 1
		}
		return b[:end+5]
	}
	rcode := func(code byte) brokenResolver {
		return brokenResolver{spoil: func(b []byte) []byte { b[3] = b[3]&0xf0 | code; return bare(b) }}
	}
	return map[string]brokenResolver{
		"FORMERR": rcode(1), "SERVFAIL": rcode(2), "NXDOMAIN": rcode(3), "NOTIMP": rcode(4), "REFUSED": rcode(5), "YXDOMAIN": rcode(6),
		"a code that nobody has assigned": rcode(13),
		"no data":                         rcode(0),
		"a referral to nobody":            {spoil: func(b []byte) []byte { b[2], b[3] = b[2]&^4, b[3]&0x70; return bare(b) }},
		"cut, and no TCP":                 {spoil: func(b []byte) []byte { b[2] |= 2; return bare(b) }},
		"nothing":                         {func([]byte) []byte { return nil }, true},
		"four bytes":                      {func(b []byte) []byte { return b[:4] }, true},
		"another protocol":                {func([]byte) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") }, true},
		"another id":                      {func(b []byte) []byte { b[0] ^= 0xff; return b }, true},
		"another name":                    {func(b []byte) []byte { b[13] ^= 1; return b }, true},
		"the question sent back":          {func(b []byte) []byte { b[2] &^= 0x80; return bare(b) }, true},
		"its beginning":                   {func(b []byte) []byte { return b[:20] }, true},
		"records that are not there":      {func(b []byte) []byte { b[7] = 200; return b }, true},
	}
}

// A resolver that spoils every answer is never the endpoints' fault; and one that is well behind it
// answers in its place.
func TestBrokenResolvers(t *testing.T) {
	g := fixture.NewGround(t)
	well := g.Cloud.Resolvers()[0]
	for name, x := range brokenResolvers() {
		broken := spoiled(t, well, x.spoil)
		silent := time.Duration(0)
		if x.silent {
			silent = soon
		}
		t.Run(name, func(t *testing.T) {
			r := newPlay(t, g, scenario{silent: silent}, []netip.AddrPort{broken}, nil)
			r.round(t, silent)
			if got := r.now(); got[reason.Unknown] != len(r.targets) || r.failed() > 0 || !r.m.vantage.suspected() {
				t.Errorf("want all unknown, nothing counted, and the resolver suspected:\n%s", r)
			}
			if x.silent { // the next one is asked when the time is up
				return
			}
			r = newPlay(t, g, scenario{}, []netip.AddrPort{broken, well}, nil)
			r.round(t, 0)
			if got := r.now(); got[reason.OK] != 6 || got[reason.Unknown] != 1 || r.m.vantage.suspected() {
				t.Errorf("before one that is well: want 6 ok and one unknown, and nothing suspected:\n%s", r)
			}
		})
	}
}

// spoiled is a resolver that spoils what another one answers. It speaks UDP alone.
func spoiled(t *testing.T, upstream netip.AddrPort, spoil func([]byte) []byte) netip.AddrPort {
	t.Helper()
	at, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = at.Close() })
	go func() {
		for {
			b := make([]byte, 4096)
			n, from, err := at.ReadFrom(b)
			if err != nil {
				return
			}
			go func() {
				c, err := net.Dial("udp", upstream.String())
				if err != nil {
					return
				}
				defer func() { _ = c.Close() }()
				_ = c.SetDeadline(time.Now().Add(time.Minute))
				if _, err = c.Write(b[:n]); err != nil {
					return
				}
				a := make([]byte, 4096)
				if n, err = c.Read(a); err != nil {
					return
				}
				if a = spoil(a[:n]); a != nil {
					_, _ = at.WriteTo(a, from)
				}
			}()
		}
	}()
	return netip.MustParseAddrPort(at.LocalAddr().String())
}
