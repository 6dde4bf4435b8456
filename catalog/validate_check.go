package catalog

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"prober/jsonquery"
	"prober/limit"
)

// check checks what healthy means. path is that of the check, style the API style of its endpoints.
func (v *validator) check(c *Check, style APIStyle, path string) {
	if style.IsAPI() {
		v.limitsAlone(c, path, fmt.Sprintf("an API of style %q has its own request and replies", style))
	}
	if c.Request != nil {
		v.checkRequest(c.Request, path+".request")
	}
	if c.Expect != nil {
		v.checkExpect(c.Expect, path+".expect")
	}
	if c.Limits != nil {
		v.checkLimits(c.Limits, path+".limits")
	}
	if c.Redirects != nil && c.Redirects.Follow > limit.Followed {
		v.bad(path+".redirects", "%d redirects are more than are followed, %d", c.Redirects.Follow, limit.Followed)
	}
}

// limitsAlone refuses all of a check but its limits.
func (v *validator) limitsAlone(c *Check, path, why string) {
	for name, given := range map[string]bool{"request": c.Request != nil, "expect": c.Expect != nil, "redirects": c.Redirects != nil} {
		if given {
			v.bad(path+"."+name, "%s; of a check it takes limits alone", why)
		}
	}
}

// endpointCheck checks what healthy means at one endpoint, and that it goes together with what its product says.
func (v *validator) endpointCheck(e *Endpoint, p *Product, path string) {
	if p == nil {
		p = &Product{}
	}
	v.check(e.Check, p.APIStyle, path)
	if p.Check == nil || v.broken(path) {
		return
	}
	if r := p.CheckOf(*e).Request; r != nil && r.Body != nil && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		v.bad(path, "with that of the product, a %s with a body; leave one of the two out", r.Method)
	}
}

var (
	methodForm = regexp.MustCompile(`^[A-Z][A-Z-]{0,30}$`)
	tokenForm  = regexp.MustCompile("^[a-zA-Z0-9!#$%&'*+.^_`|~-]+$") // RFC 9110, section 5.6.2
)

// OwnField says why a header field of a request is none that a list gives; empty: it is one.
func OwnField(name string) string { return ownFields()[strings.ToLower(name)] }

// ownFields are the fields that a request has of its own, each with what says the same in a list.
func ownFields() map[string]string {
	return map[string]string{
		"host": "authority of the endpoint says it", "content-length": "the body has it", "connection": "each connection carries one request",
		"transfer-encoding": "the body is sent as it is", "te": "no trailers are read", "trailer": "none is sent", "upgrade": "no other protocol is spoken",
		"expect": "the body is sent at once", "keep-alive": "each connection carries one request", "proxy-connection": "no proxy is used",
	}
}

