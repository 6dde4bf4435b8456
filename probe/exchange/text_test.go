package exchange

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// labelled returns a header with a Content-Type, or none.
func labelled(contentType string) http.Header {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return header
}

func TestCharsetLabels(t *testing.T) {
	for _, c := range []struct{ contentType, body, want string }{
		{"", "{}", ""},
		{"application/json", "{}", ""},
		{"application/json; charset=utf-8", "{}", ""},
		{"application/json;charset=UTF-8", "{}", ""},
		{`text/xml; charset="utf-8"`, "<a/>", ""},
		{"text/xml; CHARSET=utf8", "<a/>", ""},
		{"text/html; charset=utf-8; charset=UTF-8", "", ""},
		{"text/plain; charset=utf-8;", "", ""},
		{`text/plain; title="charset=gbk; charset=gbk"`, "", ""},
		{`text/plain; title="a\";charset=gbk"`, "", ""},
		{"text/plain; xcharset=gbk", "", ""},
		{"application/json; charset=gbk", "{}", "verify/charset"},
		{"application/json; charset=ISO-8859-1", "{}", "verify/charset"},
		{"application/json; charset=us-ascii", "{}", "verify/charset"},
		{`application/json; charset="g\bk"`, "{}", "verify/charset"},
		{"application/json; charset=", "{}", "verify/charset"},
		{"application/json; charset=utf-8, gbk", "{}", "verify/charset"},
		{"text/html; charset=utf-8; charset=gbk", "", "verify/charset"},
		{"text/html; a; b=; charset = gbk", "", "verify/charset"},

		{"", `<?xml version="1.0"?><a/>`, ""},
		{"", `<?xml version="1.0" encoding="UTF-8"?><a/>`, ""},
		{"", `<?xml version='1.0' encoding = 'utf-8' standalone='yes'?><a/>`, ""},
		{"", `<?xml version="1.0" encoding="GBK"?><a/>`, "verify/charset"},
		{"text/xml; charset=utf-8", "<?xml version='1.0'\n encoding='iso-8859-1' ?><a/>", "verify/charset"},
		{"text/xml; charset=gbk", `<?xml version="1.0" encoding="GBK"?><a/>`, "verify/charset"},
		{"", `<?xml version="encoding='GBK'"?><a/>`, ""},
		{"", `<?xml-stylesheet encoding="GBK"?><a/>`, ""},
		{"", `<?xmlencoding="GBK"?><a/>`, ""},
		{"", `<a><?xml version="1.0" encoding="GBK"?></a>`, ""},
		{"", `<?xml version="1.0" encoding="GBK"`, ""},
		{"", `<?xml encoding=GBK?>`, ""},
		{"", `<?xml encoding="GBK?>`, ""},
		{"", `<?xml encoding=?>`, ""},
		{"", `<?xml`, ""},
	} {
		t.Run(c.contentType+c.body, func(t *testing.T) {
			wantReasons(t, JudgeText(labelled(c.contentType), []byte(c.body)), strings.Fields(c.want)...)
		})
	}
}

func TestEveryContentTypeFieldIsJudged(t *testing.T) {
	header := http.Header{"Content-Type": {"application/json", "application/json; charset=gbk"}}
	wantReasons(t, JudgeText(header, []byte("{}")), "verify/charset")
}

func TestByteOrderMarks(t *testing.T) {
	for _, c := range []struct{ name, body, want, detail string }{
		{"UTF-8 before JSON", "\xef\xbb\xbf{}", "verify/bom", "UTF-8 (ef bb bf)"},
		{"UTF-8 before XML", "\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><a/>", "verify/bom", "UTF-8"},
		{"UTF-8 before XML with another label", "\xef\xbb\xbf<?xml version='1.0' encoding='GBK'?><a/>", "verify/bom verify/charset", "UTF-8"},
		{"UTF-16, little-endian", "\xff\xfe{\x00}\x00", "verify/bom verify/invalid_utf8", "UTF-16, little"},
		{"UTF-16, big-endian", "\xfe\xff\x00{\x00}", "verify/bom verify/invalid_utf8", "UTF-16, big"},
		{"UTF-32, little-endian", "\xff\xfe\x00\x00{\x00\x00\x00", "verify/bom verify/invalid_utf8", "UTF-32, little"},
		{"UTF-32, big-endian", "\x00\x00\xfe\xff\x00\x00\x00{", "verify/bom verify/invalid_utf8", "UTF-32, big"},
		{"inside a value it is data", "{\"a\":\"\ufeff\"}", "", ""},
		{"cut short", "\xef\xbb", "verify/invalid_utf8", "cut short"},
	} {
		t.Run(c.name, func(t *testing.T) {
			findings := JudgeText(labelled("application/json"), []byte(c.body))
			wantReasons(t, findings, strings.Fields(c.want)...)
			if len(findings) > 0 && !strings.Contains(findings[0].Detail, c.detail) {
				t.Errorf("detail %q, want %q in it", findings[0].Detail, c.detail)
			}
		})
	}
}

