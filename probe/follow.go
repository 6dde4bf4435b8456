package probe

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"golang.org/x/net/publicsuffix"

	"prober/catalog"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// hop is where a probe that follows redirects is at.
type hop struct {
	target  Target
	result  *AddressResult // of this hop alone
	request sent
	conversation
}

// follow goes where the redirects of an endpoint lead, as far as its list allows, and judges the last reply.
// Each hop is a connection of its own, under the same guard, pace and limits as the first; its times count for
// those of the endpoint. The facts of TLS stay those of the endpoint itself.
//
// Whoever can answer in an endpoint's place can send this prober anywhere. What the list says of the request
// goes to the endpoint's own scheme, host and port alone, and no longer once a redirect has led away from
// there.
func (p *Prober) follow(ctx context.Context, t Target, r *AddressResult, request sent, c conversation) verdict {
	at := hop{t, &AddressResult{Address: r.Address, Phases: r.Phases, TLS: r.TLS}, request, c}
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
	home := true
	var hops []Hop
	var defects verdict // of handshakes and replies on the way
	for {
		v := p.concluded(at.target, at.result, at.request, at.conversation)
		next, wrong, more := p.leadsOn(t, at, len(hops))
		if !wrong.OK() {
			v = verdict{Finding: wrong}.and(at.verdict)
		}
		if !more {
			if r.HTTP = at.result.HTTP; r.HTTP == nil { // nothing came from where the last redirect led
				r.HTTP = &HTTPFacts{Length: -1}
			}
			r.HTTP.Hops = hops
			return p.seenAt(at, hops, v).and(defects)
		}
		home = home && sameOrigin(t, next)
		if home { // which its client certificate is for
			next.Own = t.Own
		}
		var ok bool
		if next.Check, ok = at.target.Check.behind(at.reply.Status, home); !ok {
			r.HTTP = at.result.HTTP
			r.HTTP.Hops = hops
			return p.seenAt(at, hops, only(reason.ProberRedirectRefused, fmt.Sprintf("status %d%s: the body of the request is not sent to another host",
				r.HTTP.Status, p.whither(t, at.reply)))).and(defects)
		}
		if next.Endpoint.Host == t.Endpoint.Host {
			next.Address = r.Address
		}
		facts := at.result.HTTP
		jar.SetCookies(at.request.http.URL, (&http.Response{Header: http.Header{"Set-Cookie": facts.SetCookies}}).Cookies())
		if u, err := url.Parse(facts.Next); err == nil {
			next.Cookies = jar.Cookies(u)
		}
		defects = defects.and(p.seenAt(at, hops, at.verdict.and(readable(at.reply))))
		hops = append(hops, Hop{
			URL: p.quoteOf(t, at.request.http.URL.String()), Address: at.result.Address, Status: at.reply.Status, To: p.quoteOf(t, facts.Next),
			Duration: reason.Seconds(at.result.Phases.sum()),
		})
		at = p.hop(ctx, next, r)
	}
}

// leadsOn aims at the URL to which the reply of a hop leads. more is false where it is the last one; wrong
// says why, where it should not be.
func (p *Prober) leadsOn(t Target, at hop, followed int) (next Target, wrong reason.Finding, more bool) {
	if at.reply == nil || !isRedirect(at.reply.Status) || at.result.HTTP == nil || readable(at.reply).Reason.Outcome().Worse(reason.Degraded) {
		return next, wrong, false
	}
	said := fmt.Sprintf("status %d%s", at.reply.Status, p.whither(t, at.reply))
	to, err := catalog.ParseURL(at.result.HTTP.Next)
	switch {
	case differ(at.reply.Header.Values("Location")): // a network error by the Fetch Standard
		return next, reason.VerifyRedirect.Found(fmt.Sprintf("status %d with several Locations that differ, of which browsers follow none", at.reply.Status)), false
	case at.result.HTTP.Next == "":
		return next, reason.VerifyRedirect.Found(said), false
	case err != nil:
		return next, reason.VerifyRedirect.Found(said + ", which cannot be followed"), false
	case followed == t.Check.follow:
		return next, reason.VerifyRedirect.Found(fmt.Sprintf("%s; expected are %s at most", said, counted(followed, "redirect"))), false
	}
	return targetBehind(at.target, to), wrong, true
}

// differ reports whether there are several values and not all are the same.
func differ(values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return v != values[0] })
}

