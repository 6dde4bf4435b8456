package suites_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/report"
	"prober/sandbox"
	"prober/sandbox/imitation"
	"prober/suites"
	"prober/suites/kit"
)

// wayOf is how a request goes, told from the request itself; false where that is by none of the ways of
// calls: another method, no parameters, parts of a file, an Authorization of nobody's.
func wayOf(r cloudapi.Request, signed bool) (sandbox.Way, bool) {
	fields := http.Header{}
	for _, f := range r.Header {
		fields.Add(f.Name, f.Value)
	}
	w, media, params := sandbox.Way{Key: sandbox.OtherKey}, fields.Get("Content-Type"), r.Query
	switch {
	case r.Method == http.MethodGet && (r.Query != "" || fields.Get("X-TC-Version")+fields.Get("X-Acs-Action") != ""):
		w.Carrier = sandbox.CarrierQuery
	case r.Method == http.MethodPost && strings.HasPrefix(media, cloudapi.FormType) && len(r.Body) > 0:
		w.Carrier, params = sandbox.CarrierForm, string(r.Body)
	case r.Method == http.MethodPost && strings.HasPrefix(media, "application/json"):
		w.Carrier = sandbox.CarrierJSON
	default:
		return w, false
	}
	v, _ := url.ParseQuery(params)
	switch method, _, in := strings.Cut(fields.Get("Authorization"), " "); {
	case in && !strings.Contains(method, "-HMAC-"):
		return w, false // what cannot be read is no way
	case in:
		w.Signature = method
	case v.Get("SignatureMethod") != "":
		w.Signature = v.Get("SignatureMethod")
	case fields.Get("X-TC-Version")+fields.Get("X-TC-Action") != "":
		w.Signature = cloudapi.TC3Algorithm
	}
	if signed {
		w.Key = sandbox.CustomersKey
	}
	return w, true
}

// covers reports whether a request that goes one way is one that a fault is about.
func covers(f, w sandbox.Way) bool {
	return (f.Carrier == "" || f.Carrier == w.Carrier) && (f.Signature == "" || f.Signature == w.Signature) && (f.Key == "" || f.Key == w.Key)
}

// recording notes the ways of what is asked, and has the imitated API answer.
type recording struct {
	imitated
	mu   sync.Mutex
	ways []sandbox.Way
}

func (r *recording) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, request cloudapi.Request) probe.Exchange {
	if w, is := wayOf(request, t.Signed); is && t.Scheme == catalog.HTTPS {
		r.mu.Lock()
		if t.Product.APIStyle == catalog.StyleAlibabaRPC {
			w.Signature = "" // which is one method, but where another is what is asked about
		}
		if !slices.Contains(r.ways, w) {
			r.ways = append(r.ways, w)
		}
		r.mu.Unlock()
	}
	return r.imitated.Ask(ctx, t, a, named, request)
}

// Where a requirement is judged by calls of several ways, each of them has a fault of its own: one that breaks
// the requirement by that way, and leaves the others as they are.
func TestEachWayHasItsFault(t *testing.T) {
	c := embedded(t)
	faults := sandbox.Breaches(c)
	gates := gates()
	for _, s := range suites.All() {
		for id, ways := range waysOf(t, c, s) {
			ways = slices.DeleteFunc(ways, func(w sandbox.Way) bool {
				gate := gates[id] == w
				if gate {
					delete(gates, id)
				}
				return gate
			})
			for _, w := range ways {
				if len(ways) > 1 && !slices.ContainsFunc(faults, func(f sandbox.Fault) bool {
					alone := !slices.ContainsFunc(ways, func(other sandbox.Way) bool { return covers(f.Way, other) != (other == w) })
					return alone && slices.Contains(f.Products, s.Product) && (f.Requirement == id || strings.ToUpper(s.Product)+"-"+f.Requirement == id)
				}) {
					t.Errorf("%s: no fault breaks it by %s alone", id, w)
				}
			}
		}
	}
	for id, w := range gates {
		t.Errorf("%s asks nothing by %s", id, w)
	}
}

