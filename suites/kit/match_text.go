package kit

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/onsi/gomega/types"
	"golang.org/x/text/encoding/simplifiedchinese"

	"prober/cloudapi"
	"prober/probe/reason"
	"prober/report"
)

// BeXMLInUTF8 succeeds for an answer in XML whose declaration, if it has one that names an
// encoding, names UTF-8, and which is.
func BeXMLInUTF8() types.GomegaMatcher {
	return reading(reason.None, "be answered in XML that is UTF-8", func(a Answer) bool {
		x := a.Exchange
		return x.API != nil && x.API.Format == cloudapi.XML && utf8.Valid(x.Body) &&
			(x.API.Charset == "" || strings.EqualFold(x.API.Charset, "UTF-8")) && !a.found(reason.VerifyCharset)
	})
}

// EchoWhatWasSigned succeeds for an answer to a wrong signature that quotes the very string
// that the client signed, compared byte for byte. An answer that quotes none is skipped, and
// one that is not valid UTF-8 cannot tell: a lenient decoder might have mended it.
func EchoWhatWasSigned() types.GomegaMatcher {
	api := func(Answer) string { return "the API" }
	return matcher(api, "repeat the string that was signed", func(a Answer, s *seen) error {
		if err := a.Told(); err != nil {
			return err
		}
		echo := ""
		if a.Exchange.API != nil {
			echo, _ = cloudapi.EchoedStringToSign(a.Exchange.API.Message)
		}
		switch {
		case !utf8.Valid(a.Exchange.Body):
			return cannotTell("the reply is not valid UTF-8")
		case echo == "" && a.Exchange.Class != cloudapi.SignatureMismatch:
			return cannotTell("the reply is no refusal of a signature: %s", a.summary())
		case echo == "":
			return Skip(report.NoEcho, "the reply repeats no string that was signed: "+cloudapi.Redact(a.summary()))
		}
		s.Mismatch = Mismatch{Reason: reason.VerifyMangledText, Reproduce: a.Reproduce, Dated: a.Dated}
		if echo != a.Kept {
			s.addf("%s", parting(cloudapi.Redact(echo), cloudapi.Redact(a.Kept)))
		}
		s.fits = echo == a.Kept
		return nil
	})
}

// parting says where two strings to sign part, and which text that is in. That of ACS3 holds a hash of all
// that was sent, and no text.
func parting(got, want string) string {
	hashed, by3 := strings.CutPrefix(want, cloudapi.ACS3Algorithm+"\n")
	if another, is := strings.CutPrefix(got, cloudapi.ACS3Algorithm+"\n"); is && by3 {
		return fmt.Sprintf("the API signed another request than was sent, whose hash is %s instead of %s; that does not show which text differs", another, hashed)
	}
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	return fmt.Sprintf("from byte %d on, %s: %q instead of %q", at, textAt(want, at), window(got, at), window(want, at))
}

// textAt names the text whose parameter a place in a string to sign lies in.
func textAt(s string, at int) string {
	start := strings.LastIndex(s[:min(at, len(s))], "Text")
	if start < 0 {
		return "in no text"
	}
	name, _, _ := strings.Cut(s[start+len("Text"):], "%3D")
	return "in the text " + name
}

func window(s string, at int) string { return s[min(at, len(s)):min(at+24, len(s))] }

// Language is one that an API can be asked for.
type Language struct {
	Tag string // "zh-CN"
	// in are the scripts that it is written in, and not those that no name in it holds.
	in, not []*unicode.RangeTable
}

// Chinese is a language written in Han characters.
func Chinese(tag string) Language { return Language{tag, []*unicode.RangeTable{unicode.Han}, nil} }

// English is a language written in Latin letters alone.
func English(tag string) Language {
	return Language{tag, []*unicode.RangeTable{unicode.Latin}, []*unicode.RangeTable{unicode.Han}}
}

// Japanese is a language written in kana and Han characters.
func Japanese(tag string) Language {
	return Language{tag, []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana}, nil}
}

// written reports whether a name is written in the language's script.
func (l Language) written(name string) bool { return holds(name, l.in...) && !holds(name, l.not...) }

