package gaap

import (
	"unicode/utf8"

	"prober/catalog"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// roundTrips states the specs of the group charset that need a key.
func roundTrips(e *kit.Subject) {
	e.It("GAAP-CHARSET-04", "names its regions in Chinese", kit.Asked(signedCall, inEnglish), func(c *kit.Case) {
		groups.GoodKey(c, e)
		for _, question := range []string{signedCall, inEnglish} {
			a := c.Answer(question)
			c.Expect(a).To(kit.Succeed())
			c.Expect(utf8.Valid(a.Exchange.Body)).To(kit.BeSo("valid UTF-8"))
		}
		c.Expect(c.Answer(signedCall)).To(kit.HaveMembersIn("RegionName", kit.Chinese("zh-CN")))
		if ok, _ := kit.HaveMembersIn("RegionName", kit.English("en-US")).Match(c.Answer(inEnglish)); !ok {
			c.Notef("the names are not in English when X-TC-Language asks for that")
		}
	})
	e.It("GAAP-CHARSET-05", "verifies texts of every kind as they were signed", kit.Asked(signedCall, rawUTF8), func(c *kit.Case) {
		groups.GoodKey(c, e)
		c.Expect(c.Answer(signedCall)).To(kit.Succeed(), "the key is good for ASCII")
		if failing, err := kit.BeServerFailure(e.ErrorRule(catalog.ServerError)).Match(c.Answer(rawUTF8)); err == nil && failing {
			c.Skip(kit.Inconclusive, "the service itself fails: "+c.Answer(rawUTF8).Exchange.Detail)
		}
		c.Expect(c.Answer(rawUTF8)).To(kit.BeReadAsSigned(e.ErrorRule(catalog.BadSignature)))
		c.Expect(c.Answer(rawUTF8)).To(kit.BeAPIReply())
	})
}
