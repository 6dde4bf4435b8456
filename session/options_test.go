package session_test

import (
	"errors"
	"flag"
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