// gates are the ways by which a requirement asks only whether the customer's key is good, to judge
// what goes by others.
func gates() map[string]sandbox.Way {
	get := sandbox.Way{Carrier: sandbox.CarrierQuery, Key: sandbox.CustomersKey}
	return map[string]sandbox.Way{"ECS-PROTO-05": get, "KMS-PROTO-05": get, "KMS-CHARSET-06": get}
}

// beside is a prober of a sandbox that sends it what goes by the way of the fault of each endpoint, and nothing
// else: all other calls are answered by an imitated API without a fault, as the sandbox would answer them.
type beside struct {
	*probe.Prober
	cloud  *sandbox.Sandbox
	ways   map[string]sandbox.Way // by endpoint
	others map[string]imitated
}

// Probe tells that an endpoint replies, and what a probe would look at beyond that is not judged.
func (b *beside) Probe(_ context.Context, t probe.Target) probe.Observation {
	return probe.Observation{Addresses: []probe.AddressResult{{Address: b.cloud.Addresses(t.Endpoint.ID)[0], HTTP: &probe.HTTPFacts{}}}}
}

func (b *beside) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	if w, is := wayOf(r, t.Signed); is && covers(b.ways[t.Endpoint.ID], w) || !t.Product.APIStyle.IsAPI() {
		return b.Prober.Ask(ctx, t, a, named, r)
	}
	return b.others[t.Endpoint.ID].Ask(ctx, t, a, named, r)
}

// byWay puts each fault by a way on the products that it is for; damage to texts, of which there is much, on one of
// them, in turn.
func byWay(c *catalog.Catalog) []*trial {
	var all []*trial
	turn := map[sandbox.Way]int{}
	for _, f := range sandbox.Breaches(c) {
		if f.Way == (sandbox.Way{}) {
			continue
		}
		products := f.Products
		if strings.HasPrefix(f.Name, "text_") {
			products = []string{products[turn[f.Way]%len(products)]}
			turn[f.Way]++
		}
		for _, product := range products {
			one := f
			one.Products = []string{product}
			x := trials(c, []sandbox.Fault{one})[0]
			p, _ := c.Product(product)
			x.endpoint.Region = regionFor(p, f, len(all))
			x.endpoint.Host = fmt.Sprintf("%s.fault-%d.example.test", product, len(all))
			x.endpoint.ID = fmt.Sprintf("%s/%s/%s", product, x.endpoint.Region, x.endpoint.Network)
			all = append(all, x)
		}
	}
	return all
}

// Each fault by a way breaks what it is made for, at every product that it is for.
func TestFaultsByWay(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	for left := byWay(c); len(left) > 0; {
		var now []*trial
		now, left = different(left)
		judgeByWay(t, c, now)
		for _, x := range now {
			if v := x.verdicts[x.made()]; v.Outcome != report.Fail {
				t.Errorf("%s at %s is made to break %s, which came out as %s: %s", x.fault.Name, x.endpoint.ID, x.made(), v.Outcome, v.Message)
			}
		}
	}
}

