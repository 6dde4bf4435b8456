package suites_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe/hello"
	"prober/report"
	"prober/sandbox"
	"prober/suites/kit"
)

// On clean endpoints everything that is demanded is verified and kept.
func TestCleanEndpointsPass(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	if !needs.All() {
		c.Endpoints = oneOfEachKind(c)
	}
	passed := 0
	for id, verdicts := range judge(t, c, nil, unhurried, everything) {
		e, _ := c.Endpoint(id)
		for requirement, v := range verdicts {
			switch {
			case v.Outcome == report.Pass:
				passed++
			case v.Outcome != report.NotApplicable:
				t.Errorf("%s %s (%s): %s %s: %s", id, requirement, e.Lifecycle, v.Outcome, v.Skip, v.Message)
			}
		}
	}
	if passed < 40*len(c.Endpoints) {
		t.Errorf("only %d verdicts passed", passed)
	}
}

// oneOfEachKind is an endpoint of each product, network, lifecycle and set of demanded versions of
// TLS. The suites' own tests look at all of them, before the day of the dated rules.
func oneOfEachKind(c *catalog.Catalog) []catalog.Endpoint {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(c.Endpoints), func(e catalog.Endpoint) bool {
		p, _ := c.Product(e.Product)
		kind := fmt.Sprint(e.Product, e.Network, e.Lifecycle)
		for _, v := range hello.Versions() {
			expect, _ := p.TLSExpectation(catalog.TLSVersion(v.String()), e.Region, afterNotice)
			kind += fmt.Sprint(" ", expect)
		}
		before := seen[kind]
		seen[kind] = true
		return before
	})
}

// Whatever is unusual and right breaks no requirement and leaves none undecided.
func TestVariantsPass(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	all := trials(c, sandbox.Variants(c))
	run(t, c, all, unhurried)
	for _, x := range all {
		for id, v := range x.verdicts {
			unseen := x.fault.Name == "signature_not_echoed" && v.Skip == report.NoEcho
			if v.Outcome != report.Pass && v.Outcome != report.NotApplicable && !unseen {
				t.Errorf("%s at %s: %s: %s %s", x.fault.Name, x.endpoint.ID, id, v.Outcome, v.Message)
			}
		}
		if x.endpoint.Network == catalog.Public && len(x.verdicts) == 0 {
			t.Errorf("%s: nothing was judged", x.fault.Name)
		}
	}
}

// A key that is not good, and a clock that is off, say nothing about the service: whatever
// rests on them is left open.
func TestBadKeysBreakNothing(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	few := *c
	few.Endpoints = nil
	for _, id := range []string{"ecs/default/public", "kms/cn-hangzhou/public", "gaap/nearest/public"} {
		e, _ := c.Endpoint(id)
		few.Endpoints = append(few.Endpoints, e)
	}
	ofAllReplies := []string{"PROTO-03", "PROTO-05", "PROTO-11", "PROTO-12", "PROTO-15", "PROTO-16", "CHARSET-01", "CHARSET-02"}
	for name, test := range map[string]struct {
		spoil func(k *sandbox.Credentials)
		fast  time.Duration // what our clock is ahead
	}{
		"unknown key": {func(k *sandbox.Credentials) {
			k.Alibaba.ID, k.Tencent.ID = "LTAI5tNobodyHasThisKeyId", "AKIDnobodyHasThisSecretId0000000000"
		}, 0},
		"wrong secret": {func(k *sandbox.Credentials) {
			k.Alibaba.Secret, k.Tencent.Secret = "this-is-not-the-secret-of-it", "thisIsNotTheSecretOfIt0000000000"
		}, 0},
		"no key":              {func(k *sandbox.Credentials) { *k = sandbox.Credentials{} }, 0},
		"clock an hour ahead": {func(*sandbox.Credentials) {}, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each asks as often as one host may be asked
			cloud, err := sandbox.Start(sandbox.Config{Catalog: &few})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cloud.Close() }()
			keys := cloud.Credentials()
			test.spoil(&keys)
			clock := func() time.Time { return time.Now().Add(test.fast) }
			open := 0
			for id, judged := range judgeCloud(t, cloud, keys, time.Now(), clock, unhurried, withoutLarge, nil) {
				for requirement, j := range judged {
					switch _, number, _ := strings.Cut(requirement, "-"); j.verdict.Outcome {
					case report.Skip, report.Inconclusive:
						open++
						if slices.Contains(ofAllReplies, number) {
							t.Errorf("%s: %s is left open: %s", id, requirement, j.verdict.Message)
						}
					case report.Fail:
						t.Errorf("%s: %s: %s", id, requirement, j.verdict.Message)
					}
				}
			}
			if open < 10 {
				t.Errorf("only %d verdicts were left open", open)
			}
		})
	}
}

// An API that throttles everything hides nothing of what comes before it.
func TestThrottlingLeavesTLSAndDNSDecided(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	all := trials(c, slices.DeleteFunc(sandbox.Faults(c), func(f sandbox.Fault) bool { return f.Name != "rate_limited" }))
	run(t, c, all, unhurried)
	for _, x := range all {
		for id, v := range x.verdicts {
			open := v.Outcome == report.Inconclusive
			if before := strings.Contains(id, "-TLS-") || strings.Contains(id, "-DNS-"); open == before && v.Outcome != report.NotApplicable || v.Outcome == report.Fail {
				t.Errorf("%s: %s: %s", id, v.Outcome, v.Message)
			}
		}
	}
}

func withoutLarge(s kit.Spec) attention {
	if isHeavy(s) {
		return none
	}
	return questions
}
