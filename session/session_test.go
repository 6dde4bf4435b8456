package session_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/probe/reason"
	"prober/session"
)

func open(t *testing.T, args ...string) (*session.Session, error) {
	t.Helper()
	var o session.Options
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	o.Bind(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	s, err := session.Open(o, session.Surroundings{Embedded: endpoints.Endpoints(), ResolvConf: filepath.Join(t.TempDir(), "none")})
	if s != nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, err
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
		s, err := open(t, c.args...)
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
	s, err := open(t, "-sandbox", "-region", "cn-hangzhou", "-scheme", "all")
	if err != nil {
		t.Fatal(err)
	}
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

// Without resolv.conf a session opens all the same: an address given by hand needs none.
func TestNoResolver(t *testing.T) {
	s, err := open(t)
	if err != nil {
		t.Fatal(err)
	}
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
	s, err := open(t, "-endpoints", file, "-product", "ecs")
	if err != nil {
		t.Fatal(err)
	}
	c.Endpoints = c.Endpoints[:5]
	put(catalog.Encode(c))
	if targets, err := s.Reload(); err != nil || len(targets) != 5 {
		t.Errorf("%d targets, %v, want the 5 that are left", len(targets), err)
	}
	put([]byte("{"))
	var usage *session.UsageError
	if _, err := s.Reload(); !errors.As(err, &usage) || !strings.Contains(err.Error(), file) {
		t.Errorf("%v, want a usage error that names the file", err)
	}
}

// The flags of Reach open a session like the one they come from.
func TestReach(t *testing.T) {
	c, err := session.LoadCatalog("", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Endpoint("kms/cn-hangzhou/public")
	for name, test := range map[string]struct {
		options session.Options
		want    string
	}{
		"live":    {session.Options{Timeout: 5 * time.Second}, ""},
		"private": {session.Options{AllowPrivate: true}, "--allow-private"},
		"sandbox": {session.Options{Sandbox: true, Faults: session.Verbatim{"kms/*/public=charset", "ecs/default/public=nxdomain"}, Latency: "dns=1ms"}, "--sandbox --fault kms/cn-hangzhou/public=charset --latency dns=1ms"},
		"all": {session.Options{
			EndpointsFile: "e.json", Resolvers: session.List{"192.0.2.1", "192.0.2.2:5353"}, CAFile: "ca.pem", Family: "4", Timeout: time.Second,
			World: "public=127.0.0.0/24", Inside: session.List{"cn-hangzhou", "cn-beijing"}, PostQuantum: true,
		}, "--endpoints e.json --resolver 192.0.2.1 --resolver 192.0.2.2:5353 --ca-file ca.pem --family 4 --timeout 1s --world public=127.0.0.0/24 --inside cn-hangzhou,cn-beijing --post-quantum"},
	} {
		flags := test.options.Reach(c)(e)
		if got := strings.Join(flags, " "); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		var again session.Options
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		again.Bind(fs)
		if err := fs.Parse(flags); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
