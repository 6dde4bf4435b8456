package probe

import (
	"context"
	"errors"
	"net/http"
	"net/netip"

	"prober/cloudapi"
	"prober/limit"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// Exchange is what one question of the caller's own brought from one address: what was
// sent and what came back, with no opinion on whether it should have.
type Exchange struct {
	Address netip.Addr
	// Outcome is OK when a whole reply was read, whatever it says; Degraded when its framing
	// or text is defective; Fail and Unknown when none was.
	Outcome reason.Outcome
	Reason  reason.Reason
	Detail  string
	// Findings are all that is wrong, the one that decides first, without commands.
	Findings []reason.Finding
	Phases   Phases

	// Evidence is what went over the wire, without keys and signatures: the first 4 KiB of
	// each way. Nothing was sent where no connection came about.
	exchange.Evidence

	Status int
	Header http.Header
	Body   []byte // decoded; at most what package exchange reads
	// API is what the reply says, nil where the body is no reply of the family; APIProblem
	// says why. Misshapen: it is one for all that, not of the documented shape or not to be parsed.
	API        *cloudapi.Reply
	APIProblem string
	Misshapen  bool
	Class      cloudapi.Class
	// Text are the findings about charset and UTF-8.
	Text []reason.Finding
}

// Ask sends one request of the caller's to one address of t's endpoint, over t's scheme,
// under the same guard, pace, limits and certificate checks as a probe. named tells that
// the user gave the address; otherwise DNS did.
func (p *Prober) Ask(ctx context.Context, t Target, addr netip.Addr, named bool, request cloudapi.Request) Exchange {
	p, t = p.as(t)
	r := AddressResult{Address: addr}
	x := Exchange{Address: addr}
	f, admitted := p.admit(t, addr, named)
	v := verdict{Finding: f}
	if admitted {
		watch := p.pulse.begin()
		v = p.ask(ctx, t, &r, &x, request)
		if stalled := p.pulse.end(watch, p.cfg.Timeout, timed(v.Reason)); stalled != "" && timed(v.Reason) {
			v = only(reason.ProberStalled, stalled+"; it then found: "+v.text())
		}
	}
	x.Phases = r.Phases
	x.Phases.Total = r.Phases.sum()
	x.Outcome, x.Reason, x.Detail = outcome(v.Finding, r.Phases), v.Reason, p.line(t, v)
	for _, f := range v.all() {
		if !f.OK() {
			x.Findings = append(x.Findings, f.Reason.Found(p.redact(f.Detail)))
		}
	}
	return x
}

func (p *Prober) ask(ctx context.Context, t Target, r *AddressResult, x *Exchange, request cloudapi.Request) verdict {
	s, err := p.sending(t, request, request.Target(), "")
	if err != nil {
		return only(reason.ProberInternal, err.Error())
	}
	c := p.converse(ctx, t, r, s.http, exchange.Options{Limits: limitsOfQuestion(t), Keep: limit.EvidenceBytes})
	if c.reply == nil {
		return c.verdict
	}
	x.Evidence = c.reply.Evidence(p.secrets)
	return c.verdict.and(p.describe(t, x, c.reply))
}

// describe writes a reply into x and returns what is wrong with its framing.
func (p *Prober) describe(t Target, x *Exchange, reply *exchange.Reply) verdict {
	x.Status, x.Header, x.Body = reply.Status, reply.Header, reply.Body
	v := worst(reply.Findings...)
	style := t.Product.APIStyle
	if !style.IsAPI() || v.Reason.Outcome().Worse(reason.Degraded) {
		return v
	}
	x.Text = exchange.JudgeText(reply.Header, reply.Body)
	api, err := cloudapi.Read(style, reply.Header.Get("Content-Type"), reply.Body)
	switch {
	case errors.Is(err, cloudapi.ErrLimit): // which may be a reply of the family
		return v.and(verdict{Finding: p.unread(reply, err)})
	case err != nil:
		x.APIProblem, x.Misshapen = p.quote(err.Error()), !errors.Is(err, cloudapi.ErrNotAPI)
		return v
	}
	x.API, x.Class = &api, cloudapi.ClassOf(style, reply.Status, api.Code)
	return v
}
