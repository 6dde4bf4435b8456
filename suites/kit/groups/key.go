package groups

import (
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// SignedCall names the question that shows whether the customer's key is good: a read-only
// call in ASCII. Every spec that needs the key rests on it.
const SignedCall = "signed-call"

// GoodKey skips a spec when the customer's key is not good, or this machine's clock is off:
// neither says anything about the service.
func GoodKey(c *kit.Case, e *kit.Subject) {
	a := c.Answer(SignedCall)
	switch a.Exchange.Class {
	case cloudapi.Credentials:
		c.Skip(kit.NoCredentials, "the key is not accepted: "+a.Exchange.API.String())
	case cloudapi.Clock:
		c.Skip(kit.Inconclusive, "the time of this machine is not accepted: "+a.Exchange.API.String())
	case cloudapi.SignatureMismatch:
		wrongSecret(c, a)
	}
	mayDo(c, e, SignedCall)
}

// wrongSecret skips a spec when the signature of a plain call is refused, unless the API
// shows that it read another text than was sent.
func wrongSecret(c *kit.Case, a kit.Answer) {
	echo, ok := cloudapi.EchoedStringToSign(a.Exchange.API.Message)
	if ok && a.Kept != "" && echo != a.Kept {
		return
	}
	c.Skip(kit.NoCredentials, "the signature is not accepted; is the secret right? "+cloudapi.Redact(a.Exchange.API.String()))
}

// mayDo skips a spec when the key, or the account behind it, may not do what a question asks.
func mayDo(c *kit.Case, e *kit.Subject, question string) {
	for _, s := range []catalog.Situation{catalog.InactiveKey, catalog.Forbidden} {
		if ok, err := kit.HaveCode(e.ErrorRule(s)).Match(c.Answer(question)); err == nil && ok {
			c.Skip(kit.NoCredentials, "the key may not do this: "+c.Answer(question).Exchange.API.String())
		}
	}
}

// MayDo is [GoodKey], and the key may do what a further question asks.
func MayDo(c *kit.Case, e *kit.Subject, question string) {
	GoodKey(c, e)
	mayDo(c, e, question)
}

// nonceOf returns the nonce in a string to sign of Alibaba Cloud, which is encoded twice.
func nonceOf(stringToSign string) string {
	_, after, _ := strings.Cut(stringToSign, "SignatureNonce%3D")
	nonce, _, _ := strings.Cut(after, "%26")
	return nonce
}
