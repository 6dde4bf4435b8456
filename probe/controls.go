package probe

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"prober/limit"
	"prober/probe/dns"
	"prober/probe/reason"
)

// control is a control question that was answered, or not: one that concerns nobody but the
// resolver, to tell a resolver or a network that is broken from a name that is.
type control struct {
	dns.Answer
	zone   string // that the name is of
	madeUp bool   // the name does not exist
	named  bool   // the user has named it
	listed bool   // a host of the list
	sure   bool   // it has an address, wherever the world is in reach
	good   bool   // it was answered well when it was last looked up
}

// String says what was asked and what came of it: "com SOA: NXDOMAIN".
func (c control) String() string {
	said := c.RCode
	switch {
	case len(c.Addresses) > 0:
		said = c.Addresses[0].String()
	case said == "" || c.Reason.Phase() == reason.Prober:
		said = c.Reason.Doc().Word
	}
	return fmt.Sprintf("%s %s: %s", c.Name, c.Type, said)
}

// controls are the answers of resolvers to control questions, each asked once in a while.
// They are safe for concurrent use; the zero value is ready.
type controls struct {
	mu     sync.Mutex
	listed listed
	kept   map[controlKey]*controlEntry
}

type controlKey struct {
	resolver netip.AddrPort
	zone     string // "" for the questions that are the same for all zones
}

// controlEntry is one round of control questions, for all who wait for it. It goes on until it is
// done or nobody waits any more: that one probe is cut short takes the answers from no other.
type controlEntry struct {
	asked   time.Time
	ask     sync.Once
	stop    context.CancelFunc // set by who asks
	waiting int                // the lock is that of the controls
	done    chan struct{}
	found   []control // once done: what was answered by then
}

// Among tells which hosts are probed beside each other. A few of them, of different zones, are
// control names for the others.
func (p *Prober) Among(hosts []string) {
	p.controls.mu.Lock()
	defer p.controls.mu.Unlock()
	p.controls.listed = listedOf(hosts, p.controls.listed)
}

// resolve looks a host up. What a resolver says that cannot tell anything about control names
// either does not count: the next one is asked instead, and when there is none the outcome is
// Unknown.
func (p *Prober) resolve(ctx context.Context, resolvers []netip.AddrPort, host string, opt dns.Options) *dns.Lookup {
	since := p.cfg.Clock.Now()
	defer p.askBesides(ctx, since, resolvers, host)()
	l := p.cfg.DNS(ctx, resolvers, host, opt)
	if len(resolvers) == 0 && len(l.Addresses) == 0 && p.cfg.NoResolvers != nil {
		l.Detail += ": " + p.cfg.NoResolvers.Error()
	}
	if len(l.Addresses) > 0 {
		p.controls.note(host, l.Addresses)
		return p.half(ctx, since, host, opt, l)
	}
	why, resolver := l.Reason, l.Resolver
	if l.Doubt != nil {
		why, resolver = l.Doubt.Reason, l.Doubt.Resolver
	}
	if p.cfg.Ask == nil || !doubtful(l, why) || !resolver.IsValid() {
		return l
	}
	if ctx.Err() != nil {
		return cutShort(l)
	}
	var heard [2][]control
	if l.Reason == reason.ResolveTimeout { // its silence may have ended by the time that controls are asked
		var again *dns.Lookup
		var silence sync.WaitGroup // one wait for all
		silence.Go(func() {
			ctx, stop := context.WithTimeout(ctx, p.cfg.Timeout/limit.AgainShare)
			defer stop()
			again = p.cfg.DNS(ctx, []netip.AddrPort{resolver}, host, opt)
		})
		silence.Go(func() { heard[0] = p.askControls(ctx, since, resolver, "") })
		silence.Go(func() { heard[1] = p.askControls(ctx, since, resolver, ZoneOf(host)) })
		if silence.Wait(); len(again.Addresses) > 0 {
			p.controls.note(host, again.Addresses)
			return l.Then(again)
		}
	}
	var asked []control
	var tells bool
	ask := func(at time.Time, zone string, before []control) []control {
		if ctx.Err() != nil { // no more than was answered in time
			return before
		}
		return p.askControls(ctx, at, resolver, zone)
	}
	for _, at := range []time.Time{since.Add(-limit.ControlsFresh), since} { // what was well before the lookup does not show that the resolver is
		asked = ask(at, "", heard[0])
		if tells = (evidence{host, why, asked}).tells(); !tells {
			asked = append(slices.Clip(asked), ask(at, ZoneOf(host), heard[1])...)
			tells = evidence{host, why, asked}.tells()
		}
		if !tells {
			break
		}
	}
	if tells {
		p.controls.note(host, nil)
	}
	switch {
	case !tells && (len(asked) == 0 || ctx.Err() != nil):
		return cutShort(l)
	case tells && l.Doubt != nil: // it knows other names, though not the root
		l.Outcome, l.Reason, l.Detail, l.Resolver = why.Outcome(), why, l.Doubt.Detail, resolver
		if why.Blame() != reason.Target {
			l.Outcome = reason.Unknown
		}
		return l
	case tells || l.Doubt != nil:
		return l
	}
	l.Outcome, l.Reason, l.Detail = reason.Unknown, reason.ProberResolverUnavailable, l.Detail+"; "+evidence{host, why, asked}.unable()
	l.Queries = append(slices.Clip(l.Queries), asked[0].Answer)
	rest := slices.DeleteFunc(slices.Clone(resolvers), func(r netip.AddrPort) bool { return r == l.Resolver })
	if len(rest) == 0 || len(rest) == len(resolvers) {
		return l
	}
	return l.Then(p.resolve(ctx, rest, host, opt))
}

