package session_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"prober/session"
)

// The flags of Reach make a choice like the one they come from.
func TestReach(t *testing.T) {
	c, err := faulty(t, "kms/*/public=charset", "ecs/default/public=nxdomain")
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Catalog.Endpoint("kms/cn-hangzhou/public")
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		set    func(o *session.Options)
		faults session.Faults
		want   string
	}{
		"live":    {func(*session.Options) {}, session.Faults{}, ""},
		"private": {func(o *session.Options) { o.AllowPrivate = true }, session.Faults{}, "--allow-private"},
		"sandbox": {
			func(o *session.Options) { o.Sandbox, o.Faults, o.Latency = true, c.Options.Faults, "dns=1ms" }, c.Faults,
			"--sandbox --fault kms/cn-hangzhou/public=charset --latency dns=1ms",
		},
		"selection": {func(o *session.Options) {
			o.Products, o.Regions, o.Networks, o.Scheme, o.Concurrency = session.List{"kms"}, session.List{"cn-hangzhou"}, session.List{"vpc"}, "all", 1
		}, session.Faults{}, ""},
		"all": {
			func(o *session.Options) {
				o.Endpoints, o.Resolvers, o.CAFile, o.Family, o.Timeout = session.Lists{"e.json", session.BuiltIn}, session.List{"192.0.2.1", "192.0.2.2:5353"}, "ca.pem", "4", time.Second
				o.Controls = session.List{"example.org", "intra.test"}
				o.ConnectionsPerHost, o.World, o.Inside, o.PostQuantum = 8, "public=127.0.0.0/24", session.List{"cn-hangzhou", "cn-beijing"}, true
			},
			session.Faults{},
			"--endpoints " + folder + "/e.json --endpoints builtin --resolver 192.0.2.1 --resolver 192.0.2.2:5353 --control example.org --control intra.test --ca-file " + folder + "/ca.pem --family 4 --timeout 1s --connections-per-host 8 " +
				"--world public=127.0.0.0/24 --inside cn-hangzhou,cn-beijing --post-quantum",
		},
	} {
		o := session.Defaults()
		test.set(&o)
		flags := (&session.Choice{Options: o, Faults: test.faults}).Reach(e)
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
