package importlist

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
	"prober/limit"
)

// http reads what a module of the prober http says, into the product.
func (m *module) http(conf at) {
	var request, body, expect fields
	headers, authorization := fields{}, fields{}
	matches, notMatches, expected := []any{}, []any{}, []any{}
	statuses := []any{"2xx"}
	follow := true
	for _, x := range conf.members() {
		switch x.key {
		case "valid_status_codes":
			if given := x.texts(); len(given) > 0 {
				statuses = m.statuses(x, given)
			}
		case "method":
			request.set("method", strings.ToUpper(x.text()))
		case "headers":
			headers = m.headers(x)
		case "body":
			body.set("text", m.body(x))
		case "body_file":
			body.set("file", m.path(x.text()))
		case "follow_redirects":
			follow = x.isTrue(true)
		case "no_follow_redirects":
			follow = !x.isTrue(false)
		case "fail_if_body_matches_regexp":
			notMatches = append(notMatches, texts(x.texts())...)
		case "fail_if_body_not_matches_regexp":
			matches = append(matches, texts(x.texts())...)
		case "fail_if_header_not_matches":
			expected = append(expected, m.headerMatches(x)...)
		case "fail_if_header_matches":
			expected = append(expected, headerMismatches(x)...)
		case "basic_auth":
			request.set("basic", m.basic(x))
		case "bearer_token":
			request.set("bearer", m.secret(x))
		case "bearer_token_file":
			request.set("bearer", "file:"+m.path(x.text()))
		case "authorization":
			m.authorization(x, &request, &authorization)
		case "fail_if_ssl", "fail_if_not_ssl":
			m.schemes(x)
		case "tls_config":
			m.tls(x)
		case "preferred_ip_protocol", "ip_protocol_fallback":
		case "valid_http_versions":
			if !slices.Contains(x.texts(), "HTTP/1.1") {
				m.drop(x, "HTTP/1.1 is what is spoken")
			}
		case "enable_http2":
			if x.isTrue(false) {
				m.drop(x, "HTTP/1.1 is what is spoken")
			}
		default:
			m.drop(x, "%s", why(x.key))
		}
	}
	if method := request.text("method"); len(body) > 0 && (method == "" || method == "GET" || method == "HEAD") {
		m.drop(conf, "its body: a list sends none by %s", cmp.Or(method, "GET"))
		body = nil
	}
	for _, f := range authorization { // wherever it stands
		headers.set(f.name, f.value)
	}
	request.set("headers", headers)
	request.set("body", body)
	expect.set("status", one(statuses))
	expect.set("headers", expected)
	var said fields
	said.set("matches", matches)
	said.set("not_matches", notMatches)
	expect.set("body", said)
	var check fields
	check.set("request", request)
	check.set("expect", expect)
	if follow {
		check.set("redirects", limit.Redirects)
	}
	m.product.set("check", check)
	m.family(conf)
}

// one is a list of one as the one.
func one(list []any) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// why says why a list has nothing like a field.
func why(name string) string {
	known := map[string]string{
		"proxy_url":                         "no proxy is used: what is measured is the endpoint",
		"proxy_from_environment":            "no proxy is used: what is measured is the endpoint",
		"proxy_connect_header":              "no proxy is used: what is measured is the endpoint",
		"no_proxy":                          "no proxy is used: what is measured is the endpoint",
		"skip_resolve_phase_with_proxy":     "no proxy is used: what is measured is the endpoint",
		"oauth2":                            "no token is fetched; name one as bearer: env:NAME or file:PATH, in check.request",
		"compression":                       "no coding is asked for",
		"body_size_limit":                   "what is read of a reply is bounded by the program; check.expect.body.max_bytes bounds what is healthy",
		"enable_http3":                      "HTTP/1.1 is what is spoken",
		"source_ip_address":                 "the system chooses the address to come from",
		"http_headers":                      "write them as headers",
		"fail_if_body_json_matches_cel":     "check.expect.json says what is to stand at a path of the reply",
		"fail_if_body_json_not_matches_cel": "check.expect.json says what is to stand at a path of the reply",
	}
	if text := known[name]; text != "" {
		return text
	}
	return "a list has nothing like it"
}

// headers reads the fields of the request. A Host is that of every endpoint of the module.
func (m *module) headers(conf at) fields {
	var out fields
	for _, x := range conf.members() {
		switch name := strings.ToLower(x.key); {
		case name == "host":
			m.authority = strings.ToLower(x.text())
		case catalog.OwnField(name) != "":
			m.drop(x, "%s", catalog.OwnField(name))
		case isSecret(name):
			out.set(x.key, m.secret(x))
		default:
			if text := m.literal(x, x.text()); text != "" || x.text() == "" {
				out = append(out, field{x.key, text}) // which may be sent empty
			}
		}
	}
	return out
}

// statuses are those of HTTP.
func (m *module) statuses(conf at, given []string) []any {
	var out []any
	for _, n := range numbers(given) {
		if status, is := n.(int); is && status >= 100 && status < 600 {
			out = append(out, n)
		} else {
			m.drop(conf, "%v is no status", n)
		}
	}
	return out
}

// body is that of the request. One in which a secret is told by its name is one as a whole.
func (m *module) body(x at) string {
	if secretWithin.MatchString(x.text()) {
		return m.variable(x, ", with the whole body")
	}
	return m.literal(x, x.text())
}