// askBesides asks the control questions while the lookup of a host waits for a second resolver, since the first
// was silent: one after the other they would take a timeout more. It returns what ends that.
func (p *Prober) askBesides(ctx context.Context, since time.Time, resolvers []netip.AddrPort, host string) (end func()) {
	if p.cfg.Ask == nil || len(resolvers) < 2 {
		return func() {}
	}
	ctx, stop := context.WithCancel(ctx)
	timer := time.AfterFunc(p.cfg.Timeout, func() {
		var asking sync.WaitGroup
		for _, r := range resolvers {
			for _, zone := range []string{"", ZoneOf(host)} {
				asking.Go(func() { p.askControls(ctx, since, r, zone) })
			}
		}
		asking.Wait()
	})
	return func() {
		timer.Stop()
		stop()
	}
}

// cutShort takes back the failure of a lookup that nothing could be compared with.
func cutShort(l *dns.Lookup) *dns.Lookup {
	l.Outcome, l.Reason = reason.Unknown, reason.ProberCanceled
	l.Detail += "; the probe was cut short before control questions showed whether the resolver is in order"
	return l
}

// doubtful reports whether a lookup failed in a way in which a resolver fails for all names.
func doubtful(l *dns.Lookup, why reason.Reason) bool {
	return len(l.Addresses) == 0 && why.Phase() == reason.Resolve
}

// invented reports whether the addresses of a lookup are what its resolver gives for names of
// other zones that do not exist as well, and says so.
func (p *Prober) invented(ctx context.Context, since time.Time, l *dns.Lookup) (string, bool) {
	if p.cfg.Ask == nil || l == nil || !l.Resolver.IsValid() || ctx.Err() != nil {
		return "", false
	}
	var made []control // up, and yet with addresses
	for _, c := range p.askControls(ctx, since.Add(-limit.ControlsFresh), l.Resolver, "") {
		if !c.madeUp || c.zone == ZoneOf(l.Host) || len(c.Addresses) == 0 {
			continue
		}
		for _, a := range c.Addresses {
			if slices.Contains(l.Addresses, a) {
				return fmt.Sprintf("%s gives %s for %s as for %s, which does not exist, so that nothing shows where the endpoint is", l.Resolver, a, l.Host, c.Name), true
			}
		}
		if made = append(made, c); len(made) > 1 && !slices.Equal(made[0].Addresses, c.Addresses) { // one address for what does not exist may be a page of searches
			return fmt.Sprintf("%s makes up addresses: it gives %s for %s and %s for %s, neither of which exists, so that nothing shows where the endpoint is",
				l.Resolver, made[0].Addresses[0], made[0].Name, c.Addresses[0], c.Name), true
		}
	}
	return "", false
}

// undecide takes back the verdict on an endpoint whose name leads where made-up names lead. Where no
// host can be the reason stays: that shows by itself that the answer is wrong.
func (p *Prober) undecide(ctx context.Context, o *Observation) {
	nowhere := func(r AddressResult) bool { return isNoHost(r.Address) }
	if o.Outcome != reason.Fail || o.DNS == nil {
		return
	}
	why := reason.ProberResolverUnavailable
	if slices.ContainsFunc(o.Addresses, nowhere) {
		why = reason.ResolveBogon
	}
	if detail, ok := p.invented(ctx, o.Started, o.DNS); ok {
		o.Outcome, o.Reason, o.Detail = reason.Unknown, why, detail
		o.Addresses, o.Findings = []AddressResult{}, nil
		o.DNS.Outcome, o.DNS.Reason, o.DNS.Detail = o.Outcome, o.Reason, o.Detail
		o.Reproduce = p.dig(o.DNS.Resolver, o.DNS.Host, typeOf(o.DNS.Addresses[0]))
	}
}

// askControls returns the answers of a resolver to the control questions about a zone, or to
// those that are the same for all zones. They are asked at once, unless they were since a given time.
func (p *Prober) askControls(ctx context.Context, since time.Time, resolver netip.AddrPort, zone string) []control {
	e := p.controls.entry(controlKey{resolver, zone}, since, p.cfg.Clock.Now())
	if e == nil {
		return nil
	}
	e.ask.Do(func() {
		ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
		p.controls.stopping(e, stop)
		go func() {
			defer close(e.done)
			defer stop()
			e.found = p.questions(zone)
			p.askAll(ctx, resolver, e.found)
		}()
	})
	select {
	case <-e.done:
	case <-ctx.Done():
	}
	if p.controls.leave(controlKey{resolver, zone}, e) {
		<-e.done
	}
	select {
	case <-e.done:
		return e.found
	default:
		return nil
	}
}