// damaged reports whether a name can be in no language: a character was lost, a bracket say of which there are two,
// or a question mark stands in its place, or it holds controls. What is UTF-8 once it is written in GB 18030 was taken
// for that. In a language of another script Latin
// letters beyond ASCII are what UTF-8 looks like to those who take it for Latin-1.
func (l Language) damaged(name string) bool {
	latin := slices.Contains(l.in, unicode.Latin)
	return !strings.ContainsFunc(name, unicode.IsLetter) ||
		strings.ContainsFunc(name, func(r rune) bool {
			return r == utf8.RuneError || unicode.IsControl(r) || !latin && r > unicode.MaxASCII && unicode.Is(unicode.Latin, r)
		}) || strings.Contains(name, "?") || !bracketsMatch(name) || wasTakenForGB18030(name)
}

// bracketsMatch reports whether each bracket that is opened is closed, and the other way round. Those of full and of
// half width are written for each other.
func bracketsMatch(name string) bool {
	closing := map[rune]rune{'(': ')', '（': ')', '[': ']', '【': '】', '「': '」', '《': '》'}
	var open []rune
	for _, r := range strings.ReplaceAll(name, "）", ")") {
		switch {
		case closing[r] != 0:
			open = append(open, closing[r])
		case strings.ContainsRune(")]】」》", r):
			if len(open) == 0 || open[len(open)-1] != r {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}

// wasTakenForGB18030 reports whether the bytes of a name in GB 18030 are UTF-8 with Han characters. Those of a name are
// not: its second bytes would all have to be such as follow in UTF-8.
func wasTakenForGB18030(name string) bool {
	text, err := simplifiedchinese.GB18030.NewEncoder().String(name)
	return err == nil && text != name && utf8.ValidString(text) && holds(text, unicode.Han)
}

func holds(s string, scripts ...*unicode.RangeTable) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsOneOf(scripts, r) })
}

// HaveMembersIn succeeds for an answer with members of some names whose texts are written in a
// language, none of them with a character that was lost. Which names it has does not matter.
func HaveMembersIn(l Language, names ...string) types.GomegaMatcher {
	wants := fmt.Sprintf("be answered with names in %s in the members %s", l.Tag, strings.Join(names, " and "))
	return matcher(Answer.subject, wants, func(a Answer, s *seen) error {
		const shown = 3
		texts := textsOf(a, names)
		named := texts
		if i := slices.IndexFunc(texts, l.damaged); i >= 0 {
			named = texts[i:] // the one that shows it first
		}
		s.addf("%s: %s, %d names, among them %q", a.Exchange.Address, a.summary(), len(texts), named[:min(shown, len(named))])
		s.Mismatch = Mismatch{Reason: reason.VerifyMangledText, Reproduce: a.Reproduce, Dated: a.Dated}
		if len(texts) == 0 { // there is no text that could be mangled
			s.Reason = reason.VerifyWrongShape
		}
		s.fits = writtenIn(texts, l)
		return cmp.Or(a.Told(), a.readable())
	})
}

// HaveSameNames succeeds for answers to calls for the same names that have the same texts in members
// of some names, whatever the way and the format: what one has otherwise was damaged on its way. Lists of another
// length are not compared: what is listed may have changed in between.
func HaveSameNames(members ...string) types.GomegaMatcher {
	replies := func([]Answer) string { return "the replies" }
	return matcher(replies, "have the same names in their members "+strings.Join(members, " and "), func(all []Answer, s *seen) error {
		var first Answer
		var names []string
		compared, untold := 0, cannotTell("there are no two replies with names")
		for _, a := range all {
			if err := cmp.Or(a.Told(), a.readable()); err != nil {
				untold = err
				continue
			}
			texts := textsOf(a, members)
			if compared == 0 && len(texts) > 0 {
				first, names = a, texts
			}
			if len(texts) == 0 || len(texts) != len(names) {
				continue
			}
			compared++
			if here, there := lacking(names, texts), lacking(texts, names); len(here) > 0 && len(there) > 0 && len(s.lines) == 0 {
				s.addf("the reply to %s from %s has %q, and that to %s from %s has %q instead", first.subject(), first.Exchange.Address, here[0], a.subject(), a.Exchange.Address, there[0])
				s.Mismatch = Mismatch{Reason: reason.VerifyMangledText}
			}
		}
		if s.fits = len(s.lines) == 0; s.fits {
			s.addf("the names of %d replies are the same", compared)
		}
		if compared < 2 {
			return untold
		}
		return nil
	})
}

