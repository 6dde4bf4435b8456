package certs

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"prober/probe/reason"
)

// The name constraints of issuers (RFC 5280, section 4.2.1.10) are compared here and not by crypto/x509, which refuses a
// name that it cannot parse whatever is constrained, takes names of mail and URIs for more than they say, and knows no
// names of directories.

// constraintFinding says which certificate of a path has a name that the constraints of one above it do not permit, or,
// where there is none, which of its wildcards covers a name that they exclude.
func constraintFinding(path []*x509.Certificate) (f reason.Finding) {
	names := make([][]name, len(path)) // of those below an issuer with constraints
	for i, issuer := range slices.Backward(path) {
		trees := constraintsOf(issuer)
		if trees.none() {
			continue
		}
		for at, c := range path[:i] {
			if at > 0 && bytes.Equal(c.RawSubject, c.RawIssuer) {
				continue
			}
			if names[at] == nil {
				names[at] = namesOf(c, at == 0)
			}
			for _, n := range names[at] {
				switch s := trees.of[n.kind]; {
				case s == nil:
				case n.text == "":
					return reason.TLSCertUsage.Found(fmt.Sprintf("the name constraints of %s are about names such as %q of %s, which cannot be compared with them", shortName(issuer), Cut(n.shown), shortName(c)))
				case s.excluded.hold(n):
					return reason.TLSCertUsage.Found(fmt.Sprintf("the name constraints of %s exclude the name %q of %s", shortName(issuer), Cut(n.shown), shortName(c)))
				case !s.permitted.none() && !s.permitted.hold(n):
					return reason.TLSCertUsage.Found(fmt.Sprintf("the name constraints of %s do not permit the name %q of %s", shortName(issuer), Cut(n.shown), shortName(c)))
				case f.OK() && s.excluded.below(n) != "":
					f = reason.TLSCertWildcard.Found(fmt.Sprintf("the name constraints of %s %s %s, which the wildcard %s of %s covers: clients written in Go refuse that for every host", shortName(issuer), Excluded, Cut(s.excluded.below(n)), Cut(n.shown), shortName(c)))
				}
			}
		}
	}
	return f
}

// Excluded is in findings about a wildcard that covers a name which an issuer excludes.
const Excluded = "exclude the name"

// Kinds of general names (RFC 5280, section 4.2.1.6).
var (
	mailName      = tag.Tag(1).ContextSpecific()
	hostName      = tag.Tag(2).ContextSpecific()
	directoryName = tag.Tag(4).Constructed().ContextSpecific()
	resourceName  = tag.Tag(6).ContextSpecific()
	addressName   = tag.Tag(7).ContextSpecific()
)

// name is a name of a certificate, in the form in which its kind is compared: hosts in lower case, the host of a URI alone,
// the octets of an address, a directory name in canonical form. It is empty where that form does not exist.
type name struct {
	kind        tag.Tag
	text, shown string
}

// namesOf are the names of a certificate that constraints are about. The common names of a leaf count where there is no
// name of a host, as OpenSSL and GnuTLS take them for one then.
func namesOf(c *x509.Certificate, leaf bool) (names []name) {
	for _, e := range c.Extensions {
		if in := cryptobyte.String(e.Value); e.Id.Equal(oidSubjectAltName) && in.ReadASN1(&in, tag.SEQUENCE) {
			for kind, value := tag.Tag(0), cryptobyte.String(nil); in.ReadAnyASN1(&value, &kind); {
				if n := nameIn(kind, value); n.kind != 0 {
					names = append(names, n)
				}
			}
		}
	}
	named := slices.ContainsFunc(names, func(n name) bool { return n.kind == hostName })
	if text, ok := canonicalName(c.RawSubject); ok && text != "" {
		names = append(names, name{directoryName, text, nameOf(c.RawSubject)})
	}
	for _, a := range c.Subject.Names {
		text, ok := a.Value.(string)
		switch {
		case !ok:
		case a.Type.Equal(oidMail):
			names = append(names, nameIn(mailName, []byte(text)))
		case a.Type.Equal(oidCommonName) && leaf && !named && hostLike.MatchString(text):
			names = append(names, nameIn(hostName, []byte(text)))
		}
	}
	return names
}