// The classes are those of Markus Kuhn's UTF-8 decoder stress test, sections 3 to 5.
func TestInvalidUTF8(t *testing.T) {
	for _, c := range []struct{ bytes, detail string }{
		{"\x80", "continuation byte 0x80 without a start"},
		{"\xbf\xbf", "continuation byte 0xbf without a start"},
		{"\xc0\xaf", "overlong form beginning with 0xc0"},
		{"\xc1\xbf", "overlong form beginning with 0xc1"},
		{"\xe0\x80\xaf", "overlong form beginning with 0xe0"},
		{"\xf0\x80\x80\xaf", "overlong form beginning with 0xf0"},
		{"\xed\xa0\x80", "UTF-16 surrogate in UTF-8 (CESU-8), beginning with 0xed"},
		{"\xed\xbf\xbf", "UTF-16 surrogate in UTF-8 (CESU-8), beginning with 0xed"},
		{"\xf4\x90\x80\x80", "code point beyond U+10FFFF, beginning with 0xf4"},
		{"\xf5\x80\x80\x80", "code point beyond U+10FFFF, beginning with 0xf5"},
		{"\xf8\x88\x80\x80\x80", "byte 0xf8, which UTF-8 never uses,"},
		{"\xfe", "byte 0xfe, which UTF-8 never uses,"},
		{"\xff", "byte 0xff, which UTF-8 never uses,"},
		{"\xe4\xbd", "sequence beginning with 0xe4, cut short"},
		{"\xe4", "sequence beginning with 0xe4, cut short"},
		{"\xf0\x9f\x98", "sequence beginning with 0xf0, cut short"},
		{"\xe0\xa0(", "sequence beginning with 0xe0, cut short"},
		{"\xf0\x90(", "sequence beginning with 0xf0, cut short"},
		{"\xed\x9f(", "sequence beginning with 0xed, cut short"},
		{"\xf4\x8f(", "sequence beginning with 0xf4, cut short"},
		{"\xc3(", "sequence beginning with 0xc3, cut short"},
		{"\xd6\xd0\xce\xc4", "sequence beginning with 0xd6, cut short"}, // two characters in GBK
	} {
		before := `{"Message":"中文` // 18 bytes
		for _, body := range []string{before + c.bytes, before + c.bytes + `"}`} {
			t.Run(fmt.Sprintf("% x", body[18:]), func(t *testing.T) {
				findings := JudgeText(labelled("application/json"), []byte(body))
				wantReasons(t, findings, "verify/invalid_utf8")
				if want := c.detail + " at offset 0x12"; len(findings) == 1 && findings[0].Detail != want {
					t.Errorf("detail %q, want %q", findings[0].Detail, want)
				}
			})
		}
	}
}

func TestValidUTF8(t *testing.T) {
	for name, text := range map[string]string{
		"empty":            "",
		"borders of forms": " ~\u0080\u07ff\u0800\ud7ff\ue000\ufffd\U00010000\U0010ffff",
		"CJK beyond GBK":   "中文\U00020bb7\u9fa6é",
		"astral":           "😀𝄞👨\u200d👩\u200d👧",
		"noncharacters":    "\ufffe\uffff\ufdd0\U0001ffff",
		"controls":         "\x00\x01\u0085\u2028\u2029\u202e",
		"replacement":      "\ufffd",
	} {
		t.Run(name, func(t *testing.T) {
			wantReasons(t, JudgeText(labelled(""), []byte(text)))
			wantReasons(t, JudgeText(labelled("application/json"), []byte(`{"a":"`+text+`"}`)))
		})
	}
}

