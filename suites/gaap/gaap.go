// Package gaap holds the specs that judge the documented endpoints of Tencent Cloud GAAP: one file a
// requirement group, one spec a requirement. The requirements are in requirements.go;
// expected values stand in the catalogue alone.
//
//	go test ./suites/gaap                                        against the sandbox
//	go tool ginkgo ./suites/gaap -- --live --region REGION       against the real services
package gaap

import "prober/suites/kit"

// Register adds the specs to a plan.
func Register(p *kit.Plan) {
	p.Product("gaap", requirements(), func(e *kit.Subject) {
		dns(e)
		tls(e)
		protocol(e)
		charset(e)
	})
}