var (
	oidMail  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
	hostLike = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$`)
)

// nameIn reads a general name. Its kind is 0 for those that no constraint here is about.
func nameIn(kind tag.Tag, value []byte) name {
	n := name{kind, string(value), string(value)}
	switch kind {
	case hostName:
		n.text = cmp.Or(strings.ToLower(n.text), "\x00") // an empty one is outside of all that is permitted
	case mailName:
		local, domain, ok := cutAt(n.text)
		if n.text = ""; ok {
			n.text = local + "@" + strings.ToLower(domain)
		}
	case resourceName:
		n.text = hostOfURI(n.text)
	case addressName:
		n.shown = net.IP(value).String()
	case directoryName:
		n.shown = nameOf(value)
		n.text, _ = canonicalName(value)
		if n.text == "" {
			return name{}
		}
	default:
		return name{}
	}
	return n
}

// cutAt cuts a text at its last @.
func cutAt(s string) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// hostOfURI is the host of a URI in lower case; empty where there is none, or an address.
func hostOfURI(uri string) string {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return ""
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	_, host, user := cutAt(authority)
	if !user {
		host = authority
	}
	host, _, _ = strings.Cut(host, ":") // which leaves nothing to compare of an address of IPv6
	if net.ParseIP(host) != nil || strings.HasPrefix(host, "[") {
		return ""
	}
	return strings.ToLower(host)
}

// constraints are what a certificate says of the names below it.
type constraints struct {
	of     map[tag.Tag]*subtrees
	others bool // there are some that neither crypto/x509 nor this package can compare
}

func (c constraints) none() bool { return len(c.of) == 0 }

// subtrees are those of one kind.
type subtrees struct{ permitted, excluded bases }

// bases are the names of one kind, or where they begin or end, in the form in which they are compared.
type bases struct {
	texts       map[string]bool
	parents     map[string]string // of hosts: those with a label less, as wildcards cover it, and one of each
	nets        map[string]map[string]bool
	directories []string
}

func (b *bases) none() bool { return len(b.texts)+len(b.nets)+len(b.directories) == 0 }

func (b *bases) add(kind tag.Tag, value []byte) (ok bool) {
	text := strings.ToLower(string(value))
	switch kind {
	case addressName:
		n := len(value) / 2
		if n != net.IPv4len && n != net.IPv6len || len(value)%2 != 0 {
			return false
		}
		mask := string(value[n:])
		if b.nets == nil {
			b.nets = map[string]map[string]bool{}
		}
		if b.nets[mask] == nil {
			b.nets[mask] = map[string]bool{}
		}
		b.nets[mask][masked(value[:n], mask)] = true
		return true
	case directoryName:
		in, whole := cryptobyte.String(value), cryptobyte.String(nil)
		if !in.ReadASN1Element(&whole, tag.SEQUENCE) {
			return false
		}
		text, ok = canonicalName(whole)
		b.directories = append(b.directories, text)
		return ok
	case mailName:
		if local, domain, whole := cutAt(string(value)); whole {
			text = local + "@" + strings.ToLower(domain)
		}
	case hostName:
		if label, parent, below := strings.Cut(text, "."); below && label != "" {
			if b.parents == nil {
				b.parents = map[string]string{}
			}
			b.parents[parent] = text
		}
	}
	if b.texts == nil {
		b.texts = map[string]bool{}
	}
	b.texts[text] = true
	return true
}

// hold reports whether one of the bases stands for a name. That of a host does for all below it; of mail and URIs only one
// that begins with a dot does.
func (b *bases) hold(n name) bool {
	text := n.text
	switch n.kind {
	case addressName:
		for mask, list := range b.nets {
			if len(mask) == len(text) && list[masked([]byte(text), mask)] {
				return true
			}
		}
		return false
	case directoryName:
		return slices.ContainsFunc(b.directories, func(base string) bool { return strings.HasPrefix(text, base) })
	case mailName:
		if b.texts[text] {
			return true
		}
		_, text, _ = cutAt(text)
	}
	if b.texts[text] || b.texts[""] {
		return true
	}
	const most = 255 // octets of a name of a host: of a longer one no more is looked at
	for i := max(1, len(text)-most); i < len(text); i++ {
		switch {
		case text[i] == '.' && b.texts[text[i:]], text[i-1] == '.' && n.kind == hostName && b.texts[text[i:]]:
			return true
		}
	}
	return false
}

// below returns one of the bases that a name, where it is a wildcard, covers; empty if there is none.
func (b *bases) below(n name) string {
	parent, wild := strings.CutPrefix(n.text, "*.")
	if n.kind != hostName || !wild {
		return ""
	}
	return b.parents[parent]
}

func masked(address []byte, mask string) string {
	out := make([]byte, len(address))
	for i := range address {
		out[i] = address[i] & mask[i]
	}
	return string(out)
}

func constraintsOf(c *x509.Certificate) (t constraints) {
	for _, e := range c.Extensions {
		in, whole := cryptobyte.String(e.Value), cryptobyte.String(nil)
		if !e.Id.Equal(oidNameConstraints) {
			continue
		}
		t.of, t.others = map[tag.Tag]*subtrees{}, !in.ReadASN1(&whole, tag.SEQUENCE)
		for n, list := range []func(*subtrees) *bases{func(s *subtrees) *bases { return &s.permitted }, func(s *subtrees) *bases { return &s.excluded }} {
			var all, tree, base cryptobyte.String
			var kind tag.Tag
			t.others = t.others || !whole.ReadOptionalASN1(&all, new(bool), tag.Tag(n).Constructed().ContextSpecific()) //nolint:gosec // 0 and 1
			for !all.Empty() && !t.others {
				ok := all.ReadASN1(&tree, tag.SEQUENCE) && tree.ReadAnyASN1(&base, &kind) && tree.Empty() &&
					slices.Contains([]tag.Tag{mailName, hostName, directoryName, resourceName, addressName}, kind)
				if ok {
					if t.of[kind] == nil {
						t.of[kind] = &subtrees{}
					}
					ok = list(t.of[kind]).add(kind, base)
				}
				t.others = !ok
			}
		}
	}
	return t
}

var oidNameConstraints = asn1.ObjectIdentifier{2, 5, 29, 30}