func TestLoneSurrogates(t *testing.T) {
	for _, c := range []struct {
		name, contentType, body, detail string
	}{
		{"pair", "application/json", `["\ud83d\ude00"]`, ""},
		{"pair in capitals", "application/json", `["\uD83D\uDE00"]`, ""},
		{"high alone", "application/json", `["\ud83d"]`, `lone surrogate \ud83d at offset 0x2`},
		{"high before text", "application/json", `["\ud83dx"]`, `lone surrogate \ud83d at offset 0x2`},
		{"high before another escape", "application/json", `["\ud83d\n"]`, `lone surrogate \ud83d at offset 0x2`},
		{"high before a letter's escape", "application/json", `["\ud83d\u0041"]`, `lone surrogate \ud83d at offset 0x2`},
		{"two highs and a low", "application/json", `["\ud83d\ud83d\ude00"]`, `lone surrogate \ud83d at offset 0x2`},
		{"low alone", "application/json", `["abc\ude00"]`, `lone surrogate \ude00 at offset 0x5`},
		{"low before high", "application/json", `["\ude00\ud83d"]`, `lone surrogate \ude00 at offset 0x2`},
		{"pair and low", "application/json", `["\ud83d\ude00\ude00"]`, `lone surrogate \ude00 at offset 0xe`},
		{"behind an escaped quote", "application/json", `["\"\ud83d"]`, `lone surrogate \ud83d at offset 0x4`},
		{"escaped backslash before u", "application/json", `["\\ud83d"]`, ""},
		{"no hexadecimal", "application/json", `["\ud83x"]`, ""},
		{"cut off", "application/json", `["\ud8`, ""},
		{"outside a string", "application/json", `[\ud83d]`, ""},
		{"outside a string behind one", "application/json", `{"a":\ud83d}`, ""},
		{"JSON without a label", "", `["\ud83d"]`, `lone surrogate \ud83d at offset 0x2`},
		{"JSON labelled as text", "text/plain", ` {"a":"\ud83d"}`, `lone surrogate \ud83d at offset 0x7`},
		{"JSON of a kind", "application/problem+json", `"\ud83d"`, `lone surrogate \ud83d at offset 0x1`},
		{"offset counts the byte order mark", "application/json", "\xef\xbb\xbf" + `["\ud83d"]`, `lone surrogate \ud83d at offset 0x5`},
		{"plain text", "text/plain", `"C:\ud83d"`[1:], ""},

		{"XML, hexadecimal", "text/xml", "<a>&#xD83d;</a>", "character reference to the surrogate U+D83D at offset 0x3"},
		{"XML, decimal", "application/xml; charset=utf-8", "<a>&#55357;</a>", "character reference to the surrogate U+D83D at offset 0x3"},
		{"XML, pair", "application/atom+xml", "<a>&#xD83D;&#xDE00;</a>", "character reference to the surrogate U+D83D at offset 0x3"},
		{"XML without a label", "", "<?xml version='1.0'?><a>&#xDFFF;</a>", "character reference to the surrogate U+DFFF at offset 0x18"},
		{"XML offset counts the byte order mark", "text/xml", "\xef\xbb\xbf<a>&#xDFFF;</a>", "character reference to the surrogate U+DFFF at offset 0x6"},
		{"XML behind a comment", "text/xml", "<a><!-- &#xD800; -->&#xD801;</a>", "character reference to the surrogate U+D801 at offset 0x14"},
		{"XML, a character", "text/xml", "<a>&#x1F600;&#65;&amp;</a>", ""},
		{"XML in CDATA", "text/xml", "<a><![CDATA[&#xD83D;]]></a>", ""},
		{"XML in an open comment", "text/xml", "<a><!-- &#xD83D;", ""},
		{"XML, no semicolon", "text/xml", "<a>&#xD83D</a>", ""},
		{"XML, too long", "text/xml", "<a>&#x" + strings.Repeat("0", 40) + "D83D;</a>", ""},
		{"HTML has its own rules", "text/html", "<a>&#xD83D;</a>", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			if strings.HasPrefix(c.body, "\xef\xbb\xbf") {
				want = append(want, "verify/bom")
			}
			if c.detail != "" {
				want = append(want, "verify/invalid_utf8")
			}
			findings := JudgeText(labelled(c.contentType), []byte(c.body))
			wantReasons(t, findings, want...)
			if n := len(findings); c.detail != "" && n > 0 && findings[n-1].Detail != c.detail {
				t.Errorf("detail %q, want %q", findings[n-1].Detail, c.detail)
			}
		})
	}
}
