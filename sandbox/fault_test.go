package sandbox_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox"
)

// TestEveryReasonHasAFault holds the list of faults against the list of reasons.
func TestEveryReasonHasAFault(t *testing.T) {
	caused := make(map[reason.Reason]bool)
	for _, f := range sandbox.Faults(embedded(t)) {
		caused[f.Reason] = true
	}
	without := sandbox.WithoutFault()
	for _, r := range reason.All() {
		_, excused := without[r]
		switch {
		case r.Phase() == reason.Prober:
		case caused[r] && excused:
			t.Errorf("%v has a fault and an excuse for having none", r)
		case !caused[r] && !excused:
			t.Errorf("%v has no fault", r)
		}
	}
}

func TestFaultNames(t *testing.T) {
	seen := make(map[string]bool)
	for _, f := range slices.Concat(sandbox.Faults(embedded(t)), sandbox.Variants(embedded(t))) {
		if seen[f.Name] {
			t.Errorf("%s: listed twice", f.Name)
		}
		seen[f.Name] = true
		switch {
		case f.Variant && f.Reason != reason.None:
			t.Errorf("%s: a variant with reason %v", f.Name, f.Reason)
		case !f.Variant && f.Name != f.Reason.FaultName() && !strings.HasPrefix(f.Name, f.Reason.FaultName()+"_"):
			t.Errorf("%s: not named after %v", f.Name, f.Reason)
		case !f.Variant && f.Phase != f.Reason.Phase():
			t.Errorf("%s: phase %v, reason %v", f.Name, f.Phase, f.Reason)
		}
		if f.Description == "" || strings.HasSuffix(f.Description, ".") {
			t.Errorf("%s: description %q", f.Name, f.Description)
		}
	}
	for _, r := range reason.All() {
		if _, excused := sandbox.WithoutFault()[r]; !excused && r.Phase() != reason.Prober && !seen[r.FaultName()] {
			t.Errorf("no fault is called %s", r.FaultName())
		}
	}
}

// place returns an endpoint that a fault can be put on, without closed or doubtful ones.
func place(t testing.TB, c *catalog.Catalog, f sandbox.Fault) catalog.Endpoint {
	t.Helper()
	if len(f.Products) == 0 {
		return c.Endpoints[0]
	}
	for _, e := range c.Endpoints {
		if e.Product == f.Products[0] && (len(f.Networks) == 0 || slices.Contains(f.Networks, e.Network)) {
			return e
		}
	}
	t.Fatalf("%s: no endpoint of %v", f.Name, f.Products)
	return catalog.Endpoint{}
}

// siteCatalog is a catalogue of one endpoint of API style none.
func siteCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("site.json", []byte(`{
  "schema_version": 1,
  "sources": [{"id": "own", "title": "Own", "date": "2026-01"}],
  "regions": [{"id": "home", "provider": "own", "name": "Home"}],
  "products": [{"id": "site", "name": "Site", "provider": "own", "api_style": "none", "rules": {}}],
  "endpoints": [{"id": "site/home/public", "product": "site", "region": "home", "network": "public",
    "host": "www.sandbox.test", "lifecycle": "active", "sources": ["own"]}]
}`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// checkedCatalog is siteCatalog where the list says what healthy means.
func checkedCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c := siteCatalog(t)
	c.Endpoints[0].Check = sandbox.ExampleCheck()
	return c
}

// TestEveryFaultMisbehaves puts each fault on an endpoint of a running sandbox that has it and a
// neighbour, looks at both, takes it off and looks again.
func TestEveryFaultMisbehaves(t *testing.T) {
	wants := expectations()
	whole, site := embedded(t), siteCatalog(t)
	for _, f := range slices.Concat(sandbox.Faults(whole), sandbox.Variants(whole)) {
		if sandbox.ExampleOwn(f) != nil || f.Needs == sandbox.NeedACS3 {
			continue // see TestKinds, and the tests of the command check
		}
		want, ok := wants[f.Name]
		if !ok {
			t.Errorf("%s: nobody looks at it", f.Name)
			continue
		}
		delete(wants, f.Name)
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			e := place(t, whole, f)
			c := *whole
			c.Endpoints = []catalog.Endpoint{e, neighbour(whole, e)}
			if c.Endpoints[0].ID == c.Endpoints[1].ID {
				c.Endpoints = c.Endpoints[:1]
			}
			if len(f.Products) == 0 {
				c, e = *site, site.Endpoints[0]
				if checked := checkedCatalog(t); slices.ContainsFunc(sandbox.Faults(checked), func(of sandbox.Fault) bool { return of.Name == f.Name && len(of.Products) > 0 }) {
					c, e = *checked, checked.Endpoints[0]
				}
			}
			s := start(t, sandbox.Config{Now: want.now, Catalog: &c})
			e, _ = s.Catalog().Endpoint(e.ID) // with its ports
			if err := s.SetFault(e.ID, f.Name); err != nil {
				if f.Name == "ipv6_only" && strings.Contains(err.Error(), "no ::1") {
					t.Skip("needs ::1")
				}
				t.Fatal(err)
			}
			if problem := want.problem(s, e); problem != "" {
				t.Errorf("%s: %s", f.Description, problem)
			}
			if n := neighbour(s.Catalog(), e); n.ID != e.ID {
				if problem := healthy((&witness{s: s, e: n, now: want.now}).look()); problem != "" {
					t.Errorf("meanwhile %s: %s", n.ID, problem)
				}
			}
			if err := s.ClearFault(e.ID); err != nil {
				t.Fatal(err)
			}
			if problem := healthy((&witness{s: s, e: e, now: want.now}).look()); problem != "" {
				t.Errorf("after it was taken off: %s", problem)
			}
		})
	}
	for name := range wants {
		t.Errorf("%s: looked at, but not a fault", name)
	}
}

