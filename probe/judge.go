package probe

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/plain"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// judgeReply writes down the facts of a reply and says what is wrong with it.
func (p *Prober) judgeReply(t Target, r *AddressResult, s sent, reply *exchange.Reply) verdict {
	if reply.Status != 0 {
		r.HTTP = &HTTPFacts{
			Status: reply.Status, Proto: reply.Proto, ContentType: p.fact(t, reply.Header.Get("Content-Type")), BodyBytes: reply.BodyBytes,
			RetryAfter: p.fact(t, reply.Header.Get("Retry-After")),
		}
		if said := reply.Header.Get("Date"); said != "" {
			r.HTTP.Date, _ = http.ParseTime(said) // zero where it cannot be read
		}
		if where := reply.Header.Get("Location"); where != "" {
			r.HTTP.Location = p.quoteOf(t, where)
		}
		r.HTTP.Length, r.HTTP.Modified = reply.Length, modified(reply)
		if (t.Only2xx || t.Check != nil && t.Check.follow > 0) && isRedirect(reply.Status) {
			r.HTTP.Next, r.HTTP.SetCookies = leads(s.http, reply)
		}
	}
	if t.Scheme == catalog.HTTP && t.Product.Refuses(catalog.HTTP) {
		return verdict{Finding: p.judgeRefusal(t, r, reply)}
	}
	raw := worst(reply.Findings...)
	switch {
	case raw.Reason == reason.ProberLimit && !t.Product.APIStyle.IsAPI() && reply.Headed(): // the status says enough
		p.unreadText(t, r, raw.Finding)
		return readable(reply).and(p.expected(t, reply, p.plainStatus(t, reply)))
	case raw.Reason == reason.ProberLimit && reply.Headed():
		return raw.and(verdict{Finding: p.judgeStart(t, reply)})
	case raw.Reason.Outcome().Worse(reason.Degraded): // the reply could not be read to its end
		return raw
	}
	return raw.and(p.judgeContent(t, r, s, reply))
}

// readable are the findings about a reply of which no more than the status needs to be read.
func readable(reply *exchange.Reply) verdict {
	return worst(slices.DeleteFunc(slices.Clone(reply.Findings), func(f reason.Finding) bool { return f.Reason == reason.ProberLimit })...)
}

// judgeStart says what the head of a reply and the beginning of its body show to be wrong, where
// there is too much of it to be read.
func (p *Prober) judgeStart(t Target, reply *exchange.Reply) reason.Finding {
	if f := p.judgeHead(reply, ""); !f.OK() || reply.Coded() {
		return f
	}
	if err := cloudapi.NotAPI(t.Product.APIStyle, reply.Header.Get("Content-Type"), reply.Body); err != nil {
		return p.unread(reply, err)
	}
	return reason.Finding{}
}

// limits are what is read of a reply to t. What an API says to an unsigned call is a few hundred
// bytes.
func limits(t Target) exchange.Limits {
	if t.Product.APIStyle.IsAPI() && !t.signs() {
		return exchange.Limits{BodyBytes: limit.UnsignedBytes, DecodedBytes: limit.UnsignedBytes}
	}
	return exchange.Limits{}
}

// limitsOfQuestion are what is read of a reply to one of the many questions that the suites ask, of which all
// are kept until they are judged. Whether a body ends is for the probe to see.
func limitsOfQuestion(t Target) exchange.Limits {
	l := limits(t)
	l.ReplyBytes, l.OthersReadOn = limit.QuestionBytes, true
	return l
}

