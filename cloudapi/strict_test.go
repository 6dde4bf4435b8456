package cloudapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"prober/needs"
)

// parsers reads documents, one in base64 a line, with expat and with Python's parser of JSON,
// and prints for each what both make of it: "ok", "other" for a matter of encodings, or "bad".
const parsers = `
import base64, json, sys, xml.parsers.expat as expat
def refuse(name): raise ValueError(name)
def as_json(text):
    try: json.loads(text, parse_constant=refuse); return "ok"
    except (ValueError, RecursionError): return "bad"
def as_xml(text):
    p = expat.ParserCreate("UTF-8", chr(1))
    try: p.Parse(text.encode(), True); return "ok"
    except expat.ExpatError as e: return "other" if "encoding" in str(e) else "bad"
    except (LookupError, ValueError): return "other"
for line in sys.stdin:
    text = base64.b64decode(line).decode()
    print(as_xml(text), as_json(text))
`

// TestAsStrictAsOthers: what expat and the rules of RFC 8259 refuse is not taken, and what they
// take is not refused.
func TestAsStrictAsOthers(t *testing.T) {
	python := needs.Program(t, "python3")
	documents := append(oddities(), mutations(oddities())...)
	var in strings.Builder
	for _, d := range documents {
		fmt.Fprintln(&in, base64.StdEncoding.EncodeToString([]byte(d)))
	}
	cmd := exec.Command(python, "-c", parsers)
	cmd.Stdin, cmd.Stderr = strings.NewReader(in.String()), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(out))
	if len(lines) != 2*len(documents) {
		t.Fatalf("%d verdicts on %d documents", len(lines), len(documents))
	}
	for i, d := range documents {
		if err := xmlProblem(d); !errors.Is(err, errDocumentType) && lines[2*i] != "other" && (err == nil) != (lines[2*i] == "ok") {
			t.Errorf("expat says %s, here %v: %q", lines[2*i], err, d)
		}
		var v any
		if err := json.Unmarshal([]byte(d), &v); (err == nil) != (lines[2*i+1] == "ok") {
			t.Errorf("JSON: Python says %s, here %v: %q", lines[2*i+1], err, d)
		}
	}
}

