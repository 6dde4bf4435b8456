package probe

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/probe/dns"
	"prober/probe/reason"
)

// Reach is a control beyond the lookup: a host, by name or address, and a port of it that takes
// connections as long as this machine's network is in order. One connection is opened now and then
// to see whether it does; nothing is sent over it.
type Reach struct {
	Host string
	Port uint16
}

// String is HOST:PORT.
func (r Reach) String() string {
	if strings.Contains(r.Host, ":") {
		return "[" + r.Host + "]:" + strconv.Itoa(int(r.Port))
	}
	return r.Host + ":" + strconv.Itoa(int(r.Port))
}

// reach is what is known about the way to the controls, and to endpoints. The zero value is ready.
type reach struct {
	mu    sync.Mutex
	last  *attempt
	other time.Time // when an endpoint last said something
}

// attempt is one look at all controls.
type attempt struct {
	asked time.Time
	once  sync.Once
	well  bool   // one takes a connection
	said  string // what became of those on the way to which something fails, where none does; empty: nothing can be said
}

// heard notes that an endpoint said something.
func (r *reach) heard(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.other = at
}

// since reports whether an endpoint said something since t.
func (r *reach) since(t time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.other.After(t)
}

// attempt returns a look at the controls that was begun after since, for all who need one.
func (r *reach) attempt(since, now time.Time) *attempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil || r.last.asked.Before(since) {
		r.last = &attempt{asked: now}
	}
	return r.last
}

// vouch asks the controls beyond the lookup about a failure that a broken network causes. Where one
// takes a connection this machine's network is in order, up to the connection. Where none does, and
// no endpoint has said anything since the probe began, the failure says nothing about the endpoint.
func (p *Prober) vouch(ctx context.Context, o *Observation) {
	if len(p.cfg.Reaches) == 0 || o.Outcome != reason.Fail || !mayBeTheWay(o.Reason) || ctx.Err() != nil {
		return
	}
	a := p.reach.attempt(o.Started, p.cfg.Clock.Now())
	a.once.Do(func() { a.well, a.said = p.reachable(ctx) })
	switch {
	case ctx.Err() != nil:
	case a.well:
		o.Vouched = o.Reason.Phase() <= reason.Connect
	case a.said != "" && !p.reach.since(o.Started):
		o.Before = o.Reason
		o.Outcome, o.Reason, o.Detail = reason.Unknown, reason.ProberVantageOffline, o.Detail+"; no control takes a connection either ("+a.said+")"
		o.Findings = nil
		for i := range o.Addresses {
			r := &o.Addresses[i]
			r.Outcome, r.Reason, r.Findings = reason.Unknown, reason.ProberVantageOffline, nil
		}
	}
}

// mayBeTheWay reports whether a failure is one that the way to an endpoint causes as well.
func mayBeTheWay(r reason.Reason) bool { return r.Transient() || r == reason.ResolveRefused }

// reachable reports whether any control takes a connection, and else what became of those that tell
// anything: one whose name does not exist, or that may not be dialled, does not.
func (p *Prober) reachable(ctx context.Context) (well bool, said string) {
	ctx, stop := context.WithTimeout(ctx, p.cfg.Timeout)
	defer stop()
	found := make([]reason.Reason, len(p.cfg.Reaches))
	var all sync.WaitGroup
	for i, r := range p.cfg.Reaches {
		all.Go(func() { found[i] = p.tryReach(ctx, r) })
	}
	all.Wait()
	var failed []string
	for i, f := range found {
		switch {
		case f == reason.None:
			return true, ""
		case mayBeTheWay(f), f == reason.ProberResolverUnavailable:
			failed = append(failed, fmt.Sprintf("%s: %s", p.cfg.Reaches[i], f))
		}
	}
	return false, strings.Join(failed, ", ")
}

// tryReach says why no address of a control takes a connection; None where one does.
func (p *Prober) tryReach(ctx context.Context, r Reach) reason.Reason {
	addrs := []netip.Addr{}
	if a, err := netip.ParseAddr(r.Host); err == nil {
		addrs = append(addrs, a)
	} else {
		l := p.cfg.DNS(ctx, p.cfg.Resolvers, r.Host, dns.Options{Families: p.cfg.Families})
		if len(l.Addresses) == 0 {
			return l.Reason
		}
		addrs = bounded(l.Addresses, limit.ControlAddresses)
	}
	var last reason.Reason
	for _, a := range addrs {
		if why := p.cfg.Guard.Named(a, catalog.Public); why != reason.None {
			last = why
			continue
		}
		to := netip.AddrPortFrom(a, r.Port)
		conn, err := p.cfg.Dial(ctx, to)
		if err == nil {
			_ = conn.Close() // nothing was sent
			return reason.None
		}
		last = connectFinding(ctx, to, err, routeMissing).Reason
	}
	return last
}
