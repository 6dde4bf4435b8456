package kit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/reason"
)

// BeAPIError succeeds for an answer that is an error of the documented shape, with a code
// and a status that one of the rules accepts.
func BeAPIError(rules ...catalog.ErrorRule) types.GomegaMatcher {
	return answerMatcher("be answered with "+expected(rules), func(a Answer) bool {
		x := a.Exchange
		if x.API == nil || !x.API.IsError {
			return false
		}
		for _, r := range rules {
			if r.Matches(x.API.Code) && r.MatchesStatus(x.Status) {
				return true
			}
		}
		return false
	})
}

// BeRefused succeeds for an answer that refuses a request: the API's error by one of the
// rules, or a status of the first rule from a front end that answers before the API does.
func BeRefused(rules ...catalog.ErrorRule) types.GomegaMatcher {
	return answerMatcher("be refused with "+expected(rules), func(a Answer) bool {
		x := a.Exchange
		if x.API == nil {
			return x.Status >= 400 && len(rules[0].Statuses) > 0 && rules[0].MatchesStatus(x.Status)
		}
		for _, rule := range rules {
			if x.API.IsError && rule.Matches(x.API.Code) && rule.MatchesStatus(x.Status) {
				return true
			}
		}
		return false
	})
}

// BeTooLarge succeeds for an answer that refuses a request for its size, or a server that
// hung up on it.
func BeTooLarge(rule catalog.ErrorRule) types.GomegaMatcher {
	refused := BeRefused(rule)
	return answerMatcher("be refused for its size", func(a Answer) bool {
		ok, err := refused.Match(a)
		return a.HungUp() || err == nil && ok
	})
}

// BeAPIReply succeeds for an answer of the documented shape, a success or an error.
func BeAPIReply() types.GomegaMatcher {
	return answerMatcherFor(reason.VerifyNotAPI, "be a reply of the documented shape", func(a Answer) bool { return a.Exchange.API != nil })
}

// Succeed succeeds for an answer of a call that was carried out.
func Succeed() types.GomegaMatcher {
	return answerMatcher("be carried out", func(a Answer) bool {
		return a.Exchange.API != nil && !a.Exchange.API.IsError && a.Exchange.Class == cloudapi.Success
	})
}

// GetAsFarAsKey succeeds for an answer of an API that looked at a request as far as its key,
// whatever it says of that.
func GetAsFarAsKey() types.GomegaMatcher {
	return answerMatcher("get as far as its key", func(a Answer) bool {
		return a.Exchange.API != nil && (a.Exchange.Class == cloudapi.Credentials || a.Exchange.Class == cloudapi.Success)
	})
}

// BeServerFailure succeeds for an answer in which the service itself fails, by its rule, by
// its status or by its class.
func BeServerFailure(rule catalog.ErrorRule) types.GomegaMatcher {
	return answerMatcherFor(reason.VerifyServerError, "be a failure of the service itself", func(a Answer) bool {
		x := a.Exchange
		return x.Class == cloudapi.ServerError || x.Status >= 500 || x.API != nil && x.API.IsError && rule.Matches(x.API.Code)
	})
}

// HaveCode succeeds for an answer whose API error code one of the rules lists, whatever its
// status.
func HaveCode(rules ...catalog.ErrorRule) types.GomegaMatcher {
	return answerMatcher("have a code of "+expected(rules), func(a Answer) bool {
		for _, r := range rules {
			if a.Exchange.API != nil && a.Exchange.API.IsError && r.Matches(a.Exchange.API.Code) {
				return true
			}
		}
		return false
	})
}

// BeReadAsSigned succeeds for an answer of an API that verified the signature of a text: what
// the rule says of wrong signatures means that it read another text.
func BeReadAsSigned(wrongSignature catalog.ErrorRule) types.GomegaMatcher {
	return answerMatcherFor(reason.VerifyMangledText, "be read as it was signed", func(a Answer) bool {
		return a.Exchange.API == nil || !a.Exchange.API.IsError || !wrongSignature.Matches(a.Exchange.API.Code)
	})
}