func (v *validator) checkRequest(r *Request, path string) {
	switch {
	case r.Method != "" && !methodForm.MatchString(r.Method):
		v.bad(path+".method", "%q is not a method; want one in capitals, as GET or POST", r.Method)
	case r.Method == http.MethodConnect || r.Method == http.MethodTrace:
		v.bad(path+".method", "%s is no request for a reply of the endpoint's", r.Method)
	}
	if r.Path != "" && !isTarget(r.Path) {
		v.bad(path+".path", wrongPath, r.Path)
	}
	if len(r.Headers) > limit.RequestHeaders {
		v.bad(path+".headers", "%d fields; at most %d", len(r.Headers), limit.RequestHeaders)
	}
	seen := map[string]string{}
	for _, name := range sortedKeys(r.Headers) {
		at := join(path+".headers", name)
		low := strings.ToLower(name)
		why, own := ownFields()[low]
		switch {
		case !tokenForm.MatchString(name):
			v.bad(at, "%q is not the name of a header field", name)
		case own:
			v.bad(at, "%s is not to be given: %s", name, why)
		case seen[low] != "":
			v.bad(at, "%q is the same field as %q", name, seen[low])
		case low == "authorization" && (r.Basic != nil || r.Bearer != ""):
			v.bad(at, "basic and bearer say it; give one of them")
		}
		seen[low] = name
		v.checkText(r.Headers[name], at)
	}
	if len(r.Query) > limit.RequestHeaders {
		v.bad(path+".query", "%d parameters; at most %d", len(r.Query), limit.RequestHeaders)
	}
	for _, name := range sortedKeys(r.Query) {
		if name == "" {
			v.bad(path+".query", "a parameter without a name")
		}
		v.checkPlace(r.Query[name], join(path+".query", name))
	}
	if r.Basic != nil && r.Bearer != "" {
		v.bad(path+".bearer", "the request has a name and password already, in basic; give one of the two")
	}
	if b := r.Basic; b != nil {
		v.checkText(b.User, path+".basic.user")
		v.checkText(b.Password, path+".basic.password")
		if from, name := b.User.Place(); from == Literal && strings.Contains(name, ":") {
			v.bad(path+".basic.user", "a user name with a colon: that is where the password would begin (RFC 7617)")
		}
	}
	v.checkText(r.Bearer, path+".bearer")
	if r.Body != nil {
		v.checkBody(r, path+".body")
	}
}

func (v *validator) checkBody(r *Request, path string) {
	given := 0
	for _, is := range []bool{r.Body.Text != "", r.Body.JSON != "", r.Body.File != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		v.bad(path, "want one of text, json and file")
	}
	if n := len(r.Body.Text) + len(r.Body.JSON); n > limit.RequestBytes {
		v.bad(path, "a body of %d bytes; at most %d", n, limit.RequestBytes)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		v.bad(path, "%s has no body; leave one of the two out", r.Method)
	}
	v.checkPlace(r.Body.Text, path+".text")
	r.Body.JSON.Pieces(func(string) {}, func(t Text) { v.checkPlace(t, path+".json") })
}

var variableForm = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// checkText checks a text that becomes part of a header section.
func (v *validator) checkText(t Text, path string) {
	from, name := t.Place()
	if bad := strings.IndexFunc(name, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); from == Literal && bad >= 0 {
		v.bad(path, "the character %q at byte %d cannot stand in a header field", name[bad], bad)
	}
	v.checkPlace(t, path)
}

// checkPlace checks where a text is.
func (v *validator) checkPlace(t Text, path string) {
	switch from, name := t.Place(); {
	case from == FromEnv && !variableForm.MatchString(name):
		v.bad(path, "%q is not the name of a variable; want one as env:API_TOKEN", string(t))
	case from == FromFile && (name == "" || strings.ContainsRune(name, 0)):
		v.bad(path, "file: names no file; want one as file:/run/secrets/token")
	}
}

func (v *validator) checkExpect(x *Expect, path string) {
	for name, n := range map[string]int{"status": len(x.Status), "headers": len(x.Headers), "json": len(x.JSON)} {
		if n > limit.Expectations {
			v.bad(path+"."+name, "%d expectations; at most %d", n, limit.Expectations)
		}
	}
	if x.ContentType != "" {
		if t, _, err := mime.ParseMediaType(x.ContentType); err != nil || !strings.Contains(t, "/") {
			v.bad(path+".content_type", "%q is not a media type; want one as application/json", x.ContentType)
		}
	}
	for i, h := range x.Headers {
		at := fmt.Sprintf("%s.headers[%d]", path, i)
		if h.Name != "" && !tokenForm.MatchString(h.Name) {
			v.bad(at+".name", "%q is not the name of a header field", h.Name)
		}
		v.one(at, map[string]bool{"equals": h.Equals != "", "matches": h.Matches != "", "not_matches": h.NotMatches != "", "absent": h.Absent}, false)
		v.pattern(h.Matches, at+".matches")
		v.pattern(h.NotMatches, at+".not_matches")
		v.expected(h.Equals, at+".equals")
	}
	if x.Body != nil {
		v.checkBodyExpect(x.Body, path+".body")
	}
	for i, j := range x.JSON {
		at := fmt.Sprintf("%s.json[%d]", path, i)
		if _, err := jsonquery.Parse(j.Path); err != nil && v.given(at+".path") {
			v.bad(at+".path", "%q: %v", j.Path, err)
		}
		v.one(at, map[string]bool{"equals": j.Equals != "", "matches": j.Matches != "", "absent": j.Absent}, true)
		v.pattern(j.Matches, at+".matches")
		v.expected(string(j.Equals), at+".equals")
		if _, err := jsonquery.Read([]byte(j.Equals)); j.Equals != "" && err != nil {
			v.bad(at+".equals", "%v", err)
		}
	}
}

