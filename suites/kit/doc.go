// Package kit is what the suites are made of: requirements and the specs that judge them,
// the survey of an endpoint that its specs look at, matchers, and the vocabulary of skipped
// specs.
//
// A suite is data: requirements, the questions that its specs need answered, and a function
// that states the specs of one endpoint.
//
//	kit.Suite{
//		Product:      "kms",
//		Requirements: requirements(),
//		Questions:    questions,
//		Describe: func(e *kit.Subject) {
//			e.It("KMS-PROTO-07", "answers an unknown action as documented", kit.Asked("unknown-action"), func(c *kit.Case) {
//				c.Expect(c.Answer("unknown-action")).To(kit.BeAPIError(e.ErrorRule(catalog.UnknownAction)))
//			})
//		},
//	}
//
// [Plan.Add] hands a suite to Ginkgo, and [Spec.Judge] judges one spec without it, which is
// how the table of faults and requirements is made.
//
// Everything that goes over the network is collected before: the surveys of all selected
// endpoints start at once, bounded, and a spec waits only for its own. A spec is then an
// instant assertion over evidence that is complete even where an earlier one failed.
package kit
