package catalog

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
)

func (v *validator) productRules(p Product, path string) {
	r := p.Rules
	if s := r.Schemes; s != nil {
		at := path + ".schemes"
		v.rule(p, s.Rule, at)
		v.disjoint(at, namedList{"served", texts(s.Served)}, namedList{"refused", texts(s.Refused)})
	}
	if m := r.Methods; m != nil {
		at := path + ".methods"
		v.rule(p, m.Rule, at)
		v.disjoint(at, namedList{"served", m.Served}, namedList{"allowed", m.Allowed}, namedList{"refused", m.Refused})
		v.methods(m.Served, at+".served")
		v.methods(m.Allowed, at+".allowed")
		v.methods(m.Refused, at+".refused")
	}
	if x := r.Parameters; x != nil {
		v.rule(p, x.Rule, path+".parameters")
	}
	for i, x := range r.ContentTypes {
		at := fmt.Sprintf("%s.content_types[%d]", path, i)
		v.rule(p, x.Rule, at)
		if t, params, err := mime.ParseMediaType(x.ContentType); err != nil || t != x.ContentType || len(params) > 0 || !strings.Contains(t, "/") {
			v.bad(at+".content_type", "%q is not a media type in lower case without parameters", x.ContentType)
		}
		v.signatureMethods(p, x.SignatureMethods, at)
	}
	for i, x := range r.SizeLimits {
		at := fmt.Sprintf("%s.size_limits[%d]", path, i)
		v.rule(p, x.Rule, at)
		v.methods([]string{x.Method}, at+".method")
		v.signatureMethods(p, x.SignatureMethods, at)
		if x.Bytes < 1 {
			v.bad(at+".bytes", "%d is not a size", x.Bytes)
		}
	}
	if x := r.Encoding; x != nil {
		v.rule(p, x.Rule, path+".encoding")
		if x.Charset != "UTF-8" {
			v.bad(path+".encoding.charset", "%q is not a charset that can be checked; known: UTF-8", x.Charset)
		}
	}
	for i, x := range r.TLS {
		at := fmt.Sprintf("%s.tls[%d]", path, i)
		v.rule(p, x.Rule, at)
		for j, region := range x.Regions {
			if !v.has("region of "+p.Provider, region) {
				v.unknown(fmt.Sprintf("%s.regions[%d]", at, j), "regions", "region of "+p.Provider, region)
			}
		}
	}
	v.errorRules(p, path)
}

func (v *validator) errorRules(p Product, path string) {
	situations := map[Situation]bool{}
	for i, x := range p.Rules.Errors {
		at := fmt.Sprintf("%s.errors[%d]", path, i)
		v.rule(p, x.Rule, at)
		if situations[x.Situation] {
			v.bad(at+".situation", "%q has a rule already", x.Situation)
		}
		situations[x.Situation] = true
		if x.PerSecond < 0 || x.PerSecond > 0 && x.Situation != Throttled {
			v.bad(at+".per_second", "%d is not a number of requests a second that are not throttled", x.PerSecond)
		}
		for j, code := range x.Codes {
			if prefix, _ := strings.CutSuffix(code, "*"); prefix == "" || strings.ContainsAny(prefix, "* ") || j == 0 && prefix != code {
				v.bad(fmt.Sprintf("%s.codes[%d]", at, j), "%q is not an error code; only a later one may end in *", code)
			}
		}
		for j, status := range x.Statuses {
			if http.StatusText(status) == "" || status < 200 {
				v.bad(fmt.Sprintf("%s.statuses[%d]", at, j), "%d is not the status of a final response", status)
			}
		}
	}
}

// rule checks what every rule has.
func (v *validator) rule(p Product, r Rule, path string) {
	at := path + ".id"
	rest, own := strings.CutPrefix(r.ID, p.ID+"/")
	if r.ID != "" && (!own || rest == "" || strings.ContainsAny(r.ID, " *?[\t\n")) {
		v.bad(at, "%q is not a rule id of this product; want %q", r.ID, p.ID+"/...")
	}
	if first, dup := v.rules[r.ID]; dup {
		v.bad(at, "rule %q is listed twice, first as %s", r.ID, first)
	} else if r.ID != "" {
		v.rules[r.ID] = path
	}
	v.sourcesOf(r.Sources, path)
}

type namedList struct {
	name  string
	words []string
}

// disjoint reports words that stand in two lists, or twice in one.
func (v *validator) disjoint(path string, lists ...namedList) {
	first := map[string]string{}
	for _, l := range lists {
		for i, w := range l.words {
			if other, dup := first[w]; dup && w != "" {
				v.bad(fmt.Sprintf("%s.%s[%d]", path, l.name, i), "%q stands under %s already", w, other)
			}
			first[w] = l.name
		}
	}
}

// methods checks HTTP methods, which are case-sensitive (RFC 9110, section 9.1).
func (v *validator) methods(words []string, path string) {
	for i, w := range words {
		if w == "" || strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
			at := path
			if item := fmt.Sprintf("%s[%d]", path, i); v.given(item) {
				at = item
			}
			v.bad(at, "%q is not an HTTP method; they are upper case", w)
		}
	}
}

func (v *validator) signatureMethods(p Product, words []string, path string) {
	if p.APIStyle == "" {
		return // reported already
	}
	known := p.APIStyle.SignatureMethods()
	for i, w := range words {
		if !slices.Contains(known, w) {
			v.bad(fmt.Sprintf("%s.signature_methods[%d]", path, i), "%v",
				&UnknownError{Noun: fmt.Sprintf("signature method of style %q", p.APIStyle), Name: w, Known: known})
		}
	}
}
