package blackbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// hops are the probes of one request to /probe: the first, and one for each redirect that was
// followed. The last one is where it ended, and holds the verdict.
type hops struct {
	all    []probe.Observation
	target probe.Target // of the first
	ended  probe.Target // of the last
}

func (h *hops) first() *probe.Observation { return &h.all[0] }
func (h *hops) last() *probe.Observation  { return &h.all[len(h.all)-1] }

// took is the time of all of them.
func (h *hops) took() (d time.Duration) {
	for i := range h.all {
		d += h.all[i].Duration.Duration()
	}
	return d
}

// redirects is how many redirects there were, followed or not: here, or by the endpoint's own check.
func (h *hops) redirects() int {
	n := len(h.all) - 1
	if a := spokesman(h.last()); a != nil && a.HTTP != nil {
		n += len(a.HTTP.Hops)
	}
	if redirecting(h.last()) != nil {
		n++
	}
	return n
}

// redirecting is the first address whose reply leads to another URL, where no address has a better
// one; nil where there is none.
func redirecting(o *probe.Observation) *probe.HTTPFacts {
	for _, a := range o.Addresses {
		if a.Reason == reason.VerifyRedirect && !view.Up(o.Outcome) && a.HTTP != nil && a.HTTP.Next != "" {
			return a.HTTP
		}
	}
	return nil
}

// follow probes t, and where [probe.Target.Only2xx] asks for it what its redirects lead to. Whoever can
// answer in an endpoint's place must not be able to send this prober's requests to addresses of their
// choice: a redirect is followed to hosts of the list, at their listed ports. One that leads elsewhere
// leaves the endpoint undecided.
func (a *asker) follow(ctx context.Context, t probe.Target) hops {
	h := hops{target: t}
	var jar http.CookieJar
	for {
		h.ended = t
		h.all = append(h.all, a.m.Look(ctx, t))
		o := h.last()
		redirect := redirecting(o)
		if redirect == nil || o.Outcome != reason.Fail || !t.Only2xx {
			return h
		}
		to, err := url.Parse(redirect.Next)
		switch {
		case err != nil, to.Scheme != "https" && to.Scheme != "http", to.Hostname() == "":
			return h // no client gets further
		case len(h.all) > limit.Redirects:
			o.Detail = fmt.Sprintf("%s, after %d redirects", o.Detail, limit.Redirects)
			return h
		}
		next, err := a.redirected(to)
		if err != nil {
			o.Outcome, o.Reason = reason.Unknown, reason.ProberRedirectRefused
			o.Detail += ": " + err.Error()
			return h
		}
		if jar == nil {
			jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
		}
		set := http.Response{Header: http.Header{"Set-Cookie": redirect.SetCookies}}
		jar.SetCookies(requestURL(&t), set.Cookies())
		next.Cookies = jar.Cookies(to)
		t = next
	}
}

// redirected aims at the URL of a redirect, if what it names is listed.
func (a *asker) redirected(to *url.URL) (probe.Target, error) {
	if to.User != nil {
		return probe.Target{}, errors.New("it names a user")
	}
	t, err := a.listedAt(catalog.Scheme(to.Scheme), to.Hostname(), to.Port(), "/")
	if err != nil {
		return probe.Target{}, err
	}
	if t, err = moduleHTTP.aim(t); err != nil {
		return probe.Target{}, err
	}
	t.Path = to.RequestURI()
	if to.Port() != "" {
		t.Authority = strings.ToLower(to.Host)
	}
	return t, nil
}

// requestURL is the URL that a GET of t asks for.
func requestURL(t *probe.Target) *url.URL {
	u := &url.URL{Scheme: string(t.Scheme), Host: t.Endpoint.Host, Path: "/"}
	if p, err := url.ParseRequestURI(t.Path); err == nil {
		u.Path = p.Path
	}
	return u
}