// AnswerLike succeeds for an answer of the same class, code and status as another.
func AnswerLike(other Answer) types.GomegaMatcher {
	return answerMatcher("be answered like the question without it, which got "+other.summary(), func(a Answer) bool {
		x, y := a.Exchange, other.Exchange
		return x.API != nil && y.API != nil && x.Class == y.Class && x.API.Code == y.API.Code && x.Status == y.Status
	})
}

// HaveOneRequestID succeeds for an answer whose header carries the request id of its body.
func HaveOneRequestID() types.GomegaMatcher {
	return answerMatcherFor(reason.VerifyRequestID, "have the body's request id in its header X-Acs-Request-Id", func(a Answer) bool {
		id := a.Exchange.Header.Get("X-Acs-Request-Id")
		return a.Exchange.API != nil && id != "" && strings.EqualFold(id, a.Exchange.API.RequestID)
	})
}

// HaveHostID succeeds for an answer whose HostId is a host.
func HaveHostID(host string) types.GomegaMatcher {
	return answerMatcher("have the HostId "+host, func(a Answer) bool {
		return a.Exchange.API != nil && strings.EqualFold(a.Exchange.API.HostID, host)
	})
}

// BeUTF8 succeeds for an answer whose body is valid UTF-8 without escapes that no UTF-8 can
// hold.
func BeUTF8() types.GomegaMatcher {
	return answerMatcherFor(reason.VerifyInvalidUTF8, "be valid UTF-8", func(a Answer) bool {
		return utf8.Valid(a.Exchange.Body) && !a.found(reason.VerifyInvalidUTF8)
	})
}

// BeLabelledUTF8 succeeds for an answer that neither its Content-Type nor its XML
// declaration calls anything else than UTF-8, and that begins without a byte order mark.
func BeLabelledUTF8() types.GomegaMatcher {
	return answerMatcher("be labelled as UTF-8, without a byte order mark", func(a Answer) bool {
		return !a.found(reason.VerifyCharset) && !a.found(reason.VerifyBOM)
	})
}

func (a Answer) found(r reason.Reason) bool {
	for _, f := range a.Exchange.Text {
		if f.Reason == r {
			return true
		}
	}
	return false
}

func answerMatcher(what string, is func(Answer) bool) types.GomegaMatcher {
	return answerMatcherFor(reason.None, what, is)
}

// answerMatcherFor is answerMatcher for what has a reason of its own.
func answerMatcherFor(r reason.Reason, what string, is func(Answer) bool) types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(a Answer) (bool, error) {
		if a.Skip != "" {
			return false, fmt.Errorf("the question was not asked: %s", a.Why)
		}
		return is(a), nil
	}).WithTemplate("expected the question {{printf \"%q\" .Actual.Name}} {{.To}} {{.Data.What}}\n{{.Data.Seen .Actual}}", answerData{what}), causeOf(r))
}

// causeOf says what is behind an answer that is not the expected one: r, or else the first
// finding about the exchange or its text.
func causeOf(r reason.Reason) func(a Answer) Cause {
	return func(a Answer) Cause {
		c := Cause{Reason: r, Reproduce: a.Reproduce, Dated: a.Dated}
		if c.Reason == reason.None {
			c.Reason = a.Exchange.Reason
		}
		if c.Reason == reason.None && len(a.Exchange.Text) > 0 {
			c.Reason = a.Exchange.Text[0].Reason
		}
		return c
	}
}

type answerData struct{ What string }

// Seen shows what was answered, and how to ask again.
func (answerData) Seen(a Answer) string {
	text := "  " + a.Exchange.Address.String() + ": " + a.summary()
	if a.Reproduce != "" {
		text += "\n  $ " + a.Reproduce
	}
	return text
}

