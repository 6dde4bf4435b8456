package gaap

import (
	"github.com/onsi/gomega"

	"prober/catalog"
	"prober/probe/reason"
	"prober/suites/kit"
)

// tls: the protocol versions that the catalogue expects, and a certificate that clients
// accept.
func tls(e *kit.Subject) {
	e.Group("tls", func() {
		e.Version("GAAP-TLS-01", catalog.SSLv2)
		e.Version("GAAP-TLS-02", catalog.SSLv3)
		e.Version("GAAP-TLS-03", catalog.TLS10)
		e.Version("GAAP-TLS-04", catalog.TLS11)
		e.Version("GAAP-TLS-05", catalog.TLS12)
		e.Version("GAAP-TLS-06", catalog.TLS13)
		e.It("GAAP-TLS-07", "shows a certificate that is valid, for this host, with its whole chain", kit.ShownCertificate, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.NotShow("wrong with the certificate", kit.CertificateFaults()...))
		})
		e.It("GAAP-TLS-08", "uses keys and signatures that are strong enough", kit.ShownCertificate, func(g gomega.Gomega, s *kit.Survey) {
			g.Expect(s.HTTPS).To(kit.NotShow("weak", reason.TLSWeakKey, reason.TLSWeakSignature))
		})
	})
}