// hop sends the request of a hop and reads the reply. What came before there could be one is its verdict.
func (p *Prober) hop(ctx context.Context, t Target, r *AddressResult) hop {
	at := hop{target: t, result: &AddressResult{}}
	addr, f, took := p.addressOf(ctx, t, r.Address)
	at.result.Phases.Resolve, at.result.Address = took, addr
	switch request, err := p.request(t); {
	case !f.OK():
		at.conversation = conversation{verdict: verdict{Finding: f}}
	case err != nil:
		at.conversation = conversation{verdict: only(reason.ProberInternal, err.Error())}
	default:
		at.request = request
		at.conversation = p.converse(ctx, t, at.result, request.http, exchange.Options{Limits: limits(t)})
	}
	r.own += at.own
	r.Phases.add(at.result.Phases)
	return at
}

// addressOf finds where a hop leads: to the address that was probed where its host is the endpoint's, else to
// one that the guard lets through, of the same family if there is one.
func (p *Prober) addressOf(ctx context.Context, t Target, probed netip.Addr) (netip.Addr, reason.Finding, time.Duration) {
	if t.Address.IsValid() {
		return t.Address, reason.Finding{}, 0
	}
	addrs, named := givenAddress(t)
	var took time.Duration
	if !named {
		l := p.lookup(ctx, t)
		took = l.Duration.Duration()
		if addrs = l.Addresses; len(addrs) == 0 {
			return netip.Addr{}, cmp.Or(l.Reason, reason.ProberInternal).Found(l.Detail), took
		}
	}
	addrs = slices.SortedStableFunc(slices.Values(addrs), func(a, b netip.Addr) int {
		rank := func(a netip.Addr) int {
			if a.Unmap().Is4() == probed.Unmap().Is4() {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	for _, a := range addrs {
		if _, admitted := p.admit(t, a, false); admitted {
			return a, reason.Finding{}, took
		}
	}
	return netip.Addr{}, reason.ProberRedirectRefused.Found(fmt.Sprintf("%s leads to %s, which this prober does not dial", t.Endpoint.Host, addrs[0])), took
}

// targetBehind aims at the URL that a redirect of t leads to.
func targetBehind(t Target, to catalog.URL) Target {
	next := Target{
		Endpoint: catalog.Endpoint{ID: t.Endpoint.ID, Product: t.Endpoint.Product, Region: t.Endpoint.Region, Network: t.Endpoint.Network, Host: to.Host},
		Product:  catalog.Product{ID: t.Product.ID, Provider: t.Product.Provider, APIStyle: catalog.StyleNone},
		Scheme:   to.Scheme, Path: to.Target, Authority: to.Authority,
	}
	switch _, authority := plainTarget(t); {
	case to.Port != 0:
		next.Endpoint.Ports = &catalog.Ports{HTTPS: to.Port, HTTP: to.Port}
	case to.Authority == authority: // whose ports say where to dial, whatever its name
		next.Endpoint.Ports = t.Endpoint.Ports
	}
	return next
}

// sameOrigin reports whether two targets have one scheme, host and port.
func sameOrigin(a, b Target) bool {
	return a.Scheme == b.Scheme && a.Endpoint.Host == b.Endpoint.Host && a.Endpoint.Port(a.Scheme) == b.Endpoint.Port(b.Scheme)
}

// seenAt says of findings at which hop they were made, and shows them there. A cookie that a server set on the
// way is not shown, so that a request which needs one has no command.
func (p *Prober) seenAt(at hop, hops []Hop, v verdict) verdict {
	if len(hops) == 0 {
		return v
	}
	settle := func(f reason.Finding) reason.Finding {
		if f.OK() {
			return f
		}
		if len(at.target.Cookies) == 0 && at.result.Address.IsValid() {
			f.Reproduce = p.reproduce(at.target, at.result, f)
		}
		f.Detail = reason.None.Found(fmt.Sprintf("behind %s, at %s: %s", counted(len(hops), "redirect"), hops[len(hops)-1].To, f.Detail)).Detail
		return f
	}
	out := verdict{Finding: settle(v.Finding)}
	for _, f := range v.also {
		out.also = append(out.also, settle(f))
	}
	return out
}

func counted(n int, what string) string {
	if n == 1 {
		return "a " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// add counts the times of a hop.
func (p *Phases) add(hop Phases) {
	p.Resolve += hop.Resolve
	p.Connect += hop.Connect
	p.TLS += hop.TLS
	p.Request += hop.Request
	p.Headers += hop.Headers
	p.Body += hop.Body
}
