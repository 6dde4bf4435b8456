package gaap

import (
	"github.com/onsi/gomega"

	"prober/probe/reason"
	"prober/suites/kit"
)

// dns: the names in the document's table of endpoints lead to addresses.
func dns(e *kit.Subject) {
	e.Group("dns", func() {
		e.It("GAAP-DNS-01", "has an address that may be dialled", kit.Looked, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.BeResolved())
		})
		e.It("GAAP-DNS-02", "answers for both address families", kit.Looked, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.ShowNothingIn(reason.Resolve))
		})
		e.It("GAAP-DNS-03", "does not resolve a name beside it that cannot exist", kit.Looked, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.NotShow("hijacked", reason.ResolveHijacked))
		})
	})
}
