package cloudapi

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"prober/limit"
	"prober/plain"
)

// xmlReader takes a document apart as strictly as expat does: XML 1.0 with namespaces. The
// decoder of encoding/xml lets pass what no other parser takes: text in front of the XML
// declaration, a second one, an attribute twice, prefixes that nothing binds.
//
// The text is valid UTF-8. A document type declaration, which no API sends, is not read.
type xmlReader struct {
	text string
	at   int       // where reading goes on
	open []xmlOpen // the elements around that, the root first
	root bool      // a root element was seen
	n    int       // elements seen
	shut bool      // the last element was an empty one, whose end is still to be told
}

// xmlOpen is an element that is not closed yet.
type xmlOpen struct {
	name       string            // as written
	namespaces map[string]string // that it binds, by prefix; the default one is ""
}

// errDocumentType says that a document has what no API sends.
var errDocumentType = errors.New("found a document type declaration")

// beyond says which limit a text is beyond.
func beyond(most int, what string) error {
	return fmt.Errorf("%w: more than %d %s", ErrLimit, most, what)
}

// xmlToken is a part of a document.
type xmlToken struct {
	kind xmlKind
	// text is the encoding of a declaration, the local name of a start, or text.
	text string
}

type xmlKind uint8

const (
	xmlDeclaration xmlKind = iota
	xmlStart
	xmlEnd
	xmlText
)

// next returns the next part that matters. The error is io.EOF behind a whole document.
func (x *xmlReader) next() (xmlToken, error) {
	for {
		rest := x.text[x.at:]
		inside := len(x.open) > 0
		switch {
		case x.shut:
			x.shut = false
			return x.close()
		case rest == "" && inside:
			return x.bad("the end of the text inside element %s", x.element())
		case rest == "" && !x.root:
			return x.bad("no root element")
		case rest == "":
			return xmlToken{}, io.EOF
		case strings.HasPrefix(rest, "<!--"):
			if err := x.comment(); err != nil {
				return xmlToken{}, err
			}
		case strings.HasPrefix(rest, "<?"):
			if token, err := x.instruction(); err != nil || token != (xmlToken{}) {
				return token, err
			}
		case strings.HasPrefix(rest, "<!DOCTYPE"):
			return xmlToken{}, errDocumentType
		case strings.HasPrefix(rest, "<![CDATA[") && inside:
			return x.cdata()
		case strings.HasPrefix(rest, "</") && inside:
			return x.endTag()
		case rest[0] == '<' && !inside && x.root:
			return x.bad("a second root element")
		case rest[0] == '<':
			return x.startTag()
		case inside:
			return x.characters()
		case x.space() == 0:
			return x.bad("text outside the root element")
		}
	}
}

// bad says what is wrong at the place reached, which counts from the text's first byte as 1.
func (x *xmlReader) bad(format string, args ...any) (xmlToken, error) {
	return xmlToken{}, fmt.Errorf("%s at byte %d", fmt.Sprintf(format, args...), min(x.at+1, len(x.text)))
}

// element names the innermost element.
func (x *xmlReader) element() string { return brief(x.open[len(x.open)-1].name) }

// brief is as much of a name as an error shows.
func brief(name string) string { return plain.Line(name, 40) }

const xmlSpace = " \t\r\n"

// space passes over white space and returns how much there was.
func (x *xmlReader) space() int {
	n := len(x.text) - x.at - len(strings.TrimLeft(x.text[x.at:], xmlSpace))
	x.at += n
	return n
}

// took passes over a text that stands here, if it does.
func (x *xmlReader) took(text string) bool {
	if !strings.HasPrefix(x.text[x.at:], text) {
		return false
	}
	x.at += len(text)
	return true
}

// upTo returns what stands before an end, and passes over both. All of it must be characters
// that XML allows.
func (x *xmlReader) upTo(end, what string) (string, error) {
	n := strings.Index(x.text[x.at:], end)
	if n < 0 {
		x.at = len(x.text)
		_, err := x.bad("the end of the text inside %s", what)
		return "", err
	}
	text := x.text[x.at : x.at+n]
	if i := strings.IndexFunc(text, func(r rune) bool { return !isXMLChar(r) }); i >= 0 {
		x.at += i
		_, err := x.bad("a character that XML does not allow")
		return "", err
	}
	x.at += n + len(end)
	return text, nil
}

func isXMLChar(r rune) bool {
	return r >= ' ' && (r < 0xd800 || r > 0xdfff) && r != 0xfffe && r != 0xffff || r == '\t' || r == '\n' || r == '\r'
}

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

func (x *xmlReader) comment() error {
	x.took("<!--")
	if _, err := x.upTo("--", "a comment"); err != nil {
		return err
	}
	if !x.took(">") {
		_, err := x.bad("two hyphens inside a comment")
		return err
	}
	return nil
}

var xmlDeclarationForm = regexp.MustCompile(strings.ReplaceAll(
	`^<\?xml_+version_*=_*("[\w.-]*"|'[\w.-]*')(?:_+encoding_*=_*("[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?`+
		`(?:_+standalone_*=_*(?:"(?:yes|no)"|'(?:yes|no)'))?_*\?>`, "_", "["+xmlSpace+"]"))

