package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
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
// to see whether it does, and whether it lasts for a moment; nothing is sent over it.
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
	lasts bool   // and does not end it at once
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
// takes a connection this machine's network is in order, up to the connection. Where none does, or
// each cuts its own off as the endpoint did, and no endpoint has said anything since the probe
// began, the failure says nothing about the endpoint.
func (p *Prober) vouch(ctx context.Context, o *Observation) {
	if len(p.cfg.Reaches) == 0 || o.Outcome != reason.Fail || !mayBeTheWay(o.Reason) || ctx.Err() != nil {
		return
	}
	a := p.reach.attempt(o.Started, p.cfg.Clock.Now())
	a.once.Do(func() { a.well, a.lasts, a.said = p.reachable(ctx) })
	connects := o.Reason.Phase() <= reason.Connect && o.Reason != reason.ConnectReset // a reset may come after the connection
	switch {
	case ctx.Err() != nil:
	case a.well && (a.lasts || !isCut(o)):
		o.Vouched, o.BeyondControl = connects, !connects
	case a.said != "" && !p.reach.since(o.Started):
		o.Before = o.Reason
		verdict := "no control takes a connection either"
		if a.well {
			verdict = "the controls end theirs at once too"
		}
		o.Outcome, o.Reason, o.Detail = reason.Unknown, reason.ProberVantageOffline, o.Detail+"; "+verdict+" ("+a.said+")"
		o.Findings = nil
		for i := range o.Addresses {
			r := &o.Addresses[i]
			r.Outcome, r.Reason, r.Findings = reason.Unknown, reason.ProberVantageOffline, nil
		}
	}
}

// isCut reports whether a connection was taken and cut off before anything came.
func isCut(o *Observation) bool {
	switch o.Reason {
	case reason.ConnectReset, reason.TLSReset, reason.TLSEOF, reason.RequestReset, reason.RequestEOF:
		return true
	case reason.HeadersReset, reason.HeadersEOF:
		return o.Scheme == catalog.HTTP
	}
	return false
}

// mayBeTheWay reports whether a failure is one that the way to an endpoint causes as well.
func mayBeTheWay(r reason.Reason) bool { return r.Transient() || r == reason.ResolveRefused }

// reachable reports whether any control takes a connection, and whether one keeps it for a moment, and
// else what became of those that tell anything: one whose name does not exist, or that may not be
// dialled, does not.
func (p *Prober) reachable(ctx context.Context) (well, lasts bool, said string) {
	found := make([]tried, len(p.cfg.Reaches))
	var all sync.WaitGroup
	for i, r := range p.cfg.Reaches {
		all.Go(func() { found[i] = p.tryReach(ctx, r) })
	}
	all.Wait()
	var failed []string
	for i, f := range found {
		switch {
		case f.why == reason.None && f.ended == reason.None:
			return true, true, ""
		case f.why == reason.None:
			well = true
			failed = append(failed, fmt.Sprintf("%s: %s", p.cfg.Reaches[i], f.ended))
		case mayBeTheWay(f.why), f.why == reason.ProberResolverUnavailable:
			failed = append(failed, fmt.Sprintf("%s: %s", p.cfg.Reaches[i], f.why))
		}
	}
	return well, false, strings.Join(failed, ", ")
}

// tried is what became of one control.
type tried struct {
	why   reason.Reason // no address takes a connection; None: one does
	ended reason.Reason // how that connection was ended at once; None: it was not
}

// tryReach tries the addresses of a control until one takes a connection. The time for that begins
// when they are known: what a lookup waits for is no silence of the control.
func (p *Prober) tryReach(ctx context.Context, r Reach) tried {
	addrs := []netip.Addr{}
	if a, err := netip.ParseAddr(r.Host); err == nil {
		addrs = append(addrs, a)
	} else {
		l := p.cfg.DNS(ctx, p.cfg.Resolvers, r.Host, dns.Options{Families: p.cfg.Families})
		if len(l.Addresses) == 0 {
			return tried{why: l.Reason}
		}
		if _, made := p.invented(ctx, p.cfg.Clock.Now(), l); made { // whoever is there answers for all names
			return tried{why: reason.ProberResolverUnavailable}
		}
		addrs = bounded(l.Addresses, limit.ControlAddresses)
	}
	ctx, stop := context.WithTimeout(ctx, p.cfg.Timeout)
	defer stop()
	var last tried
	for _, a := range addrs {
		if why := p.cfg.Guard.Named(a, catalog.Public); why != reason.None {
			last.why = why
			continue
		}
		to := netip.AddrPortFrom(a, r.Port)
		conn, err := p.cfg.Dial(ctx, to)
		if err == nil {
			return tried{ended: endsAtOnce(conn)}
		}
		last.why = connectFinding(ctx, to, err, routeMissing).Reason
	}
	return last
}

// endsAtOnce says how the other side ends a connection over which nothing was sent, within a moment;
// None where it does not. It closes the connection.
func endsAtOnce(conn net.Conn) reason.Reason {
	defer func() { _ = conn.Close() }()
	_ = conn.SetReadDeadline(time.Now().Add(limit.ControlMoment)) // it fails where the other side is gone, which reading shows
	switch _, err := conn.Read(make([]byte, 1)); {
	case err == nil, errors.Is(err, os.ErrDeadlineExceeded):
		return reason.None
	case errors.Is(err, io.EOF):
		return reason.TLSEOF
	}
	return reason.ConnectReset
}
