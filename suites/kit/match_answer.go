package kit

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/plain"
	"prober/probe/reason"
)

// reading judges what the API says in the answer to a question. One that is none of the API's
// cannot tell: that it is not is what [BeAPIReply] judges.
func reading(r reason.Reason, wants string, is func(Answer) bool) types.GomegaMatcher {
	return matcher(Answer.subject, wants, func(a Answer, s *seen) error {
		if s.fits = is(a); s.fits != s.want {
			s.answered(r, a)
		}
		return cmp.Or(a.Told(), a.readable())
	})
}

// readable says why nothing of the API's can be read from an answer; nil when it can.
func (a Answer) readable() error {
	if a.Exchange.API == nil {
		return cannotTell("what came to the question %q is none of the API's replies: %s", a.Name, a.summary())
	}
	return nil
}

// answering judges the answer to a question. An answer that is none of a server that was willing
// to answer cannot tell. What has no reason of its own has that of the first finding about the
// exchange or its text.
func answering(r reason.Reason, wants string, is func(Answer) bool) types.GomegaMatcher {
	return matcher(Answer.subject, wants, func(a Answer, s *seen) error {
		if s.fits = is(a); s.fits != s.want {
			s.answered(r, a)
		}
		return a.Told()
	})
}

func (a Answer) subject() string { return fmt.Sprintf("the question %q", a.Name) }

// answered adds an answer, what is behind a mismatch, and how to ask again.
func (s *seen) answered(r reason.Reason, a Answer) {
	s.addf("%s: %s", a.Exchange.Address, a.summary())
	s.show(a.Reproduce)
	if r == reason.None {
		r = a.Exchange.Reason
	}
	if r == reason.None && len(a.Exchange.Text) > 0 {
		r = a.Exchange.Text[0].Reason
	}
	s.Mismatch = Mismatch{Reason: r, Reproduce: a.Reproduce, Dated: a.Dated, Passing: a.mayPass()}
}

// summary is an answer in one line, without anything secret.
func (a Answer) summary() string {
	x := a.Exchange
	var parts []string
	switch {
	case x.Status == 0, x.Reason.Transient():
		parts = append(parts, x.Reason.String()+": "+x.Detail)
	case x.API == nil && x.APIProblem == "":
		parts = append(parts, fmt.Sprintf("status %d", x.Status))
	case x.API == nil:
		parts = append(parts, fmt.Sprintf("status %d, %s", x.Status, x.APIProblem))
	case a.codeless():
		parts = append(parts, fmt.Sprintf("status %d without a code, request %s", x.Status, x.API.RequestID))
	default:
		parts = append(parts, fmt.Sprintf("status %d, %s", x.Status, x.API))
	}
	for _, f := range x.Text {
		parts = append(parts, f.Reason.String()+": "+f.Detail)
	}
	return strings.Join(parts, "; ")
}