// askAll asks control questions, all at once. Hosts of the list may be what is out of order: once the
// others are answered, they have a part of the timeout left.
func (p *Prober) askAll(ctx context.Context, resolver netip.AddrPort, all []control) {
	patient, stop := context.WithCancel(ctx)
	defer stop()
	var listed, others sync.WaitGroup
	for i := range all {
		c := &all[i]
		wait, until := &others, ctx
		if c.listed {
			wait, until = &listed, patient
		}
		wait.Go(func() { c.Answer = p.cfg.Ask(until, resolver, c.Name, c.Type) })
	}
	others.Wait()
	defer time.AfterFunc(p.cfg.Timeout/limit.AgainShare, stop).Stop()
	listed.Wait()
}

// questions are the control questions about a zone, or for "" those for all zones.
func (p *Prober) questions(zone string) []control {
	kind := dns.A
	if p.cfg.Families == dns.OnlyIPv6 {
		kind = dns.AAAA
	}
	exists := func(name string, t dns.Type) control {
		return control{Answer: dns.Answer{Name: name, Type: t}, zone: ZoneOf(name)}
	}
	madeUp := func(zone string) control {
		return control{Answer: dns.Answer{Name: madeUpName(zone, p.cfg.Random), Type: kind}, zone: zone, madeUp: true}
	}
	if zone != "" {
		return []control{exists(zone, dns.SOA), madeUp(zone)}
	}
	sure := func(name string) control {
		c := exists(name, kind)
		c.sure = true
		return c
	}
	all := []control{sure(here), exists(topmost, dns.SOA), madeUp(here), madeUp(there), sure(there)}
	p.controls.mu.Lock()
	listed := slices.Clone(p.controls.listed)
	p.controls.mu.Unlock()
	for _, z := range listed {
		for _, name := range z.names() {
			c := exists(name.host, kind)
			if name.only6 {
				c.Type = dns.AAAA
			}
			c.listed, c.good = true, name.good
			all = append(all, c)
		}
		all = append(all, madeUp(z.zone))
	}
	for _, name := range p.cfg.Controls {
		c := exists(name, kind)
		c.named = true
		all = append(all, c)
		if !slices.ContainsFunc(all, func(o control) bool { return o.madeUp && o.zone == c.zone }) {
			all = append(all, madeUp(c.zone))
		}
	}
	return all
}

// entry returns what is kept under a key, new if that was asked before since, or nil when there
// is no room.
func (c *controls) entry(key controlKey, since, now time.Time) *controlEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := func(e *controlEntry) bool { return now.Sub(e.asked) > limit.ControlsKept }
	if e, ok := c.kept[key]; ok && !e.asked.Before(since) {
		e.waiting++
		return e
	}
	for k, e := range c.kept {
		if old(e) {
			delete(c.kept, k)
		}
	}
	if _, again := c.kept[key]; !again && len(c.kept) >= limit.ControlEntries {
		return nil
	}
	if c.kept == nil {
		c.kept = map[controlKey]*controlEntry{}
	}
	e := &controlEntry{asked: now, waiting: 1, done: make(chan struct{})}
	c.kept[key] = e
	return e
}

func (c *controls) stopping(e *controlEntry, stop context.CancelFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.stop = stop
}

// leave is for those who wait no more. The last of them ends what is not done, which it reports.
func (c *controls) leave(key controlKey, e *controlEntry) (ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-e.done:
		return false
	default:
	}
	if e.waiting--; e.waiting > 0 {
		return false
	}
	e.stop()
	if c.kept[key] == e {
		delete(c.kept, key)
	}
	return true
}

// Zones of IANA's own (RFC 2606), in which names are made up. They have addresses of both families
// themselves, so that they show whether a resolver answers for addresses at all.
const here, there = "example.com", "example.net"

// topmost is a zone that every resolver with a way to the world finds.
const topmost = "com"

// elsewhere is one of them that a name is not of.
func elsewhere(name string) string {
	if ZoneOf(name) == here {
		return there
	}
	return here
}

// unable says that a resolver cannot tell anything, and what shows it.
func unable(asked []control) string {
	const shown = 3
	var some []string
	for _, c := range asked[:min(shown, len(asked))] {
		some = append(some, c.String())
	}
	if more := len(asked) - len(some); more > 0 {
		some = append(some, fmt.Sprintf("and %d more", more))
	}
	return "no control question shows that this resolver can tell one name from another (" + strings.Join(some, ", ") + ")"
}

// ZoneOf is the part of a name that somebody registered: its public suffix and one label. A
// name without such a part stands for itself.
func ZoneOf(name string) string {
	if zone, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		return zone
	}
	return name
}

// madeUpName is a name of a zone that does not exist, and shows who asks.
func madeUpName(zone string, random io.Reader) string {
	var b [6]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		clear(b[:]) // as good as any, only easier to guess
	}
	return "prober-" + hex.EncodeToString(b[:]) + "." + zone
}