// problem looks at an endpoint, and at one that hangs for longer until it is as expected: how
// far it comes before it hangs depends on the machine.
func (x expectation) problem(s *sandbox.Sandbox, e catalog.Endpoint) string {
	for hang := impatience; ; hang *= 4 {
		w := &witness{s: s, e: e, now: x.now, hang: hang}
		if x.prepare != nil {
			x.prepare(w)
		}
		problem := x.check(w.look())
		if problem == "" || w.hangs == "" || 4*hang > patience {
			return problem
		}
	}
}

// neighbour returns another endpoint of the same product and network, if there is one.
func neighbour(c *catalog.Catalog, e catalog.Endpoint) catalog.Endpoint {
	for _, n := range c.Endpoints {
		if n.ID != e.ID && n.Product == e.Product && n.Network == e.Network {
			return n
		}
	}
	return e
}

// expectation says how a fault shows.
type expectation struct {
	prepare func(*witness)
	now     func() time.Time
	check   func(seen) string // empty: as expected
}

func TestSetFaultErrors(t *testing.T) {
	s := start(t, sandbox.Config{})
	for _, c := range []struct{ id, fault, want string }{
		{"kms/cn-bejing/public", "nxdomain", `no endpoint has the id "kms/cn-bejing/public"; did you mean "kms/cn-beijing/public"`},
		{"kms/cn-beijing/public", "cert_expird", `unknown fault "cert_expird"; did you mean "cert_expired"`},
		{"kms/cn-beijing/public", "refused", `unknown fault "refused"; did you mean`},
		{"kms/cn-beijing/public", "zzzzzzzzzzzz", `unknown fault "zzzzzzzzzzzz"; "prober sandbox --list-faults" shows them`},
		{"kms/cn-beijing/public", "not_private", `fault "not_private" cannot be put on kms/cn-beijing/public: it is for network vpc`},
		{"kms/cn-beijing/vpc", "bogon", `fault "bogon" cannot be put on kms/cn-beijing/vpc: it is for network public`},
		{"ecs/default/public", "plain_http_served", `product ecs lacks rules that refuse plain HTTP; it is for kms, gaap`},
		{"ecs/default/public", "version_accepted", `product ecs lacks a rule that SSLv3 is refused`},
		{"ecs/default/public", "verify_bad_status", `product ecs lacks API style none`},
		{"gaap/nearest/public", "request_id_mismatch", `product gaap lacks API style alibaba-rpc`},
	} {
		err := s.SetFault(c.id, c.fault)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v, want %s", c.id, c.fault, err, c.want)
		}
		if s.Fault(c.id) != "" {
			t.Errorf("%s has fault %q", c.id, s.Fault(c.id))
		}
	}
}

