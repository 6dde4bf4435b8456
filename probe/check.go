package probe

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/command"
	"prober/probe/exchange"
	"prober/probe/expect"
)

// Check is what a list says that healthy means, made ready: its texts are known and its patterns compiled. It
// is not changed, and may be used concurrently. A nil Check asks for nothing beyond the usual.
type Check struct {
	method  string       // empty: GET
	target  string       // path and query; empty: that of [Target]
	query   []checkPiece // behind that of the target
	fields  []checkField
	body    []byte
	shown   []checkPiece  // what stands for the body in a command, where parts of it are not to be shown
	hidden  command.Value // what stands for the whole body in a command; the zero Value: itself
	rules   *expect.Rules
	follow  int
	limits  *catalog.Limits
	secrets *cloudapi.Redactor // nil: the request holds none
	missing error              // why it cannot be asked for
}

// checkPiece is a part of a text.
type checkPiece struct {
	text   string
	hidden command.Value // what stands for the text in a command; the zero Value: itself
}

// checkField is a field of the header section.
type checkField struct {
	name, value string
	hidden      command.Value // what stands for the value in a command; the zero Value: itself
}

// Sources hand out what a check names.
type Sources struct {
	// Text returns the text that is somewhere else. Its errors name the place.
	Text func(catalog.Text) (string, error)
	// File returns the content of a file.
	File func(name string) ([]byte, error)
	// Path returns the path of a file from the root, for commands.
	Path func(name string) string
}

// NewCheck makes a check ready. What it names is read now. An error names what could not be read, by its
// place in the check; the check that comes with it says so at each probe.
func NewCheck(c *catalog.Check, from Sources) (*Check, error) {
	if c == nil {
		return nil, nil
	}
	rules, err := expect.New(c.Expect)
	if err != nil {
		return nil, fmt.Errorf("expect.%w", err)
	}
	out := &Check{rules: rules, limits: c.Limits}
	if c.Redirects != nil {
		out.follow = int(c.Redirects.Follow)
	}
	if c.Request != nil {
		b := requestBuilder{from: from, check: out}
		b.build(c.Request)
		if len(b.secrets) > 0 {
			redactor := cloudapi.NewRedactor(cloudapi.AlibabaKey{}, cloudapi.TencentKey{}).With(b.secrets...)
			out.secrets = &redactor
		}
		out.missing = errors.Join(b.wrong...)
	}
	return out, out.missing
}

// requestBuilder reads the texts of a request.
type requestBuilder struct {
	from    Sources
	check   *Check
	secrets []string
	wrong   []error
}

func (b *requestBuilder) build(r *catalog.Request) {
	c := b.check
	c.method, c.target = r.Method, r.Path
	names := make([]string, 0, len(r.Headers))
	for name := range r.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	typed := false
	for _, name := range names {
		value, hidden := b.text(r.Headers[name], "headers."+name)
		b.field("headers."+name, r.Headers[name], name, value, hidden)
		typed = typed || strings.EqualFold(name, "Content-Type")
	}
	b.queryOf(r.Query)
	if r.Bearer != "" {
		value, hidden := b.text(r.Bearer, "bearer")
		b.field("bearer", r.Bearer, "Authorization", "Bearer "+value, hidden.Behind("Bearer "))
	}
	if r.Basic != nil {
		user, hiddenUser := b.text(r.Basic.User, "basic.user")
		password, hiddenPassword := b.text(r.Basic.Password, "basic.password")
		encoded := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
		if strings.Contains(user, ":") {
			b.wrong = append(b.wrong, errors.New("basic.user: the user name has a colon, where the password would begin (RFC 7617)"))
		}
		b.secrets = append(b.secrets, password, encoded)
		b.field("basic.password", r.Basic.Password, "Authorization", "Basic "+encoded, command.Base64(user, hiddenUser, password, hiddenPassword).Behind("Basic "))
	}
	if r.Body == nil {
		return
	}
	if c.method == "" {
		c.method = http.MethodPost
	}
	switch {
	case r.Body.JSON != "":
		b.json(r.Body.JSON)
		if !typed {
			b.field("headers.Content-Type", "", "Content-Type", "application/json", command.Value{})
		}
	case r.Body.File != "":
		var err error
		if c.body, err = b.from.File(r.Body.File); err != nil {
			b.wrong = append(b.wrong, fmt.Errorf("body.file: %w", err))
		}
		c.hidden = command.FileValue(b.from.Path(r.Body.File))
		b.secrets = append(b.secrets, string(c.body))
	default:
		var text string
		text, c.hidden = b.text(r.Body.Text, "body.text")
		c.body = []byte(text)
	}
}