// secretWithin finds the name of a secret with its value, in a form, JSON, XML or the like.
var secretWithin = regexp.MustCompile(`(?i)(?:password|passwd|pwd|secret|token|api_?-?key|credentials?|authorization|session_?-?id)\w*["']?\s*[=:>]`)

// isSecret reports whether a header field by its name holds what is not to be shown.
func isSecret(name string) bool {
	for _, word := range []string{"authorization", "cookie", "token", "secret", "key", "password", "credential", "session"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// headerMatches are expectations of the fields of a reply.
func (m *module) headerMatches(conf at) []any {
	var out []any
	for _, x := range conf.items() {
		if x.member("allow_missing").isTrue(false) {
			m.drop(x, "a field that may be missing cannot be expected")
			continue
		}
		var expect fields
		expect.set("name", x.member("header").text())
		expect.set("matches", x.member("regexp").text())
		out = append(out, expect)
	}
	return out
}

func (m *module) basic(conf at) fields {
	var out fields
	for _, x := range conf.members() {
		switch x.key {
		case "username":
			out.set("user", m.literal(x, x.text()))
		case "username_file":
			out.set("user", "file:"+m.path(x.text()))
		case "password":
			out.set("password", m.secret(x))
		case "password_file":
			out.set("password", "file:"+m.path(x.text()))
		default:
			m.drop(x, "%s", why(x.key))
		}
	}
	if out.text("password") == "" || out.text("user") == "" {
		m.drop(conf, "a list wants a user and a password")
		return nil
	}
	return out
}

// headerMismatches are what fields of a reply are not to match. One that is missing is wrong there, unless it
// may be missing.
func headerMismatches(conf at) []any {
	var out []any
	for _, x := range conf.items() {
		expect := func(what, pattern string) {
			var f fields
			f.set("name", x.member("header").text())
			f.set(what, pattern)
			out = append(out, f)
		}
		expect("not_matches", x.member("regexp").text())
		if !x.member("allow_missing").isTrue(false) {
			expect("matches", "^") // whatever it is
		}
	}
	return out
}

// authorization is a bearer, or a header field that a variable holds.
func (m *module) authorization(conf at, request, headers *fields) {
	kind := conf.member("type").text()
	given, file := conf.member("credentials"), conf.member("credentials_file")
	switch {
	case kind != "" && !strings.EqualFold(kind, "bearer"):
		headers.set("Authorization", m.variable(conf, ", which is to begin with the type, "+kind))
	case file.node != nil:
		request.set("bearer", "file:"+m.path(file.text()))
	case given.node != nil:
		request.set("bearer", m.secret(given))
	}
}

// schemes looks whether the targets of the module are of the scheme that it wants: the URL says which
// one is spoken.
func (m *module) schemes(conf at) {
	if conf.isTrue(false) {
		m.drop(conf, "the URL of an endpoint says whether it is TLS; where redirects lead elsewhere is not judged")
	}
}

// tls reads what a module says of handshakes.
func (m *module) tls(conf at) {
	for _, x := range conf.members() {
		switch x.key {
		case "ca_file":
			m.product.set("ca_file", m.path(x.text()))
		case "cert_file":
			m.product.set("client_certificate", m.path(x.text()))
		case "key_file":
			m.product.set("client_key", m.path(x.text()))
		case "server_name":
			m.product.set("server_name", strings.ToLower(x.text()))
		case "insecure_skip_verify":
			if x.isTrue(false) {
				m.drop(x, "certificates are always verified; a ca_file makes one of your own trusted")
			}
		case "ca", "cert", "key":
			m.drop(x, "a list names files: write it into one, and name that as ca_file, client_certificate or client_key")
		case "min_version", "max_version":
			m.drop(x, "every version is offered; check.limits.tls_version says which the server may accept at least, and rules.tls which it must or must not")
		default:
			m.drop(x, "%s", why(x.key))
		}
	}
}

// family is the one family of addresses, where the module does with no other. Every address of it is
// probed.
func (m *module) family(conf at) {
	preferred, fallback := conf.member("preferred_ip_protocol"), conf.member("ip_protocol_fallback")
	if fallback.isTrue(true) {
		if preferred.node != nil {
			m.drop(preferred, "every address is probed, of both families")
		}
		return
	}
	m.product.set("family", map[bool]int{true: 4, false: 6}[preferred.text() == "ip4"])
}

// secret names the variable that is to hold a secret, which is not copied.
func (m *module) secret(x at) string { return m.variable(x, "") }

// variable is secret with a word about what the variable is to hold.
func (m *module) variable(x at, holds string) string {
	name := "PROBER_" + strings.ToUpper(notInVariable.ReplaceAllString(strings.TrimPrefix(x.path, "modules."), "_"))
	m.notes = append(m.notes, x.note("a secret is not written out: the list takes it from the variable %s%s", name, holds))
	return "env:" + name
}

var notInVariable = regexp.MustCompile(`[^a-zA-Z0-9]+`)

// literal is a text that a list takes as it is.
func (m *module) literal(x at, text string) string {
	if strings.HasPrefix(text, "env:") || strings.HasPrefix(text, "file:") {
		m.drop(x, "a text that begins so means a variable or a file in a list")
		return ""
	}
	return text
}

// path is a file as a list that may stand anywhere names it.
func (m *module) path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(m.folder, name)
}

func (m *module) drop(x at, format string, args ...any) {
	m.notes = append(m.notes, x.note("not carried over: %s", fmt.Sprintf(format, args...)))
}
