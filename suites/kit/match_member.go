package kit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/probe/reason"
)

// Language is one that an API can be asked for.
type Language struct {
	Tag string // "zh-CN"
	// written reports whether a name is written in the language's script.
	written func(name string) bool
}

// Chinese is a language written in Han characters.
func Chinese(tag string) Language {
	return Language{tag, func(s string) bool { return holds(s, unicode.Han) }}
}

// English is a language written in Latin letters alone.
func English(tag string) Language {
	return Language{tag, func(s string) bool { return holds(s, unicode.Latin) && !holds(s, unicode.Han) }}
}

// Japanese is a language written in kana and Han characters.
func Japanese(tag string) Language {
	return Language{tag, func(s string) bool { return holds(s, unicode.Han, unicode.Hiragana, unicode.Katakana) }}
}

func holds(s string, scripts ...*unicode.RangeTable) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsOneOf(scripts, r) })
}

// HaveMembersIn succeeds for an answer in JSON with members of a name whose texts are
// written in a language, none of them with a character that was lost.
func HaveMembersIn(member string, l Language) types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(a Answer) (bool, error) {
		if a.Skip != "" {
			return false, fmt.Errorf("the question was not asked: %s", a.Why)
		}
		return writtenIn(members(a.Exchange.Body, member), l), nil
	}).WithTemplate("expected the question {{printf \"%q\" .Actual.Name}} {{.To}} have names in {{.Data.Tag}} in its members {{.Data.Member}}\n{{.Data.Seen .Actual}}",
		memberData{member, l.Tag}), causeOf(reason.VerifyMangledText))
}

// writtenIn reports whether there are texts, most of them in the script of a language: a
// region newer than its translation is no defect. A character that was lost is.
func writtenIn(texts []string, l Language) bool {
	written := 0
	for _, text := range texts {
		if strings.ContainsRune(text, utf8.RuneError) {
			return false
		}
		if l.written(text) {
			written++
		}
	}
	return 2*written > len(texts)
}

type memberData struct{ Member, Tag string }

// Seen shows the first texts that came.
func (d memberData) Seen(a Answer) string {
	const shown = 3
	texts := members(a.Exchange.Body, d.Member)
	return fmt.Sprintf("  %s: %s, %d names, among them %q", a.Exchange.Address, a.summary(), len(texts), texts[:min(shown, len(texts))])
}

// HaveMember succeeds for an answer in JSON one of whose members has a name and a text.
func HaveMember(member, text string) types.GomegaMatcher {
	return answerMatcher("have the member "+member, func(a Answer) bool {
		for _, got := range members(a.Exchange.Body, member) {
			if got == text {
				return true
			}
		}
		return false
	})
}

// BeSo succeeds for a fact that is true; what names it.
func BeSo(what string) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(fact bool) (bool, error) { return fact, nil }).
		WithTemplate("expected the reply {{.To}} be {{.Data}}", what)
}

// members returns the texts of the members of a name, at any depth. A body that is no valid
// UTF-8 has none: a decoder would put other text in the place of what it lost.
func members(body []byte, name string) []string {
	if !utf8.Valid(body) {
		return nil
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