// queryOf adds parameters to the query, in the order of their names.
func (b *requestBuilder) queryOf(parameters map[string]catalog.Text) {
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		value, hidden := b.text(parameters[name], "query."+name)
		encoded := cloudapi.PercentEncode(value)
		if encoded != value && !hidden.IsZero() {
			b.secrets, hidden = append(b.secrets, encoded), hidden.InQuery()
		}
		and := ""
		if len(b.check.query) > 0 {
			and = "&"
		}
		b.check.query = append(b.check.query, checkPiece{text: and + cloudapi.PercentEncode(name) + "="}, checkPiece{encoded, hidden})
	}
}

// json makes a body of JSON, in which strings may stand somewhere else.
func (b *requestBuilder) json(v catalog.Value) {
	var pieces []checkPiece
	v.Pieces(func(text string) { pieces = append(pieces, checkPiece{text: text}) }, func(t catalog.Text) {
		value, hidden := b.text(t, "body.json")
		quoted, _ := json.Marshal(value) // text cannot fail
		b.check.shown = pieces           // whatever it is, something is not to be shown
		if string(quoted) == `"`+value+`"` {
			pieces = append(pieces, checkPiece{text: `"`}, checkPiece{value, hidden}, checkPiece{text: `"`})
			return
		}
		pieces = append(pieces, checkPiece{string(quoted), hidden.InJSON()})
	})
	if b.check.shown != nil {
		b.check.shown = pieces
	}
	for _, p := range pieces {
		b.check.body = append(b.check.body, p.text...)
	}
}

// field adds a field, which said at a path of the request. What it got from somewhere else may hold what no field can.
func (b *requestBuilder) field(path string, said catalog.Text, name, value string, hidden command.Value) {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		b.wrong = append(b.wrong, fmt.Errorf("%s: %s holds a character that cannot stand in a header field, such as the end of a line", path, said))
		return
	}
	b.check.fields = append(b.check.fields, checkField{name, value, hidden})
}

// text returns a text, and what stands for it in a command.
func (b *requestBuilder) text(t catalog.Text, at string) (string, command.Value) {
	source, name := t.Place()
	if source == catalog.Literal {
		return name, command.Value{}
	}
	value, err := b.from.Text(t)
	if err != nil {
		b.wrong = append(b.wrong, fmt.Errorf("%s: %w", at, err))
	}
	b.secrets = append(b.secrets, value)
	if source == catalog.FromFile {
		return value, command.ContentOf(b.from.Path(name))
	}
	return value, command.Variable(name)
}

// request is what the check sends to a host. veiled: a text that is not to be shown is a mark, and so is
// the body.
func (c *Check) request(authority string, veiled bool) (cloudapi.Request, []command.Value) {
	r := cloudapi.Request{Method: http.MethodGet, Host: authority}
	if c == nil {
		return r, nil
	}
	if c.method != "" {
		r.Method = c.method
	}
	r.Body = c.body
	var values []command.Value
	for _, f := range c.fields {
		value := f.value
		if veiled && !f.hidden.IsZero() {
			value = command.Mark(len(values))
			values = append(values, f.hidden)
		}
		r.Header = append(r.Header, cloudapi.Field{Name: f.name, Value: value})
	}
	return r, values
}

