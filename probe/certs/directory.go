package certs

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"prober/probe/reason"
)

// directoryFinding says which certificate of a path has a directory name that the name constraints of
// one above it do not permit (RFC 5280, section 4.2.1.10). crypto/x509 looks at names of hosts, mail and
// addresses alone, and passes by constraints of directory names unless they are critical.
func directoryFinding(path []*x509.Certificate) reason.Finding {
	for i, issuer := range slices.Backward(path) {
		t := nameTrees(issuer)
		if len(t.permitted)+len(t.excluded) == 0 {
			continue
		}
		for at, c := range path[:i] {
			if at > 0 && bytes.Equal(c.RawSubject, c.RawIssuer) {
				continue
			}
			for _, der := range directoryNames(c) {
				name, ok := canonicalName(der)
				inside := func(tree string) bool { return strings.HasPrefix(name, tree) }
				switch {
				case !ok || name == "":
				case slices.ContainsFunc(t.excluded, inside):
					return reason.TLSCertUsage.Found(fmt.Sprintf("the name constraints of %s exclude the name %q of %s", shortName(issuer), nameOf(der), shortName(c)))
				case len(t.permitted) > 0 && !slices.ContainsFunc(t.permitted, inside):
					return reason.TLSCertUsage.Found(fmt.Sprintf("the name constraints of %s do not permit the name %q of %s", shortName(issuer), nameOf(der), shortName(c)))
				}
			}
		}
	}
	return reason.Finding{}
}

// directoryNames are the subject of a certificate and the directory names of its subjectAltName.
func directoryNames(c *x509.Certificate) [][]byte {
	names := [][]byte{c.RawSubject}
	for _, e := range c.Extensions {
		if in := cryptobyte.String(e.Value); e.Id.Equal(oidSubjectAltName) && in.ReadASN1(&in, tag.SEQUENCE) {
			for kind, name := tag.Tag(0), cryptobyte.String(nil); in.ReadAnyASN1(&name, &kind); {
				if kind == directoryName {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// Kinds of general names (RFC 5280, section 4.2.1.6).
var (
	mailName      = tag.Tag(1).ContextSpecific()
	hostName      = tag.Tag(2).ContextSpecific()
	directoryName = tag.Tag(4).Constructed().ContextSpecific()
	resourceName  = tag.Tag(6).ContextSpecific()
	addressName   = tag.Tag(7).ContextSpecific()
)

// trees are the directory names, in canonical form, below which names are permitted and excluded.
type trees struct {
	permitted, excluded []string
	others              bool // there are constraints that neither crypto/x509 nor this package can check
}

func nameTrees(c *x509.Certificate) (t trees) {
	for _, e := range c.Extensions {
		in, whole := cryptobyte.String(e.Value), cryptobyte.String(nil)
		if !e.Id.Equal(oidNameConstraints) {
			continue
		}
		t.others = !in.ReadASN1(&whole, tag.SEQUENCE)
		for n, list := range []*[]string{&t.permitted, &t.excluded} {
			var all, tree, base, name cryptobyte.String
			var kind tag.Tag
			t.others = t.others || !whole.ReadOptionalASN1(&all, new(bool), tag.Tag(n).Constructed().ContextSpecific()) //nolint:gosec // 0 and 1
			for !all.Empty() && !t.others {
				text, ok := "", all.ReadASN1(&tree, tag.SEQUENCE) && tree.ReadAnyASN1(&base, &kind) && tree.Empty()
				if ok && kind == directoryName {
					if ok = base.ReadASN1Element(&name, tag.SEQUENCE); ok {
						text, ok = canonicalName(name)
						*list = append(*list, text)
					}
				}
				t.others = !ok || !slices.Contains([]tag.Tag{mailName, hostName, directoryName, resourceName, addressName}, kind)
			}
		}
	}
	return t
}

var oidNameConstraints = asn1.ObjectIdentifier{2, 5, 29, 30}
