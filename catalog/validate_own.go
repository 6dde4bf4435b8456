package catalog

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"prober/limit"
)

// looksPlaced reports whether an id says a product, a region and a network, so that it is to say the
// right ones.
func looksPlaced(id string) bool {
	parts := strings.Split(id, "/")
	return len(parts) >= 3 && slices.Contains(texts(Networks()), parts[2])
}

func (v *validator) isFilled(path string) bool {
	n, found := v.b.root.find(path)
	return found && n.filled
}

// shown is what an endpoint is called in an error about one that has no id in the file.
func (e Endpoint) shown() string {
	if e.Scheme == "" {
		return e.Host
	}
	host := e.Authority
	if host == "" {
		host = e.Host
	}
	return string(e.Scheme) + "://" + host + e.Path
}

const wrongPath = "%q is not the path and query of a request; want one as /healthz?full=1, with what is no part of it written as %%XX"

// isTarget reports whether a text is the path and query of a request as they go over the wire.
func isTarget(s string) bool {
	u, err := url.ParseRequestURI(s)
	return err == nil && s[0] == '/' && u.EscapedPath() == strings.SplitN(s, "?", 2)[0] && escapeQuery(u.RawQuery) == u.RawQuery && !strings.Contains(s, "#")
}

// request checks what an endpoint says of its request. One of an API's has a request of that API's.
func (v *validator) request(e *Endpoint, at entry) {
	if e.Path != "" {
		if !isTarget(e.Path) {
			v.bad(at.field("path"), wrongPath, e.Path)
		}
		if p := v.products[e.Product]; p != nil && p.APIStyle.IsAPI() {
			v.bad(at.field("path"), "an API of style %q has its own; leave the path out", p.APIStyle)
		}
	}
	if e.Authority != "" && (len(e.Authority) > 262 || strings.ContainsFunc(e.Authority, func(r rune) bool { return r != ':' && r != '[' && r != ']' && notInHost(r) })) {
		v.bad(at.field("authority"), "%q is not the Host of a request; want a host that may have a port", e.Authority)
	}
}

// IsLabel reports whether a list takes a name as that of a label.
func IsLabel(name string) bool { return labelForm.MatchString(name) && !strings.HasPrefix(name, "__") }

var labelForm = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// taken are the labels that tell endpoints apart, which a list has other fields for.
func taken() []string {
	return []string{"product", "region", "network", "host", "lifecycle", "scheme", "port", "name", "id"}
}

// labels checks what somebody says of an endpoint beyond what the program knows.
func (v *validator) labels(labels map[string]string, path string) {
	if len(labels) > limit.Labels {
		v.bad(path, "%d labels; at most %d", len(labels), limit.Labels)
		return
	}
	for _, name := range sortedKeys(labels) {
		at := join(path, name)
		value := labels[name]
		switch {
		case !IsLabel(name):
			v.bad(at, "%q is not the name of a label; use letters, digits and '_', with no digit and no \"__\" at the beginning", name)
		case len(name) > limit.ListLabelBytes || len(value) > limit.ListLabelBytes:
			v.bad(at, "a label of %d bytes; its name and its value have at most %d each", max(len(name), len(value)), limit.ListLabelBytes)
		case slices.Contains(taken(), name):
			v.bad(at, "%q is a label that every endpoint has; give this one another name", name)
		case strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }):
			v.bad(at, "the value has a character that cannot be printed")
		}
		if v.labelNames[name] = true; len(v.labelNames) > limit.LabelNames {
			v.bad(at, "%q is one more than the %d names of labels that a list may have", name, limit.LabelNames)
			delete(v.labelNames, name)
		}
	}
}
