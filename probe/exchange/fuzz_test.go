package exchange

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"prober/limit"
)

// FuzzReply: no bytes make the reader panic or read without bound, and where it finds
// nothing wrong, net/http reads the same reply.
func FuzzReply(f *testing.F) {
	for _, row := range allRows() {
		if len(row.wire) < 4000 {
			f.Add([]byte(row.wire), uint8(len(row.wire)/2), row.method == "HEAD")
		}
	}
	limits := Limits{HeaderBytes: 2000, BodyBytes: 2000, DecodedBytes: 2000}
	f.Fuzz(func(t *testing.T, wire []byte, size uint8, head bool) {
		method := http.MethodGet
		if head {
			method = http.MethodHead
		}
		req := newRequest(t, method)
		conn := &script{pieces: pieces(string(wire), int(size)), end: io.EOF}
		r := Do(context.Background(), conn, req, Options{Limits: limits})
		if len(r.Head) > limits.HeaderBytes || len(r.Body) > 2000 || len(r.Surplus) > limit.SurplusBytes {
			t.Errorf("read %d, %d and %d bytes, beyond the limits", len(r.Head), len(r.Body), len(r.Surplus))
		}
		for _, finding := range r.Findings {
			if finding.Detail == "" || len(finding.Detail) > 250 || !utf8.ValidString(finding.Detail) {
				t.Errorf("%v has the detail %q", finding.Reason, finding.Detail)
			}
		}
		if len(r.Findings) == 0 {
			compareWithNetHTTP(t, r, wire, req)
		}
	})
}

// compareWithNetHTTP reads wire as net/http does and wants the same as r.
func compareWithNetHTTP(t *testing.T, r *Reply, wire []byte, req *http.Request) {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(wire))
	var want *http.Response
	for {
		var err error
		if want, err = http.ReadResponse(in, req); err != nil {
			t.Fatalf("net/http does not read what had no finding: %v", err)
		}
		if want.StatusCode < 100 || want.StatusCode > 199 {
			break
		}
	}
	if r.Status != want.StatusCode || r.Proto != want.Proto {
		t.Errorf("status line read as %s %d, by net/http as %s %d", r.Proto, r.Status, want.Proto, want.StatusCode)
	}
	body, err := io.ReadAll(want.Body)
	if err != nil && (bytes.Contains(wire, []byte(" ;")) || bytes.Contains(wire, []byte("\t;"))) {
		return // white space before a chunk extension is allowed, but not by net/http
	}
	if err != nil {
		t.Fatalf("net/http does not read the body: %v", err)
	}
	if r.BodyBytes != int64(len(body)) || len(contentCodings(r.Header)) == 0 && !bytes.Equal(r.Body, body) {
		t.Errorf("body %q, by net/http %q", r.Body, body)
	}
	header := maps.Clone(r.Header)
	for _, taken := range []string{"Transfer-Encoding", "Trailer", "Connection"} { // net/http takes them out
		delete(header, taken)
		delete(want.Header, taken)
	}
	if !maps.EqualFunc(header, want.Header, slices.Equal) {
		t.Errorf("header %q, by net/http %q", header, want.Header)
	}
}

// FuzzJudgeText compares the verdict with decoders that put U+FFFD where text is damaged:
// a text without a finding must come out of them without one that was not in it, and a
// JSON text with one must not.
func FuzzJudgeText(f *testing.F) {
	for _, body := range []string{
		`{"a":"\ud83d\ude00"}`, `["\ud83d"]`, `["\\ud83d\ude00\"\ud83d"]`, "[\"\xff\"]", "[\"\xed\xa0\x80\"]", `"é"`, "\xef\xbb\xbf{}",
		"<a>&#xD83D;</a>", "<a><![CDATA[&#xD83D;]]><!--&#xD83D;--></a>", "<?xml version='1.0' encoding='GBK'?><a>&#56;</a>",
	} {
		f.Add("application/json; charset=utf-8", []byte(body))
		f.Add(`text/xml; a="b;c\""; charset="gbk"`, []byte(body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		header := labelled(contentType)
		damaged := false
		for _, finding := range JudgeText(header, body) {
			damaged = damaged || strings.Contains(finding.Reason.String(), "invalid_utf8")
			if finding.Detail == "" || len(finding.Detail) > 200 || !utf8.ValidString(finding.Detail) {
				t.Errorf("%v has the detail %q", finding.Reason, finding.Detail)
			}
		}
		if !utf8.Valid(body) {
			if !damaged {
				t.Error("invalid UTF-8 was not found")
			}
			return
		}
		own := bytes.Contains(body, []byte("\ufffd")) || bytes.Contains(bytes.ToLower(body), []byte(`\ufffd`)) ||
			bytes.Contains(body, []byte("&#"))
		switch {
		case own:
		case json.Valid(body):
			var value any
			if err := json.Unmarshal(body, &value); err != nil {
				return // a number out of range
			}
			if isJSON(header, body) && !isXML(header, body) && damaged != holdsReplacement(value) {
				t.Errorf("found damaged: %v, but encoding/json gives %q", damaged, value)
			}
		case isXML(header, body) && damaged:
			t.Error("found damaged, without a reference")
		}
	})
}

// holdsReplacement reports whether U+FFFD is in any string of a decoded JSON value.
func holdsReplacement(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.ContainsRune(v, utf8.RuneError)
	case []any:
		return slices.ContainsFunc(v, holdsReplacement)
	case map[string]any:
		for key, member := range v {
			if holdsReplacement(key) || holdsReplacement(member) {
				return true
			}
		}
	}
	return false
}

// FuzzXMLSurrogates compares the verdict on the text of one element with encoding/xml.
func FuzzXMLSurrogates(f *testing.F) {
	for _, text := range []string{"&#xD83D;", "&#55357;", "&#xFFFD", "&amp;&#65;", "<![CDATA[&#xD800;]]>", "<!--&#xD800;-->&#xDFFF;"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body := "<a>" + text + "</a>"
		if !utf8.ValidString(body) || strings.ContainsRune(body, utf8.RuneError) || strings.Contains(strings.ToLower(body), "fffd") || strings.Contains(body, "65533") {
			return
		}
		var decoded struct {
			Text string `xml:",chardata"`
		}
		decoder := xml.NewDecoder(strings.NewReader(body))
		if decoder.Decode(&decoded) != nil || decoder.InputOffset() != int64(len(body)) || strings.Count(text, "<") != strings.Count(text, "<!--")+strings.Count(text, "<![CDATA[") {
			return // no XML, or references in other places than the text
		}
		findings := JudgeText(labelled("text/xml"), []byte(body))
		if damaged := strings.ContainsRune(decoded.Text, utf8.RuneError); damaged != (len(findings) > 0) && len(text) < maxXMLReference {
			t.Errorf("%q: findings %v, encoding/xml gives %q", body, findings, decoded.Text)
		}
	})
}