// summary is an answer in one line, without anything secret.
func (a Answer) summary() string {
	x := a.Exchange
	var parts []string
	switch {
	case x.Status == 0:
		parts = append(parts, x.Reason.String()+": "+x.Detail)
	case x.API == nil:
		parts = append(parts, fmt.Sprintf("status %d, %s", x.Status, x.APIProblem))
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

// BeXMLInUTF8 succeeds for an answer in XML whose declaration, if it has one that names an
// encoding, names UTF-8, and which is.
func BeXMLInUTF8() types.GomegaMatcher {
	return answerMatcher("be XML in UTF-8", func(a Answer) bool {
		x := a.Exchange
		return x.API != nil && x.API.Format == cloudapi.XML && utf8.Valid(x.Body) &&
			(x.API.Charset == "" || strings.EqualFold(x.API.Charset, "UTF-8")) && !a.found(reason.VerifyCharset)
	})
}

// BeFramed succeeds for an answer that HTTP/1.1 can frame.
func BeFramed() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(a Answer) (bool, error) {
		if a.Skip != "" {
			return false, fmt.Errorf("the question was not asked: %s", a.Why)
		}
		_, bad := badlyFramed(a)
		return !bad, nil
	}).WithTemplate("expected the question {{printf \"%q\" .Actual.Name}} {{.To}} be answered as HTTP/1.1 demands\n{{.Data.Seen .Actual}}", framedData{}),
		func(a Answer) Cause {
			f, _ := badlyFramed(a)
			return Cause{Reason: f.Reason, Reproduce: a.Reproduce, Dated: a.Dated}
		})
}

func badlyFramed(a Answer) (reason.Finding, bool) {
	for _, f := range a.Exchange.Findings {
		if slices.Contains(FramingFaults(), f.Reason) {
			return f, true
		}
	}
	return reason.Finding{}, false
}

type framedData struct{}

// Seen shows what is wrong with the framing.
func (framedData) Seen(a Answer) string {
	f, bad := badlyFramed(a)
	if !bad {
		return "  nothing is wrong with it"
	}
	return fmt.Sprintf("  %s %s: %s", a.Exchange.Address, f.Reason, f.Detail)
}

// HaveEcho succeeds for an answer that quotes a string that was signed, in valid UTF-8: in a
// lenient decoder's words there would be no telling what was sent.
func HaveEcho() types.GomegaMatcher {
	return answerMatcher("quote a string that was signed", func(a Answer) bool {
		return utf8.Valid(a.Exchange.Body) && echoOf(a) != ""
	})
}

// EchoWhatWasSigned succeeds for an answer to a wrong signature that quotes the very string
// that the client signed, compared byte for byte. The body must be valid UTF-8 to begin
// with, or a lenient decoder might have mended it.
func EchoWhatWasSigned() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(a Answer) (bool, error) {
		if a.Skip != "" || a.Kept == "" {
			return false, fmt.Errorf("the question was not asked: %s", a.Why)
		}
		return utf8.Valid(a.Exchange.Body) && echoOf(a) == a.Kept, nil
	}).WithTemplate("expected the API {{.To}} repeat the string that was signed\n{{.Data.Seen .Actual}}", echoData{}), causeOf(reason.VerifyMangledText))
}

func echoOf(a Answer) string {
	if a.Exchange.API == nil {
		return ""
	}
	echo, _ := cloudapi.EchoedStringToSign(a.Exchange.API.Message)
	return echo
}

type echoData struct{}

// Seen shows where the two strings part, and which text that is in. Both are redacted
// first.
func (echoData) Seen(a Answer) string {
	got, want := cloudapi.Redact(echoOf(a)), cloudapi.Redact(a.Kept)
	switch {
	case got == "":
		return "  no string to sign in: " + a.summary()
	case !utf8.Valid(a.Exchange.Body):
		return "  the reply is not valid UTF-8: " + a.summary()
	}
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	return fmt.Sprintf("  from byte %d on, %s: %q instead of %q", at, textAt(want, at), window(got, at), window(want, at))
}

// textAt names the text whose parameter a place in a string to sign lies in.
func textAt(s string, at int) string {
	start := strings.LastIndex(s[:min(at, len(s))], "Text")
	if start < 0 {
		return "in no text"
	}
	name, _, _ := strings.Cut(s[start+len("Text"):], "%3D")
	return "in the text " + name
}

func window(s string, at int) string { return s[min(at, len(s)):min(at+24, len(s))] }
