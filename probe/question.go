package probe

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"prober/catalog"
	"prober/limit"
	"prober/plain"
	"prober/probe/command"
	"prober/probe/dns"
	"prober/probe/reason"
)

// typeOfQuestion is the type that a question asks for.
func typeOfQuestion(q *catalog.DNSQuestion) dns.Type {
	t := dns.A
	_ = t.UnmarshalText([]byte(cmp.Or(q.Type, "A"))) // a closed list, of which each is known
	return t
}

// question asks the server at r's address what the list has to be asked, and judges the answer.
func (p *Prober) question(ctx context.Context, t Target, r *AddressResult) verdict {
	release, err := p.pace.acquire(ctx, t.Endpoint.Host, p.cfg.Clock)
	if err != nil {
		return only(reason.ProberCanceled, "the probe was cut short before it asked: "+err.Error())
	}
	defer release()
	q := t.Own.DNS
	client := &dns.Client{Now: p.cfg.Clock.Now, Random: p.cfg.Random, Timeout: p.cfg.Timeout}
	kind := typeOfQuestion(q)
	r.Phases.Reached = reason.Request
	a, records := client.QueryRecords(ctx, t.to(r.Address), q.Name, kind)
	r.Phases.Request = a.Duration.Duration()
	if a.RCode != "" {
		p.reach.heard(p.cfg.Clock.Now())
	}
	return verdict{Finding: judgeAnswer(q, kind, a, records)}
}

// judgeAnswer says what is wrong with an answer. One that a lookup could not use may be the one that the list
// expects.
func judgeAnswer(q *catalog.DNSQuestion, kind dns.Type, a dns.Answer, records []string) reason.Finding {
	want := string(cmp.Or(q.RCode, "NOERROR"))
	switch {
	case a.RCode == "" && a.Reason == reason.ProberResolverUnavailable:
		return reason.ConnectRefused.Found(a.Detail)
	case a.RCode == "" && a.Reason == reason.ResolveTimeout:
		return reason.RequestTimeout.Found(a.Detail)
	case a.RCode == "": // what came cannot be read, or this program could not ask
		return a.Reason.Found(a.Detail)
	case a.RCode != want:
		detail := fmt.Sprintf("%s answered %s for %s %s, where %s is expected", a.Resolver, a.RCode, q.Name, kind, want)
		if a.ExtendedError != "" {
			detail += " (extended error " + plain.Line(a.ExtendedError, limit.FactBytes) + ")"
		}
		return reason.VerifyUnexpectedRCode.Found(detail)
	case a.RCode != "NOERROR", q.RCode != "" && len(q.Records) == 0:
		return reason.Finding{}
	case a.Reason == reason.ResolveCNAMELoop, a.Reason == reason.ResolveBadAnswer:
		return a.Reason.Found(a.Detail)
	}
	return judgeRecords(q, kind, a.Resolver, records)
}

// judgeRecords compares the records that came with those that are expected.
func judgeRecords(q *catalog.DNSQuestion, kind dns.Type, server netip.AddrPort, records []string) reason.Finding {
	has := func(list []string, one string, flip bool) bool {
		return slices.ContainsFunc(list, func(s string) bool {
			if flip {
				return dns.SameRecord(kind, one, s)
			}
			return dns.SameRecord(kind, s, one)
		})
	}
	var wrong []string
	for _, s := range q.Records {
		if !has(records, s, true) {
			wrong = append(wrong, "without "+s)
		}
	}
	for _, s := range records {
		if len(q.Records) > 0 && !has(q.Records, s, false) {
			if kind.String() == "TXT" && strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
				s = dns.Quoted(s) // as it may stand in a list
			}
			wrong = append(wrong, "with "+plain.Line(s, limit.FactBytes))
		}
	}
	switch {
	case len(records) == 0:
		return reason.VerifyUnexpectedRecords.Found(fmt.Sprintf("%s answered %s %s without a record", server, q.Name, kind))
	case len(wrong) > 0:
		return reason.VerifyUnexpectedRecords.Found(fmt.Sprintf("%s answered %s %s %s, unlike what is expected", server, q.Name, kind, strings.Join(wrong, ", ")))
	}
	return reason.Finding{}
}

// ownCommand shows what was found at an endpoint of kind tcp or dns; false for one of another kind.
func (p *Prober) ownCommand(t Target, to netip.AddrPort, why reason.Reason) (shown string, is bool) {
	switch {
	case !t.Scheme.IsKnown() || t.Scheme.IsTLS() || t.Scheme.IsHTTP():
		return "", false
	case why.Tool() == reason.NoTool:
		return "", true
	case why.Tool() == reason.Ping:
		return command.Ping(to.Addr()), true
	case t.Scheme == catalog.SchemeDNS && why != reason.ResolveBogon && why != reason.ProberPrivateNetwork:
		return command.Dig(to, t.Own.DNS.Name, typeOfQuestion(t.Own.DNS).String()), true
	case why.Tool() == reason.Dig:
		return p.dig(netip.AddrPort{}, t.Endpoint.Host, typeOf(to.Addr())), true
	case why.Phase() == reason.Connect || t.Own == nil || t.Own.TCP == nil:
		return command.Connect(to), true
	}
	send, _ := t.Own.TCP.Send.Bytes()
	return command.Talk(to, send), true
}