// judgeContent judges a reply that was read to its end.
func (p *Prober) judgeContent(t Target, r *AddressResult, s sent, reply *exchange.Reply) verdict {
	style := t.Product.APIStyle
	if !style.IsAPI() {
		said := p.plainReply(t, r, reply)
		if status := p.plainStatus(t, reply); status.Reason == reason.ProberRateLimited { // which says nothing of what it would answer
			return verdict{Finding: status}
		}
		return said.and(p.expected(t, reply, reason.Finding{}))
	}
	text := exchange.JudgeText(reply.Header, reply.Body)
	api, err := cloudapi.Read(style, reply.Header.Get("Content-Type"), reply.Body)
	if err != nil {
		return verdict{Finding: p.unreadable(reply, text, err)}
	}
	r.HTTP.API = p.apiFacts(t, api)
	said, id := p.judgeCode(t, s, reply, api), requestIDFinding(style, reply, api)
	if !damage(text).OK() { // what a damaged reply seems to say comes after that
		return worst(append(text, said, id)...)
	}
	return worst(append(append([]reason.Finding{said}, text...), id)...)
}

// damage is the finding about text that it is no UTF-8; the zero Finding where it is.
func damage(text []reason.Finding) reason.Finding {
	for _, f := range text {
		if f.Reason == reason.VerifyInvalidUTF8 {
			return f
		}
	}
	return reason.Finding{}
}

// judgeHead says what the head of a reply shows to be wrong, whatever its body; how is known of
// that.
func (p *Prober) judgeHead(reply *exchange.Reply, how string) reason.Finding {
	switch {
	case reply.Status == http.StatusTooManyRequests: // of a proxy in front of the API
		return reason.ProberRateLimited.Found("status 429" + how)
	case reply.Status == http.StatusNetworkAuthenticationRequired:
		return reason.VerifyNotAPI.Found(loginStatus)
	case isRedirect(reply.Status):
		return reason.VerifyRedirect.Found(fmt.Sprintf("status %d%s", reply.Status, p.whither(Target{}, reply)))
	case reply.Status >= 500:
		return reason.VerifyServerError.Found(fmt.Sprintf("status %d%s", reply.Status, how))
	}
	return reason.Finding{}
}

// unreadable says why a reply could not be read as one of the API's.
func (p *Prober) unreadable(reply *exchange.Reply, text []reason.Finding, err error) reason.Finding {
	how := " with a body that is no API reply"
	if errors.Is(err, cloudapi.ErrLimit) {
		how = ""
	}
	if f := p.judgeHead(reply, how); !f.OK() {
		return f
	}
	if f := damage(text); !f.OK() && !looksOther(reply) { // which explains an unreadable reply
		return f
	}
	return p.unread(reply, err)
}

// unread turns the error of reading a reply into a finding.
func (p *Prober) unread(reply *exchange.Reply, err error) reason.Finding {
	switch {
	case errors.Is(err, cloudapi.ErrLimit):
		return reason.ProberLimit.Found(fmt.Sprintf("status %d: %v", reply.Status, err))
	case errors.Is(err, cloudapi.ErrWrongShape):
		return reason.VerifyWrongShape.Found(fmt.Sprintf("status %d: %s", reply.Status, p.redact(err.Error())))
	case errors.Is(err, cloudapi.ErrUnparseable):
		return reason.VerifyUnparseable.Found(fmt.Sprintf("status %d: %s", reply.Status, p.redact(err.Error())))
	}
	return reason.VerifyNotAPI.Found(fmt.Sprintf("status %d: %s", reply.Status, p.redact(err.Error())))
}

// judgeCode says what the API's own word means for the endpoint's health.
func (p *Prober) judgeCode(t Target, s sent, reply *exchange.Reply, api cloudapi.Reply) reason.Finding {
	said := func(r reason.Reason) reason.Finding {
		word := p.quote(api.Code)
		if word == "" {
			word = "without a code"
		}
		if api.Message != "" {
			word += ": " + p.quote(api.Message)
		}
		if r == reason.VerifyWrongShape {
			word += "; " + cloudapi.Contradiction(t.Product.APIStyle, reply.Status, api.Code)
		}
		return r.Found(fmt.Sprintf("status %d %s", reply.Status, word))
	}
	switch class := cloudapi.ClassOf(t.Product.APIStyle, reply.Status, api.Code); {
	case class == cloudapi.ServerError:
		return said(reason.VerifyServerError)
	case class == cloudapi.Throttled:
		return said(reason.ProberRateLimited)
	case class == cloudapi.Success && t.signs() && holdsReplacement(reply.Body):
		return reason.VerifyMangledText.Found("the reply holds U+FFFD, which was never sent")
	case t.signs():
		return p.judgeSignedError(s, class, api, said)
	case !class.AnswersUnsigned() && class != cloudapi.Clock:
		return said(reason.VerifyWrongShape)
	}
	return reason.Finding{}
}

