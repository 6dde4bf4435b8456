package cloudapi

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

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