// instruction reads a processing instruction, of which the XML declaration has the form.
func (x *xmlReader) instruction() (xmlToken, error) {
	begin := x.at
	x.took("<?")
	prefix, target, err := x.name("a processing instruction")
	if err != nil {
		return xmlToken{}, err
	}
	if prefix == "" && strings.EqualFold(target, "xml") {
		found := xmlDeclarationForm.FindStringSubmatch(x.text)
		switch x.at = begin; {
		case begin > 0:
			return x.bad("an XML declaration that is not at the start")
		case found == nil:
			return x.bad("a malformed XML declaration")
		}
		x.at = len(found[0])
		return xmlToken{xmlDeclaration, strings.Trim(found[2], `"'`)}, nil
	}
	if prefix != "" {
		x.at = begin
		return x.bad("a colon in the name of a processing instruction")
	}
	if spaced := x.space() > 0; !spaced && !strings.HasPrefix(x.text[x.at:], "?>") {
		return x.bad("no space behind the name of a processing instruction")
	}
	_, err = x.upTo("?>", "a processing instruction")
	return xmlToken{}, err
}

func (x *xmlReader) cdata() (xmlToken, error) {
	x.took("<![CDATA[")
	text, err := x.upTo("]]>", "a CDATA section")
	return xmlToken{xmlText, newlines(text)}, err
}

// newlines makes each end of a line LF alone (XML 1.0, section 2.11).
func newlines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// characters reads text with its references.
func (x *xmlReader) characters() (xmlToken, error) {
	begin := x.at
	text, err := x.upTo("<", "element "+x.element())
	if err != nil {
		return xmlToken{}, err
	}
	x.at = begin
	if i := strings.Index(text, "]]>"); i >= 0 {
		x.at += i
		return x.bad("]]> outside a CDATA section")
	}
	text, err = x.resolved(text)
	return xmlToken{xmlText, text}, err
}

// resolved passes over text and returns it with its references replaced.
func (x *xmlReader) resolved(text string) (string, error) {
	end := x.at + len(text)
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, "&")
		b.WriteString(newlines(before))
		if !ok {
			x.at = end
			return b.String(), nil
		}
		x.at = end - len(after) - 1
		reference, rest, ok := strings.Cut(after, ";")
		r := referenced(reference)
		if !ok || r == 0 {
			_, err := x.bad("a reference to nothing that is defined")
			return "", err
		}
		b.WriteRune(r)
		text = rest
	}
}

// referenced is the character that a reference stands for; 0 where it stands for none.
func referenced(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	code, err := strconv.ParseUint(digits, base, 21) // which takes no sign
	if r := rune(code); isNumber && err == nil && r <= utf8.MaxRune && isXMLChar(r) {
		return r
	}
	return 0
}

func (x *xmlReader) endTag() (xmlToken, error) {
	begin := x.at
	x.took("</")
	if rest, name := x.text[x.at:], x.open[len(x.open)-1].name; !x.took(name) && strings.HasPrefix(name, rest) {
		x.at = len(x.text)
		return x.bad("the end of the text inside the end of element %s", x.element())
	} else if !strings.HasPrefix(rest, name) {
		return x.bad("the end of another element than %s", x.element())
	}
	x.space()
	if !x.took(">") {
		x.at = begin
		return x.bad("no end of element %s", x.element())
	}
	return x.close()
}

func (x *xmlReader) close() (xmlToken, error) {
	x.open = x.open[:len(x.open)-1]
	return xmlToken{kind: xmlEnd}, nil
}

// xmlAttribute is an attribute as written.
type xmlAttribute struct{ prefix, local, value string }

func (x *xmlReader) startTag() (xmlToken, error) {
	x.took("<")
	begin := x.at
	prefix, local, err := x.name("an element")
	if err != nil {
		return xmlToken{}, err
	}
	element := xmlOpen{name: x.text[begin:x.at]}
	var attributes []xmlAttribute
	for {
		spaced := x.space() > 0
		if x.shut = x.took("/>"); x.shut || x.took(">") {
			break
		}
		if !spaced {
			return x.bad("no space in front of an attribute")
		}
		a, err := x.attribute()
		if err != nil {
			return xmlToken{}, err
		}
		if attributes = append(attributes, a); len(attributes) > limit.XMLAttributes {
			return xmlToken{}, beyond(limit.XMLAttributes, "attributes of one XML element")
		}
	}
	if x.open = append(x.open, element); len(x.open) > limit.XMLDepth {
		return xmlToken{}, beyond(limit.XMLDepth, "XML elements inside each other")
	}
	if x.n++; x.n > limit.XMLElements {
		return xmlToken{}, beyond(limit.XMLElements, "XML elements")
	}
	x.root = true
	if why := x.bind(prefix, attributes); why != "" {
		return x.bad("%s in the start of element %s, which ends", why, x.element())
	}
	return xmlToken{xmlStart, local}, nil
}

func (x *xmlReader) attribute() (xmlAttribute, error) {
	prefix, local, err := x.name("an attribute")
	if err != nil {
		return xmlAttribute{}, err
	}
	x.space()
	if !x.took("=") {
		_, err := x.bad("no = behind the name of an attribute")
		return xmlAttribute{}, err
	}
	x.space()
	quote := `"`
	if !x.took(quote) {
		if quote = "'"; !x.took(quote) {
			_, err := x.bad("no quote around the value of an attribute")
			return xmlAttribute{}, err
		}
	}
	begin := x.at
	value, err := x.upTo(quote, "the value of an attribute")
	if err != nil {
		return xmlAttribute{}, err
	}
	end := x.at
	x.at = begin
	if i := strings.IndexByte(value, '<'); i >= 0 {
		x.at += i
		_, err := x.bad("< inside the value of an attribute")
		return xmlAttribute{}, err
	}
	if value, err = x.resolved(value); err != nil {
		return xmlAttribute{}, err
	}
	x.at = end
	return xmlAttribute{prefix, local, value}, nil
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
