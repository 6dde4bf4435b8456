// Package ecs holds the specs that judge the documented endpoints of Alibaba Cloud ECS: one file a
// requirement group, one spec a requirement. The requirements are in requirements.go;
// expected values stand in the catalogue alone.
//
//	go test ./suites/ecs                                        against the sandbox
//	go tool ginkgo ./suites/ecs -- --live --region REGION       against the real services
package ecs

import "prober/suites/kit"

// Register adds the specs to a plan.
func Register(p *kit.Plan) {
	p.Product("ecs", requirements(), func(e *kit.Subject) {
		dns(e)
		tls(e)
		protocol(e)
		charset(e)
	})
}
