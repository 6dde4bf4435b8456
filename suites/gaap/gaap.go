// Package gaap judges the documented endpoints of Tencent Cloud GAAP: its requirements are
// in requirements.go, what is asked of them in questions.go, and what it shares with the
// other products in package groups. Expected values stand in the catalogue alone.
//
//	go test ./suites/gaap                                        against the sandbox
//	go tool ginkgo ./suites/gaap -- --live --region REGION       against the real services
package gaap

import "prober/suites/kit"

// Suite returns everything that GAAP is judged by.
func Suite() kit.Suite {
	p := product()
	return kit.Suite{
		Product: "gaap", Requirements: Requirements(), Unchecked: unchecked(), Questions: questions,
		Describe: func(e *kit.Subject) {
			p.DNS(e)
			nearest(e)
			p.TLS(e)
			protocol(e, p)
			sizes(e)
			p.Charset(e, withoutKey(e.Product)...)
			roundTrips(e)
		},
	}
}

// Register adds the specs to a plan.
func Register(p *kit.Plan) { p.Add(Suite()) }