// expected lists what rules accept, the first code of each first.
func expected(rules []catalog.ErrorRule) string {
	var words []string
	for _, r := range rules {
		word := strings.Join(r.Codes, " or ")
		if len(r.Statuses) > 0 {
			word += fmt.Sprintf(" and a status of %v", r.Statuses)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", or ")
}

// errorBy reports whether an answer is an error of the API's by one of the rules, its status
// included.
func (a Answer) errorBy(rules []catalog.ErrorRule) bool {
	return slices.ContainsFunc(rules, func(r catalog.ErrorRule) bool { return a.HasCode(r) && r.MatchesStatus(a.Exchange.Status) })
}

// HasCode reports whether an answer is an error of the API's whose code a rule lists, whatever
// its status.
func (a Answer) HasCode(r catalog.ErrorRule) bool {
	return a.Exchange.API != nil && a.Exchange.API.IsError && r.Matches(a.Exchange.API.Code)
}

// CarriedOut reports whether a call was carried out.
func (a Answer) CarriedOut() bool {
	return a.Exchange.API != nil && a.Exchange.Class == cloudapi.Success
}

// ServerFailed reports whether the service itself fails: by its rule, by its status or by its
// class.
func (a Answer) ServerFailed(rule catalog.ErrorRule) bool {
	return a.Exchange.Class == cloudapi.ServerError || a.Exchange.Status >= 500 || a.HasCode(rule)
}

// TooLarge reports whether a request was refused for its size, or the server hung up on it.
func (a Answer) TooLarge(rule catalog.ErrorRule) bool {
	return a.HungUp() || a.refusedBy([]catalog.ErrorRule{rule})
}

// refusedBy reports whether a request was refused: by the API, by one of the rules, or with a
// status of the first rule from a front end that answers before the API does.
func (a Answer) refusedBy(rules []catalog.ErrorRule) bool {
	x := a.Exchange
	if x.API == nil {
		return x.Status >= 400 && len(rules[0].Statuses) > 0 && rules[0].MatchesStatus(x.Status)
	}
	return a.errorBy(rules)
}

// BeAnswered succeeds for an answer that is one, whatever it says. It is broken where none came
// time and again, while the same server answered others.
func BeAnswered() types.GomegaMatcher { return beAnswered(func(Answer) bool { return false }) }

// BeAnsweredOrHungUpOn is [BeAnswered] for requests that some refuse by ending the connection, which is
// neither kept nor broken.
func BeAnsweredOrHungUpOn() types.GomegaMatcher { return beAnswered(Answer.HungUp) }

func beAnswered(otherwise func(Answer) bool) types.GomegaMatcher {
	return matcher(Answer.subject, "be answered", func(a Answer, s *seen) error {
		told := a.Told()
		if s.fits = told == nil; told == nil || a.Never == "" || otherwise(a) {
			return told
		}
		s.addf("%s: %s", a.Exchange.Address, a.Never)
		s.show(a.Reproduce)
		s.Mismatch = Mismatch{Reason: a.Exchange.Reason, Reproduce: a.Reproduce, Dated: a.Dated}
		return nil
	})
}

// BeAPIError succeeds for an answer that is an error of the documented shape, with a code
// and a status that one of the rules accepts.
func BeAPIError(rules ...catalog.ErrorRule) types.GomegaMatcher {
	return reading(reason.None, "be answered with "+expected(rules), func(a Answer) bool { return a.errorBy(rules) })
}

// BeRefused succeeds for an answer that refuses a request: the API's error by one of the
// rules, or a status of the first rule from a front end that answers before the API does.
func BeRefused(rules ...catalog.ErrorRule) types.GomegaMatcher {
	return matcher(Answer.subject, "be refused with "+expected(rules), func(a Answer, s *seen) error {
		if s.fits = a.refusedBy(rules); s.fits != s.want {
			s.answered(reason.None, a)
		}
		if told := a.Told(); told != nil || s.fits || a.Exchange.Status < 400 && !a.Exchange.Misshapen {
			return told
		}
		return a.readable() // a page about something else
	})
}

// BeTooLarge succeeds for an answer that refuses a request for its size, or a server that
// hung up on it.
func BeTooLarge(rule catalog.ErrorRule) types.GomegaMatcher {
	return matcher(Answer.subject, "be refused for its size", func(a Answer, s *seen) error {
		s.answered(reason.None, a)
		if s.fits = a.TooLarge(rule); a.HungUp() {
			return nil
		}
		return a.Told()
	})
}

// BeAPIReply succeeds for an answer of the documented shape, a success or an error: one whose status is none of a
// success has a code.
func BeAPIReply() types.GomegaMatcher {
	return matcher(Answer.subject, "be answered in the documented shape", func(a Answer, s *seen) error {
		r := reason.VerifyNotAPI
		if s.fits = a.Exchange.API != nil; s.fits && a.codeless() {
			s.fits, r = false, reason.VerifyWrongShape
		}
		if !s.fits {
			s.answered(r, a)
		}
		return a.Told()
	})
}

// codeless reports whether an answer of the API's has the status of an error and no code.
func (a Answer) codeless() bool {
	return a.Exchange.API != nil && !a.Exchange.API.IsError && a.Exchange.Status/100 != 2
}

// ComeFromAPI succeeds for an answer that the API itself gives, and nobody before it: a page in its
// place is service of no kind. One of the API's in another shape cannot tell.
func ComeFromAPI() types.GomegaMatcher {
	return matcher(Answer.subject, "be answered by the API", func(a Answer, s *seen) error {
		if s.fits = a.Exchange.API != nil; !s.fits {
			s.answered(reason.VerifyNotAPI, a)
		}
		if told := a.Told(); told != nil || !a.Exchange.Misshapen {
			return told
		}
		return a.readable()
	})
}

// NotBeServed succeeds for a request over plain HTTP that is refused: by not being answered, by
// the API for its scheme, or by a page or a redirect of a front end.
func NotBeServed() types.GomegaMatcher {
	return matcher(Answer.subject, "not be served over plain HTTP", func(a Answer, s *seen) error {
		s.answered(reason.VerifyPlainHTTPServed, a)
		x := a.Exchange
		switch {
		case a.Unasked != nil:
			return *a.Unasked
		case x.Outcome == reason.Unknown && (x.Status == 0 || x.Status/100 == 2), a.Throttled():
			return cannotTell("the question %q: %s", a.Name, a.summary())
		}
		s.fits = x.API == nil || x.Class == cloudapi.NeedSSL || x.Status == http.StatusForbidden
		return nil
	})
}

// Succeed succeeds for an answer of a call that was carried out.
func Succeed() types.GomegaMatcher {
	return reading(reason.None, "be carried out", Answer.CarriedOut)
}

// GetAsFarAsKey succeeds for an answer of an API that looked at a request as far as its key,
// whatever it says of that.
func GetAsFarAsKey() types.GomegaMatcher {
	return reading(reason.None, "get as far as its key", func(a Answer) bool {
		return a.Exchange.API != nil && (a.Exchange.Class == cloudapi.Credentials || a.Exchange.Class == cloudapi.Success)
	})
}

// BeIn succeeds for an answer of the API's in a format.
func BeIn(f cloudapi.Format) types.GomegaMatcher {
	return readingWhat("be answered in "+f.String(), func(r *cloudapi.Reply) (bool, string) {
		return r.Format == f, "it is in " + r.Format.String()
	})
}

// BeServerFailure succeeds for an answer in which the service itself fails.
func BeServerFailure(rule catalog.ErrorRule) types.GomegaMatcher {
	return matcher(Answer.subject, "be answered with a failure of the service itself", func(a Answer, s *seen) error {
		if s.fits = a.ServerFailed(rule); s.fits != s.want {
			s.answered(reason.VerifyServerError, a)
		}
		if told := a.Told(); told != nil || s.fits || !a.Exchange.Misshapen {
			return told
		}
		return a.readable()
	})
}

// BeReadAsSigned succeeds for an answer of an API that verified the signature of a text: what
// the rule says of wrong signatures means that it read another text.
func BeReadAsSigned(wrongSignature catalog.ErrorRule) types.GomegaMatcher {
	return reading(reason.VerifyMangledText, "be read as it was signed", func(a Answer) bool { return !a.HasCode(wrongSignature) })
}

// AnswerLike succeeds for an answer of the same class, code and status as another.
func AnswerLike(other Answer) types.GomegaMatcher {
	return matcher(Answer.subject, "be answered like the question without it, which got "+other.summary(), func(a Answer, s *seen) error {
		x, y := a.Exchange, other.Exchange
		s.fits = x.API != nil && y.API != nil && x.Class == y.Class && x.API.Code == y.API.Code && x.Status == y.Status
		if s.fits != s.want {
			s.answered(reason.None, a)
		}
		if told := cmp.Or(a.Told(), other.readable()); told != nil || !x.Misshapen {
			return told
		}
		return a.readable()
	})
}

// HaveOneRequestID succeeds for an answer whose header carries the request id of its body, and no
// other.
func HaveOneRequestID() types.GomegaMatcher {
	return matcher(Answer.subject, "be answered with the body's request id in the header X-Acs-Request-Id", func(a Answer, s *seen) error {
		if err := cmp.Or(a.Told(), a.readable()); err != nil {
			return err
		}
		ids := a.Exchange.Header.Values("X-Acs-Request-Id")
		another := func(id string) bool { return !strings.EqualFold(id, a.Exchange.API.RequestID) }
		if s.fits = len(ids) > 0 && !slices.ContainsFunc(ids, another); s.fits != s.want {
			s.answered(reason.VerifyRequestID, a)
			s.addf("the header has %q", ids)
		}
		return nil
	})
}

// HaveTheirOwnRequestIDs succeeds for answers of which no two have one request id.
func HaveTheirOwnRequestIDs() types.GomegaMatcher {
	replies := func([]Answer) string { return "the replies" }
	return matcher(replies, "have a request id of their own each", func(all []Answer, s *seen) error {
		by, read, untold := map[string]Answer{}, 0, cannotTell("there are no two replies")
		for _, a := range all {
			if err := cmp.Or(a.Told(), a.readable()); err != nil {
				untold = err
				continue
			}
			read++
			id := strings.ToLower(a.Exchange.API.RequestID)
			if other, twice := by[id]; twice && len(s.lines) == 0 {
				s.addf("%s at %s and %s at %s both got %s", other.subject(), other.Exchange.Address, a.subject(), a.Exchange.Address, a.Exchange.API.RequestID)
				s.show(other.Reproduce)
				s.show(a.Reproduce)
				s.Mismatch = Mismatch{Reason: reason.VerifyRequestID, Dated: other.Dated || a.Dated}
				if other.Reproduce != "" && a.Reproduce != "" { // else one of them holds a key
					s.Reproduce = other.Reproduce + " ; " + a.Reproduce
				}
			}
			by[id] = a
		}
		if s.fits = len(by) == read; s.fits {
			s.addf("the ids of %d replies all differ", read)
		}
		if read < 2 {
			return untold
		}
		return nil
	})
}

// HaveHostID succeeds for an answer whose HostId is a host.
func HaveHostID(host string) types.GomegaMatcher {
	return readingWhat("be answered with the HostId "+host, func(r *cloudapi.Reply) (bool, string) {
		return strings.EqualFold(r.HostID, host), fmt.Sprintf("its HostId is %q", plain.Line(r.HostID, limit.FactBytes))
	})
}

// readingWhat is [reading] of what no summary of an answer shows, and says what there is instead.
func readingWhat(wants string, is func(*cloudapi.Reply) (bool, string)) types.GomegaMatcher {
	return matcher(Answer.subject, wants, func(a Answer, s *seen) error {
		if err := cmp.Or(a.Told(), a.readable()); err != nil {
			return err
		}
		var instead string
		if s.fits, instead = is(a.Exchange.API); s.fits != s.want {
			s.answered(reason.None, a)
			s.addf("%s", instead)
		}
		return nil
	})
}

// BeUTF8 succeeds for an answer whose body is valid UTF-8 without escapes that no UTF-8 can
// hold.
func BeUTF8() types.GomegaMatcher {
	return answering(reason.VerifyInvalidUTF8, "be answered in valid UTF-8", func(a Answer) bool {
		return utf8.Valid(a.Exchange.Body) && !a.found(reason.VerifyInvalidUTF8)
	})
}

// BeLabelledUTF8 succeeds for an answer that neither its Content-Type nor its XML
// declaration calls anything else than UTF-8, and that begins without a byte order mark.
func BeLabelledUTF8() types.GomegaMatcher {
	return answering(reason.None, "be answered in text labelled as UTF-8, without a byte order mark", func(a Answer) bool {
		return !a.found(reason.VerifyCharset) && !a.found(reason.VerifyBOM)
	})
}

func (a Answer) found(r reason.Reason) bool {
	return slices.ContainsFunc(a.Exchange.Text, func(f reason.Finding) bool { return f.Reason == r })
}

// BeFramed succeeds for an answer that HTTP/1.1 can frame. What frames a reply can be judged
// also where that keeps it from being read, and one whose connection was reset inside it each time
// ends as early as one that was closed.
func BeFramed() types.GomegaMatcher {
	return matcher(Answer.subject, "be answered as HTTP/1.1 demands", func(a Answer, s *seen) error {
		for _, f := range a.Exchange.Findings {
			early := a.Never != "" && a.Twice && (f.Reason == reason.HeadersReset || f.Reason == reason.BodyReset)
			if a.Unasked == nil && (f.Reason.Kind() == reason.Framing || early) {
				s.addf("%s %s: %s", a.Exchange.Address, f.Reason, f.Detail)
				s.Mismatch = Mismatch{Reason: f.Reason, Reproduce: a.Reproduce, Dated: a.Dated}
				return nil
			}
		}
		s.addf("nothing is wrong with it")
		s.fits = true
		return a.Told()
	})
}
