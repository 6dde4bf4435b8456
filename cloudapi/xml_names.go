package cloudapi

import (
	"strings"
	"unicode/utf8"
)

// name passes over a name with at most one colon, and returns its two parts.
func (x *xmlReader) name(what string) (prefix, local string, err error) {
	rest := x.text[x.at:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !isNameStart(r) && !isNameLater(r) && r != ':' })
	if n < 0 {
		n = len(rest)
	}
	prefix, local, colon := strings.Cut(rest[:n], ":")
	if !colon {
		prefix, local = "", prefix
	}
	if !startsName(local) || colon && !startsName(prefix) || strings.Contains(local, ":") {
		_, err := x.bad("no name of %s", what)
		return "", "", err
	}
	x.at += n
	return prefix, local, nil
}

func startsName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && isNameStart(r)
}

// isNameStart reports whether a name can begin with r, the colon left aside.
func isNameStart(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
	case r == 0xd7, r == 0xf7, r == 0x37e, r >= 0x300 && r <= 0x36f:
		return false
	}
	return r >= 0xc0 && r <= 0x1fff || r == 0x200c || r == 0x200d || r >= 0x2070 && r <= 0x218f || r >= 0x2c00 && r <= 0x2fef ||
		r >= 0x3001 && r <= 0xd7ff || r >= 0xf900 && r <= 0xfdcf || r >= 0xfdf0 && r < 0xfffd
}

// isNameLater reports whether r can stand in a name, though none can begin with it.
func isNameLater(r rune) bool {
	return r >= '0' && r <= '9' || r == '-' || r == '.' || r == 0xb7 || r >= 0x300 && r <= 0x36f || r == 0x203f || r == 0x2040
}

// The namespaces that are bound without being declared (Namespaces in XML 1.0, section 3).
const (
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsNamespace = "http://www.w3.org/2000/xmlns/"
)

// bind gives the innermost element the namespaces that its attributes declare, and says what
// is wrong with its name and theirs.
func (x *xmlReader) bind(prefix string, attributes []xmlAttribute) string {
	element := &x.open[len(x.open)-1]
	type expanded struct{ space, local string }
	seen := map[expanded]bool{}
	once := func(space, local string) string {
		if seen[expanded{space, local}] {
			return "a second attribute " + brief(local)
		}
		seen[expanded{space, local}] = true
		return ""
	}
	for _, a := range attributes {
		declares, isDefault := a.local, a.prefix == "" && a.local == "xmlns"
		if isDefault {
			declares = ""
		}
		switch {
		case a.prefix != "xmlns" && !isDefault:
			continue
		case declares == "xmlns", a.value == xmlnsNamespace, (declares == "xml") != (a.value == xmlNamespace), declares != "" && a.value == "":
			return "a namespace that may not be declared so"
		}
		if why := once(xmlnsNamespace, declares); why != "" {
			return why
		}
		if element.namespaces == nil {
			element.namespaces = map[string]string{}
		}
		element.namespaces[declares] = a.value
	}
	if _, bound := x.namespace(prefix); !bound {
		return "the prefix " + brief(prefix) + ", which nothing binds,"
	}
	for _, a := range attributes {
		space, bound := "", true
		switch {
		case a.prefix == "xmlns", a.prefix == "" && a.local == "xmlns":
			continue
		case a.prefix != "": // without one it is in no namespace
			space, bound = x.namespace(a.prefix)
		}
		if !bound {
			return "the prefix " + brief(a.prefix) + ", which nothing binds,"
		}
		if why := once(space, a.local); why != "" {
			return why
		}
	}
	return ""
}

// namespace is the namespace that a prefix is bound to.
func (x *xmlReader) namespace(prefix string) (space string, bound bool) {
	if prefix == "xml" {
		return xmlNamespace, true
	}
	for i := len(x.open) - 1; i >= 0; i-- {
		if space, bound := x.open[i].namespaces[prefix]; bound {
			return space, true
		}
	}
	return "", prefix == ""
}