func TestParseFaults(t *testing.T) {
	c := embedded(t)
	count := func(product string, network catalog.Network) int {
		n := 0
		for _, e := range c.Endpoints {
			if e.Product == product && (network == "" || e.Network == network) {
				n++
			}
		}
		return n
	}
	for _, test := range []struct {
		specs []string
		n     int
		id    string
		fault string
	}{
		{nil, 0, "", ""},
		{[]string{"kms/cn-beijing/public=nxdomain"}, 1, "kms/cn-beijing/public", "nxdomain"},
		{[]string{"ecs.aliyuncs.com=nxdomain"}, 1, "ecs/default/public", "nxdomain"},
		{[]string{"kms/*=nxdomain"}, count("kms", ""), "kms/cn-beijing/vpc", "nxdomain"},
		{[]string{"kms/cn-beijing/public=bad_chunking_cut"}, 1, "kms/cn-beijing/public", "body_truncated_between_chunks"}, // its name of before
		{[]string{"kms/*=bogon"}, count("kms", catalog.Public), "kms/cn-beijing/public", "bogon"},
		{[]string{"*=not_private"}, count("kms", catalog.VPC), "kms/cn-beijing/vpc", "not_private"},
		{[]string{"kms/*=nxdomain", "kms/cn-beijing/vpc=nodata"}, count("kms", ""), "kms/cn-beijing/vpc", "nodata"},
	} {
		got, err := sandbox.ParseFaults(c, test.specs)
		if err != nil {
			t.Errorf("%q: %v", test.specs, err)
			continue
		}
		if len(got) != test.n || got[test.id] != test.fault {
			t.Errorf("%q: %d endpoints, %s has %q; want %d, %q", test.specs, len(got), test.id, got[test.id], test.n, test.fault)
		}
	}
	for _, test := range []struct{ spec, want string }{
		{"nxdomain", `want ENDPOINT=FAULT`},
		{"=nxdomain", `want ENDPOINT=FAULT`},
		{"kms/*=", `want ENDPOINT=FAULT`},
		{"kmz/cn-beijing/public=nxdomain", `no endpoint is named "kmz/cn-beijing/public"`},
		{"kms/*=nxdomian", `unknown fault "nxdomian"; did you mean "nxdomain"`},
		{"ecs/*=plain_http_served", `cannot be put on`},
	} {
		if _, err := sandbox.ParseFaults(c, []string{test.spec}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.spec, err, test.want)
		}
	}
}

func TestParseLatency(t *testing.T) {
	for _, test := range []struct {
		in   string
		want sandbox.Latency
	}{
		{"", sandbox.Latency{}},
		{" ", sandbox.Latency{}},
		{"dns=200ms", sandbox.Latency{DNS: 200 * time.Millisecond}},
		{"dns=1ms, tls=2ms,first_byte=3ms,body=4ms", sandbox.Latency{DNS: 1e6, TLS: 2e6, FirstByte: 3e6, Body: 4e6}},
		{"body=0s", sandbox.Latency{}},
	} {
		if got, err := sandbox.ParseLatency(test.in); err != nil || got != test.want {
			t.Errorf("%q: %+v, %v", test.in, got, err)
		}
	}
	for _, test := range []struct{ in, want string }{
		{"200ms", `latency "200ms": want PART=DURATION`},
		{"dns=200ms,", `want PART=DURATION`},
		{"dns=fast", `invalid duration`},
		{"dns=-1s", `want 0 to 10m0s`},
		{"dns=11m", `want 0 to 10m0s`},
		{"connect=1s", `unknown part "connect"; the parts are dns, tls, first_byte, body`},
		{"dns=1s,dns=2s", `dns is given twice`},
	} {
		if _, err := sandbox.ParseLatency(test.in); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.in, err, test.want)
		}
	}
}

// FuzzParseLatency: what is accepted is within bounds.
func FuzzParseLatency(f *testing.F) {
	f.Add("dns=200ms,tls=1s")
	f.Fuzz(func(t *testing.T, in string) {
		l, err := sandbox.ParseLatency(in)
		for _, d := range []time.Duration{l.DNS, l.TLS, l.FirstByte, l.Body} {
			if d < 0 || d > 10*time.Minute || err != nil && d != 0 {
				t.Errorf("%q: %+v, %v", in, l, err)
			}
		}
	})
}

// What is read are faults that there are, at endpoints that there are.
func FuzzParseFaults(f *testing.F) {
	c := embedded(f)
	known := map[string]bool{}
	for _, list := range [][]sandbox.Fault{sandbox.Faults(c), sandbox.Breaches(c), sandbox.Variants(c)} {
		for _, fault := range list {
			known[fault.Name] = true
		}
	}
	for _, seed := range []string{"ecs/*=nxdomain", "kms/cn-hangzhou/public=cert_expired", "*=x", "=", "[=nxdomain", "a=b=c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := sandbox.ParseFaults(c, []string{text})
		if err == nil && len(faults) == 0 {
			t.Fatalf("%q is for nothing", text)
		}
		for id, name := range faults {
			if _, ok := c.Endpoint(id); !ok || !known[name] {
				t.Fatalf("%q is read as %q at %q", text, name, id)
			}
		}
	})
}
