package session_test

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	endpoints "prober"
	"prober/probe"
	"prober/session"
)

// The help names the networks that are selected by default, and no flag that does nothing.
func TestHelp(t *testing.T) {
	for _, c := range []struct {
		options session.Options
		network string
		scheme  bool
	}{
		{session.Options{}, "(default public; all with --sandbox)", true},
		{session.Options{AllNetworks: true, BothSchemes: true}, "(default all)", false},
	} {
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		c.options.Bind(fs)
		if got := fs.Lookup("network").Usage; !strings.HasSuffix(got, c.network) {
			t.Errorf("--network: %q, want %q in the end", got, c.network)
		}
		if got := fs.Lookup("scheme") != nil; got != c.scheme {
			t.Errorf("--scheme is offered: %v, want %v", got, c.scheme)
		}
	}
}

// Flags that say which endpoints, or what stands for them, are told from those that do not.
func TestWhere(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"", ""},
		{"-timeout 1s -concurrency 2 -connections-per-host 2 -post-quantum -scheme all -sandbox", ""},
		{"-timeout 1s -ca-file x -region cn-hangzhou", "ca-file"},
		{"-fault x=y", "fault"},
		{"-allow-private", "allow-private"},
	} {
		var o session.Options
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		o.Bind(fs)
		if err := fs.Parse(strings.Fields(c.args)); err != nil {
			t.Fatal(err)
		}
		if got := o.Where(fs); got != c.want {
			t.Errorf("%s: %q, want %q", c.args, got, c.want)
		}
	}
}

// Flags of some names alone can be bound; the others have their defaults.
func TestBindOnly(t *testing.T) {
	var o session.Options
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	o.BindOnly(fs, "endpoints", "fault")
	n := 0
	fs.VisitAll(func(*flag.Flag) { n++ })
	if n != 2 || strings.Contains(fs.Lookup("fault").Usage, "--sandbox") {
		t.Errorf("%d flags, --fault: %q", n, fs.Lookup("fault").Usage)
	}
	if _, err := session.Choose(o, session.Environment{Embedded: endpoints.Endpoints()}); err != nil {
		t.Error(err)
	}
}

// The connections to a host are bounded, and the prober gets the bound.
func TestConnectionsPerHost(t *testing.T) {
	for given, want := range map[string]int{"": probe.DefaultConnectionsPerHost, "1": 1, "64": 64} {
		args := []string{"-connections-per-host", given}
		if given == "" {
			args = nil
		}
		c, err := choose(t, args...)
		if err != nil || c.Config.ConnectionsPerHost != want {
			t.Errorf("%q: %v, want %d connections", given, err, want)
		}
	}
	for _, given := range []string{"0", "-1", "65"} {
		var usage *session.UsageError
		if _, err := choose(t, "-connections-per-host", given); !errors.As(err, &usage) || err.Error() != "--connections-per-host "+given+": want 1 to 64" {
			t.Errorf("%s: %v", given, err)
		}
	}
}

// A control is a name, a name with a port, or an address with one.
func TestControls(t *testing.T) {
	c, err := choose(t, "-control", "example.org", "-control", "up.example.org:443", "-control", "[::1]:80", "-control", "192.0.2.1:8443", "-control", "up.example.org:80")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(c.Config.Controls, " "), "example.org up.example.org"; got != want {
		t.Errorf("names %q, want %q", got, want)
	}
	if got, want := fmt.Sprint(c.Config.Reaches), "[up.example.org:443 [::1]:80 192.0.2.1:8443 up.example.org:80]"; got != want {
		t.Errorf("connections %s, want %s", got, want)
	}
	for given, want := range map[string]string{
		"a b": "host name", "192.0.2.1": "needs a port", "[::1]": "host name", "example.org:": "port",
		"example.org:0": "port", "example.org:65536": "port", "example.org:https": "port", "https://example.org": "port", "example.org/x": "host name",
	} {
		var usage *session.UsageError
		if _, err := choose(t, "-control", given); !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", given, err, want)
		}
	}
}
