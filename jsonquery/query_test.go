package jsonquery_test

import (
	"errors"
	"strings"
	"testing"

	"prober/jsonquery"
	"prober/limit"
)

const doc = `{"status":"ok","n":1.50,"big":12345678901234567890,"null":null,"a/b":{"~":true},"list":[{"id":1,"up":true},{"id":2,"up":false}],"":"nameless"}`

func TestSelect(t *testing.T) {
	d, err := jsonquery.Read([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"$.status":               `"ok"`,
		"$['status']":            `"ok"`,
		"$.null":                 `null`,
		"$.big":                  `12345678901234567890`,
		"$.list[0].id":           `1`,
		"$.list[-1].id":          `2`,
		"$.list[?@.up==true].id": `1`,
		"$..id":                  `1 2`,
		"$.list[*].id":           `1 2`,
		"$.nothing":              ``,
		"$.list[?@.id > 9]":      ``,
		"/status":                `"ok"`,
		"/a~1b/~0":               `true`,
		"/list/1/up":             `false`,
		"/list/01/up":            ``,
		"/list/-":                ``,
		"/list/2":                ``,
		"/status/x":              ``,
		"/":                      `"nameless"`,
	} {
		q, err := jsonquery.Parse(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		found, err := q.Select(d)
		var texts []string
		for _, v := range found {
			texts = append(texts, jsonquery.Text(v))
		}
		if got := strings.Join(texts, " "); got != want || err != nil {
			t.Errorf("%s selects %s, %v; want %s", query, got, err, want)
		}
	}
	if whole, err := jsonquery.Parse(""); err != nil {
		t.Error(err)
	} else if found, _ := whole.Select(d); len(found) != 1 {
		t.Errorf("the empty pointer selects %v", found)
	}
}

func TestParseRefuses(t *testing.T) {
	for query, want := range map[string]string{
		"status":         "want a JSONPath, which begins with $, or a JSON pointer, which begins with /",
		"/a~2":           `no JSON pointer: "~" stands only in ~0, which means ~, and in ~1, which means /`,
		"$.a[":           "no JSONPath: ",
		"$..a..b":        `more than one "..": that can take longer than a probe may`,
		"$[?$.a == @.b]": "a filter that begins at the root again, with $: that can take longer than a probe may",
		"$" + strings.Repeat("x", limit.QueryBytes): "a query of ",
	} {
		if _, err := jsonquery.Parse(query); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40s: %v, want %s", query, err, want)
		}
	}
	for _, query := range []string{`$['..']..a`, `$["$"]`, `$[?@.a == '$..']`, `$['it\'s..']..a`} {
		if _, err := jsonquery.Parse(query); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "it is empty",
		"  ":                 "it is empty",
		"{}{}":               "2 bytes follow the value",
		`{"a":}`:             "invalid character '}' looking for beginning of value",
		"<html>":             "invalid character '<' looking for beginning of value",
		`{"a":1} x`:          "1 bytes follow the value",
		`"a" ` + "\n":        "",
		"\xef\xbb\xbf{}":     "it begins with a byte order mark, which JSON may not have",
		"\xff\xfe{\x00}\x00": "it begins with the byte order mark of UTF-16, and JSON is UTF-8",
	} {
		if _, err := jsonquery.Read([]byte(text)); (err == nil) != (want == "") || err != nil && (err.Error() != want || errors.Is(err, jsonquery.ErrLimit)) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	for name, text := range map[string]string{
		"deep": strings.Repeat("[", limit.JSONDepth+1) + strings.Repeat("]", limit.JSONDepth+1),
		"many": "[" + strings.Repeat("0,", limit.QueriedValues) + "0]",
	} {
		if _, err := jsonquery.Read([]byte(text)); !errors.Is(err, jsonquery.ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What stands beside each other is not inside each other, and what is as deep as it may be is read.
	beside := "[" + strings.Repeat("[{}],", 2*limit.JSONDepth) + strings.Repeat("[", limit.JSONDepth-1) + strings.Repeat("]", limit.JSONDepth-1) + "]"
	if _, err := jsonquery.Read([]byte(beside)); err != nil {
		t.Errorf("beside each other: %v", err)
	}
	if got := jsonquery.Text(map[string]any{"a": "<&>"}); got != `{"a":"<&>"}` {
		t.Errorf("as JSON has it: %s", got)
	}
	if _, err := jsonquery.Read([]byte(`"` + strings.Repeat("[,", limit.QueriedValues) + `"`)); err != nil {
		t.Errorf("brackets in a text: %v", err)
	}
}

func TestEqual(t *testing.T) {
	same := [][2]string{
		{"1", "1.0"},
		{"100", "1e2"},
		{"0.001", "1E-3"},
		{"-0", "0"},
		{"0e99", "0"},
		{"12345678901234567890", "12345678901234567890.000"},
		{`{"a":1,"b":[null]}`, `{"b":[null],"a":1.0}`},
		{`"é"`, `"\u00e9"`},
		{"1e999999999999", "1e999999999999"},
		{"true", "true"},
	}
	for _, pair := range same {
		if !jsonquery.Equal(jsonquery.Value(pair[0]), jsonquery.Value(pair[1])) {
			t.Errorf("%s is not %s", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"1", "2"},
		{"1", `"1"`},
		{"1", "-1"},
		{"10", "1"},
		{"12345678901234567890", "12345678901234567891"},
		{"null", "false"},
		{"[1]", "[1,2]"},
		{`{"a":1}`, `{"a":1,"b":2}`},
		{`{"a":1}`, `{"b":1}`},
		{"[1]", "1"},
		{"{}", "[]"},
		{"1e999999999999", "1e999999999998"},
		{"0.1", "0.01"},
	} {
		if jsonquery.Equal(jsonquery.Value(pair[0]), jsonquery.Value(pair[1])) {
			t.Errorf("%s is %s", pair[0], pair[1])
		}
	}
}

func TestFirst(t *testing.T) {
	for text, want := range map[string]string{ // empty: no name stands twice
		doc:                                  "",
		`[]`:                                 "",
		`"a:b"`:                              "",
		`{"a:":":","b":{":":[{"a:":1}]}}`:    "",
		`[{"a":1},{"a":2}]`:                  "",
		`{"a":{"a":1}}`:                      "",
		`{"a":1,"a":2,"a":3}`:                `{"a":1}`,
		`{"a":1.50,"\u0061":2}`:              `{"a":1.50}`,
		`[null,{"a":null,"a":[true,{}]},[]]`: `[null,{"a":null},[]]`,
		`{"a":{"b":1,"b":"x"},"a":{"c":1}}`:  `{"a":{"b":1}}`,
		`{"":[],"":{"a":1}}`:                 `{"":[]}`,
	} {
		d, err := jsonquery.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		whole, _ := jsonquery.Parse("")
		first, doubled := d.First()
		found, err := whole.Select(first)
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		if got := jsonquery.Text(found[0]); doubled != (want != "") || doubled && got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, doubled, want)
		}
	}
}

func FuzzSelect(f *testing.F) {
	f.Add("$..id", doc)
	f.Add("/list/0/id", doc)
	f.Add("$[?length(@.a) < 3 && match(@.b, '[a-z]+')]", `[{"a":"x","b":"yz"}]`)
	f.Add("$[?@.a == @.b]", `[{}]`)
	f.Add("$..a", `{"a":[],"a":{"b":1,"b":2}}`)
	f.Fuzz(func(t *testing.T, query, text string) {
		q, err := jsonquery.Parse(query)
		if err != nil {
			return
		}
		d, err := jsonquery.Read([]byte(text))
		if err != nil {
			return
		}
		found, err := q.Select(d)
		if err != nil {
			t.Fatalf("%s of %s: %v", query, text, err)
		}
		if first, doubled := d.First(); doubled {
			if _, err := q.Select(first); err != nil {
				t.Fatalf("%s of the first in %s: %v", query, text, err)
			}
		}
		for _, v := range found {
			if !jsonquery.Equal(v, jsonquery.Value(jsonquery.Text(v))) {
				t.Fatalf("%s is not itself", jsonquery.Text(v))
			}
		}
	})
}
