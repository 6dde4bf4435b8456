package doctor

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/certs"
	"prober/probe/reason"
)

var epoch = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// seen is an observation of a host: of one address, which took a connection and more as the reason
// tells.
func seen(host, address string, r reason.Reason, date time.Time) probe.Observation {
	a := probe.AddressResult{Address: netip.MustParseAddr(address), Outcome: r.Outcome(), Reason: r}
	a.Phases.Reached = reason.Verify
	if r != reason.None {
		a.Outcome, a.Phases.Reached = r.Outcome(), r.Phase()
	}
	if a.Phases.Reached > reason.Headers && a.Phases.Reached < reason.Prober {
		a.HTTP = &probe.HTTPFacts{Status: 200, Date: date}
	}
	o := probe.Observation{Outcome: a.Outcome, Reason: r, Started: epoch, Duration: reason.Seconds(100 * time.Millisecond), Addresses: []probe.AddressResult{a}}
	o.Endpoint.Host = host
	return o
}

// ofKind is an observation of an endpoint of another kind than http, which gives no reply.
func ofKind(scheme catalog.Scheme, reached reason.Phase, r reason.Reason) probe.Observation {
	o := seen("k.example.org", "192.0.2.3", r, time.Time{})
	o.Scheme, o.Addresses[0].HTTP, o.Addresses[0].Phases.Reached = scheme, nil, reached
	return o
}

// portal is one that a portal answers for.
func portal(host string) probe.Observation {
	o := seen(host, "192.0.2.1", reason.TLSCertHostname, time.Time{})
	o.Addresses[0].TLS = &probe.TLSFacts{Certificates: []probe.Certificate{{Subject: "CN=portal.test", SHA256: "aa"}}}
	return o
}

func expect(t *testing.T, f Finding, want Result, says string) {
	t.Helper()
	if f.Result != want || !strings.Contains(f.Detail, says) {
		t.Errorf("%s: %s %q, want %s with %q", f.Check, f.Result, f.Detail, want, says)
	}
	if f.Result == Wrong && f.Advice == "" {
		t.Errorf("%s: nothing says what to do about %q", f.Check, f.Detail)
	}
}

func TestResolver(t *testing.T) {
	well := probe.Examination{EDNS: true, Known: 2}
	for name, tt := range map[string]struct {
		change func(*probe.Examination)
		want   Result
		says   string
	}{
		"well":               {func(*probe.Examination) {}, Fine, "over UDP with EDNS and over TCP"},
		"down":               {func(x *probe.Examination) { x.Reason = reason.ResolveServFail }, Wrong, "resolve/servfail"},
		"cut short":          {func(x *probe.Examination) { x.Reason = reason.ProberCanceled }, Unknown, "prober/canceled"},
		"makes up addresses": {func(x *probe.Examination) { x.Invented = "x.example.com: 192.0.2.1" }, Wrong, "x.example.com: 192.0.2.1"},
		"filters":            {func(x *probe.Examination) { x.Filtered = []string{"a.test: 0.0.0.0"} }, Wrong, "a.test: 0.0.0.0"},
		"says it filters":    {func(x *probe.Examination) { x.Withheld = []string{"a.test"} }, Wrong, "says that it filters names: a.test"},
		"without EDNS":       {func(x *probe.Examination) { x.EDNS = false }, Note, "without EDNS"},
		"without TCP":        {func(x *probe.Examination) { x.TCP = reason.ResolveTimeout }, Note, "not over TCP: timeout"},
		"without either":     {func(x *probe.Examination) { x.EDNS, x.TCP = false, reason.ResolveTimeout }, Wrong, "not over TCP (timeout), and without EDNS"},
		"knows none":         {func(x *probe.Examination) { x.Known, x.Unknown = 0, []string{"a.test A: NXDOMAIN"} }, Note, "a.test A: NXDOMAIN"},
		"knows some":         {func(x *probe.Examination) { x.Unknown = []string{"a.test A: NXDOMAIN"} }, Fine, ""},
	} {
		t.Run(name, func(t *testing.T) {
			x := well
			tt.change(&x)
			expect(t, resolver(x), tt.want, tt.says)
		})
	}
	expect(t, resolvers(nil, errors.New("no such file"))[0], Wrong, "no such file")
}

