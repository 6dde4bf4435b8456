package certs

import (
	"cmp"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"strings"
	"unicode/utf8"

	"prober/limit"
)

// Cut returns a copy of a text of a certificate, or about one, that holds on to nothing else, and of
// a long one the beginning. Certificates of 200 KB that consist of one name do exist.
func Cut(s string) string {
	if len(s) <= limit.NameBytes {
		return strings.Clone(s)
	}
	at := limit.NameBytes
	for at > limit.NameBytes-utf8.UTFMax && !utf8.RuneStart(s[at]) {
		at--
	}
	return fmt.Sprintf("%s... (%d bytes)", s[:at], len(s))
}

// nameText writes a distinguished name. crypto/x509/pkix takes time with the square of the number
// of attributes, so that of a name with very many only the first are written.
func nameText(n pkix.Name) string {
	const most = 64
	if len(n.Names) <= most {
		return Cut(n.String())
	}
	var few pkix.RDNSequence
	for _, attribute := range n.Names[:most] {
		few = append(few, []pkix.AttributeTypeAndValue{attribute})
	}
	var begun pkix.Name
	begun.FillFromRDNSequence(&few)
	return fmt.Sprintf("%s and %d attributes more", Cut(begun.String()), len(n.Names)-most)
}

// shortName is the part of a distinguished name that people know it by.
func shortName(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return Cut(c.Subject.CommonName)
	}
	if len(c.DNSNames) > 0 {
		return Cut(c.DNSNames[0])
	}
	return nameText(c.Subject)
}

func nameList(names []string) string {
	const shown = 5
	var list []string
	for _, name := range names[:min(len(names), shown)] {
		list = append(list, cmp.Or(Cut(name), `""`))
	}
	if len(names) > shown {
		return strings.Join(list, ", ") + fmt.Sprintf(" and %d more", len(names)-shown)
	}
	return strings.Join(list, ", ")
}