// queried is a target with the parameters of the check. veiled: what is not to be shown is what [unveiled] finds.
func (c *Check) queried(target string, veiled bool, values *[]command.Value) string {
	if c == nil || len(c.query) == 0 {
		return target
	}
	sign := "?"
	if strings.Contains(target, "?") {
		sign = "&"
	}
	var out strings.Builder
	out.WriteString(target + sign)
	for _, p := range c.query {
		if veiled && !p.hidden.IsZero() {
			out.WriteString(queryMark(len(*values)))
			*values = append(*values, p.hidden)
			continue
		}
		out.WriteString(p.text)
	}
	return out.String()
}

// queryMark is what stands in a query for the nth value, which can be sent, unlike [command.Mark].
func queryMark(n int) string { return "%00" + strconv.Itoa(n) + "%00" }

// unveiled has marks in the request line of r that a command can be made of.
func unveiled(r *command.Request) {
	line, rest, _ := strings.Cut(r.Wire, "\r\n")
	for n := range r.Values {
		if i := strings.LastIndex(line, queryMark(n)); i >= 0 { // behind what the path says
			line = line[:i] + command.Mark(n) + line[i+len(queryMark(n)):]
		}
	}
	r.Wire = line + "\r\n" + rest
}

// veil puts a mark in the place of a body that is not to be shown, or of a file. It reports false where no
// command line can hold the body.
func (c *Check) veil(r *command.Request) bool {
	const most = 4096 // bytes
	pieces := c.shown
	switch {
	case !c.hidden.IsZero():
		pieces = []checkPiece{{hidden: c.hidden}}
	case len(c.body) > most || bytes.IndexByte(c.body, 0) >= 0:
		return false
	case pieces == nil:
		return true
	}
	head, _, _ := strings.Cut(r.Wire, "\r\n\r\n")
	r.Wire = head + "\r\n\r\n"
	for _, p := range pieces {
		if p.hidden.IsZero() {
			r.Wire += p.text
			continue
		}
		r.Wire, r.Values = r.Wire+command.Mark(len(r.Values)), append(r.Values, p.hidden)
	}
	return true
}

// behind returns the check of what a redirect leads to. Whatever the list says of the request is for the
// host alone that it was said of: another one gets what tells no more than which content is wanted. ok is
// false where a body would have to be sent there.
func (c *Check) behind(status int, sameOrigin bool) (next *Check, ok bool) {
	out := *c
	out.target, out.query = "", nil
	keep := status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect || out.method == http.MethodHead
	if !keep && (status == http.StatusSeeOther || out.method == http.MethodPost) { // RFC 9110, section 15.4
		out.method, out.body, out.shown, out.hidden = http.MethodGet, nil, nil, command.Value{}
		out.fields = slices.DeleteFunc(slices.Clone(out.fields), func(f checkField) bool { return strings.EqualFold(f.name, "Content-Type") })
	}
	if !sameOrigin {
		if len(out.body) > 0 {
			return nil, false
		}
		out.fields = slices.DeleteFunc(slices.Clone(out.fields), func(f checkField) bool {
			return !f.hidden.IsZero() || !slices.Contains([]string{"accept", "accept-encoding", "accept-language", "user-agent"}, strings.ToLower(f.name))
		})
	}
	return &out, true
}

// redactor takes the secrets of a target's request out of texts, and those of the prober's keys.
type redactor struct{ own, sent *cloudapi.Redactor }

// Redact implements [exchange.Redactor].
func (r redactor) Redact(text string) string {
	if r.sent != nil {
		text = r.sent.Redact(text)
	}
	return r.own.Redact(text)
}

// RedactCut implements [exchange.Redactor].
func (r redactor) RedactCut(text string) string {
	if r.sent != nil {
		text = r.sent.RedactCut(text)
	}
	return r.own.RedactCut(text)
}

// redactor returns that of a target.
func (p *Prober) redactor(t Target) exchange.Redactor {
	if t.Check == nil {
		return redactor{&p.secrets, nil}
	}
	return redactor{&p.secrets, t.Check.secrets}
}