// apiFacts are the facts of a reply without anything secret that it quotes.
func (p *Prober) apiFacts(t Target, api cloudapi.Reply) *APIFacts {
	return &APIFacts{Code: p.fact(t, api.Code), RequestID: p.fact(t, api.RequestID), Message: p.fact(t, api.Message)}
}

// holdsReplacement reports whether text holds U+FFFD, which decoders put where they lost
// something, as it is or in the notation of JSON. Bytes that are no UTF-8 are none.
func holdsReplacement(text []byte) bool {
	return bytes.Contains(text, []byte("\uFFFD")) || bytes.Contains(bytes.ToLower(text), []byte(`\ufffd`))
}

// judgeSignedError judges the error reply to a signed call, which should have succeeded.
func (p *Prober) judgeSignedError(s sent, class cloudapi.Class, api cloudapi.Reply, said func(reason.Reason) reason.Finding) reason.Finding {
	switch class {
	case cloudapi.SignatureMismatch:
		echo, ok := cloudapi.EchoedStringToSign(api.Message)
		if ok && s.stringToSign != "" && echo != s.stringToSign {
			return reason.VerifyMangledText.Found("the server read the parameters as other text: " + p.difference(echo, s.stringToSign))
		}
		return said(reason.ProberCredentials)
	case cloudapi.Clock:
		return said(reason.ProberClock)
	case cloudapi.Credentials:
		return said(reason.ProberCredentials)
	case cloudapi.OrdinaryError:
		if api.Code == "MissingSecurityToken" && !s.token { // a temporary key is half a key without it
			return said(reason.ProberCredentials)
		}
		return said(reason.VerifyCallRefused)
	case cloudapi.NeedSSL, cloudapi.Unclear:
		return said(reason.VerifyWrongShape)
	}
	return reason.Finding{}
}

// difference shows where two strings to sign part. What is secret is taken out first: of a
// token that is cut in its middle nobody can tell any more that it is one.
func (p *Prober) difference(got, want string) string {
	if most := 4 * len(want); len(got) > most {
		got = p.secrets.RedactCut(got[:most])
	}
	got, want = p.redact(got), p.redact(want)
	if got == want {
		return "the string to sign differs inside a credential"
	}
	at := firstDifference(got, want)
	return fmt.Sprintf("from byte %d of the string to sign %q instead of %q", at, cut(got, at), cut(want, at))
}

