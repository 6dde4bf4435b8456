// Package probe measures one endpoint: it resolves the name, connects to every address,
// makes the TLS handshake, sends one request, reads the reply and judges it. What it
// finds is an [Observation]; tables, metrics and reports are views of that. Nothing else
// in the project opens a connection to an endpoint.
//
// One connection and one request a probe, for each address: no retry, redirect,
// keep-alive or proxy. The parts are packages of their own: dns asks one question, hello
// asks for one protocol version, certs judges a chain, exchange makes one HTTP exchange,
// reason names what was found.
package probe

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe/certs"
	"prober/probe/dns"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// Config is what a Prober is made of. The zero value of every field works.
type Config struct {
	// Resolvers are asked in turn: the next one when the one before is silent or fails.
	Resolvers []netip.AddrPort
	// NoResolvers is why there are none, where that is known.
	NoResolvers error
	// Controls are further names that a resolver in order knows.
	Controls []string
	// Reaches take a connection as long as this machine's network is in order.
	Reaches []Reach
	// HostsFile is looked at for names that resolvers do not know, only to say that it knows them;
	// empty: it is not.
	HostsFile string
	// Roots are the trusted authorities; nil means the system's.
	Roots *x509.CertPool
	// Anchors are the same authorities one by one, where they are known.
	Anchors certs.Anchors
	// RootsFile is the file that Roots came from, for the commands that reproduce a finding.
	RootsFile string
	// Self returns the arguments of "prober check" that name an endpoint and put it into the
	// environment of this prober, for the commands that reproduce a finding. nil: the
	// endpoint's id or URL, the address, and what this configuration tells.
	Self func(e catalog.Endpoint, addr netip.Addr) []string
	// Timeout bounds one exchange, one ClientHello or one DNS question; 0 means 5 s.
	Timeout time.Duration
	// Families restricts the addresses that are asked for and probed.
	Families dns.Families
	// Guard decides which addresses may be dialled.
	Guard Guard
	// Inside tells whether the prober stands in the private network of a region; nil means
	// in none.
	Inside func(region string) bool
	// PostQuantum offers the hybrid key exchange of crypto/tls as well.
	PostQuantum bool
	// Keys sign the requests of targets that ask for it.
	Alibaba cloudapi.AlibabaKey
	Tencent cloudapi.TencentKey
	// UserAgent is sent with every request; empty means "prober".
	UserAgent string
	// MaxAddresses bounds the addresses probed of one name; 0 means [limit.Addresses].
	MaxAddresses int
	// ConnectionsPerHost bounds the connections at once to one host; 0 means
	// [DefaultConnectionsPerHost].
	ConnectionsPerHost int
	// Unpaced has connections to one host follow each other as fast as they can, where hosts are stand-ins
	// of the user's own, to which nobody needs to be polite.
	Unpaced bool

	Clock  Clock     // zero: the machine's
	Dial   Dialer    // nil: the machine's
	Random io.Reader // nil: crypto/rand; otherwise safe for concurrent use
	DNS    func(ctx context.Context, resolvers []netip.AddrPort, host string, opt dns.Options) *dns.Lookup
	// Ask asks one control question; nil: none are asked, unless DNS is nil too.
	Ask func(ctx context.Context, resolver netip.AddrPort, name string, t dns.Type) dns.Answer
	// AskTCP asks one over TCP; nil: none are asked so, unless DNS is nil too.
	AskTCP func(ctx context.Context, resolver netip.AddrPort, name string, t dns.Type) dns.Answer
}

// Prober measures endpoints. It is safe for concurrent use; what it remembers between
// probes is verdicts on certificate chains, the pace towards each host, and for a few seconds
// what resolvers say to control questions.
type Prober struct {
	cfg     Config
	secrets cloudapi.Redactor // of the keys in cfg
	tls     *tls.Config
	suites  map[uint16]string // names of cipher suites
	chains  *atomic.Pointer[certs.Judge]
	client  *dns.Client // nil where the configuration has another
	turns   turns

	*shared
}

// shared is what probes with settings of their own share with all others, see [Prober.as].
type shared struct {
	readers exchange.Readers
	facts   certs.Facts
	pace    pacer

	controls controls
	reach    reach
	pulse    pulse
}

