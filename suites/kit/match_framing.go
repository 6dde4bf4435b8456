package kit

import (
	"slices"

	"github.com/onsi/gomega/types"

	"prober/probe/reason"
)

// BeFramed succeeds for an answer that HTTP/1.1 can frame. What frames a reply can be judged
// also where that keeps it from being read.
func BeFramed() types.GomegaMatcher {
	return matcher[Answer]{subject: Answer.subject, wants: "be answered as HTTP/1.1 demands", look: func(a Answer) (s seen, ok bool, err error) {
		i := slices.IndexFunc(a.Exchange.Findings, func(f reason.Finding) bool { return f.Reason.Kind() == reason.Framing })
		if a.Unasked != nil || i < 0 {
			s.addf("nothing is wrong with it")
			return s, true, a.Told()
		}
		f := a.Exchange.Findings[i]
		s.addf("%s %s: %s", a.Exchange.Address, f.Reason, f.Detail)
		s.Mismatch = Mismatch{Reason: f.Reason, Reproduce: a.Reproduce, Dated: a.Dated}
		return s, false, nil
	}}
}