// judgeRefusal judges what came over plain HTTP from an API whose documents say HTTPS
// only. Every way of not serving the request keeps that rule.
func (p *Prober) judgeRefusal(t Target, r *AddressResult, reply *exchange.Reply) reason.Finding {
	style := t.Product.APIStyle
	worst := reason.Worst(reply.Findings...)
	if worst.Reason.Phase() == reason.Prober && (worst.Reason != reason.ProberLimit || p.judgeStart(t, reply).OK()) {
		return worst
	}
	refused := func(how string) reason.Finding {
		return reason.None.Found("plain HTTP is refused, as documented: " + how)
	}
	switch {
	case reply.Status == 0:
		return refused(worst.Reason.String())
	case reply.Status == http.StatusTooManyRequests: // before or after it looked at the scheme?
		return reason.ProberRateLimited.Found("status 429 over plain HTTP")
	case isRedirect(reply.Status):
		plain := func(where string) bool { return !strings.HasPrefix(strings.ToLower(where), "https://") }
		switch where := reply.Header.Values("Location"); {
		case len(where) > 0 && !slices.ContainsFunc(where, plain):
			return refused(fmt.Sprintf("status %d to %q", reply.Status, p.quoteOf(t, where[0])))
		case len(where) > 1:
			one := where[slices.IndexFunc(where, plain)]
			return reason.VerifyRedirect.Found(fmt.Sprintf("status %d with %d Locations, of which %q is not HTTPS", reply.Status, len(where), p.quoteOf(t, one)))
		}
		return reason.VerifyRedirect.Found(fmt.Sprintf("status %d%s, which is not HTTPS", reply.Status, p.whither(t, reply)))
	}
	if style.IsAPI() {
		api, err := cloudapi.Read(style, reply.Header.Get("Content-Type"), reply.Body)
		switch {
		case errors.Is(err, cloudapi.ErrLimit):
			return p.unread(reply, err)
		case err != nil && reply.Status >= 400:
			return refused(fmt.Sprintf("status %d without an API reply", reply.Status))
		case err != nil: // somebody else answered
			return reason.VerifyNotAPI.Found(fmt.Sprintf("status %d over plain HTTP: %s", reply.Status, p.redact(err.Error())))
		case style == catalog.StyleTencent3 && reply.Status == http.StatusForbidden: // its API answers with 200
			r.HTTP.API = p.apiFacts(t, api)
			return refused("status 403 " + api.Code)
		default:
			r.HTTP.API = p.apiFacts(t, api)
			switch cloudapi.ClassOf(style, reply.Status, api.Code) {
			case cloudapi.NeedSSL:
				return refused(api.Code)
			case cloudapi.Throttled: // before or after it looked at the scheme?
				return reason.ProberRateLimited.Found(fmt.Sprintf("status %d %s", reply.Status, api.Code))
			}
		}
	} else if reply.Status >= 400 {
		return refused(fmt.Sprintf("status %d", reply.Status))
	}
	return reason.VerifyPlainHTTPServed.Found(fmt.Sprintf("status %d over plain HTTP", reply.Status))
}

// refusal turns the failure of a connection over plain HTTP into the documented refusal
// that it is, where the documents say HTTPS only. A missing route says nothing about that.
func refusal(t Target, f reason.Finding) reason.Finding {
	if t.Scheme == catalog.HTTP && t.Product.Refuses(catalog.HTTP) && f.Reason.Phase() == reason.Connect {
		return reason.Finding{Detail: "plain HTTP is refused, as documented: " + f.Reason.String()}
	}
	return f
}

// loginStatus says what status 511 says: no server sends it, but somebody on the way.
const loginStatus = "status 511, by which a network on the way asks for a login (RFC 6585)"

// expected adds to the verdict on a status what else of a reply of style none is not as its list expects. There may
// be more of the reply than was read.
func (p *Prober) expected(t Target, reply *exchange.Reply, status reason.Finding) verdict {
	if t.Check == nil || t.Check.rules == nil || status.Reason == reason.ProberRateLimited {
		return verdict{Finding: status}
	}
	return worst(append([]reason.Finding{status}, t.Check.rules.Judge(reply, p.redactor(t))...)...)
}

// plainStatus judges the status of an endpoint of style none.
func (p *Prober) plainStatus(t Target, reply *exchange.Reply) reason.Finding {
	status := reply.Status
	detail := strings.TrimSpace(fmt.Sprintf("status %d %s", status, http.StatusText(status)))
	switch {
	case t.Check != nil && t.Check.rules.HasStatus():
		return p.statedStatus(t, reply, detail)
	case status >= 200 && status < 300, status >= 300 && status < 400 && !t.Only2xx:
		return reason.Finding{}
	case isRedirect(status):
		return reason.VerifyRedirect.Found(fmt.Sprintf("status %d%s", status, p.whither(t, reply)))
	case status == http.StatusTooManyRequests:
		return reason.ProberRateLimited.Found(detail)
	case status == http.StatusNetworkAuthenticationRequired:
		return reason.VerifyNotAPI.Found(loginStatus)
	case status >= 500:
		return reason.VerifyServerError.Found(detail)
	}
	return reason.VerifyBadStatus.Found(detail)
}