// xmlProblem is what is wrong with a document; nil when nothing is.
func xmlProblem(text string) error {
	x := xmlReader{text: text}
	for {
		if _, err := x.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func oddities() []string {
	const declaration, root = `<?xml version="1.0" encoding="UTF-8"?>`, `<a><b c="d">e</b></a>`
	return []string{
		root, declaration + root, declaration + "\n" + root + "\n", "\n" + root, "\n" + declaration + root, "x" + declaration + root,
		declaration + declaration + root, root + declaration, "<!-- c -->" + root + "<!-- c --><?p i?>", declaration + "<!-- - -->" + root,
		"<!-- -- -->" + root, "<!--->" + root, "<!--a--->" + root, root + "<!-- c", root + "x", root + "\u00a0", root + "&#32;", root + root, "<![CDATA[]]>" + root,
		`<a b="1" b="2"/>`, `<a b="1" c="2"/>`, `<a b="1"c="2"/>`, `<a b = '1' />`, `<a b=1/>`, `<a b/>`, `<a b="<"/>`, `<a b=">"/>`, `<a b="&lt;"/>`, `<a b="&x;"/>`, `<a b="x/>`,
		`<p:a/>`, `<a p:b=""/>`, `<p:a xmlns:p="u"/>`, `<p:a xmlns:p="u"></p:a>`, `<p:a xmlns:p=""/>`, `<a xmlns=""/>`, `<a xmlns="u"><b xmlns=""/></a>`,
		`<a xmlns:p="u" xmlns:q="u" p:b="" q:b=""/>`, `<a xmlns:p="u" xmlns:q="v" p:b="" q:b=""/>`, `<a xmlns="u" xmlns:q="u" b="" q:b=""/>`,
		`<a xmlns:xml="u"/>`, `<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="de"/>`, `<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, `<a xmlns:xmlns="u"/>`, `<a xmlns="http://www.w3.org/2000/xmlns/"/>`, `<a xml:b=""/>`,
		`<a><p:b xmlns:p="u"/><p:c/></a>`, `<a:b:c xmlns:a="u"/>`, `<:a/>`, `<a:/>`, `<1a/>`, `<a:1 xmlns:a="u"/>`, `<-a/>`, `<a.-1/>`, "<é/>", "<a×/>", "<a\u0300/>", "<\u0300/>", `<xmlns:a/>`,
		`<a></b>`, `<a></a >`, `<a>< /a>`, `<a></ a>`, `</a>`, `<a`, `<a>`, `<a/`, `<a/ >`, `<a><b></a></b>`, `<a></a`, `<a></ab>`,
		`<a>]]></a>`, `<a>]] ></a>`, `<a><![CDATA[ ]] > ]]></a>`, `<a><![CDATA[</a>`, `<a><![cdata[]]></a>`,
		`<a>&amp;&lt;&gt;&quot;&apos;</a>`, `<a>&amp</a>`, `<a>&</a>`, `<a>& b;</a>`, `<a>&nbsp;</a>`, `<a>&#65;&#x41;&#x4a;&#x4A;</a>`, `<a>&#X41;</a>`, `<a>&#0;</a>`, `<a>&#xD800;</a>`, `<a>&#xFFFE;</a>`, `<a>&#x110000;</a>`, `<a>&#;</a>`, `<a>&#x;</a>`, `<a>&#-1;</a>`, `<a>&#x10FFFF;</a>`, `<a>&#x1_0;</a>`, `<a>&#00000000000000000065;</a>`,
		"<a>\x00</a>", "<a>\x01</a>", "<a>\x7f\u0085\u2028</a>", "<a>\uFFFE</a>", "<a>\uFFFD\U0001F600</a>", "<a b='\x02'/>", "<a><!-- \x03 --></a>", "<a><?p \x04?></a>", "<a><![CDATA[\x05]]></a>", "<a>\f</a>", "<a\fb=''/>",
		`<?xml?><a/>`, `<?xml ?><a/>`, `<?xml version="1.1"?><a/>`, `<?xml version="2"?><a/>`, `<?xml encoding="UTF-8"?><a/>`, `<?xml version="1.0" standalone="yes"?><a/>`, `<?xml version="1.0" standalone="maybe"?><a/>`,
		`<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>`, `<?xml version='1.0'encoding='UTF-8'?><a/>`, `<?xml version="1.0" ? ><a/>`, `<?xml version="1.0"><a/>`, `<?xml  version = "1.0"	encoding = 'utf-8' ?><a/>`, `<?xml version="1.0" encoding=""?><a/>`, `<?xml version="1.0" x="y"?><a/>`, `<?xml version=""?><a/>`, `<?xml version="1.0" encoding="UTF-8'?><a/>`,
		`<?XML version="1.0"?><a/>`, `<?xml-stylesheet href="x"?><a/>`, `<?xmlx?><a/>`, `<?p?><a/>`, `<?p+?><a/>`, `<? p?><a/>`, `<??><a/>`, `<?p:q?><a/>`, `<a><?xml version="1.0"?></a>`, `<?p`, `<a><?p q?></a>`,
		`<!FOO><a/>`, `<a><!FOO></a>`, `<a><!DOCTYPE a></a>`, declaration, "", " ", `<`, `<>`, `< a/>`,

		`{}`, `[]`, ` {"a":1}` + "\r\n\t", `{"a":1}` + "\u00a0", "\u2003{}", "\u0085{}", "{}\f", "{}\v", "\ufeff{}", "{}\x00", `{} {}`, `{"a":1,}`, `[1,]`, `[,1]`, `{"a"}`, `{a:1}`, `{'a':1}`, `{"a":1 "b":2}`, `{"a":1,"a":2}`,
		`"\x"`, `"\u12"`, `"\ud800"`, "\"\n\"", "\"\t\"", "\"\x7f\"", `"`, `tru`, `TRUE`, `null`, `nul`, `NaN`, `[Infinity]`, `-Infinity`, `01`, `-`, `-0`, `+1`, `1.`, `.5`, `1e`, `1e+`, `1E-2`, `0x1`, `1_0`, "[1\u00a0]", "// c\n{}", `{"a":/**/1}`, `[`, `{"a":`, `]`, `١`,
	}
}

// mutations are documents with a small piece put in, taken out or replaced, always the same.
func mutations(documents []string) []string {
	const seed = 8259
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // to be the same each time
	parts := []string{"<", ">", "/", "&", ";", "#", "x", ":", `"`, "'", "=", " ", "\n", "\u00a0", "a", "p:", "]]>", "--", "?", "!", "xml", "1", "-", "[", "]", "{", "}", ",", `\`, "\x00", "é", "0", ".", "e"}
	var all []string
	for range 10 {
		for _, d := range documents {
			runes := []rune(d)
			if len(runes) == 0 {
				continue
			}
			at := random.IntN(len(runes))
			after := at + random.IntN(2)
			all = append(all, string(runes[:at])+parts[random.IntN(len(parts))]+string(runes[after:]), string(runes[:at])+string(runes[after:]))
		}
	}
	return all
}
