package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestHostProblem(t *testing.T) {
	for host, good := range map[string]bool{
		"ecs.cn-hongkong.aliyuncs.com":    true,
		"localhost":                       true,
		"xn--fiqs8s.example":              true, // an A-label
		"3com.example":                    true, // RFC 1123 lets a label begin with a digit
		"a.b-c.d9":                        true,
		strings.Repeat("a", 63) + ".b":    true,
		"":                                false,
		".":                               false,
		"a..b":                            false,
		".a":                              false,
		"a.":                              false,
		"A.b":                             false,
		"a_b.c":                           false,
		"a b":                             false,
		"ä.example":                       false,
		"a-.b":                            false,
		"-a.b":                            false,
		"192.0.2.1":                       false,
		"192.0.2":                         false, // inet_aton reads it as an address
		"2001:db8::1":                     false,
		"[2001:db8::1]":                   false,
		"a.example:443":                   false,
		"https://a.example":               false,
		"*.example":                       false,
		strings.Repeat("a", 64) + ".b":    false,
		strings.Repeat("a.", 127) + "b":   false, // 255 octets
		strings.Repeat("a.", 126) + "b":   true,  // 253 octets
		strings.Repeat("a.", 126) + "bc":  false, // 254 octets
		"a.example\x00":                   false,
		"a.example\n":                     false,
		"www.example.com/":                false,
		"xn--p1b6ci4b4b3a.xn--11b5bs3a9a": true,
	} {
		if got := HostProblem(host); (got == "") != good {
			t.Errorf("%q: problem %q, want it good: %v", host, got, good)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a", "", 1},
		{"", "ab", 2},
		{"abc", "abc", 0},
		{"kitten", "sitting", 3},
		{"cn-beijng", "cn-beijing", 1},
		{"ab", "ba", 1},
		{"chekc", "check", 1},
		{"ca", "abc", 3}, // nothing twice
	} {
		if got := Edits(tt.a, tt.b); got != tt.want {
			t.Errorf("%q to %q takes %d edits, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"ecs", "kms", "gaap"}
	for word, want := range map[string]string{"kns": "kms", "ksm": "kms", "GAAP": "gaap", "oss": "", "rds": "", "": "", "gap": "gaap"} {
		// One letter of three may differ; two may not.
		if got := nearest(word, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}

func TestWordForm(t *testing.T) {
	for s, want := range map[string]bool{
		"ecs": true, "cn-hangzhou-finance": true, "a1.b_c": true, "0": true,
		"": false, "-a": false, "a-": false, "a--b": false, "A": false, "a/b": false, "a b": false, "é": false,
	} {
		if isWord(s) != want {
			t.Errorf("%q is a word: %v, want %v", s, !want, want)
		}
	}
}

func TestParent(t *testing.T) {
	for path, want := range map[string]string{
		"a.b[3].c": "a.b[3]", "a.b[3]": "a.b", "a.b": "a", "a": "", "": "",
	} {
		if got := parent(path); got != want {
			t.Errorf("parent of %q is %q, want %q", path, got, want)
		}
	}
}

func TestPosition(t *testing.T) {
	text := "ab\nçd\n\nx"
	l := newLines([]byte(text))
	for _, tt := range []struct{ offset, line, column int }{
		{0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {3, 2, 1}, {5, 2, 2}, {7, 3, 1}, {8, 4, 1}, {9, 4, 2}, {99, 4, 2},
	} {
		if line, column := l.position(tt.offset); line != tt.line || column != tt.column {
			t.Errorf("offset %d is at %d:%d, want %d:%d", tt.offset, line, column, tt.line, tt.column)
		}
		if line := (lines{starts: l.starts}).line(tt.offset); line != tt.line {
			t.Errorf("without the text, offset %d is on line %d, want %d", tt.offset, line, tt.line)
		}
	}
}

// Values are found where they begin, whatever white space is around them.
func TestParseOffsets(t *testing.T) {
	data := "\n{ \"a\"\n:\n[\n1 ,\r\n\"x\"\t,\ttrue\n]\n,\n\"b\":{\n} }"
	root, _, err := parse([]byte(data), 100)
	if err != nil {
		t.Fatal(err)
	}
	a, b := root.holds[0], root.holds[1]
	for _, tt := range []struct {
		what   string
		offset int32
		want   string
	}{
		{"root", root.offset, "{ "},
		{"key a", a.offset, `"a"`},
		{"a", a.value.offset, "["},
		{"a[0]", a.value.holds[0].offset, "1"},
		{"a[1]", a.value.holds[1].offset, `"x"`},
		{"a[2]", a.value.holds[2].offset, "true"},
		{"key b", b.offset, `"b"`},
		{"b", b.value.offset, "{"},
	} {
		if !strings.HasPrefix(data[tt.offset:], tt.want) {
			t.Errorf("%s is said to begin with %q, want %q", tt.what, data[tt.offset:], tt.want)
		}
	}
}

func TestParseBoundsItsValues(t *testing.T) {
	for text, good := range map[string]bool{
		`[1, 2, 3]`: true, `[1, 2, 3, 4]`: false, `{"a": [], "b": {}}`: true, `{"a": [{}], "b": [[]]}`: false,
		`[[[[]]]]`: true, `[[[[[]]]]]`: false,
	} {
		root, at, err := parse([]byte(text), 4)
		if (err == nil) != good || good != (root != nil) || !good && at == 0 {
			t.Errorf("%s: %v at %d, want it good: %v", text, err, at, good)
		}
	}
}

// Strings are as encoding/json reads them, wherever they stand and whatever is escaped in them.
func TestParseStrings(t *testing.T) {
	for _, text := range []string{`""`, `"a"`, `"\""`, `"\\"`, `"\u00e9\n"`, `"é{[,:"`, `"\ud83d\ude00"`, `"\ud83d"`} {
		var want string
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		root, _, err := parse([]byte(`{`+text+`:[`+text+`]}`), 100)
		if err != nil || root.holds[0].key != want || root.holds[0].value.holds[0].value.text != want {
			t.Errorf("%s is read as %+v, %v; want %q", text, root, err, want)
		}
	}
}

func TestFind(t *testing.T) {
	root, _, err := parse([]byte(`{"a": [{"b": 1}, {"b": 2, "c": {"d": 3}}], "e": 4}`), 100)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"": "an object", "a": "a list", "a[1].b": "2", "a[1].c.d": "3", "e": "4",
		"a[2]": "not", "a[0].c": "not", "e.f": "not", "e[0]": "not", "a.b": "not", "x": "not", "a[-1]": "not",
	} {
		n, found := root.find(path)
		got := "not"
		if found {
			got = cmp.Or(n.text, n.kind.String())
		}
		if got != want {
			t.Errorf("%q is %s, want %s", path, got, want)
		}
	}
}

func TestRecordSpacing(t *testing.T) {
	got := record(struct {
		A []string `json:"a"`
		B string   `json:"b"`
	}{[]string{"x,y:z", "2"}, `quoted ",: \" <&>` + "\u2028"})
	want := `{"a": ["x,y:z", "2"], "b": "quoted \",: \\\" <&>` + `\u2028` + `"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Of a long list no more is kept before its endpoints are read one by one than what its other parts are completed by.
func TestEndpointsAreReadWhenTheirTurnComes(t *testing.T) {
	for text, at := range map[string]string{
		`{"endpoints": [{"id": "0"}, {"id": "a", "region": "eu", "check": {"expect": {"status": 200}}, "product": "p", "region": "us"}]}`: "endpoints[1]",
		`[{"id": "0"}, {"id": "a", "region": "eu", "check": {}, "product": "p"}]`:                                                         "[1]",
	} {
		root, _, err := parse([]byte(text), 100)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := root.find(at)
		if !n.part || len(n.holds) != 2 || n.word("product") != "p" || n.word("region") != "eu" {
			t.Errorf("%s: %+v is kept", text, n)
		}
		whole := (&reader{data: []byte(text), most: 100, words: map[string]string{}}).again(n.offset)
		if whole.part || len(whole.holds) < 4 || whole.word("id") != "a" || whole.offset != n.offset {
			t.Errorf("%s: %+v is read again", text, whole)
		}
	}
	for _, text := range []string{
		`[{"id": "a"}]`, `{"endpoints": [{"id": "a"}]}`, // the first tells what the file is
		`[{"targets": ["a"]}, {"targets": ["a"], "labels": {}}]`, `{"products": [{"endpoints": [{"id": "a"}, {"id": "b"}]}]}`,
	} {
		if root, _, err := parse([]byte(text), 100); err != nil || strings.Contains(fmt.Sprintf("%+v", root), "part:true") {
			t.Errorf("%s: %v, %+v", text, err, root)
		}
	}
}