func TestNetwork(t *testing.T) {
	ok, bad := seen("a.example.com", "192.0.2.1", reason.None, epoch), seen("b.example.net", "192.0.2.2", reason.ConnectTimeout, epoch)
	well, down := Finding{Result: Fine}, Finding{Result: Wrong}
	for name, tt := range map[string]struct {
		seen     []probe.Observation
		controls []Finding
		want     Result
		says     string
	}{
		"all":                   {[]probe.Observation{ok, ok}, nil, Fine, "2 of 2"},
		"some":                  {[]probe.Observation{ok, bad}, nil, Fine, "1 of 2 endpoints that were asked answer; not b.example.net: connect/timeout"},
		"none":                  {[]probe.Observation{bad, bad}, nil, Unknown, "none of 2"},
		"none, a control":       {[]probe.Observation{bad}, []Finding{down, well}, Note, "while a control takes a connection"},
		"none, no control":      {[]probe.Observation{bad}, []Finding{down}, Wrong, "no control takes a connection"},
		"no resolver":           {[]probe.Observation{seen("a.test", "192.0.2.1", reason.ProberResolverUnavailable, epoch)}, []Finding{down}, Unknown, "could be looked up"},
		"a portal":              {[]probe.Observation{portal("a.example.com"), portal("b.example.net")}, []Finding{well}, Wrong, "CN=portal.test"},
		"one zone's own matter": {[]probe.Observation{portal("a.example.com"), portal("b.example.com")}, nil, Unknown, "none of 2"},
		"nothing selected":      {nil, nil, Unknown, "no endpoint is selected"},
		"of other kinds": {[]probe.Observation{
			ofKind(catalog.SchemeTCP, reason.Connect, reason.None), ofKind(catalog.SchemeTLS, reason.TLS, reason.None), ofKind(catalog.SchemeDNS, reason.Request, reason.None),
			ofKind(catalog.SchemeTCP, reason.Headers, reason.VerifyUnexpectedBytes),
		}, nil, Fine, "4 of 4"},
		"a silent DNS server": {[]probe.Observation{ok, ofKind(catalog.SchemeDNS, reason.Request, reason.RequestTimeout)}, nil, Fine, "1 of 2"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, endpoints(tt.seen, tt.controls), tt.want, tt.says) })
	}
	expect(t, control(probe.Reach{Host: "c.test", Port: 443}, reason.None), Fine, "")
	expect(t, control(probe.Reach{Host: "c.test", Port: 443}, reason.ConnectRefused), Wrong, "connect/refused")
	expect(t, control(probe.Reach{Host: "c.test", Port: 443}, reason.ProberCanceled), Unknown, "prober/canceled")
	for why, want := range map[reason.Reason]Result{ // a control that was never dialled says nothing about the way
		reason.ResolveServFail: Unknown, reason.ResolveTimeout: Unknown, reason.ResolveFiltered: Unknown, reason.ProberResolverUnavailable: Unknown,
		reason.ProberAddressRefused: Unknown, reason.ResolveNXDomain: Wrong,
	} {
		expect(t, control(probe.Reach{Host: "c.test", Port: 443}, why), want, "not")
	}
	undialled := control(probe.Reach{Host: "c.test", Port: 443}, reason.ResolveServFail)
	expect(t, endpoints([]probe.Observation{bad}, []Finding{undialled}), Unknown, "none of 1")
	expect(t, guard(probe.Guard{}, []probe.Observation{ok, bad}), Fine, "not dialled")
	expect(t, guard(probe.Guard{AllowPrivate: true}, nil), Fine, "loopback and private addresses are dialled (--allow-private)")
	expect(t, guard(probe.Guard{Private: []netip.Prefix{netip.MustParsePrefix("127.1.0.0/16")}}, nil), Fine, "nothing outside of the closed world")
	expect(t, guard(probe.Guard{}, []probe.Observation{seen("c.test", "10.0.0.1", reason.ResolveBogon, epoch)}), Wrong, "keeps c.test")
}