// New returns a Prober made of cfg.
func New(cfg Config) *Prober {
	cfg.Timeout = cmp.Or(cfg.Timeout, limit.Timeout)
	cfg.MaxAddresses = cmp.Or(cfg.MaxAddresses, limit.Addresses)
	cfg.UserAgent = cmp.Or(cfg.UserAgent, "prober")
	if cfg.Inside == nil {
		cfg.Inside = func(string) bool { return false }
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Dial == nil {
		cfg.Dial = dialTCP
	}
	var client *dns.Client
	if cfg.DNS == nil {
		client = &dns.Client{Now: cfg.Clock.Now, Random: cfg.Random, Timeout: cfg.Timeout}
		cfg.DNS = client.Lookup
		if cfg.Ask == nil {
			cfg.Ask = client.Query
		}
		if cfg.AskTCP == nil {
			cfg.AskTCP = client.QueryTCP
		}
	}
	p := &Prober{cfg: cfg, secrets: cloudapi.NewRedactor(cfg.Alibaba, cfg.Tencent), tls: tlsTemplate(cfg.PostQuantum, cfg.Clock.Now), suites: suiteNames(), turns: newTurns(), client: client, chains: new(atomic.Pointer[certs.Judge]), shared: &shared{}}
	p.Trust(cfg.Roots, cfg.Anchors)
	p.pace.atOnce, p.pace.unpaced = cfg.ConnectionsPerHost, cfg.Unpaced
	p.pulse.waited = new(queue).waited
	if p.pulse.clock = cfg.Clock.ElapsedFunc; p.pulse.clock == nil {
		p.pulse.clock = elapsing()
	}
	return p
}

// Trust makes these the trusted authorities, in place of those in the configuration: see
// [Config.Roots] and [Config.Anchors]. A probe under way may still go by the old ones.
func (p *Prober) Trust(roots *x509.CertPool, anchors certs.Anchors) {
	p.chains.Store(&certs.Judge{Roots: roots, Anchors: anchors, Turn: p.turns.take})
}

// Probe measures t once. It never fails: what went wrong is in the Observation.
//
// When ctx is cancelled Probe returns at once, and what was not yet decided is Unknown
// with prober/canceled. A deadline of ctx is the caller's own bound on the time of the whole
// probe: what has not answered by then is a timeout of its phase, as after
// [Config.Timeout]; only an address that was not even dialled by then is prober/canceled.
func (p *Prober) Probe(ctx context.Context, t Target) Observation {
	if t.Scheme == "" {
		t.Scheme = catalog.HTTPS
	}
	if t.Product.APIStyle == "" {
		t.Product.APIStyle = catalog.StyleNone
	}
	p, t = p.as(t)
	start := p.cfg.Clock.Now()
	o := Observation{Endpoint: t.Endpoint, Scheme: t.Scheme, Started: start}
	watch := p.pulse.begin()
	p.probe(ctx, t, &o)
	p.vouch(ctx, &o)
	o.excuse(p.pulse.end(watch, p.cfg.Timeout, o.timed()))
	t.maintain(&o)
	o.Duration = reason.Seconds(p.cfg.Clock.Now().Sub(start))
	return o
}

func (p *Prober) probe(ctx context.Context, t Target, o *Observation) {
	addrs, named := givenAddress(t)
	var resolve time.Duration
	others := func() []ResolverVerdict { return nil }
	if !named {
		if t.EachResolver {
			asking, stop := context.WithCancel(ctx)
			defer stop()
			others = p.otherResolvers(asking, t)
		}
		o.DNS = p.lookup(ctx, t)
		resolve = o.DNS.Duration.Duration()
		o.Findings = p.nameFindings(t, o.DNS)
		if len(o.DNS.Addresses) == 0 {
			p.noAddress(t, o)
			p.contradict(t, o, others())
			return
		}
		addrs = o.DNS.Addresses
		named = dns.IsLocalhost(t.Endpoint.Host) // by the user, and by no resolver
	}
	given := addrs
	addrs = bounded(addrs, p.cfg.MaxAddresses)
	o.Addresses = make([]AddressResult, len(addrs))
	var wg sync.WaitGroup
	for i := range o.Addresses {
		one := func() { o.Addresses[i] = p.address(ctx, t, addrs[i], named, resolve) }
		if i == len(o.Addresses)-1 {
			one() // the last, usually the only one, needs no goroutine
			break
		}
		wg.Go(one)
	}
	wg.Wait()
	if o.DNS != nil && dns.IsLocalhost(o.DNS.Host) {
		o.Addresses = listening(o.Addresses)
	}
	rollUp(o)
	if p.undecide(ctx, o); o.Outcome == reason.Unknown && len(o.Addresses) == 0 {
		return
	}
	p.contradict(t, o, others())
	if o.Outcome != reason.OK && o.DNS != nil && dns.IsLocalhost(o.DNS.Host) {
		o.Detail += "; " + o.DNS.Detail
	}
	if len(addrs) < len(given) {
		o.Detail = strings.TrimPrefix(fmt.Sprintf("%s; %d of its %d addresses were probed", o.Detail, len(addrs), len(given)), "; ")
		o.Findings = append(o.Findings, p.unprobed(t, given, addrs)...)
	}
	if o.Outcome != reason.OK && o.Reproduce == "" {
		o.Reproduce = p.reproduceLookup(t, o.DNS)
	}
}

// bounded returns at most limit addresses in their order. A long list of one family does
// not crowd out the other one.
func bounded(addrs []netip.Addr, limit int) []netip.Addr {
	if len(addrs) <= limit {
		return addrs
	}
	four := 0
	for _, a := range addrs {
		if a.Unmap().Is4() {
			four++
		}
	}
	six := min(len(addrs)-four, max(limit/2, limit-four))
	four = limit - six
	kept := make([]netip.Addr, 0, limit)
	for _, a := range addrs {
		room := &six
		if a.Unmap().Is4() {
			room = &four
		}
		if *room > 0 {
			*room--
			kept = append(kept, a)
		}
	}
	return kept
}

// listening leaves out the addresses of this machine at which nobody listens, where somebody does at
// another: no record says that the service is at both.
func listening(all []AddressResult) []AddressResult {
	nobody := func(r AddressResult) bool {
		return r.Reason == reason.ConnectRefused || r.Reason == reason.ProberVantageNoIPv6
	}
	if some := slices.DeleteFunc(slices.Clone(all), nobody); len(some) > 0 {
		return some
	}
	return all
}

// givenAddress returns the address that takes no DNS: one that the user named, or a host
// that is an address itself.
func givenAddress(t Target) ([]netip.Addr, bool) {
	if t.Address.IsValid() {
		return []netip.Addr{t.Address}, true
	}
	if t.Own != nil && len(t.Own.Addresses) > 0 {
		return t.Own.Addresses, true
	}
	host := t.Endpoint.Host
	if !strings.Contains(host, ":") && (host == "" || host[len(host)-1] > '9') {
		return nil, false // as nearly always; what parsing makes of it costs an error
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, true
	}
	return nil, false
}
