package imitation

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Damage is something that a hop before an API does to text.
type Damage struct {
	Name string // "trimmed"
	What string // "blanks at both ends are dropped"
	// Of is what becomes of a text. What is written in the characters of names, numbers, times
	// and signatures alone stays as it is, so that calls work which carry nothing else.
	Of func(string) string
}

// Damages are those that are known from the field.
func Damages() []Damage {
	const most = 255
	all := []Damage{
		{"trimmed", "blanks at both ends of texts are dropped", strings.TrimSpace},
		{"collapsed", "runs of blanks in texts become one", func(s string) string { return doubled().Replace(s) }},
		{"line_ends", "line ends in texts become LF", strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace},
		{"controls", "control characters in texts are stripped", without(unicode.IsControl)},
		{"invisible", "marks of width and direction in texts are stripped", without(func(r rune) bool { return unicode.Is(unicode.Cf, r) })},
		{"separators", "separators of lines in texts become line ends", strings.NewReplacer("\u2028", "\n", "\u2029", "\n").Replace},
		{"no_break_space", "a no-break space in texts becomes a blank", strings.NewReplacer("\u00a0", " ").Replace},
		{"cut_characters", "texts are cut after 255 characters", func(s string) string { return string([]rune(s)[:min(most, utf8.RuneCountInString(s))]) }},
		{"cut_bytes", "texts are cut after 255 bytes", func(s string) string { return strings.ToValidUTF8(s[:min(most, len(s))], "") }},
		{"cut_at_astral", "texts are cut before the first character beyond 16 bits, as by columns of three bytes a character", func(s string) string {
			if i := strings.IndexFunc(s, func(r rune) bool { return r > 0xffff }); i >= 0 {
				return s[:i]
			}
			return s
		}},
		{"high_planes", "characters of planes 3 to 16 in texts are replaced", replacing(func(r rune) bool { return r > 0x2ffff })},
		{"noncharacters", "noncharacters in texts are replaced", replacing(func(r rune) bool { return r&0xfffe == 0xfffe || 0xfdd0 <= r && r <= 0xfdef })},
		{"escaped", "texts are escaped for HTML", html.EscapeString},
		{"unescaped", "texts are taken for HTML and unescaped", html.UnescapeString},
		{"backslashes", "backslashes in texts are taken for escapes and dropped", strings.NewReplacer(`\`, "").Replace},
		{"percent", "percent signs of texts are decoded twice", strings.NewReplacer("%25", "%").Replace},
		{"composed", "letters with their accents in texts are put together (NFC)", strings.NewReplacer("e\u0301", "\u00e9", "A\u030a", "\u00c5").Replace},
		{"decomposed", "letters in texts are taken apart (NFD)", strings.NewReplacer("\u00e9", "e\u0301").Replace},
		{"compatible", "characters of full width in texts become ASCII (NFKC)", strings.NewReplacer("Ａ", "A").Replace},
		{"folded", "letters in texts become small ones", strings.ToLower},
		{"question_marks", "characters of texts beyond ASCII become question marks", func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= utf8.RuneSelf {
					return '?'
				}
				return r
			}, s)
		}},
	}
	for i, d := range all {
		all[i].Of = func(s string) string {
			if strings.IndexFunc(s, unlikeValue) < 0 {
				return s
			}
			return d.Of(s)
		}
	}
	return all
}

// unlikeValue tells whether a character is none of those of names, numbers, times and
// signatures.
func unlikeValue(r rune) bool {
	return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._~:/+=", r)
}

func doubled() *strings.Replacer { return strings.NewReplacer("   ", " ", "  ", " ") }

func without(is func(rune) bool) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if is(r) {
				return -1
			}
			return r
		}, s)
	}
}

func replacing(is func(rune) bool) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if is(r) {
				return utf8.RuneError
			}
			return r
		}, s)
	}
}
