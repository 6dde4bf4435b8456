package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/sandbox"
)

// afterNotice is a day on which every dated rule of the catalogue is in force, so that every
// fault breaks one.
var afterNotice = time.Date(2026, 12, 2, 12, 0, 0, 0, time.UTC)

// clockFrom returns a clock that starts at a given instant and runs.
func clockFrom(at time.Time) func() time.Time {
	start := time.Now()
	return func() time.Time { return at.Add(time.Since(start)) }
}

// seen is the part of an observation that the tests look at.
type seen struct {
	Endpoint  struct{ ID, Host string }
	Scheme    string
	Outcome   string
	Phase     string
	Reason    string
	Detail    string
	Reproduce string
}

// Every fault of the sandbox, each on an endpoint of its own, in one run of check: each is
// reported with its documented phase and reason, and has a command that reproduces it.
func TestFaultsGetTheirReason(t *testing.T) {
	t.Parallel()
	faults, list, args := faultCatalog(t, sandbox.Faults)
	got := checkFaults(t, list, args)
	for i, f := range faults {
		t.Run(f.Name, func(t *testing.T) {
			observations := got[list.Endpoints[i].ID]
			for _, o := range observations {
				if o.Phase == f.Phase.String() && o.Reason == f.Reason.Word() {
					if o.Outcome != f.Reason.Outcome().String() && o.Outcome != "degraded" {
						t.Errorf("outcome %s over %s, want %s", o.Outcome, o.Scheme, f.Reason.Outcome())
					}
					if o.Reproduce == "" && o.Outcome != "unknown" {
						t.Errorf("no command reproduces %s", f.Reason)
					}
					return
				}
			}
			t.Errorf("want %s, got %s", f.Reason, reasonsOf(observations))
		})
	}
}

// Every harmless variant, each on an endpoint of its own, in one run: all is well.
func TestVariantsPass(t *testing.T) {
	t.Parallel()
	variants, list, args := faultCatalog(t, sandbox.Variants)
	got := checkFaults(t, list, args)
	for i, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			for _, o := range got[list.Endpoints[i].ID] {
				if o.Outcome != "ok" {
					t.Errorf("over %s: %s %s/%s: %s", o.Scheme, o.Outcome, o.Phase, o.Reason, o.Detail)
				}
			}
		})
	}
}

func reasonsOf(observations []seen) string {
	var out []string
	for _, o := range observations {
		out = append(out, fmt.Sprintf("%s over %s: %s/%s (%s)", o.Outcome, o.Scheme, o.Phase, o.Reason, o.Detail))
	}
	return strings.Join(out, "; ")
}

// faultCatalog makes a catalogue with an endpoint for every fault of a list, and the flags
// that put the faults there. Products and rules are those of the built-in list.
func faultCatalog(t *testing.T, list func(*catalog.Catalog) []sandbox.Fault) ([]sandbox.Fault, *catalog.Catalog, []string) {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	faults := list(c)
	plain := catalog.Product{ID: "plain", Name: "Plain", Provider: "alibaba", APIStyle: catalog.StyleNone}
	c.Products = append(c.Products, plain)
	sources := c.Endpoints[0].Sources
	c.Endpoints = nil
	var args []string
	for i, f := range faults {
		product := plain.ID
		if len(f.Products) > 0 {
			product = f.Products[i%len(f.Products)]
		}
		p, _ := c.Product(product)
		e := catalog.Endpoint{
			Product: product, Region: regionFor(c, p, f, i), Network: catalog.Public, Lifecycle: catalog.Active, Sources: sources,
			Host: fmt.Sprintf("%s.fault-%d.example.test", product, i),
		}
		if slices.Contains(f.Networks, catalog.VPC) {
			e.Network = catalog.VPC
		}
		e.ID = fmt.Sprintf("%s/%s/%s", product, e.Region, e.Network)
		c.Endpoints = append(c.Endpoints, e)
		args = append(args, "--fault", e.ID+"="+f.Name)
	}
	return faults, c, args
}

// regionFor makes a region for fault i; a fault that breaks a rule of some regions only
// needs one of those.
func regionFor(c *catalog.Catalog, p catalog.Product, f sandbox.Fault, i int) string {
	if f.Needs == sandbox.NeedLater {
		for _, rule := range p.Rules.TLS {
			if rule.From != nil && len(rule.Regions) > 0 {
				return rule.Regions[0]
			}
		}
	}
	region := catalog.Region{ID: fmt.Sprintf("fault-%d", i), Provider: p.Provider, Name: f.Name}
	c.Regions = append(c.Regions, region)
	return region.ID
}

// checkFaults runs check once over the catalogue and returns what it saw by endpoint.
func checkFaults(t *testing.T, c *catalog.Catalog, args []string) map[string][]seen {
	t.Helper()
	file := write(t, "endpoints.json", string(catalog.Encode(c)))
	args = append([]string{
		"check", "--sandbox", "--endpoints", file, "--tls-versions", "--signed", "--scheme", "all",
		"--timeout", patience, "--concurrency", "64", "--output", "json",
	}, args...)
	r := runAppAt(t, clockFrom(afterNotice), nil, args...)
	if r.code > 1 {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	var observations []seen
	if err := json.Unmarshal([]byte(r.stdout), &observations); err != nil {
		t.Fatal(err)
	}
	got := map[string][]seen{}
	for _, o := range observations {
		got[o.Endpoint.ID] = append(got[o.Endpoint.ID], o)
	}
	return got
}
