package kit

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega"

	"prober/catalog"
)

// Version states the spec of one protocol version: what the catalogue expects of it here,
// at the date of the run. Where nothing is expected, what is seen is written down.
func (e *Subject) Version(requirement string, v catalog.TLSVersion) {
	switch expect, rule := e.Expectation(v); expect {
	case catalog.Required:
		e.It(requirement, "accepts "+string(v), VersionDecided(v), func(c *Case) {
			c.Expect(c.HTTPS).To(AcceptTLS(v))
		})
	case catalog.Refused:
		e.It(requirement, "refuses "+string(v), VersionDecided(v), func(c *Case) {
			c.Expect(c.HTTPS).To(RefuseTLS(v), "the rule "+rule.ID+" holds")
		})
	case catalog.Allowed:
		e.It(requirement, "may accept or refuse "+string(v), VersionDecided(v), func(c *Case) {
			c.Expect(c.HTTPS).To(gomega.Or(AcceptTLS(v), RefuseTLS(v)), "all addresses must agree")
			c.Notef("%s", verdicts(c.Survey, v))
		})
	default:
		e.It(requirement, "is seen to accept or refuse "+string(v), VersionDecided(v), func(c *Case) {
			c.Skip(NotApplicable, fmt.Sprintf("no document speaks of %s here: %s", v, verdicts(c.Survey, v)))
		})
	}
}

// verdicts is what each address says to a version, in one line.
func verdicts(s *Survey, v catalog.TLSVersion) string {
	var words []string
	for _, a := range s.HTTPS.Addresses {
		r, _ := versionAt(a, v)
		words = append(words, fmt.Sprintf("%s %s", a.Address, r.Verdict))
	}
	return strings.Join(words, ", ")
}
