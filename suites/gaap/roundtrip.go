package gaap

import (
	"unicode/utf8"

	"prober/catalog"
	"prober/suites/kit"
)

// roundTrips states the specs of the group charset that need a key.
func roundTrips(e *kit.Subject) {
	e.It("GAAP-CHARSET-04", "names its regions in two languages", kit.Asked(signedCall, inEnglish), func(c *kit.Case) {
		goodKey(c, e, signedCall)
		for question, language := range map[string]kit.Language{signedCall: kit.Chinese("zh-CN"), inEnglish: kit.English("en-US")} {
			a := c.Answer(question)
			c.Expect(a).To(kit.Succeed())
			c.Expect(utf8.Valid(a.Exchange.Body)).To(kit.BeSo("valid UTF-8"))
			c.Expect(a).To(kit.HaveMembersIn("RegionName", language))
		}
	})
	e.It("GAAP-CHARSET-05", "verifies texts of every kind as they were signed", kit.Asked(signedCall, rawUTF8), func(c *kit.Case) {
		goodKey(c, e, signedCall)
		c.Expect(c.Answer(signedCall)).To(kit.Succeed(), "the key is good for ASCII")
		c.Expect(c.Answer(rawUTF8)).To(kit.BeReadAsSigned(e.ErrorRule(catalog.BadSignature)))
		c.Expect(c.Answer(rawUTF8)).To(kit.BeAPIReply())
	})
}
