package common

import (
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

// RefusedWithKey is [Document.Refused] for questions that need the customer's key.
func (d Document) RefusedWithKey(q Questions, asked []*kit.Question, s catalog.Situation) kit.Judgement {
	return d.WithKey(q, kit.EachReplyBy(asked, func(c *kit.Case, a kit.Answer) {
		d.Permitted(c, a)
		c.Expect(a, kit.BeAPIError(d.Error(s)))
	}))
}

// CarriedOut demands that signed calls are carried out.
func (d Document) CarriedOut(q Questions, calls []*kit.Question) kit.Judgement {
	return kit.All(
		kit.WherePossible(kit.EachReply(calls, kit.BeAnswered())),
		d.WithKey(q, kit.EachReply(calls, kit.ComeFromAPI(), kit.Succeed())),
	)
}
