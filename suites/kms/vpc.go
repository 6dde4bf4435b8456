package kms

import (
	"prober/probe/reason"
	"prober/suites/kit"
)

// privateAddresses judges where the names of VPC endpoints lead.
func privateAddresses(e *kit.Subject) {
	e.It("KMS-DNS-08", "leads to private addresses only", kit.Resolved(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.NotShow("that is not private", reason.ResolveNotPrivate, reason.ResolveBogon))
	})
}