// statedStatus judges a status where the list says which are healthy. What says something about the prober, or
// about somebody on the way, still does.
func (p *Prober) statedStatus(t Target, reply *exchange.Reply, detail string) reason.Finding {
	switch {
	case t.Check.rules.Takes(reply.Status):
		return reason.Finding{}
	case reply.Status == http.StatusTooManyRequests:
		return reason.ProberRateLimited.Found(detail)
	case reply.Status == http.StatusNetworkAuthenticationRequired:
		return reason.VerifyNotAPI.Found(loginStatus)
	case isRedirect(reply.Status):
		detail += p.whither(t, reply)
	}
	return reason.VerifyUnexpectedStatus.Found(detail + ", expected " + t.Check.rules.Statuses())
}

// isRedirect reports whether a status sends the client elsewhere (RFC 9110, section 15.4): 304 says
// that it has the content already, and 306 nothing.
func isRedirect(status int) bool {
	return status >= 300 && status < 400 && status != http.StatusNotModified && status != 306
}

// whither says where a redirect leads.
func (p *Prober) whither(t Target, reply *exchange.Reply) string {
	if where := reply.Header.Get("Location"); where != "" {
		return fmt.Sprintf(" to %q", p.quoteOf(t, where))
	}
	return " without a Location"
}

// notText matches the labels of what is no text in the first place.
var notText = regexp.MustCompile(`(?i)^\s*(audio|font|image|video|application/(pdf|zip|gzip|x-gzip|octet-stream))\b`)

// looksOther reports whether a body is a web page by its label or its first bytes, or no text.
func looksOther(reply *exchange.Reply) bool {
	label := reply.Header.Get("Content-Type")
	if strings.HasPrefix(strings.ToLower(label), "text/html") || notText.MatchString(label) {
		return true
	}
	return cloudapi.IsHTML(reply.Body)
}

// requestIDFinding compares each request id of Alibaba's header with that of the body.
func requestIDFinding(style catalog.APIStyle, reply *exchange.Reply, api cloudapi.Reply) reason.Finding {
	if style != catalog.StyleAlibabaRPC {
		return reason.Finding{}
	}
	for _, id := range reply.Header.Values("X-Acs-Request-Id") {
		if id != "" && !strings.EqualFold(id, api.RequestID) {
			return reason.VerifyRequestID.Found(fmt.Sprintf("header %.40q, body %q", id, api.RequestID))
		}
	}
	return reason.Finding{}
}

// redact removes keys and signatures from text that is shown.
func (p *Prober) redact(s string) string { return p.secrets.Redact(s) }

// quote is a text of an API's reply as it can be shown, without keys and signatures.
func (p *Prober) quote(s string) string { return p.quoteOf(Target{}, s) }

// quoteOf is quote for a text of a reply of t, without the secrets that were sent to it.
func (p *Prober) quoteOf(t Target, s string) string {
	const window = 4 * limit.FactBytes // redaction must see whole values, not only what is shown
	if len(s) > window {
		s = p.redactor(t).RedactCut(s[:window])
	} else {
		s = p.redactor(t).Redact(s)
	}
	return plain.Line(s, limit.FactBytes)
}

// fact is quote for the facts of each and every reply, good ones too. Who was not sent a secret
// cannot quote it, and looking for one costs more than all the rest of judging.
func (p *Prober) fact(t Target, s string) string {
	if !t.signs() && (t.Check == nil || t.Check.secrets == nil) {
		return plain.Line(s, limit.FactBytes)
	}
	return p.quoteOf(t, s)
}

// firstDifference returns the offset of the first byte in which a and b differ.
func firstDifference(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// cut returns a few bytes of s from an offset on.
func cut(s string, at int) string {
	const shown = 40
	return s[at:min(len(s), at+shown)]
}
