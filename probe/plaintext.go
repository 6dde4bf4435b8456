package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"strings"

	"prober/limit"
	"prober/plain"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// plainReply judges the reply of an endpoint of style none: its status, and its text where the rules of
// the product say how that is encoded. Where they do not, and somebody asks for it, what is wrong with
// the text is a fact beside the verdict: no rule of the endpoint's is broken.
func (p *Prober) plainReply(t Target, r *AddressResult, reply *exchange.Reply) verdict {
	status := p.plainStatus(t, reply)
	ruled := t.Product.Rules.Encoding != nil
	if !ruled && !t.Text {
		return verdict{Finding: status}
	}
	found := p.judgePlainText(reply, ruled)
	v := verdict{Finding: status}
	if ruled {
		all := []reason.Finding{status}
		for _, f := range found {
			if f.Reason != reason.VerifyUnparseable { // which is no matter of the encoding
				all = append(all, f)
			}
		}
		v = worst(all...)
	}
	r.HTTP.Text = found
	for i := range found {
		found[i].Reproduce = p.reproduce(t, r, found[i])
	}
	if reply.Coded() {
		p.unreadText(t, r, reason.ProberLimit.Found("the body has a coding that nobody asked for, and was not read"))
	}
	return v
}

// unreadText notes why the text of a reply was not judged, where it should be.
func (p *Prober) unreadText(t Target, r *AddressResult, why reason.Finding) {
	if r.HTTP != nil && (t.Text || t.Product.Rules.Encoding != nil) {
		r.HTTP.Text = []reason.Finding{why}
	}
}

// judgePlainText says what is wrong with a reply that is text: of any kind where rules say how text is
// encoded, and else with JSON, which has to be UTF-8 (RFC 8259, section 8.1).
func (p *Prober) judgePlainText(reply *exchange.Reply, ruled bool) []reason.Finding {
	label := reply.Header.Get("Content-Type")
	isJSON := IsJSON(label)
	if notText.MatchString(label) || !ruled && !isJSON || len(reply.Body) == 0 || reply.Coded() {
		return nil
	}
	found := exchange.JudgeText(reply.Header, reply.Body)
	var syntax *json.SyntaxError
	if isJSON && damage(found).OK() {
		text := strings.TrimPrefix(string(reply.Body), "\uFEFF") // which is a finding of its own
		if err := json.Unmarshal([]byte(text), new(json.RawMessage)); errors.As(err, &syntax) {
			found = append(found, reason.VerifyUnparseable.Found(fmt.Sprintf("status %d: the body is labelled as %s and is no JSON: byte %d: %s",
				reply.Status, plain.Line(label, limit.FactBytes), syntax.Offset, plain.Line(syntax.Error(), limit.FactBytes))))
		}
	}
	for i := range found {
		found[i].Detail = p.redact(found[i].Detail)
	}
	return found
}

// IsJSON reports whether a Content-Type is that of JSON, or of a format that is written in JSON (RFC
// 6839, section 3.1).
func IsJSON(label string) bool {
	media, _, err := mime.ParseMediaType(label)
	if err != nil && media == "" {
		media = strings.ToLower(strings.TrimSpace(strings.SplitN(label, ";", 2)[0]))
	}
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
