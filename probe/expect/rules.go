package expect

import (
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
	"prober/jsonquery"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// Rules are expectations, made ready. They are not changed, and may be used concurrently.
type Rules struct {
	status      catalog.Statuses
	contentType mediaType
	headers     []headerRule
	body        bodyRules
	json        []jsonRule
}

type headerRule struct {
	catalog.HeaderExpect
	key     string         // canonical
	pattern *regexp.Regexp // of what it is to match, or not to
}

type jsonRule struct {
	catalog.JSONExpect
	query   jsonquery.Query
	equals  any
	pattern *regexp.Regexp
}

type mediaType struct {
	text, name string
	params     map[string]string
}

// New makes expectations ready; nil where there are none. What [catalog.DecodeList] takes has no error.
func New(e *catalog.Expect) (*Rules, error) {
	if e == nil {
		return nil, nil
	}
	r := &Rules{status: e.Status}
	var err error
	if e.ContentType != "" {
		r.contentType.text = e.ContentType
		if r.contentType.name, r.contentType.params, err = mime.ParseMediaType(e.ContentType); err != nil {
			return nil, fmt.Errorf("content_type: %w", err)
		}
	}
	for i, h := range e.Headers {
		rule := headerRule{h, http.CanonicalHeaderKey(h.Name), nil}
		if rule.pattern, err = compile(h.Matches + h.NotMatches); err != nil {
			return nil, fmt.Errorf("headers[%d]: %w", i, err)
		}
		r.headers = append(r.headers, rule)
	}
	if e.Body != nil {
		if r.body, err = newBodyRules(e.Body); err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
	}
	for i, j := range e.JSON {
		rule := jsonRule{JSONExpect: j}
		if rule.query, err = jsonquery.Parse(j.Path); err != nil {
			return nil, fmt.Errorf("json[%d]: %w", i, err)
		}
		if rule.pattern, err = compile(j.Matches); err != nil {
			return nil, fmt.Errorf("json[%d]: %w", i, err)
		}
		if j.Equals != "" {
			rule.equals = jsonquery.Value(string(j.Equals))
		}
		r.json = append(r.json, rule)
	}
	return r, nil
}

// compile compiles a pattern; nil for none.
func compile(pattern string) (*regexp.Regexp, error) {
	if pattern == "" {
		return nil, nil
	}
	return regexp.Compile(pattern)
}

// HasStatus reports whether it is said which statuses are healthy.
func (r *Rules) HasStatus() bool { return r != nil && len(r.status) > 0 }

// Takes reports whether a status is one of those.
func (r *Rules) Takes(status int) bool { return r.status.Has(status) }

// Statuses are those that are expected, as people read them.
func (r *Rules) Statuses() string { return r.status.String() }

// Judge says what of a reply is not as expected, its status aside. secrets are those that were sent.
func (r *Rules) Judge(reply *exchange.Reply, secrets exchange.Redactor) []reason.Finding {
	if r == nil {
		return nil
	}
	j := judgement{reply: reply, secrets: secrets, missing: unread(reply)}
	if reply.Header == nil && j.missing != "" {
		if r.contentType.name != "" || len(r.headers) > 0 {
			j.unknown("header fields")
		}
	} else {
		r.judgeType(&j)
		r.judgeHeaders(&j)
	}
	r.body.judge(&j)
	r.judgeJSON(&j)
	return j.found
}

// judgement is what is found out about one reply.
type judgement struct {
	reply   *exchange.Reply
	secrets exchange.Redactor
	missing string // why there may be more of the body than was read; empty: there is not
	found   []reason.Finding
}

// unread says why there may be more of a body than was read, or why what was read is in a coding.
func unread(reply *exchange.Reply) string {
	i := slices.IndexFunc(reply.Findings, func(f reason.Finding) bool { return f.Reason == reason.ProberLimit })
	if i < 0 {
		return ""
	}
	return reply.Findings[i].Detail
}

func (j *judgement) fails(why reason.Reason, format string, args ...any) {
	j.found = append(j.found, why.Found(fmt.Sprintf(format, args...)))
}

// unknown notes that something could not be told, once.
func (j *judgement) unknown(what string) {
	f := reason.ProberLimit.Found(j.missing + "; what is expected of its " + what + " cannot be told")
	if !slices.Contains(j.found, f) {
		j.found = append(j.found, f)
	}
}

// quoted is a text of the reply in quotes.
func (j *judgement) quoted(s string) string {
	return fmt.Sprintf("%q", cut(j.secrets.Redact(s)))
}

// shown is how many bytes of a text of the reply a finding shows.
const shown = 120

// cut returns the beginning of a text, with an ellipsis where there is more.
func cut(s string) string {
	if len(s) <= shown {
		return s
	}
	return strings.ToValidUTF8(s[:shown], "") + "…"
}

func (r *Rules) judgeType(j *judgement) {
	want := r.contentType
	if want.name == "" {
		return
	}
	got := j.reply.Header["Content-Type"]
	if len(got) == 0 {
		j.fails(reason.VerifyContentType, "no Content-Type, expected %s", want.text)
		return
	}
	name, params, err := mime.ParseMediaType(got[0])
	fits := name == want.name && (err == nil || len(want.params) == 0)
	for key, value := range want.params {
		fits = fits && strings.EqualFold(params[key], value)
	}
	if !fits || len(got) > 1 && !slices.Equal(got, slices.Repeat(got[:1], len(got))) {
		j.fails(reason.VerifyContentType, "Content-Type is %s, expected %s", j.quoted(strings.Join(got, ", ")), want.text)
	}
}

func (r *Rules) judgeHeaders(j *judgement) {
	for _, h := range r.headers {
		got := j.reply.Header[h.key]
		if h.Absent {
			if len(got) > 0 {
				j.fails(reason.VerifyHeaderMismatch, "field %s is there: %s, expected none", h.Name, j.quoted(strings.Join(got, ", ")))
			}
			continue
		}
		if h.NotMatches != "" {
			if i := slices.IndexFunc(got, h.pattern.MatchString); i >= 0 {
				j.fails(reason.VerifyHeaderMismatch, "%s is %s, expected no match of %q", h.Name, j.quoted(got[i]), h.NotMatches)
			}
			continue
		}
		want := fmt.Sprintf("%q", h.Equals)
		fits := func(value string) bool { return value == h.Equals }
		if h.pattern != nil {
			want, fits = fmt.Sprintf("a match of %q", h.Matches), h.pattern.MatchString
		}
		switch {
		case len(got) == 0:
			j.fails(reason.VerifyHeaderMismatch, "no field %s, expected %s", h.Name, want)
		case !slices.ContainsFunc(got, fits):
			j.fails(reason.VerifyHeaderMismatch, "%s is %s, expected %s", h.Name, j.quoted(strings.Join(got, ", ")), want)
		}
	}
}
