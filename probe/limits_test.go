package probe

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"prober/catalog"
	"prober/limit"
	"prober/needs"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// packed is text in gzip; in DEFLATE with the zlib format for anything but gzip.
func packed(coding, text string) string {
	var b bytes.Buffer
	var w io.WriteCloser
	w, _ = gzip.NewWriterLevel(&b, gzip.BestSpeed) // a level that exists
	if coding != "gzip" {
		w = zlib.NewWriter(&b)
	}
	_, _ = io.WriteString(w, text) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.String()
}

func inGzip(text string) string {
	return reply(400, "Content-Encoding: gzip\r\n"+jsonHeader, packed("gzip", text))
}

// TestBeyondTheLimits: what is too much for us is unknown, with the limit named, and what can be
// told without reading it all is told.
func TestBeyondTheLimits(t *testing.T) {
	spaces := strings.Repeat(" ", limit.UnsignedBytes)
	missing := alibabaError("MissingParameter", "m")
	none, alibaba, only := product(catalog.StyleNone), product(catalog.StyleAlibabaRPC), httpsOnly(catalog.StyleAlibabaRPC)
	page := "<!DOCTYPE html><html><body>" + spaces
	for _, tt := range []struct {
		name    string
		product catalog.Product
		reply   string
		want    reason.Reason
		detail  string
	}{
		{"as much as is read", alibaba, reply(400, jsonHeader, missing+spaces[len(missing):]), reason.None, ""},
		{"a byte more", alibaba, reply(400, jsonHeader, missing+spaces[len(missing)-1:]), reason.ProberLimit, "the body has 65537 bytes, of which 65536 are read"},
		{"a byte more in gzip", alibaba, inGzip(missing + spaces[len(missing)-1:]), reason.ProberLimit, "more than the 65536 bytes that are decoded"},
		{"page", alibaba, reply(200, "Content-Type: text/html\r\n", page), reason.VerifyNotAPI, "found HTML"},
		{"page without a label in gzip", alibaba, inGzip(page), reason.VerifyNotAPI, "found HTML"},
		{"page in brotli", alibaba, reply(200, "Content-Encoding: br\r\nContent-Type: text/html\r\n", "x"), reason.ProberLimit, `content coding "br"`},
		{"text", alibaba, reply(200, "", "nope"+spaces), reason.VerifyNotAPI, "neither a JSON object nor XML"},
		{"spaces alone", alibaba, reply(200, "", spaces+" "), reason.ProberLimit, "65537"},
		{"deep JSON", alibaba, reply(400, jsonHeader, `{"a":`+strings.Repeat("[", 100)), reason.ProberLimit, "status 400: a reply beyond what the prober reads: more than 64 JSON objects and arrays inside each other"},
		{"deep JSON with status 500", alibaba, reply(500, jsonHeader, strings.Repeat("[", 100)), reason.VerifyServerError, "status 500"},
		{"deep JSON that is no UTF-8", alibaba, reply(400, jsonHeader, strings.Repeat("[", 100)+"\xff"), reason.VerifyInvalidUTF8, "0xff"},
		{"many fields", alibaba, reply(400, strings.Repeat("X: y\r\n", limit.HeaderFields), missing), reason.ProberLimit, "5001 lines of header fields, where no more than 5000 are read"},
		{"many fields of a page", none, reply(200, strings.Repeat("X: y\r\n", limit.HeaderFields), "ok"), reason.None, ""},
		{"many members of gzip", alibaba, reply(400, "Content-Encoding: gzip\r\n", strings.Repeat(packed("gzip", ""), limit.GzipMembers)+packed("gzip", missing)), reason.ProberLimit, "more than the 100 gzip members that are read"},
		{"long chunk extension of a page", none, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0;" + strings.Repeat("x", 8192) + "\r\n\r\n", reason.None, ""},
		{"refused over plain HTTP with much text", only, reply(403, "Content-Type: text/html\r\n", page), reason.None, "status 403 without an API reply"},
		{"page over plain HTTP", only, reply(200, "Content-Type: text/html\r\n", page), reason.VerifyNotAPI, "found HTML"},
		{"too much over plain HTTP", only, reply(403, jsonHeader, missing+spaces), reason.ProberLimit, "65536 are read"},
		{"too deep over plain HTTP", only, reply(403, jsonHeader, strings.Repeat("[", 100)), reason.ProberLimit, "inside each other"},
	} {
		t.Run(tt.product.ID+" "+tt.name, func(t *testing.T) {
			tg := at(goodHost, catalog.HTTP, serve(t, replying(tt.reply)))
			tg.Product = tt.product
			o := New(onLoopback(newPKI())).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
			if !strings.Contains(o.Detail, tt.detail) {
				t.Errorf("detail %q lacks %q", o.Detail, tt.detail)
			}
		})
	}
}

// A status counts only with the head that it stands in: of one that was not read to its end no client
// has a reply.
func TestStatusOfAnUnfinishedHeadDoesNotCount(t *testing.T) {
	for _, status := range []int{200, 503} {
		limited := &exchange.Reply{Status: status, Findings: []reason.Finding{reason.ProberLimit.Found("x")}}
		for _, style := range []catalog.APIStyle{catalog.StyleNone, catalog.StyleAlibabaRPC} {
			v := New(onLoopback(newPKI())).judgeReply(Target{Scheme: catalog.HTTPS, Product: catalog.Product{APIStyle: style}}, &AddressResult{}, sent{}, limited)
			if v.Reason != reason.ProberLimit {
				t.Errorf("%s, %d: %s", style, status, v.Reason)
			}
		}
	}
}

// TestSignedRepliesMayBeLarger: lists of what an account has are long.
func TestSignedRepliesMayBeLarger(t *testing.T) {
	for size, wanted := range map[int]reason.Reason{limit.BodyBytes: reason.None, limit.BodyBytes + 1: reason.ProberLimit} {
		body := alibabaOK + strings.Repeat(" ", size-len(alibabaOK))
		for _, whole := range []string{reply(200, jsonHeader, body), inGzip(body)} {
			whole = strings.Replace(whole, "HTTP/1.1 400", "HTTP/1.1 200", 1)
			o := signedProbe(t, catalog.StyleAlibabaRPC, func(*http.Request) string { return whole })
			want(t, o, wanted.Outcome(), wanted)
		}
	}
}

// TestHostileRepliesAreCheap counts what is allocated for one reply: thirty at once, each of
// another endpoint, must not fill the memory, nor keep a core busy.
func TestHostileRepliesAreCheap(t *testing.T) {
	const million = 1 << 20
	numbered := func(format string) string {
		var b strings.Builder
		for n := 0; b.Len() < million-100; n++ {
			fmt.Fprintf(&b, format, n)
		}
		return b.String()
	}
	var sixteen strings.Builder
	for _, u := range utf16.Encode([]rune(strings.Repeat("青", million/2))) {
		sixteen.Write([]byte{byte(u), byte(u >> 8)})
	}
	id := `{"RequestId":"` + requestID + `"`
	replies := map[string]string{
		"nested XML":            inGzip(strings.Repeat("<a>", million)),
		"nested JSON":           inGzip(strings.Repeat("[", 4*million)),
		"nested objects":        inGzip(strings.Repeat(`{"a":`, million)),
		"members":               inGzip(id + numbered(`,"%d":1`) + "}"),
		"members of a member":   inGzip(id + `,"a":{"":0` + numbered(`,"%d":1`) + "}}"),
		"attributes":            inGzip("<Error" + numbered(` a%d=""`) + "/>"),
		"namespaces":            inGzip("<Error>" + strings.Repeat("<a"+strings.Repeat(` xmlns:b="c"`, 63)+">", million/800)),
		"elements":              inGzip("<Error>" + numbered("<a%d/>")),
		"character references":  inGzip("<Error><Code>" + strings.Repeat("&#65;", million/5-20) + "</Code></Error>"),
		"one string":            inGzip(id + `,"Code":"x","Message":"` + strings.Repeat("x", million-200) + `"}`),
		"names of secrets":      inGzip(id + `,"Code":"x","Message":"` + strings.Repeat("Signature=", million/10-20) + `"}`),
		"escapes":               inGzip(id + `,"Code":"x","Message":"` + strings.Repeat(`\u0001`, million/6-40) + `"}`),
		"white space":           inGzip(strings.Repeat(" \n", million/2)),
		"UTF-16":                inGzip(sixteen.String()),
		"comments":              inGzip(strings.Repeat("<!---->", million/7)),
		"bomb":                  inGzip(strings.Repeat("\x00", 4*million)),
		"bomb in a bomb":        reply(400, "Content-Encoding: gzip, gzip\r\n", packed("gzip", packed("gzip", strings.Repeat("\x00", 4*million)))),
		"bomb of DEFLATE":       reply(400, "Content-Encoding: deflate\r\n", packed("deflate", strings.Repeat("\x00", 4*million))),
		"members of gzip":       reply(400, "Content-Encoding: gzip\r\n", strings.Repeat(packed("gzip", ""), 10_000)),
		"fields":                "HTTP/1.1 400 x\r\n" + numbered("a%d:\r\n") + "\r\n",
		"one field":             "HTTP/1.1 400 x\r\nX: " + strings.Repeat("x", million) + "\r\n\r\n",
		"chunks of one byte":    "HTTP/1.1 400 x\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1\r\n \r\n", million/6) + "0\r\n\r\n",
		"chunks with a comment": "HTTP/1.1 400 x\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;a\r\n \r\n", million/8) + "0\r\n\r\n",
		"trailers":              "HTTP/1.1 400 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + numbered("a%d:\r\n") + "\r\n",
	}
	for name, whole := range replies {
		t.Run(name, func(t *testing.T) {
			tg := at(goodHost, catalog.HTTP, serve(t, replying(whole)))
			tg.Product = product(catalog.StyleAlibabaRPC)
			p := New(onLoopback(newPKI()))
			cheap(t, 3*million, func() { p.Probe(t.Context(), tg) })
			if !needs.All() {
				return // it takes a second for all of them
			}
			cheap(t, 16*million, func() { signedProbe(t, catalog.StyleAlibabaRPC, func(*http.Request) string { return whole }) })
		})
	}
}

// cheap runs f, which may allocate so many bytes in all.
func cheap(t *testing.T, most uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > most && !raced {
		t.Errorf("%d bytes were allocated, want at most %d", got, most)
	}
}
