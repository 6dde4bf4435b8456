package kit

import (
	"net/http"

	"github.com/onsi/gomega/types"

	"prober/probe"
	"prober/probe/reason"
)

// What replies of endpoints of style none show: their status, and what their text is like.

// WriteText succeeds for an address whose reply has a text without findings of some reasons. Without a
// rule about how text is encoded, JSON alone can be judged.
func WriteText(what string, ruled bool, reasons ...reason.Reason) types.GomegaMatcher {
	return showingNothing(what, func(a Address) error {
		switch {
		case a.HTTP == nil && a.Outcome == reason.Unknown:
			return cannotTell("%s: %s", a.Reason, a.Detail)
		case a.HTTP == nil:
			return cannotTell("no reply came: %s", a.Reason)
		}
		for _, f := range a.HTTP.Text {
			if f.Reason.Outcome() == reason.Unknown {
				return cannotTell("%s: %s", f.Reason, f.Detail)
			}
		}
		switch {
		case !ruled && !probe.IsJSON(a.HTTP.ContentType):
			return NotApplicable("the reply is not JSON, and no rule says how text is encoded")
		case a.Reason.Outcome() == reason.Fail && a.Reason.Kind() == reason.Framing:
			return cannotTell("the reply could not be read: %s: %s", a.Reason, a.Detail)
		}
		return nil
	}, Address.texts, reasons)
}

func (a Address) texts() []located {
	if a.HTTP == nil {
		return nil
	}
	return locate(a.Address.String(), a.HTTP.Text)
}

// bare judges the status of a reply of which no more is demanded. undecided says which statuses say
// nothing about what was asked.
func bare(wants string, says func(status int) (fits, tells bool)) types.GomegaMatcher {
	return matcher(Answer.subject, wants, func(a Answer, s *seen) error {
		if err := a.Told(); err != nil {
			return err
		}
		fits, tells := says(a.Exchange.Status)
		if !tells {
			return cannotTell("the question %q got status %d, which says nothing about it", a.Name, a.Exchange.Status)
		}
		if s.fits = fits; fits != s.want {
			s.answered(reason.VerifyBadStatus, a)
		}
		return nil
	})
}

// beforehand reports whether a status says that somebody else is to ask, or later.
func beforehand(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusTooManyRequests:
		return true
	}
	return status >= 500 && status != http.StatusNotImplemented
}

func refusesMethod(status int) bool {
	return status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented
}

// TakeMethod succeeds for an answer that does not refuse the method of its request (RFC 9110, sections
// 15.5.6 and 15.6.2), whatever it says of the rest.
func TakeMethod() types.GomegaMatcher {
	return bare("have its method served", func(status int) (bool, bool) { return !refusesMethod(status), !beforehand(status) })
}

// RefuseMethod succeeds for an answer that refuses the method of its request, or the whole of it.
func RefuseMethod() types.GomegaMatcher {
	return bare("have its method refused", func(status int) (bool, bool) { return status >= 400, refusesMethod(status) || !beforehand(status) })
}

// TakeSize succeeds for an answer that does not refuse a request for its size (RFC 9110, sections
// 15.5.14 and 15.5.15; RFC 6585, section 5).
func TakeSize() types.GomegaMatcher {
	return bare("be served whatever its size", func(status int) (bool, bool) {
		tooLarge := status == http.StatusRequestEntityTooLarge || status == http.StatusRequestURITooLong || status == http.StatusRequestHeaderFieldsTooLarge
		return !tooLarge, !beforehand(status) || tooLarge
	})
}
