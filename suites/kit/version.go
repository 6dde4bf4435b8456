package kit

import (
	"fmt"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"prober/catalog"
)

// Version states the spec of one protocol version: what the catalogue expects of it here,
// at the date of the run. Where nothing is expected, what is seen is written down.
func (e *Subject) Version(requirement string, v catalog.TLSVersion) {
	switch expect, _ := e.Expectation(v); expect {
	case catalog.Required:
		e.It(requirement, "accepts "+string(v), VersionDecided(v), func(g gomega.Gomega, s *Survey) {
			g.Expect(s.HTTPS).To(AcceptTLS(v))
		})
	case catalog.Refused:
		e.It(requirement, "refuses "+string(v), VersionDecided(v), func(g gomega.Gomega, s *Survey) {
			g.Expect(s.HTTPS).To(RefuseTLS(v))
		})
	case catalog.Allowed:
		e.It(requirement, "may accept or refuse "+string(v), VersionDecided(v), func(g gomega.Gomega, s *Survey) {
			g.Expect(s.HTTPS).To(gomega.Or(AcceptTLS(v), RefuseTLS(v)), "all addresses must agree")
			ginkgo.AddReportEntry(string(v), verdicts(s, v))
		})
	default:
		e.It(requirement, "is seen to accept or refuse "+string(v), VersionDecided(v), func(_ gomega.Gomega, s *Survey) {
			ginkgo.AddReportEntry(string(v), verdicts(s, v))
			ginkgo.Skip(NotApplicable.because(fmt.Sprintf("no document speaks of %s here: %s", v, verdicts(s, v))))
		})
	}
}

// verdicts is what each address says to a version, in one line.
func verdicts(s *Survey, v catalog.TLSVersion) string {
	line := ""
	for _, a := range s.HTTPS.Addresses {
		r, _ := versionAt(a, v)
		line += fmt.Sprintf("%s %s; ", a.Address, r.Verdict)
	}
	return line
}