func TestFamilies(t *testing.T) {
	four, six := seen("a.test", "192.0.2.1", reason.None, epoch), seen("a.test", "2001:db8::1", reason.None, epoch)
	silent := seen("a.test", "2001:db8::1", reason.ConnectTimeout, epoch)
	for name, tt := range map[string]struct {
		seen   []probe.Observation
		routes string // families that have a route
		family string
		want   [2]Result
	}{
		"both":                            {[]probe.Observation{four, six}, "46", "", [2]Result{Fine, Fine}},
		"no IPv6":                         {[]probe.Observation{four}, "4", "", [2]Result{Fine, Note}},
		"no IPv6, which it is about":      {[]probe.Observation{four}, "4", "6", [2]Result{Fine, Wrong}},
		"a route that leads nowhere":      {[]probe.Observation{four, silent}, "46", "", [2]Result{Fine, Unknown}},
		"nothing to ask":                  {nil, "46", "", [2]Result{Fine, Fine}},
		"a port that takes a connection":  {[]probe.Observation{ofKind(catalog.SchemeTCP, reason.Connect, reason.None)}, "4", "", [2]Result{Fine, Note}},
		"a DNS server that answers":       {[]probe.Observation{ofKind(catalog.SchemeDNS, reason.Request, reason.None)}, "4", "", [2]Result{Fine, Note}},
		"a DNS server that answers wrong": {[]probe.Observation{ofKind(catalog.SchemeDNS, reason.Request, reason.VerifyUnexpectedRecords)}, "4", "", [2]Result{Fine, Note}},
		"a DNS server that is silent":     {[]probe.Observation{ofKind(catalog.SchemeDNS, reason.Request, reason.RequestTimeout)}, "4", "", [2]Result{Unknown, Note}},
		"no route at all":                 {nil, "", "", [2]Result{Wrong, Wrong}},
	} {
		t.Run(name, func(t *testing.T) {
			found := families(Patient{Family: tt.family, Route: func(six bool) bool {
				return strings.Contains(tt.routes, map[bool]string{true: "6", false: "4"}[six])
			}}, tt.seen)
			for i, want := range tt.want {
				expect(t, found[i], want, "")
			}
		})
	}
}

func TestClock(t *testing.T) {
	at := func(offsets ...time.Duration) (all []probe.Observation) {
		for _, d := range offsets {
			all = append(all, seen("a.test", "192.0.2.1", reason.None, epoch.Add(d)))
		}
		return all
	}
	for name, tt := range map[string]struct {
		seen []probe.Observation
		want Result
		says string
	}{
		"right":                {at(0, -time.Second, 2*time.Second), Fine, "by the Date of 3 of 3"},
		"as far off as it may": {at(clockTolerance, clockTolerance), Fine, "right within 30s"},
		"and ahead":            {at(-clockTolerance, -clockTolerance), Fine, "right within 30s"},
		"behind":               {at(2*time.Minute, 2*time.Minute), Wrong, "2m0s behind"},
		"ahead":                {at(-time.Hour, -time.Hour, -time.Hour), Wrong, "59m59s ahead"},
		"one server is wrong":  {at(0, time.Hour, 0), Fine, ""},
		"another is":           {at(0, -time.Hour, 0), Fine, ""},
		"one server alone":     {at(time.Hour), Unknown, "no other tells whose"},
		"nobody says":          {[]probe.Observation{seen("a.test", "192.0.2.1", reason.None, time.Time{})}, Unknown, "no endpoint"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, clock(tt.seen), tt.want, tt.says) })
	}
}

func TestMachine(t *testing.T) {
	expect(t, authorities(Authorities{}), Wrong, "every certificate is untrusted")
	expect(t, authorities(Authorities{Uncounted: true, Some: true}), Fine, "not counted")
	expect(t, authorities(Authorities{Uncounted: true}), Wrong, "")
	damaged := certs.ReadAnchors([]byte("-----BEGIN CERTIFICATE-----\n"))
	damaged.Usable = append(damaged.Usable, nil)
	expect(t, authorities(Authorities{Anchors: damaged}), Note, "1 root, and 1 that cannot be used")
	expect(t, proxies(nil), Fine, "")
	expect(t, proxies([]string{"HTTPS_PROXY"}), Note, "HTTPS_PROXY")
	expect(t, descriptors(1024, ""), Fine, "1024")
	expect(t, descriptors(64, "too few"), Wrong, "too few")
}

func TestWorst(t *testing.T) {
	for want, found := range map[Result][]Finding{
		Fine: nil, Note: {{Result: Note}, {Result: Fine}}, Unknown: {{Result: Unknown}, {Result: Note}}, Wrong: {{Result: Unknown}, {Result: Wrong}, {Result: Fine}},
	} {
		if got := Worst(found); got != want {
			t.Errorf("%v: %s, want %s", found, got, want)
		}
	}
}

// Those of different zones come first, and no more than a few are asked.
func TestSample(t *testing.T) {
	var all []probe.Target
	for _, host := range strings.Fields("a.x.com b.x.com c.x.com d.x.com e.x.com f.x.com g.x.com h.x.com a.y.com") {
		x := probe.Target{}
		x.Endpoint.ID, x.Endpoint.Host = host, host
		all = append(all, x)
	}
	some := sample(all)
	if len(some) != 8 || some[0].Endpoint.Host != "a.x.com" || some[1].Endpoint.Host != "a.y.com" {
		t.Errorf("%d, first %s and %s", len(some), some[0].Endpoint.Host, some[1].Endpoint.Host)
	}
}