func textsOf(a Answer, names []string) []string {
	var texts []string
	for _, name := range names {
		texts = append(texts, members(a.Exchange.Body, name)...)
	}
	return texts
}

// lacking are those of some texts that others lack.
func lacking(texts, others []string) []string {
	there := make(map[string]bool, len(others)) // a reply may have tens of thousands
	for _, text := range others {
		there[text] = true
	}
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return there[text] })
}

// writtenIn reports whether there are texts, most of them in the script of a language: a
// region newer than its translation is no defect. One that is damaged is.
func writtenIn(texts []string, l Language) bool {
	written := 0
	for _, text := range texts {
		if l.damaged(text) {
			return false
		}
		if l.written(text) {
			written++
		}
	}
	return 2*written > len(texts)
}

// HaveMember succeeds for an answer in JSON one of whose members has a name and a text.
func HaveMember(member, text string) types.GomegaMatcher {
	return reading(reason.None, "be answered with the member "+member, func(a Answer) bool { return slices.Contains(members(a.Exchange.Body, member), text) })
}

// HaveResult succeeds for an answer that has a member at its top, which is not null; every answer has one whose name
// is empty. Tencent's have theirs inside Response.
func HaveResult(member string) types.GomegaMatcher {
	return reading(reason.VerifyWrongShape, "be answered with the result "+member, func(a Answer) bool {
		return member == "" || hasResult(a.Exchange.Body, member)
	})
}

func hasResult(body []byte, name string) bool {
	body = cloudapi.WithoutBOM(body)
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return hasElement(body, name)
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		return false
	}
	var inside map[string]json.RawMessage
	if json.Unmarshal(top["Response"], &inside) == nil {
		top = inside
	}
	return len(top[name]) > 0 && string(top[name]) != "null"
}

func hasElement(body []byte, name string) bool {
	decoder := xml.NewDecoder(bytes.NewReader(withoutDeclaration(body)))
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if start, is := token.(xml.StartElement); is && start.Name.Local == name {
			return true
		}
	}
}

// withoutDeclaration is XML in UTF-8 without the declaration at its start: whatever version and encoding it names, the
// text has been read.
func withoutDeclaration(body []byte) []byte {
	body = bytes.TrimSpace(body)
	if declaration, rest, ends := bytes.Cut(body, []byte("?>")); ends && bytes.HasPrefix(declaration, []byte("<?xml")) {
		return rest
	}
	return body
}

// members returns the texts of the members of a name, or in XML of the elements, at any depth.
// A body that is no valid UTF-8 has none: a decoder would put other text in the place of what it
// lost.
func members(body []byte, name string) []string {
	if !utf8.Valid(body) {
		return nil
	}
	body = cloudapi.WithoutBOM(body) // which another requirement judges
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return elements(body, name)
	}
	var texts []string
	decoder := json.NewDecoder(bytes.NewReader(body))
	named := false
	for {
		token, err := decoder.Token()
		if err != nil {
			return texts
		}
		text, isText := token.(string)
		if named && isText {
			texts = append(texts, text)
		}
		named = isText && !named && text == name
	}
}

func elements(body []byte, name string) []string {
	var texts []string
	decoder := xml.NewDecoder(bytes.NewReader(withoutDeclaration(body)))
	within := false
	for {
		token, err := decoder.Token()
		if err != nil {
			return texts
		}
		switch t := token.(type) {
		case xml.StartElement:
			within = t.Name.Local == name
		case xml.CharData:
			if within {
				texts = append(texts, string(t))
			}
		case xml.EndElement:
			within = false
		}
	}
}
