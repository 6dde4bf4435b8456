package session_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"prober/session"
)

// faulty makes a choice with faults.
func faulty(t *testing.T, faults ...string) (*session.Choice, error) {
	t.Helper()
	args := []string{"-sandbox"}
	for _, f := range faults {
		args = append(args, "-fault", f)
	}
	return choose(t, args...)
}

// An endpoint has one fault: a second one for it is refused by name, from patterns too.
func TestFaults(t *testing.T) {
	for _, twice := range [][]string{
		{"kms/cn-hangzhou/public=charset", "kms/cn-hangzhou/public=nxdomain"},
		{"kms/cn-hangzhou/*=charset", "kms/cn-hangzhou/public=nxdomain"},
		{"kms/cn-hangzhou/public=nxdomain", "kms.cn-hangzhou.aliyuncs.com=nxdomain"},
	} {
		var usage *session.UsageError
		_, err := faulty(t, twice...)
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), "are both for kms/cn-hangzhou/public,") {
			t.Errorf("%v: %v, want a usage error that names the endpoint", twice, err)
		}
	}
	c, err := faulty(t, "kms/cn-hangzhou/public=charset", "kms/cn-hangzhou/vpc=nxdomain")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Faults.ByEndpoint; !maps.Equal(got, map[string]string{"kms/cn-hangzhou/public": "charset", "kms/cn-hangzhou/vpc": "nxdomain"}) {
		t.Errorf("two endpoints: %v", got)
	}
}

// A fault is idle when none of its endpoints is looked at; a pattern may match others too.
func TestIdleFaults(t *testing.T) {
	c, err := faulty(t, "kms/cn-hangzhou/*=charset", "ecs/*=nxdomain", "kms/cn-beijing/public=nxdomain")
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Catalog.Endpoint("kms/cn-hangzhou/public")
	const says = ": none of its endpoints is selected, so nothing shows it"
	if got, want := c.Faults.Idle(nil), "--fault kms/cn-hangzhou/*=charset, --fault ecs/*=nxdomain, --fault kms/cn-beijing/public=nxdomain"+says; got != want {
		t.Errorf("of no endpoint: %s, want %s", got, want)
	}
	if got, want := c.Faults.Idle(append(c.Endpoints[:0:0], e)), "--fault ecs/*=nxdomain, --fault kms/cn-beijing/public=nxdomain"+says; got != want {
		t.Errorf("idle: %s, want %s", got, want)
	}
	if got := c.Faults.Idle(c.Endpoints); got != "" {
		t.Errorf("all are looked at: %s", got)
	}
}
