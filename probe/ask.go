package probe

import (
	"context"
	"net/http"
	"net/netip"

	"prober/cloudapi"
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

	// Sent and Received are the request and the reply as text, without keys and signatures,
	// at most 4 KiB each.
	Sent, Received string

	Status int
	Header http.Header
	Body   []byte // decoded; at most what package exchange reads
	// API is what the reply says, nil where the body is no reply of the family; APIProblem
	// says why.
	API        *cloudapi.Reply
	APIProblem string
	Class      cloudapi.Class
	// Text are the findings about charset and UTF-8.
	Text []reason.Finding
}

// Ask sends one request of the caller's to one address of t's endpoint, over t's scheme,
// under the same guard, pace, limits and certificate checks as a probe. named tells that
// the user gave the address; otherwise DNS did.
func (p *Prober) Ask(ctx context.Context, t Target, addr netip.Addr, named bool, request cloudapi.Request) Exchange {
	r := AddressResult{Address: addr}
	x := Exchange{Address: addr, Sent: p.transcript(requestText(request))}
	f, admitted := p.admit(t, addr, named)
	v := verdict{Finding: f}
	if admitted {
		v = p.ask(ctx, t, &r, &x, request)
	}
	x.Phases = r.Phases
	x.Phases.Total = r.Phases.sum()
	x.Outcome, x.Reason, x.Detail = outcome(v.Finding, r.Phases), v.Reason, p.redact(v.text())
	for _, f := range append([]reason.Finding{v.Finding}, v.also...) {
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
	c := p.converse(ctx, t, r, s.http)
	if c.reply == nil {
		return c.verdict
	}
	return c.verdict.and(p.describe(t, x, c.reply))
}

// describe writes a reply into x and returns what is wrong with its framing.
func (p *Prober) describe(t Target, x *Exchange, reply *exchange.Reply) verdict {
	x.Status, x.Header, x.Body = reply.Status, reply.Header, reply.Body
	x.Received = p.transcript(string(reply.Head) + string(reply.Body))
	v := worst(reply.Findings...)
	fam, isAPI := family(t.Product.APIStyle)
	if !isAPI || v.Reason.Outcome().Worse(reason.Degraded) {
		return v
	}
	x.Text = exchange.JudgeText(reply.Header, reply.Body)
	api, err := readAPI(fam, reply)
	if err != nil {
		x.APIProblem = p.redact(err.Error())
		return v
	}
	x.API, x.Class = &api, cloudapi.ClassOf(fam, reply.Status, api.Code)
	return v
}

// maxTranscript bounds the text kept of each side of an exchange.
const maxTranscript = 4096

// transcript redacts text and cuts it to a readable size. The cut comes last, so that it
// never splits a key before it could be recognised.
func (p *Prober) transcript(s string) string {
	const window = 64 << 10
	if len(s) > window {
		s = s[:window]
	}
	s = p.redact(s)
	if len(s) > maxTranscript {
		s = s[:maxTranscript] + "\n[cut]"
	}
	return s
}

// requestText is a request as it goes over the wire, without the fields that net/http adds.
func requestText(r cloudapi.Request) string {
	text := r.Method + " " + r.Target() + " HTTP/1.1\r\nHost: " + r.Host + "\r\n"
	for _, f := range r.Header {
		text += f.Name + ": " + f.Value + "\r\n"
	}
	return text + "\r\n" + string(r.Body)
}
