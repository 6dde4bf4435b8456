package suites_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
	"prober/sandbox"
	"prober/suites"
	"prober/suites/kit"
)

var update = flag.Bool("update", false, "write the generated documents")

// afterNotice is a day on which every dated rule of the catalogue is in force.
var afterNotice = time.Date(2026, 12, 2, 12, 0, 0, 0, time.UTC)

// haste is how many times as fast as the machine's the clock is by which connections to a host are
// paced: the sandbox has no need of the pace, which would take most of the time.
const haste = 8

// clockFrom returns a clock that starts at an instant and makes haste.
func clockFrom(at time.Time) func() time.Time {
	start := time.Now()
	return func() time.Time { return at.Add(haste * time.Since(start)) }
}

// hurried waits by such a clock.
func hurried(ctx context.Context, d time.Duration) error { return probe.Clock{}.Sleep(ctx, d/haste) }

func embedded(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// trial is one fault at one endpoint.
type trial struct {
	fault    sandbox.Fault
	endpoint catalog.Endpoint
	first    bool                   // of those that are made for its requirement, at one of the products
	expected []string               // what is documented to break
	verdicts map[string]kit.Verdict // by requirement, of what it looks at
}

// looksAt reports whether a trial looks at a requirement. What the fault is made for, what it is
// documented to break, and what costs no question it always does. That it breaks nothing else is seen
// at the first fault for a requirement, and at the others, as with requests of megabytes, where
// nothing is to be left out. So it is with what a probe shows of a fault and every question would, and with
// most replies to questions where a fault or variant is over before the first is sent.
func (c *trial) looksAt(s kit.Spec) attention {
	id := s.Requirement.ID
	_, number, _ := strings.Cut(id, "-CHARSET-")
	looks := func(at bool) attention {
		if at {
			return questions
		}
		return none
	}
	switch group := s.Requirement.Group(); {
	case group == "dns", group == "tls":
		return questions
	case strings.HasPrefix(c.fault.Name, "text_") && number < "03":
		return none // what damages texts alone shows in the replies to texts
	case *update, needs.All():
		return questions
	case !c.first && c.fault.Reason != reason.None && id == c.made() && isOfReplies(id):
		return probes
	case id == c.made():
		return questions
	case isHeavy(s):
		return looks(c.fault.Name == "large_get_page")
	case c.isOver():
		return looks(slices.Contains(c.expected, id) || strings.HasSuffix(id, "-PROTO-01"))
	}
	// That a way gets no answer is seen beside others that do.
	return looks(c.first || slices.Contains(c.expected, id) || strings.Contains(c.fault.Name, "unanswered_"))
}

// isOver reports whether what a fault or variant does is done when a connection has been made.
func (c *trial) isOver() bool {
	if slices.Contains([]string{"split_records", "no_close_notify"}, c.fault.Name) {
		return false // which go on
	}
	return c.fault.Phase < reason.Request || strings.Contains(c.made(), "-TLS-") || strings.Contains(c.made(), "-DNS-")
}

// attention is how a spec is looked at.
type attention uint8

const (
	none      attention = iota
	probes              // with what it needs of probes, and whatever is asked for others
	questions           // with all that it needs
)

// isOfReplies reports whether a requirement is judged by the reply to a probe as it is by every other.
func isOfReplies(id string) bool {
	_, number, _ := strings.Cut(id, "-")
	return slices.Contains([]string{"PROTO-03", "CHARSET-01", "CHARSET-02"}, number)
}

func everything(kit.Spec) attention { return questions }

func isHeavy(s kit.Spec) bool { return slices.Contains(s.Labels(), report.HeavyLabel) }

// made is the id of the requirement that the fault is made to break; empty if none.
func (c *trial) made() string {
	r := c.fault.Requirement
	if r == "" || strings.Count(r, "-") == 2 {
		return r
	}
	return strings.ToUpper(c.endpoint.Product) + "-" + r
}

// broken lists the requirements that failed.
func (c *trial) broken() []string {
	var ids []string
	for id, v := range c.verdicts {
		if v.Outcome == report.Fail {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// trials puts each fault on one endpoint; the first fault that is made for a requirement of
// several products on one of each.
func trials(c *catalog.Catalog, faults []sandbox.Fault) []*trial {
	var out []*trial
	seen := map[string]bool{}
	faults = slices.DeleteFunc(slices.Clone(faults), func(f sandbox.Fault) bool { return len(f.Products) == 0 }) // for sites, which have no requirements
	for i, f := range faults {
		products := []string{f.Products[i%len(f.Products)]}
		if f.Requirement != "" && !seen[f.Requirement] {
			products = f.Products
			if strings.Count(f.Requirement, "-") == 2 {
				products = []string{strings.ToLower(strings.Split(f.Requirement, "-")[0])}
			}
		}
		if strings.Contains(f.Name, "silent_") || strings.Contains(f.Name, "unanswered_") {
			products = f.Products // who is silent to one way alone is not taken for one that is to all
			if strings.Count(f.Requirement, "-") == 2 {
				products = []string{strings.ToLower(strings.Split(f.Requirement, "-")[0])}
			}
		}
		first := f.Requirement == "" || !seen[f.Requirement]
		seen[f.Requirement] = true
		for n, product := range products {
			p, _ := c.Product(product)
			e := catalog.Endpoint{
				Product: product, Region: regionFor(p, f, i), Network: catalog.Public, Lifecycle: catalog.Active,
				Sources: c.Endpoints[0].Sources, Host: fmt.Sprintf("%s.fault-%d.example.test", product, i),
			}
			if slices.Contains(f.Networks, catalog.VPC) {
				e.Network = catalog.VPC
			}
			e.ID = fmt.Sprintf("%s/%s/%s", product, e.Region, e.Network)
			out = append(out, &trial{fault: f, endpoint: e, first: first && n == i%len(products)})
		}
	}
	return out
}

// regionFor chooses the region of fault i: one of its own, unless the fault breaks a rule of
// some regions only.
func regionFor(p catalog.Product, f sandbox.Fault, i int) string {
	switch {
	case f.Needs == sandbox.NeedLater:
		for _, rule := range p.Rules.TLS {
			if rule.From != nil && len(rule.Regions) > 0 {
				return rule.Regions[0]
			}
		}
	case strings.HasPrefix(f.Name, "size_limit"), f.Name == "large_get_page":
		return "ap-guangzhou"
	}
	return fmt.Sprintf("fault-%d", i)
}

// unhurried is the time that answers get where none is expected to stay away: a loaded
// machine is not to be taken for a silent server.
const unhurried = time.Minute

// run surveys and judges the trials. Those that want the same place take turns.
func run(t *testing.T, c *catalog.Catalog, all []*trial, timeout time.Duration) {
	t.Helper()
	for len(all) > 0 {
		var now []*trial
		now, all = different(all)
		own, faults := stage(c, now)
		at := map[string]*trial{}
		for _, x := range now {
			at[x.endpoint.ID] = x
		}
		verdicts := judge(t, own, faults, timeout, func(s kit.Spec) attention { return at[s.Endpoint.ID].looksAt(s) })
		for id, x := range at {
			x.verdicts = verdicts[id]
		}
	}
}

// different splits trials into those that are all in different places, and the others.
func different(all []*trial) (now, later []*trial) {
	taken := map[string]bool{}
	for _, x := range all {
		if taken[x.endpoint.ID] {
			later = append(later, x)
			continue
		}
		taken[x.endpoint.ID] = true
		now = append(now, x)
	}
	return now, later
}

// stage makes a catalogue of the places of trials, and says which fault is where.
func stage(c *catalog.Catalog, trials []*trial) (*catalog.Catalog, map[string]string) {
	own := *c
	own.Endpoints, own.Regions = nil, slices.Clone(c.Regions)
	faults := map[string]string{}
	for _, x := range trials {
		own.Endpoints = append(own.Endpoints, x.endpoint)
		if x.fault.Name != "" {
			faults[x.endpoint.ID] = x.fault.Name
		}
		p, _ := c.Product(x.endpoint.Product)
		region := catalog.Region{ID: x.endpoint.Region, Provider: p.Provider, Name: x.fault.Name}
		if !slices.ContainsFunc(own.Regions, func(r catalog.Region) bool { return r.ID == region.ID && r.Provider == region.Provider }) {
			own.Regions = append(own.Regions, region)
		}
	}
	return &own, faults
}

// judge runs the sandbox and judges each of its endpoints by those specs of its suite that are chosen.
func judge(t *testing.T, c *catalog.Catalog, faults map[string]string, timeout time.Duration, chosen func(kit.Spec) attention) map[string]map[string]kit.Verdict {
	t.Helper()
	clock := clockFrom(afterNotice)
	cloud, err := sandbox.Start(sandbox.Config{Catalog: c, Faults: faults, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cloud.Close() }()
	verdicts := map[string]map[string]kit.Verdict{}
	for id, judged := range judgeCloud(t, cloud, cloud.Credentials(), afterNotice, clock, timeout, chosen, nil) {
		verdicts[id] = map[string]kit.Verdict{}
		for requirement, j := range judged {
			verdicts[id][requirement] = j.verdict
		}
	}
	return verdicts
}

// judgement is a verdict with what goes into a report.
type judgement struct {
	verdict  kit.Verdict
	evidence kit.Entry
}

// judgeCloud judges each endpoint of a sandbox that runs by those specs that are chosen, with the
// given keys, by id and requirement. standing is the directory with the sandbox's files, for commands that are to be
// run against it; nil where none are. asks puts another in the prober's place.
func judgeCloud(t *testing.T, cloud *sandbox.Sandbox, keys sandbox.Credentials, at time.Time, clock func() time.Time, timeout time.Duration, chosen func(kit.Spec) attention, standing *standingCloud, asks ...func(*probe.Prober) kit.Prober) map[string]map[string]judgement {
	t.Helper()
	c := cloud.Catalog()
	cfg := probe.Config{
		Resolvers: cloud.Resolvers(), Roots: cloud.Roots(), Timeout: timeout,
		Inside:  func(string) bool { return true },
		Alibaba: keys.Alibaba,
		Tencent: keys.Tencent,
		Clock:   probe.Clock{NowFunc: clock, SleepFunc: hurried, ElapsedFunc: func() time.Duration { return 0 }},
	}
	cfg.Guard.Public, cfg.Guard.Private = cloud.Public(), cloud.Private()
	plan := &kit.Plan{
		Catalog: c, Endpoints: c.Endpoints, At: at, Surveys: &kit.Surveys{},
		Alibaba: cfg.Alibaba, Tencent: cfg.Tencent, KMSKeyID: sandbox.KMSKeyID, Now: clock, Timeout: timeout,
		Pause: func(context.Context, time.Duration) error { return nil },
	}
	if timeout < unhurried {
		plan.Retries = 1 // silence counts when it is met twice
	}
	if standing != nil {
		cfg.RootsFile, cfg.Self, plan.Reach = standing.ca(), standing.self, standing.reach
	}
	targets := make([]probe.Target, len(c.Endpoints))
	for i, e := range c.Endpoints {
		p, _ := c.Product(e.Product)
		targets[i] = probe.Target{Endpoint: e, Product: p}
	}
	specs := slices.DeleteFunc(specsOf(t, plan), func(s kit.Spec) bool { return chosen(s) == none })
	plan.Look(slices.DeleteFunc(slices.Clone(specs), func(s kit.Spec) bool { return chosen(s) == probes }))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var by kit.Prober = probe.New(cfg)
	for _, other := range asks {
		by = other(probe.New(cfg))
	}
	plan.Survey(ctx, by, targets, 60)
	all := map[string]map[string]judgement{}
	searched := map[string]bool{}
	for _, spec := range specs {
		id := spec.Endpoint.ID
		if all[id] == nil {
			all[id] = map[string]judgement{}
		}
		survey := plan.Surveys.Of(ctx, id)
		v := spec.Judge(survey)
		e := kit.NewEntry(spec, v, survey)
		findSecrets(t, keys, e, searched)
		all[id][spec.Requirement.ID] = judgement{v, e}
	}
	return all
}

// specsOf are the specs of every suite at the endpoints of a plan.
func specsOf(t *testing.T, plan *kit.Plan) []kit.Spec {
	t.Helper()
	var all []kit.Spec
	for _, s := range suites.All() {
		specs, err := s.Specs(plan, plan.Endpoints)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, specs...)
	}
	return all
}

// findSecrets looks for the customer's keys in what goes into reports. Many specs rest on the
// same exchange, which is searched once.
func findSecrets(t *testing.T, keys sandbox.Credentials, e kit.Entry, searched map[string]bool) {
	t.Helper()
	e.Exchanges = slices.DeleteFunc(slices.Clone(e.Exchanges), func(x report.Evidence) bool {
		before := searched[x.ID]
		searched[x.ID] = true
		return before
	})
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{
		keys.Alibaba.ID, keys.Alibaba.Secret, keys.Tencent.ID, keys.Tencent.Secret,
	} {
		if secret == "" {
			continue
		}
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret)), url.QueryEscape(secret)} {
			if bytes.Contains(text, []byte(form)) {
				t.Errorf("the evidence of %s at %s shows a key", e.Result.Requirement, e.Result.Endpoint)
			}
		}
	}
}
