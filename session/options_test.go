package session_test

import (
	"errors"
	"flag"
	"strings"
	"testing"

	endpoints "prober"
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

// A flag of a script whose variable is not set is an error.
func TestGiven(t *testing.T) {
	var g session.Given
	for _, empty := range []string{"", "  "} {
		if err := g.Set(empty); err == nil {
			t.Errorf("%q is accepted", empty)
		}
	}
	if err := g.Set("a b"); err != nil || g != "a b" {
		t.Errorf("got %q, %v", g, err)
	}
}

// An endpoint has one fault: a second one for it is refused by name, from patterns too.
func TestParseFaults(t *testing.T) {
	c, err := session.LoadCatalog("", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	for _, twice := range [][]string{
		{"kms/cn-hangzhou/public=charset", "kms/cn-hangzhou/public=nxdomain"},
		{"kms/cn-hangzhou/*=charset", "kms/cn-hangzhou/public=nxdomain"},
		{"kms/cn-hangzhou/public=nxdomain", "kms.cn-hangzhou.aliyuncs.com=nxdomain"},
	} {
		var usage *session.UsageError
		_, err := session.ParseFaults(c, twice)
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), "are both for kms/cn-hangzhou/public,") {
			t.Errorf("%v: %v, want a usage error that names the endpoint", twice, err)
		}
	}
	faults, err := session.ParseFaults(c, []string{"kms/cn-hangzhou/public=charset", "kms/cn-hangzhou/vpc=nxdomain"})
	if err != nil || faults["kms/cn-hangzhou/public"] != "charset" || faults["kms/cn-hangzhou/vpc"] != "nxdomain" {
		t.Errorf("two endpoints: %v, %v", faults, err)
	}
}

// A fault is idle when none of its endpoints is looked at; a pattern may match others too.
func TestIdleFaults(t *testing.T) {
	c, err := session.LoadCatalog("", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Endpoint("kms/cn-hangzhou/public")
	list := []string{"kms/*=charset", "ecs/*=nxdomain", "kms/cn-beijing/public=nxdomain"}
	want := "ecs/*=nxdomain kms/cn-beijing/public=nxdomain"
	if got := strings.Join(session.IdleFaults(c, list, c.Endpoints[:0]), " "); got != strings.Join(list, " ") {
		t.Errorf("of no endpoint: %s, want all", got)
	}
	selected := c.Endpoints[:0:0]
	if got := strings.Join(session.IdleFaults(c, list, append(selected, e)), " "); got != want {
		t.Errorf("idle: %s, want %s", got, want)
	}
	if got := session.NoteIdleFaults(nil); got != "" {
		t.Errorf("a note about nothing: %q", got)
	}
}
