// Package kms judges the documented endpoints of Alibaba Cloud KMS: its requirements are in
// requirements.go, what is particular to it in vpc.go and roundtrip.go, and what it shares
// with the other products in package groups. Expected values stand in the catalogue alone.
//
//	go test ./suites/kms                                        against the sandbox
//	go tool ginkgo ./suites/kms -- --live --region REGION       against the real services
package kms

import (
	"slices"

	"prober/catalog"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// Suite returns everything that KMS is judged by.
func Suite() kit.Suite {
	p := product()
	return kit.Suite{
		Product: "kms", Requirements: Requirements(), Unchecked: unchecked(),
		Questions: func(e catalog.Endpoint, about catalog.Product) []kit.Question {
			return slices.Concat(groups.AlibabaQuestions(e, about), encryptionQuestions(about))
		},
		Describe: func(e *kit.Subject) {
			p.DNS(e)
			privateAddresses(e)
			p.TLS(e)
			p.AlibabaProtocol(e)
			p.AlibabaCharset(e)
			encryptionContext(e)
		},
	}
}

// Register adds the specs to a plan.
func Register(p *kit.Plan) { p.Add(Suite()) }