func (v *validator) checkBodyExpect(b *BodyExpect, path string) {
	if len(b.Contains)+len(b.NotContains)+len(b.Matches)+len(b.NotMatches) == 0 && b.MaxBytes == nil {
		v.bad(path, "says nothing of the body; want contains, not_contains, matches, not_matches or max_bytes")
	}
	for _, list := range []struct {
		name    string
		texts   Texts
		pattern bool
	}{{"contains", b.Contains, false}, {"not_contains", b.NotContains, false}, {"matches", b.Matches, true}, {"not_matches", b.NotMatches, true}} {
		if n := len(list.texts); n > limit.Expectations {
			v.bad(path+"."+list.name, "%d expectations; at most %d", n, limit.Expectations)
		}
		for i, s := range list.texts {
			at := path + "." + list.name
			if v.given(fmt.Sprintf("%s[%d]", at, i)) {
				at = fmt.Sprintf("%s[%d]", at, i)
			}
			switch {
			case s == "":
				v.bad(at, "an empty text is in every body")
			case list.pattern:
				v.pattern(s, at)
			default:
				v.expected(s, at)
			}
		}
	}
	if b.MaxBytes != nil && (*b.MaxBytes < 0 || *b.MaxBytes > limit.ReplyBytes) {
		v.bad(path+".max_bytes", "%d is not a size that can be judged; want 0 to %d", *b.MaxBytes, limit.ReplyBytes)
	}
}

// one checks that one of several is said of the value at path, or none where none is enough.
func (v *validator) one(path string, said map[string]bool, orNone bool) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(said)), func(name string) bool { return !said[name] })
	switch all := slices.Sorted(maps.Keys(said)); {
	case len(names) > 1:
		v.bad(path, "says %s; give one of them", strings.Join(names, " and "))
	case len(names) == 0 && !orNone:
		v.bad(path, "want one of %s", strings.Join(all, ", "))
	}
}

// expected checks the size of a text that is looked for.
func (v *validator) expected(s, path string) {
	if len(s) > limit.ExpectedBytes {
		v.bad(path, "a text of %d bytes; at most %d", len(s), limit.ExpectedBytes)
	}
}

// pattern checks a regular expression.
func (v *validator) pattern(s, path string) {
	if v.expected(s, path); len(s) > limit.ExpectedBytes {
		return
	}
	if _, err := regexp.Compile(s); err != nil {
		v.bad(path, "%q is not a regular expression of RE2: %s", s, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
}

func (v *validator) checkLimits(l *Limits, path string) {
	for name, d := range l.Times() {
		if d > limit.LongestLimit {
			v.bad(path+"."+name, "%s is longer than a bound may be, %s", d, limit.LongestLimit)
		}
	}
	switch l.TLSVersion {
	case "", "TLS1.1", "TLS1.2", "TLS1.3":
	default:
		v.bad(path+".tls_version", "%q bounds nothing; want TLS1.1, TLS1.2 or TLS1.3", l.TLSVersion)
	}
	if l.CertificateDays == 0 && v.given(path+".certificate_days") {
		v.bad(path+".certificate_days", "0 bounds nothing; want 1 or more")
	}
}
