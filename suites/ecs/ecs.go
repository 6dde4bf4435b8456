// Package ecs judges the documented endpoints of Alibaba Cloud ECS: its requirements are in
// requirements.go, what is particular to it in roundtrip.go, and what it shares with the
// other products in package groups. Expected values stand in the catalogue alone.
//
//	go test ./suites/ecs                                        against the sandbox
//	go tool ginkgo ./suites/ecs -- --live --region REGION       against the real services
package ecs

import (
	"slices"

	"prober/catalog"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// Suite returns everything that ECS is judged by.
func Suite() kit.Suite {
	p := product()
	return kit.Suite{
		Product: "ecs", Requirements: Requirements(), Unchecked: unchecked(),
		Questions: func(e catalog.Endpoint, about catalog.Product) []kit.Question {
			return slices.Concat(groups.AlibabaQuestions(e, about), regionQuestions(about))
		},
		Describe: func(e *kit.Subject) {
			p.DNS(e)
			p.TLS(e)
			p.AlibabaProtocol(e)
			p.AlibabaCharset(e)
			regionNames(e)
		},
	}
}

// Register adds the specs to a plan.
func Register(p *kit.Plan) { p.Add(Suite()) }