// judgeByWay judges what the faults of trials in different places are made for.
func judgeByWay(t *testing.T, c *catalog.Catalog, trials []*trial) {
	t.Helper()
	own, faults := stage(c, trials)
	clock := clockFrom(afterNotice)
	cloud, err := sandbox.Start(sandbox.Config{Catalog: own, Faults: faults, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cloud.Close() }()
	keys := cloud.Credentials()
	by := &beside{cloud: cloud, ways: map[string]sandbox.Way{}, others: map[string]imitated{}}
	at := map[string]*trial{}
	for _, x := range trials {
		p, _ := own.Product(x.endpoint.Product)
		by.ways[x.endpoint.ID], at[x.endpoint.ID] = x.fault.Way, x
		by.others[x.endpoint.ID] = imitated{imitationOf(t, p, x.endpoint, &kit.Plan{Alibaba: keys.Alibaba, Tencent: keys.Tencent, Now: clock})}
	}
	made := func(s kit.Spec) attention {
		if s.Requirement.ID == at[s.Endpoint.ID].made() {
			return questions
		}
		return none
	}
	asks := func(p *probe.Prober) kit.Prober {
		by.Prober = p
		return by
	}
	for id, judged := range judgeCloud(t, cloud, keys, afterNotice, clock, unhurried, made, nil, asks) {
		at[id].verdicts = map[string]kit.Verdict{}
		for requirement, j := range judged {
			at[id].verdicts[requirement] = j.verdict
		}
	}
}

// writeWays writes how many faults break each requirement by each way.
func writeWays(b *bytes.Buffer, all []*trial) {
	fmt.Fprint(b, `
## By way

A hop may treat one kind of requests otherwise than all others. Each of these faults breaks its requirement by one way alone: by what
carries the parameters of a call (the query of a GET, a form, JSON), by the method that signs it, by whose key it names. The name of a
fault ends in its way, which `+"`prober sandbox --list-breaches --output json`"+` shows as "way". A test asks what each requirement asks, and demands a
fault for each way in which it does; another puts each on every product that it is for, but damage to texts, which
takes turns.

`)
	for _, s := range suites.All() {
		var ways []sandbox.Way
		names := map[string]map[sandbox.Way][]string{}
		for _, x := range all {
			if x.endpoint.Product != s.Product {
				continue
			}
			if !slices.Contains(ways, x.fault.Way) {
				ways = append(ways, x.fault.Way)
			}
			if names[x.made()] == nil {
				names[x.made()] = map[sandbox.Way][]string{}
			}
			names[x.made()][x.fault.Way] = append(names[x.made()][x.fault.Way], "`"+x.fault.Name+"`")
		}
		slices.SortFunc(ways, func(a, b sandbox.Way) int { return strings.Compare(a.String()+string(a.Key), b.String()+string(b.Key)) })
		fmt.Fprintf(b, "### %s\n\n| requirement | way | faults |\n|---|---|---|\n", strings.ToUpper(s.Product))
		for _, q := range s.Statements() {
			for _, w := range ways {
				found := names[q.ID][w]
				if len(found) > 3 {
					found = append(found[:2:2], fmt.Sprintf("and %d more that begin `text_`", len(found)-2))
				}
				if len(found) > 0 {
					fmt.Fprintf(b, "| %s | %s | %s |\n", q.ID, w.What(), strings.Join(found, ", "))
				}
			}
		}
		fmt.Fprintln(b)
	}
}

// damaging is an imitated API behind a hop that damages the texts of what goes by one way.
type damaging struct {
	imitated
	way     sandbox.Way
	damaged imitated
}

func (d damaging) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	if w, is := wayOf(r, t.Signed); is && covers(d.way, w) {
		return d.damaged.Ask(ctx, t, a, named, r)
	}
	return d.imitated.Ask(ctx, t, a, named, r)
}

// Texts that are damaged on their way break the requirement about them where a list chooses ACS3-HMAC-SHA256,
// too, whose signature holds a hash of all that was sent.
func TestDamageByACS3(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	for n, d := range imitation.Damages() {
		for i, carrier := range []sandbox.Carrier{sandbox.CarrierQuery, sandbox.CarrierForm} {
			id := []string{"ecs/default/public", "kms/cn-hangzhou/public"}[(n+i)%2]
			e, _ := c.Endpoint(id)
			p, _ := c.Product(e.Product)
			p.Signature = catalog.SignatureACS3
			v := judgedText(t, c, p, e, sandbox.Way{Carrier: carrier, Signature: cloudapi.ACS3Algorithm}, d.Of)
			if v.Outcome != report.Fail || !strings.Contains(v.Message, "another request than was sent") {
				t.Errorf("%s: %s in a %s: %s %s", id, d.What, carrier, v.Outcome, v.Message)
			}
			if n == 0 {
				if v := judgedText(t, c, p, e, sandbox.Way{}, nil); v.Outcome != report.Pass {
					t.Errorf("%s: without damage: %s %s", id, v.Outcome, v.Message)
				}
			}
		}
	}
}

