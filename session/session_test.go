package session_test

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/certs/certstest"
	"prober/probe/reason"
	"prober/session"
)

// choose parses flags and makes a choice of them.
func choose(t *testing.T, args ...string) (*session.Choice, error) {
	t.Helper()
	var o session.Options
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	o.Bind(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return session.Choose(o, session.Environment{Embedded: endpoints.Endpoints(), ResolvConf: filepath.Join(t.TempDir(), "none"), Elapsed: unstalled})
}

// unstalled is a clock by which the process always ran, however busy the machine is.
func unstalled() time.Duration { return 0 }

// open opens the session that flags choose.
func open(t *testing.T, args ...string) *session.Session {
	t.Helper()
	c, err := choose(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// Public endpoints are selected by default, all of them in the sandbox.
func TestSelection(t *testing.T) {
	for _, c := range []struct {
		args []string
		want int
	}{
		{nil, 60},
		{[]string{"-network", "all"}, 85},
		{[]string{"-sandbox"}, 85},
		{[]string{"-sandbox", "-network", "vpc"}, 25},
		{[]string{"-product", "ecs,gaap"}, 34},
		{[]string{"-product", "kms", "-region", "cn-hangzhou", "-network", "all"}, 2},
	} {
		s, err := choose(t, c.args...)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Endpoints) != c.want || len(s.Targets()) != c.want {
			t.Errorf("%v selects %d endpoints, want %d", c.args, len(s.Endpoints), c.want)
		}
	}
}

// A session on the sandbox measures the sandbox.
func TestSandboxSession(t *testing.T) {
	s := open(t, "-sandbox", "-region", "cn-hangzhou", "-scheme", "all")
	targets := s.Targets()
	if len(targets) != 4 {
		t.Fatalf("%d targets, want two endpoints over two schemes", len(targets))
	}
	for _, target := range targets {
		if o := s.Prober.Probe(t.Context(), target); o.Outcome != reason.OK {
			t.Errorf("%s over %s: %s %s: %s", o.Endpoint.ID, o.Scheme, o.Outcome, o.Reason, o.Detail)
		}
	}
}

// Hosts of other people are asked at a pace, those of the sandbox without.
func TestPace(t *testing.T) {
	for _, args := range [][]string{nil, {"-sandbox", "-region", "cn-hangzhou"}} {
		if s := open(t, args...); s.Config.Unpaced != s.Options.Sandbox {
			t.Errorf("%v: without a pace: %v", args, s.Config.Unpaced)
		}
	}
}

// Without resolv.conf a session opens all the same: an address given by hand needs none.
func TestNoResolver(t *testing.T) {
	s := open(t)
	o := s.Prober.Probe(t.Context(), s.Targets()[0])
	if o.Outcome != reason.Unknown || o.Reason != reason.ProberResolverUnavailable {
		t.Errorf("%s %s, want unknown prober/resolver_unavailable", o.Outcome, o.Reason)
	}
}

// A reload reads the file again; one that is broken leaves what there was.
func TestReload(t *testing.T) {
	file := filepath.Join(t.TempDir(), "endpoints.json")
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	put := func(data []byte) {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(catalog.Encode(c))
	s := open(t, "-endpoints", file, "-product", "ecs")
	c.Endpoints = c.Endpoints[:5]
	put(catalog.Encode(c))
	if targets, _, err := s.Reload(nil); err != nil || len(targets) != 5 {
		t.Errorf("%d targets, %v, want the 5 that are left", len(targets), err)
	}
	put([]byte("{"))
	var usage *session.UsageError
	if _, _, err := s.Reload(nil); !errors.As(err, &usage) || !strings.Contains(err.Error(), file) {
		t.Errorf("%v, want a usage error that names the file", err)
	}
}

// A reload that whoever uses the targets refuses, or that selects nothing, changes nothing.
func TestReloadIsWholeOrNotAtAll(t *testing.T) {
	file := filepath.Join(t.TempDir(), "endpoints.json")
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string) {
		c.Endpoints, c.Regions[0].Name = c.Endpoints[:1], name
		if err := os.WriteFile(file, catalog.Encode(c), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("Old")
	for _, args := range [][]string{{"-endpoints", file}, {"-endpoints", file, "-sandbox"}} {
		put("Old")
		s := open(t, args...)
		put("New")
		refusal := errors.New("no")
		if _, _, err := s.Reload(func([]probe.Target) error { return refusal }); !errors.Is(err, refusal) || s.RegionName(c.Endpoints[0]) != "Old" {
			t.Errorf("%v: %v, and the region is %s", args, err, s.RegionName(c.Endpoints[0]))
		}
		if _, _, err := s.Reload(func(list []probe.Target) error { return nil }); err != nil || s.RegionName(c.Endpoints[0]) != "New" {
			t.Errorf("%v: %v, and the region is %s", args, err, s.RegionName(c.Endpoints[0]))
		}
	}
	s := open(t, "-endpoints", file, "-network", "public")
	c.Endpoints[0].Network, c.Endpoints[0].ID = catalog.VPC, strings.TrimSuffix(c.Endpoints[0].ID, "public")+"vpc"
	put("Newer")
	if _, _, err := s.Reload(nil); err == nil || s.RegionName(c.Endpoints[0]) != "New" {
		t.Errorf("nothing is selected: %v, and the region is %s", err, s.RegionName(c.Endpoints[0]))
	}
}

// In the sandbox a reload serves the new list: what stays keeps its port.
func TestReloadOfTheSandbox(t *testing.T) {
	file := filepath.Join(t.TempDir(), "endpoints.json")
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	all := c.Endpoints
	put := func(few []catalog.Endpoint) {
		c.Endpoints = few
		if err := os.WriteFile(file, catalog.Encode(c), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(all[:2])
	s := open(t, "-endpoints", file, "-sandbox", "-fault", "*=cert_expired")
	stays := s.Endpoints[1].Port(catalog.HTTPS)
	put(all[1:4])
	targets, _, err := s.Reload(nil)
	if err != nil || len(targets) != 3 || targets[0].Endpoint.Port(catalog.HTTPS) != stays {
		t.Fatalf("%v, %+v, want 3 of which the first is at port %d", err, targets, stays)
	}
	for _, target := range targets {
		if o := s.Prober.Probe(t.Context(), target); o.Reason != reason.TLSCertExpired {
			t.Errorf("%s: %s %s: %s", o.Endpoint.ID, o.Outcome, o.Reason, o.Detail)
		}
	}
	put(all[:1])
	s.Options.Faults = session.Verbatim{"kms/*=nxdomain"}
	if _, _, err := s.Reload(nil); err == nil || len(s.Sandbox.Endpoints()) != 3 {
		t.Errorf("a fault that no endpoint can have: %v, %d are served", err, len(s.Sandbox.Endpoints()))
	}
}

// A sandbox leaves the choice as it was: it can be opened again, and says which ports the
// catalogue has.
func TestOpenLeavesTheChoice(t *testing.T) {
	c, err := choose(t, "-sandbox", "-region", "cn-hangzhou")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, err := c.Open()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if s.Endpoints[0].Port(catalog.HTTPS) == 443 || s.Config.Roots == nil {
			t.Errorf("%+v has not the port, or the authority, of the sandbox", s.Endpoints[0])
		}
	}
	e, _ := c.Catalog.Endpoint(c.Endpoints[0].ID)
	if c.Endpoints[0].Port(catalog.HTTPS) != 443 || e.Port(catalog.HTTPS) != 443 || c.Config.Roots != nil {
		t.Error("opening changed the choice")
	}
}

// Keys are secrets of the process: a choice does without, and a broken pair is found when it
// is opened.
func TestKeysAreOpened(t *testing.T) {
	o := session.Defaults()
	env := session.Environment{Embedded: endpoints.Endpoints(), Getenv: func(name string) string {
		return map[string]string{cloudapi.EnvAlibabaID: "id without a secret"}[name]
	}}
	c, err := session.Choose(o, env)
	if err != nil {
		t.Fatal(err)
	}
	var usage *session.UsageError
	if _, err := c.Open(); !errors.As(err, &usage) || !strings.Contains(err.Error(), cloudapi.EnvAlibabaSecret) {
		t.Errorf("%v, want a usage error that names the variable", err)
	}
}

// The authorities are named in commands from the root, from wherever this program was started.
func TestRootsFileFromTheRoot(t *testing.T) {
	root := certstest.New("Root", nil, certstest.Authority, certstest.Valid(time.Now().Add(-time.Hour), time.Now().Add(certstest.Day)))
	t.Chdir(t.TempDir())
	if err := os.WriteFile("ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := choose(t, "--ca-file", "ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Config.RootsFile; !filepath.IsAbs(got) || filepath.Base(got) != "ca.pem" {
		t.Errorf("got %q", got)
	}
}

// A reload reads the authorities again as well; a file that cannot be used leaves those there were.
func TestReloadRoots(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ca.pem")
	put := func(text string, roots ...*certstest.Entity) {
		for _, r := range roots {
			text += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Cert.Raw}))
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	alive := certstest.Valid(time.Now().Add(-time.Hour), time.Now().Add(30*certstest.Day))
	old, renewed := certstest.New("Root", nil, certstest.Authority, alive), certstest.New("Root", nil, certstest.Authority, alive)
	leaf := certstest.New(certstest.Host, renewed, certstest.ForHosts(certstest.Host), alive)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Cert.Raw}, PrivateKey: leaf.Key}}}
	server.StartTLS()
	defer server.Close()
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	target := probe.Target{Address: at.Addr(), Endpoint: catalog.Endpoint{
		ID: "shop/here/public", Host: certstest.Host, Network: catalog.Public, Ports: &catalog.Ports{HTTPS: at.Port()},
	}}

	put("", old)
	s := open(t, "-ca-file", file, "-allow-private")
	verified := func(want bool, when string) {
		t.Helper()
		o := s.Prober.Probe(t.Context(), target)
		if tls := o.Addresses[0].TLS; tls == nil || tls.Verified != want {
			t.Errorf("%s: verified %+v, want %t: %s", when, tls, want, o.Detail)
		}
	}
	verified(false, "with the old root")
	put("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", old, renewed)
	if _, unusable, err := s.Reload(nil); err != nil || len(unusable) != 1 || !strings.HasPrefix(unusable[0].Error(), "certificate 1 ") {
		t.Errorf("%v, %v, want certificate 1 to be told", unusable, err)
	}
	verified(true, "with both")
	put("nothing")
	var usage *session.UsageError
	if _, _, err := s.Reload(nil); !errors.As(err, &usage) || !strings.Contains(err.Error(), file) {
		t.Errorf("%v, want a usage error that names the file", err)
	}
	verified(true, "with a file that holds nothing")
}
