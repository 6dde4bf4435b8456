package kms

import (
	"github.com/onsi/gomega"

	"prober/probe/reason"
	"prober/suites/kit"
)

// protocol: the schemes that the document names, and the shape of the replies.
func protocol(e *kit.Subject) {
	e.Group("protocol", func() {
		e.It("KMS-PROTO-01", "answers over HTTPS in the documented shape", kit.Decided, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.BeHealthy())
		})
		e.It("KMS-PROTO-02", "does not serve plain HTTP", kit.DecidedHTTP, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTP).To(kit.NotShow("served over plain HTTP", reason.VerifyPlainHTTPServed))
		})
		e.It("KMS-PROTO-03", "frames its replies as HTTP/1.1 demands", kit.Replied, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.NotShow("wrong in the framing",
				reason.HeadersBareLF, reason.HeadersConflictingLength, reason.HeadersBadLength, reason.BodyBadChunking,
				reason.BodyTruncated, reason.VerifySurplusBytes, reason.VerifySmugglingAmbiguous))
		})
	})
}
