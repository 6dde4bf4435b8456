package common

import (
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/cloudapi"
	"prober/report"
	"prober/suites/kit"
)

// WithKey demands something that rests on the customer's key being good: where it is not, or
// this machine's clock is off, nothing can be told about the service.
func (d Document) WithKey(q Questions, j kit.Judgement) kit.Judgement {
	return kit.Given(q.SignedCall, func(c *kit.Case, a kit.Answer) {
		switch a.Exchange.Class {
		case cloudapi.Credentials:
			c.Skip(kit.Skip(report.NoCredentials, "the key is not accepted: "+a.Exchange.API.String()))
		case cloudapi.Clock:
			c.Skip(kit.CannotTell("the time of this machine is not accepted: " + a.Exchange.API.String()))
		case cloudapi.SignatureMismatch:
			wrongSecret(c, a)
		}
		d.Permitted(c, a)
	}, j)
}

// IfKey is [Document.WithKey] beside other evidence: a key that is not good, and a clock that is
// off, take nothing from what that shows.
func (d Document) IfKey(q Questions, j kit.Judgement) kit.Judgement {
	return kit.WherePossible(kit.Given(q.SignedCall, func(c *kit.Case, a kit.Answer) {
		if a.Exchange.Class == cloudapi.Clock {
			c.Skip(kit.NotApplicable("the time of this machine is not accepted"))
		}
	}, d.WithKey(q, j)))
}

// wrongSecret skips a requirement when the signature of a plain call is refused, unless the
// API shows that it read another text than was sent.
func wrongSecret(c *kit.Case, a kit.Answer) {
	echo, ok := cloudapi.EchoedStringToSign(a.Exchange.API.Message)
	if ok && a.Kept != "" && echo != a.Kept {
		return
	}
	c.Skip(kit.Skip(report.NoCredentials, "the signature is not accepted; is the secret right? "+cloudapi.Redact(a.Exchange.API.String())))
}

// Permitted skips a requirement when the key, or the account behind it, may not do what a
// question asks.
func (d Document) Permitted(c *kit.Case, a kit.Answer) {
	if a.HasCode(d.Error(catalog.InactiveKey)) || a.HasCode(d.Error(catalog.Forbidden)) {
		c.Skip(kit.Skip(report.NoCredentials, "the key may not do this: "+a.Exchange.API.String()))
	}
}

// Refusal is the requirement that questions are refused as documented for one of several
// situations: with a code, and a status, that the product's rules about them list.
func (d Document) Refusal(line kit.Line, number string, in kit.Place, text, it string, q Questions, asked []*kit.Question, situations ...catalog.Situation) kit.Requirement {
	var rules []string
	for _, s := range situations {
		rules = append(rules, "errors/"+string(s))
	}
	return kit.Requirement{
		ID: d.ID(number), Line: line, Level: report.Should, In: in, Rules: d.Rules(rules...),
		Text: text, It: it, Judge: d.Refused(q, asked, situations...),
	}
}

// Refused demands that questions are refused as documented for one of several situations.
func (d Document) Refused(q Questions, asked []*kit.Question, situations ...catalog.Situation) kit.Judgement {
	rules := d.errors(situations...)
	if len(asked) == 0 || asked[0].Needs == kit.Nothing {
		return kit.EachReply(asked, kit.BeAPIError(rules...))
	}
	return d.WithKey(q, d.EachReply(asked, kit.BeAPIError(rules...)))
}

// EachReply is [kit.EachReply] for questions that the key may not be allowed to ask.
func (d Document) EachReply(asked []*kit.Question, m ...types.GomegaMatcher) kit.Judgement {
	return kit.EachReplyBy(asked, func(c *kit.Case, a kit.Answer) {
		d.Permitted(c, a)
		c.Expect(a, m...)
	})
}

// ReadAsSent demands that calls, of which those without texts are carried out, are not refused with texts for
// something that is looked at before them: a parameter that they have, say.
func (d Document) ReadAsSent(asked ...*kit.Question) kit.Judgement {
	return kit.EachReplyBy(asked, func(c *kit.Case, a kit.Answer) {
		c.Expect(a, kit.Saying("what has texts is read as it was sent", kit.Not(kit.BeAPIError(
			d.codes(catalog.MissingParameter, catalog.UnknownAction, catalog.UnknownVersion, catalog.UnknownKey)...,
		))))
	})
}

// Tampered is the requirement that a call which is not what was signed is not carried out, whatever is said to it.
func (d Document) Tampered(line kit.Line, number string, in kit.Place, q Questions) kit.Requirement {
	var byWay []kit.Judgement
	for _, w := range q.Tampered {
		byWay = append(byWay, kit.Given(w.Plain, func(c *kit.Case, a kit.Answer) {
			d.Permitted(c, a)
			if !a.CarriedOut() {
				c.Skip(kit.CannotTell("the call that is in order and goes the same way is not carried out"))
			}
		}, d.EachReply(w.Calls, kit.Not(kit.Succeed()))))
	}
	return kit.Requirement{
		ID: d.ID(number), Line: line, Level: report.Must, In: in,
		Text:      "A call that is not what was signed is not carried out.",
		Rationale: "a signature that covers less than the call lets anybody on the way change the rest",
		It:        "does not carry out a call that is not what was signed",
		Judge:     d.WithKey(q, kit.All(byWay...)),
	}
}

// CarriedOut demands that signed calls are carried out, by each way that the document states to be
// served.
func (d Document) CarriedOut(q Questions) kit.Judgement {
	calls := served(d.Product, q)
	return kit.All(
		kit.WherePossible(kit.EachReply(calls, kit.BeAnswered())),
		d.WithKey(q, kit.EachReply(calls, kit.ComeFromAPI(), kit.Succeed(), kit.HaveResult(d.Result))),
	)
}
