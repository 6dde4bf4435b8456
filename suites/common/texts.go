package common

import (
	"net/url"
	"strings"
)

// Text is one text that must survive a round trip byte for byte.
type Text struct {
	Name  string // letters and digits: it names a parameter
	Value string
	Why   string // which hop it catches
}

// Texts returns the texts of the round trips: valid UTF-8 (RFC 3629) that decoders,
// normalizers and sanitizers like to damage. NUL is left out: a front end may take it for an
// attack.
func Texts() []Text {
	return []Text{
		{"Boundaries", "\u0020\u007e\u0080\u07ff\u0800\ud7ff\ue000\ufffd\U00010000\U0010ffff", "first and last of each length of UTF-8"},
		{"Chinese", "中文华北1（青岛）", "a hop that takes text for ASCII or Latin-1"},
		{"BeyondGBK", "\U00020bb7\u9fa6\u00e9", "a hop that speaks GBK"},
		{"Astral", "\U0001f600\U0001d11e\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f1ea\U0001f1fa\u2764\ufe0f\U0001f44d\U0001f3fd", "UTF-16 halves, CESU-8, three-byte columns, a shade of a picture that is stripped"},
		{"Composed", "\u00e9\u212b\uac00", "normalization to NFD (UAX 15)"},
		{"Decomposed", "e\u0301A\u030a\u1100\u1161", "normalization to NFC (UAX 15)"},
		{"RightToLeft", "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd\u200f\u202e\u200b\u00ad \u05e9\u05b8\u05c1 \u0661\u0662", "sanitizers that drop marks of direction, width and vowels, digits made those of ASCII"},
		{"Separators", "\u2028\u2029", "line ends of JavaScript"},
		{"InnerBOM", "\ufeffa\ufeffb", "byte order marks are data inside a value"},
		{"Replacement", "\ufffd", "U+FFFD itself must come back"},
		{"Noncharacters", "\ufffe\uffff\ufdd0\U0001ffff", "legal in UTF-8 (Unicode corrigendum 9)"},
		{"CaseAndWidth", "\u0130\u00dfＡ", "case folding and NFKC"},
		{"Lines", "one\ntwo\r\nthree\rfour\tfive", "a hop that rewrites line ends"},
		{"Controls", "\u0001\u0008\u000b\u000c\u001b\u001f\u007f\u0085", "sanitizers that strip control characters"},
		{"Markup", `a<b>c</b>&amp;"d" \ \n \u4e2d &#39;`, "escaping for HTML or JSON, done twice or undone"},
		{"Blanks", " \u00a0padded  twice\u2003\u3000 ", "a hop that trims, or takes a no-break space for a blank"},
		{"Planes", planes(), "a hop that knows some planes alone"},
		{"Scripts", "αλσος жяѣё ไทย हिन्दी বাং தமி བོད ខ្មែ ქარ հայ አማ ᠮᠣ ㄅㄆ ꀀ 㐀䶵 ɐɲ ₿∞", "tables of some scripts alone, a final sigma among what case folding changes"},
		{"Joiners", "a\u200cb\u2060c\u200ed\u061ce\u034ff\ufe0eg\U000e0067\U000e007fh\U000e0100", "sanitizers that strip what joins, marks and varies letters"},
		{"Typography", "‘a’ “b” c–d—e… f′ €¥‾〜−‖ ｶﾞｱ｡｢｣", "a hop that makes quotes and dashes ASCII, or speaks a Japanese code page"},
		{"Compatibility", "ﬁ ﷺ ﺍ \uf900 \U0002f800 ① ㍻ ª² ½ Ⅳ ſ \u212a\U0001d400", "NFKC, and NFC of ideographs (UAX 15)"},
		{"Code", "<script>x</script> ../../etc SELECT http://a.example -- ${y} {{w}} $$ #!{z} \\", "sanitizers of markup, of paths, of links, of queries and of templates, and a backslash at the end"},
		{"Long", "é" + strings.Repeat("~", 1098) + "é", "columns and buffers of up to 1024 characters, or bytes"},
		{"Reserved", "+ %~*&=;/?#%25%u4E2D'()[]{}|^`@,$_!=", "percent-encoding done twice, or as a form, and padding of Base64 that is stripped"},
	}
}

// TextParams are the texts as parameters that no action has.
func TextParams() url.Values {
	params := url.Values{}
	for _, text := range Texts() {
		params.Set("Text"+text.Name, text.Value)
	}
	return params
}

// LongText is a text of more than 1024 characters beyond ASCII, as a parameter that no action has. It goes
// alone: front ends take some 8 KB of a URL, and percent-encoding makes six bytes of each.
func LongText() url.Values {
	return url.Values{ProbeText: {strings.Repeat("é", 1030) + "\U0001f600"}}
}

// planes is a character of each plane beyond the first.
func planes() string {
	var b strings.Builder
	for plane := rune(1); plane <= 16; plane++ {
		b.WriteRune(plane<<16 | 0x400)
	}
	return b.String()
}
