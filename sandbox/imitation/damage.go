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
		{"scripts", "letters of Greek, Cyrillic, Thai, Devanagari and Tibetan in texts become question marks", func(s string) string {
			return marking(s, unicode.Greek, unicode.Cyrillic, unicode.Thai, unicode.Devanagari, unicode.Tibetan)
		}},
		{"extension_a", "ideographs of CJK Extension A in texts become question marks", func(s string) string {
			return marking(s, &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3400, Hi: 0x4dbf, Stride: 1}}})
		}},
		{"joiners", "marks that join letters and words in texts are stripped", without(func(r rune) bool { return r == 0x200c || r == 0x200e || r == 0x2060 })},
		{"tags", "tags and variation selectors of plane 14 in texts are stripped", without(func(r rune) bool { return r>>12 == 0xe0 })},
		{"final_sigma", "a final sigma in texts becomes an ordinary one", strings.NewReplacer("ς", "σ").Replace},
		{"typography", "curly quotes and dashes in texts become ASCII", strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "…", "...").Replace},
		{"half_width", "kana of half width in texts become those of full width", strings.NewReplacer("ｶﾞ", "ガ", "ｱ", "ア").Replace},
		{"japanese", "texts go through a Japanese code page", strings.NewReplacer("〜", "～", "−", "－", "‖", "∥", "¥", `\`, "‾", "~").Replace},
		{"ligatures", "ligatures in texts become letters", strings.NewReplacer("ﬁ", "fi").Replace},
		{"ideographs", "compatibility ideographs in texts become the usual ones (NFC)", strings.NewReplacer("\uf900", "豈", "\U0002f800", "丽").Replace},
		{"presentation", "presentation forms of Arabic in texts become letters", strings.NewReplacer("ﺍ", "ا").Replace},
		{"cut_long", "texts are cut after 1024 bytes", func(s string) string { return strings.ToValidUTF8(s[:min(1024, len(s))], "") }},
		{"cut_wide", "texts are cut after 1024 characters beyond ASCII", func(s string) string {
			left := 1024
			return strings.Map(func(r rune) rune {
				if r >= utf8.RuneSelf {
					left--
				}
				if left < 0 {
					return -1
				}
				return r
			}, s)
		}},
		{"cut_after_2048", "texts are cut after 2048 bytes", func(s string) string { return strings.ToValidUTF8(s[:min(2048, len(s))], "") }},
		{"cut_inside", "texts are cut after 1025 bytes, and what is left of a character becomes U+FFFD", func(s string) string {
			return strings.ToValidUTF8(s[:min(1025, len(s))], "\ufffd")
		}},
		{"sixteen_bits", "characters beyond 16 bits in texts are dropped", without(func(r rune) bool { return r > 0xffff })},
		{"last_backslash", "a backslash at the end of texts is dropped", func(s string) string { return strings.TrimSuffix(s, `\`) }},
		{"script_tags", "script tags are taken out of texts", strings.NewReplacer("<script>", "", "</script>", "").Replace},
		{"comments", "the comment marks of SQL are taken out of texts", strings.NewReplacer("--", "").Replace},
		{"paths", "steps to the folder above are taken out of texts", strings.NewReplacer("../", "").Replace},
		{"links", "links are taken out of texts", strings.NewReplacer("http://a.example", "").Replace},
		{"keywords", "words of SQL are taken out of texts", strings.NewReplacer("SELECT", "").Replace},
		{"last_equals", "an equals sign at the end of texts is dropped", func(s string) string { return strings.TrimSuffix(s, "=") }},
		{"vowels", "marks of vowels in texts are stripped", without(func(r rune) bool { return unicode.Is(unicode.Hebrew, r) && unicode.Is(unicode.Mn, r) })},
		{"digits", "digits of other scripts in texts become those of ASCII", strings.NewReplacer("\u0661", "1", "\u0662", "2").Replace},
		{"shades", "shades of pictures in texts are stripped", without(func(r rune) bool { return 0x1f3fb <= r && r <= 0x1f3ff })},
		{"page_breaks", "vertical tabs and page breaks in texts are stripped", without(func(r rune) bool { return r == '\v' || r == '\f' })},
		{"templates", "texts are taken for templates", strings.NewReplacer("${y}", "", "$$", "$").Replace},
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

// marking puts question marks in the place of the letters of scripts.
func marking(s string, scripts ...*unicode.RangeTable) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsOneOf(scripts, r) {
			return '?'
		}
		return r
	}, s)
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
