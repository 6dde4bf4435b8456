package gaap

import (
	"github.com/onsi/gomega"

	"prober/probe/reason"
	"prober/suites/kit"
)

// charset: replies are encoded in UTF-8.
func charset(e *kit.Subject) {
	e.Group("charset", func() {
		e.It("GAAP-CHARSET-01", "sends valid UTF-8", kit.Replied, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.NotShow("that is not UTF-8", reason.VerifyInvalidUTF8))
		})
		e.It("GAAP-CHARSET-02", "labels its replies as UTF-8, without a byte order mark", kit.Replied, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.NotShow("labelled otherwise", reason.VerifyCharset, reason.VerifyBOM))
		})
	})
}
