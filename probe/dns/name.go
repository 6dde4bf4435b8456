package dns

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Inside the package a name is a string of its labels joined by dots, without the final
// dot, ASCII letters in lower case, all other bytes as on the wire; the root is empty. It
// is unambiguous because dnsmessage refuses labels with a dot in them. presentation makes
// it fit to be read.

var errNotASCII = errors.New("not ASCII: write the name in its A-label form (xn--)")

// isASCII refuses a name that nobody can mean as it is.
func isASCII(name string) error {
	for i := range len(name) {
		if name[i] >= 0x80 {
			return fmt.Errorf("name %q: %w", name, errNotASCII)
		}
	}
	return nil
}

// wireName returns name, which needs no final dot, in both forms.
func wireName(name string) (dnsmessage.Name, string, error) {
	name = strings.TrimSuffix(name, ".")
	wire, err := dnsmessage.NewName(name + ".")
	if err != nil {
		return dnsmessage.Name{}, "", fmt.Errorf("name %q: %w", name, err)
	}
	return wire, lower(name), nil
}

// fold returns n in the package's inner form. It returns like itself, without an
// allocation, if that is the same name; most records of an answer have the name asked for.
func fold(n *dnsmessage.Name, like string) string {
	labels := n.Data[:n.Length-1] // a parsed name is never shorter than its final dot
	if equalFold(labels, like) {
		return like
	}
	return lower(string(labels))
}

// lower turns ASCII letters alone: strings.ToLower would take other bytes for UTF-8.
func lower(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] = lowerASCII(b[i])
	}
	return string(b)
}

func equalFold(labels []byte, lower string) bool {
	if len(labels) != len(lower) {
		return false
	}
	for i, b := range labels {
		if lowerASCII(b) != lower[i] {
			return false
		}
	}
	return true
}

func lowerASCII(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// within reports whether name is zone or lies below it.
func within(name, zone string) bool {
	if zone == "" || name == zone {
		return true
	}
	return strings.HasSuffix(name, zone) && name[len(name)-len(zone)-1] == '.'
}

// presentation returns name with everything but printable ASCII escaped as RFC 1035
// section 5.1 says, so that bytes from the wire are harmless in a table or a log. The root
// is ".".
func presentation(name string) string {
	if name == "" {
		return "."
	}
	for i := range len(name) {
		if !isPlain(name[i]) {
			return escaped(name)
		}
	}
	return name
}

func escaped(name string) string {
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case isPlain(c):
			b.WriteByte(c)
		case c == '\\' || c == '"':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\%03d`, c)
		}
	}
	return b.String()
}

func isPlain(c byte) bool { return c > ' ' && c < 0x7f && c != '\\' && c != '"' }