// judgedText judges the requirement about texts of an endpoint whose texts a hop damages.
func judgedText(t *testing.T, c *catalog.Catalog, p catalog.Product, e catalog.Endpoint, w sandbox.Way, damage func(string) string) kit.Verdict {
	t.Helper()
	return judgedTexts(t, c, p, e, func(api *imitation.API) kit.Prober {
		return damaging{imitated{api}, w, imitated{api.Mangled(damage)}}
	})
}

// judgedTexts judges the requirement about texts of an endpoint that a prober asks.
func judgedTexts(t *testing.T, c *catalog.Catalog, p catalog.Product, e catalog.Endpoint, asks func(*imitation.API) kit.Prober) kit.Verdict {
	t.Helper()
	own := *c
	own.Products = []catalog.Product{p}
	plan := planFor(&own, e)
	plan.Retries = 1
	s := suites.All()[slices.IndexFunc(suites.All(), func(s kit.Suite) bool { return s.Product == p.ID })]
	specs, err := s.Specs(plan, plan.Endpoints)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(specs, func(s kit.Spec) bool { return strings.HasSuffix(s.Requirement.ID, "CHARSET-05") })
	plan.Look(specs[i : i+1])
	plan.Survey(t.Context(), asks(imitationOf(t, p, e, plan)), []probe.Target{{Endpoint: e, Product: p}}, 1)
	return specs[i].Judge(plan.Surveys.Of(t.Context(), e.ID))
}

// waysOf are the ways in which each MUST and SHOULD of a product asks, where those are several.
func waysOf(t *testing.T, c *catalog.Catalog, s kit.Suite) map[string][]sandbox.Way {
	t.Helper()
	p, _ := c.Product(s.Product)
	e, _ := c.Endpoint(map[string]string{"ecs": "ecs/default/public", "kms": "kms/cn-hangzhou/public", "gaap": "gaap/nearest/public"}[s.Product])
	all := map[string][]sandbox.Way{}
	for _, one := range allSpecs(t, c, e, s) {
		if one.Requirement.Level == report.Info || isHeavy(one) {
			continue
		}
		plan := planFor(c, e)
		specs, err := s.Specs(plan, plan.Endpoints)
		if err != nil {
			t.Fatal(err)
		}
		plan.Look(slices.DeleteFunc(specs, func(other kit.Spec) bool { return other.Requirement.ID != one.Requirement.ID }))
		r := &recording{imitated: imitated{imitationOf(t, p, e, plan)}}
		plan.Survey(t.Context(), r, []probe.Target{{Endpoint: e, Product: p}}, 1)
		_ = plan.Surveys.Of(t.Context(), e.ID)
		if len(r.ways) > 1 {
			all[one.Requirement.ID] = r.ways
		}
	}
	return all
}

func allSpecs(t *testing.T, c *catalog.Catalog, e catalog.Endpoint, s kit.Suite) []kit.Spec {
	t.Helper()
	plan := planFor(c, e)
	specs, err := s.Specs(plan, plan.Endpoints)
	if err != nil {
		t.Fatal(err)
	}
	return specs
}

// planFor is a plan of one endpoint, with keys.
func planFor(c *catalog.Catalog, e catalog.Endpoint) *kit.Plan {
	return &kit.Plan{
		Catalog: c, Endpoints: []catalog.Endpoint{e}, At: afterNotice, Surveys: &kit.Surveys{},
		Alibaba: cloudapi.AlibabaKey{ID: "LTAI00000000000000000000", Secret: "secret"},
		Tencent: cloudapi.TencentKey{ID: "AKID0000000000000000000000000000", Secret: "secret"}, KMSKeyID: sandbox.KMSKeyID,
	}
}

// imitationOf is the API of an endpoint that knows the keys of a plan.
func imitationOf(t *testing.T, p catalog.Product, e catalog.Endpoint, plan *kit.Plan) *imitation.API {
	t.Helper()
	api, err := imitation.New(imitation.Config{
		Product: p, Host: e.Host, Region: e.Region, Now: plan.Now,
		Keys: []imitation.Key{{ID: plan.Alibaba.ID, Secret: plan.Alibaba.Secret}, {ID: plan.Tencent.ID, Secret: plan.Tencent.Secret}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return api
}
