// Package kit is what the suites are made of: the survey of an endpoint that all its
// specs look at, the requirements that specs judge, labels, matchers and the vocabulary of
// skipped specs.
//
// A suite is an ordinary package with a Register function. It describes each endpoint of
// its product, and states its requirements:
//
//	func Register(p *kit.Plan) {
//		p.Product("kms", requirements(), func(e *kit.Subject) {
//			e.Group("tls", func() {
//				e.It("KMS-TLS-02", "refuses SSLv3", kit.VersionDecided(catalog.SSLv3), func(g gomega.Gomega, s *kit.Survey) {
//					g.Expect(s.HTTPS).To(kit.RefuseTLS(catalog.SSLv3))
//				})
//			})
//		})
//	}
//
// Everything that goes over the network is collected before: the surveys of all selected
// endpoints start at once, bounded, and a spec waits only for its own. A spec is then an
// instant assertion over evidence that is complete even where an earlier one failed.
package kit
