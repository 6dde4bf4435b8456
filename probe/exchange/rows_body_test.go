package exchange

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"syscall"

	"prober/limit"
)

func framingRows() []row {
	length := func(value string) string { return ok200 + "Content-Length: " + value + "\r\n\r\nhello" }
	refused := func(name, wire, reasons string) row {
		return row{name: name, wire: wire, reasons: reasons, status: 200}
	}
	return []row{
		refused("negative length", length("-1"), "headers/bad_length"),
		refused("signed length", length("+5"), "headers/bad_length").though("curl takes signs"),
		refused("length in hex", length("0x5"), "headers/bad_length").though("curl reads 0 and no body"),
		refused("empty length", length(""), "headers/bad_length"),
		refused("length with a unit", length("5 bytes"), "headers/bad_length").though("curl reads as far as there are digits"),
		refused("length beyond 63 bits", length("9223372036854775808"), "headers/bad_length").though("curl reads on until the end"),
		refused("two lengths that differ", length("5\r\nContent-Length: 4"), "headers/conflicting_length").though("curl believes the last"),
		refused("list of lengths that differ", length("5, 4"), "headers/conflicting_length").though("curl believes the first"),
		refused("two lengths of which one is bad", length("5\r\nContent-Length: x"), "headers/bad_length headers/conflicting_length"),
		{name: "bad length on HEAD", method: "HEAD", wire: ok200 + "Content-Length: x\r\n\r\n", reasons: "headers/bad_length", status: 200},
		{name: "length and chunked", wire: ok200 + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", reasons: "verify/smuggling_ambiguous", status: 200, body: "hello"},
		{name: "bad length and chunked", wire: ok200 + "Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", reasons: "headers/bad_length verify/smuggling_ambiguous", status: 200, body: "hello"},
		refused("unknown transfer coding", ok200+"Transfer-Encoding: rot13\r\n\r\nhello", "headers/protocol"),
		refused("transfer coding before chunked", ok200+"Transfer-Encoding: gzip, chunked\r\n\r\n", "headers/protocol"),
		refused("chunked twice with something else", ok200+"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "headers/protocol"),
		refused("chunked not last", ok200+"Transfer-Encoding: chunked, identity\r\n\r\n", "headers/protocol"),
		refused("length and unknown transfer coding", ok200+"Content-Length: 5\r\nTransfer-Encoding: x\r\n\r\nhello", "verify/smuggling_ambiguous headers/protocol"),
		{name: "unknown transfer coding on HEAD", method: "HEAD", wire: ok200 + "Transfer-Encoding: x\r\n\r\n", reasons: "headers/protocol", status: 200},
		refused("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "headers/protocol").though("others show the chunks"),
	}
}

func chunkedRows() []row {
	chunked := func(chunks string) string { return ok200 + "Transfer-Encoding: chunked\r\n\r\n" + chunks }
	bad := func(name, chunks, body string) row {
		return row{name: name, wire: chunked(chunks), reasons: "body/bad_chunking", status: 200, body: body}
	}
	good := func(name, chunks, body string) row {
		return row{name: name, wire: chunked(chunks), status: 200, body: body}
	}
	return []row{
		good("two chunks", "5\r\nhello\r\nA\r\n, 10 bytes\r\n0\r\n\r\n", "hello, 10 bytes"),
		good("no chunk but the last", "0\r\n\r\n", ""),
		good("leading zeros", "0005\r\nhello\r\n000\r\n\r\n", "hello"),
		good("lower and upper case", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"),
		good("extensions", "5;a=b;c=\"d\"\r\nhello\r\n0 ;x\r\n\r\n", "hello"),
		good("trailers", "5\r\nhello\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", "hello"),
		good("chunk larger than the read buffer", "2000\r\n"+strings.Repeat("x", 0x2000)+"\r\n0\r\n\r\n", strings.Repeat("x", 0x2000)),
		{name: "coding in capitals", wire: ok200 + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", status: 200},

		bad("size is no number", "zz\r\nhello\r\n0\r\n\r\n", ""),
		bad("size is negative", "-5\r\nhello\r\n0\r\n\r\n", ""),
		bad("size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n", ""),
		bad("empty size", "\r\nhello\r\n0\r\n\r\n", ""),
		bad("size beyond 63 bits", "8000000000000000\r\n", ""),
		bad("data longer than the size", "4\r\nhello\r\n0\r\n\r\n", "hell"),
		bad("another byte where the line should end", "5\r\nhelloX0\r\n\r\n", "hello"),
		bad("size of seventeen digits", "00000000000000005\r\nhello\r\n0\r\n\r\n", ""),
		bad("space in front of the size", " 5\r\nhello\r\n0\r\n\r\n", ""),
		bad("word behind the size", "5 bytes\r\nhello\r\n0\r\n\r\n", "").though("curl reads as far as there are digits"),
		bad("CR alone behind the size", "5\rhello\r\n0\r\n\r\n", ""),
		bad("long line without a size", strings.Repeat("x", 2*readSize), ""),
		bad("NUL in a trailer", "0\r\nX: \x00\r\n\r\n", ""),
		bad("folded first trailer", "0\r\n X: y\r\n\r\n", "").though("curl does not look at trailers"),
		{name: "endless extension", wire: chunked("5;" + strings.Repeat("x", 2*readSize)), reasons: "prober/limit", status: 200},
		{name: "many extensions", wire: chunked(strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\ny\r\n", 5)), reasons: "prober/limit", status: 200, body: "yyyy"},
		{name: "many trailers", wire: chunked("0\r\n" + strings.Repeat("X: y\r\n", limit.HeaderFields+1) + "\r\n"), reasons: "prober/limit", status: 200},
		{ // which curl refuses to read
			name: "long trailer", limits: Limits{BodyBytes: 5}, wire: chunked("5\r\nhello\r\n0\r\nX: " + strings.Repeat("y", 2*readSize) + "\r\n\r\n"), status: 200, body: "hello",
		},
		bad("trailer without a colon", "0\r\nX-Sum\r\n\r\n", ""),
		{name: "no chunks at all, and the end", wire: chunked("hello world"), end: io.EOF, reasons: "body/bad_chunking", status: 200},
		{name: "the size of a chunk is cut", wire: chunked("5\r\nhello\r\n1f"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hello"},
		{name: "last chunk is missing", wire: chunked("5\r\nhello\r\n"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hello"},
		{name: "no chunk comes", wire: chunked(""), end: io.EOF, reasons: "body/truncated", status: 200},
		{name: "empty line is missing", wire: chunked("5\r\nhello\r\n0\r\n"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hello"},
		{name: "end inside a chunk", wire: chunked("5\r\nhel"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hel"},
		{name: "end behind a chunk", wire: chunked("5\r\nhello"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hello"},
		{name: "end inside a size", wire: chunked("5"), end: io.EOF, reasons: "body/truncated", status: 200},
		{name: "reset inside a chunk", wire: chunked("5\r\nhel"), end: syscall.ECONNRESET, reasons: "body/reset", status: 200, body: "hel"},
		{name: "stall between chunks", wire: chunked("5\r\nhello\r\n"), reasons: "body/timeout", status: 200, body: "hello"},
		{name: "trailers without end", wire: chunked("0\r\n" + strings.Repeat("X-Some: x\r\n", 30000)), reasons: "headers/too_large", status: 200},
		{name: "chunks beyond the limit", limits: Limits{BodyBytes: 8}, wire: chunked("5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n"), reasons: "prober/limit", status: 200, body: "hellohel"},
		{name: "chunks beyond the limit that stop", limits: Limits{BodyBytes: 8}, wire: chunked("5\r\nhello\r\n5\r\nhello\r\n"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hellohel"},
		{name: "chunks beyond the limit that stall", limits: Limits{BodyBytes: 8}, wire: chunked("5\r\nhello\r\n5\r\nhello\r\n"), reasons: "body/timeout", status: 200, body: "hellohel"},
		{name: "chunks without end", limits: Limits{BodyBytes: 8, ReplyBytes: 24}, wire: chunked(strings.Repeat("5\r\nhello\r\n", 4)), reasons: "body/too_large", status: 200, body: "hellohel"},
		{name: "chunks that others read on", limits: Limits{BodyBytes: 8, ReplyBytes: 24, OthersReadOn: true}, wire: chunked(strings.Repeat("5\r\nhello\r\n", 4)), reasons: "prober/limit", status: 200, body: "hellohel"},
		{name: "huge chunk announced", wire: chunked("7fffffffffffffff\r\nhello"), reasons: "body/too_large", status: 200},
	}
}

func bodyRows() []row {
	length := func(n int, body string) string {
		return ok200 + "Content-Length: " + strconv.Itoa(n) + "\r\n\r\n" + body
	}
	coded := func(coding, body string) string {
		return ok200 + "Content-Encoding: " + coding + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
	}
	text := strings.Repeat("text ", 100)
	zeros := strings.Repeat("\x00", 1<<20)
	decodes := func(name, coding, body string) row {
		return row{name: name, wire: coded(coding, body), status: 200, body: text}
	}
	bad := func(name, coding, body string) row {
		return row{name: name, wire: coded(coding, body), reasons: "body/bad_encoding", status: 200, body: body}
	}
	beyond := func(name, coding, body string) row {
		return row{name: name, wire: coded(coding, body), reasons: "prober/limit", status: 200, body: body}
	}
	return []row{
		{name: "body cut short", wire: length(10, "hello"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hello"},
		{name: "body missing", wire: length(10, ""), end: io.EOF, reasons: "body/truncated", status: 200},
		{name: "body cut inside a TLS record", wire: length(10, "hello"), end: io.ErrUnexpectedEOF, reasons: "body/truncated", status: 200, body: "hello"},
		{name: "body stalls", wire: length(10, "hello"), reasons: "body/timeout", status: 200, body: "hello"},
		{name: "body reset", wire: length(10, "hello"), end: syscall.ECONNRESET, reasons: "body/reset", status: 200, body: "hello"},
		{name: "body until close stalls", wire: ok200 + "\r\nhello", reasons: "body/timeout", status: 200, body: "hello"},
		{name: "body until close reset", wire: ok200 + "\r\nhello", end: syscall.ECONNRESET, reasons: "body/reset", status: 200, body: "hello"},
		{name: "body until close cut inside a TLS record", wire: ok200 + "\r\nhello", end: io.ErrUnexpectedEOF, reasons: "body/truncated", status: 200, body: "hello"},
		{name: "body until close without end", limits: Limits{BodyBytes: 8, ReplyBytes: 16}, wire: ok200 + "\r\n" + text, reasons: "body/too_large", status: 200, body: text[:8]},
		{name: "body until close that others read on", limits: Limits{BodyBytes: 8, ReplyBytes: 16, OthersReadOn: true}, wire: ok200 + "\r\n" + text, reasons: "prober/limit", status: 200, body: text[:8]},
		{name: "body until close beyond the limit", limits: Limits{BodyBytes: 8}, wire: ok200 + "\r\n" + text, end: io.EOF, reasons: "prober/limit", status: 200, body: text[:8]},
		{name: "body until close at the limit", limits: Limits{BodyBytes: 5}, wire: ok200 + "\r\nhello", end: io.EOF, status: 200, body: "hello"},
		{name: "length beyond the limit", limits: Limits{BodyBytes: 4}, wire: length(10, "hello hell"), reasons: "prober/limit", status: 200, body: "hell"},
		{name: "length beyond the limit, cut short", limits: Limits{BodyBytes: 4}, wire: length(10, "hello"), end: io.EOF, reasons: "body/truncated", status: 200, body: "hell"},
		{name: "length beyond the limit, stalling", limits: Limits{BodyBytes: 4}, wire: length(10, "hello"), reasons: "prober/limit", status: 200, body: "hell"},
		{name: "length beyond the limit, stalling before it", limits: Limits{BodyBytes: 4}, wire: length(10, "he"), reasons: "body/timeout", status: 200, body: "he"},
		{name: "length at the limit", limits: Limits{BodyBytes: 5}, wire: length(5, "hello"), status: 200, body: "hello"},
		{name: "complete before the TLS stream is cut", wire: length(5, "hello"), end: io.ErrUnexpectedEOF, status: 200, body: "hello"},
		{name: "complete before a reset", wire: length(5, "hello"), end: syscall.ECONNRESET, status: 200, body: "hello"},

		{name: "surplus behind a length", wire: length(5, "hello world"), reasons: "verify/surplus_bytes", status: 200, body: "hello"},
		{name: "surplus behind chunks", wire: ok200 + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nworld", reasons: "verify/surplus_bytes", status: 200},
		{name: "second reply", wire: length(2, "hi") + length(2, "hi"), reasons: "verify/surplus_bytes", status: 200, body: "hi"},
		{name: "304 with a body", wire: "HTTP/1.1 304 Not Modified\r\n\r\nhello", reasons: "verify/surplus_bytes", status: 304},
		{name: "HEAD with a body", method: "HEAD", wire: length(5, "hello"), reasons: "verify/surplus_bytes", status: 200},

		decodes("gzip", "gzip", gzipped(text)),
		decodes("x-gzip in capitals", "X-GZIP", gzipped(text)),
		decodes("deflate", "deflate", zlibbed(text)),
		decodes("identity", "identity", text),
		decodes("gzip of deflate", "deflate, gzip", gzipped(zlibbed(text))),
		{name: "coding of an empty body", wire: coded("gzip", ""), status: 200},
		bad("no gzip", "gzip", "plain text"),
		bad("gzip cut short", "gzip", gzipped(text)[:20]),
		bad("gzip with a wrong checksum", "gzip", damaged(gzipped(text), -8)),
		bad("bytes behind gzip", "gzip", gzipped(text)+"x"),
		bad("no deflate", "deflate", "\xffplain text"),
		bad("deflate cut short", "deflate", zlibbed(text)[:10]),
		bad("bytes behind deflate", "deflate", zlibbed(text)+"x"),
		beyond("brotli", "br", "\x0b\x02\x80hello\x03"),
		beyond("compress under its other name", "X-Compress", "\x1f\x9d\x90"),
		beyond("brotli under gzip", "br, gzip", gzipped("\x0b\x02\x80hello\x03")),
		bad("coding that does not exist", "sandbox", text),
		decodes("three codings", "gzip, gzip,gzip", gzipped(gzipped(gzipped(text)))),
		beyond("four codings", "gzip,gzip,gzip,gzip", gzipped(gzipped(gzipped(gzipped(text))))),
		bad("bytes behind raw deflate", "deflate", rawDeflated(text)+"x"),
		{name: "raw deflate", wire: coded("deflate", rawDeflated(text)), reasons: "body/bad_encoding", status: 200, body: text},
		{name: "gzip bomb", limits: Limits{DecodedBytes: 1 << 16}, wire: coded("gzip", gzipped(zeros)), reasons: "prober/limit", status: 200, body: zeros[:1<<16]},
		{name: "raw deflate bomb", limits: Limits{DecodedBytes: 1 << 16}, wire: coded("deflate", rawDeflated(zeros)), reasons: "prober/limit", status: 200, body: zeros[:1<<16]},
		{name: "gzip at the limit", limits: Limits{DecodedBytes: int64(len(text))}, wire: coded("gzip", gzipped(text)), status: 200, body: text},
		{name: "gzip cut by the network is only truncated", wire: ok200 + "Content-Encoding: gzip\r\nContent-Length: 99\r\n\r\n" + gzipped("x")[:9], end: io.EOF, reasons: "body/truncated", status: 200, body: gzipped("x")[:9]},
	}
}

func gzipped(s string) string {
	return compressed(s, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func zlibbed(s string) string {
	return compressed(s, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

func rawDeflated(s string) string {
	return compressed(s, func(w io.Writer) io.WriteCloser {
		f, err := flate.NewWriter(w, flate.BestCompression)
		if err != nil {
			panic(err) // the level is a constant
		}
		return f
	})
}

func compressed(s string, writer func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := writer(&b)
	_, err := io.WriteString(w, s)
	if closing := w.Close(); err != nil || closing != nil {
		panic("writing to memory failed")
	}
	return b.String()
}

// damaged returns s with one byte changed, counted from the end if at is negative.
func damaged(s string, at int) string {
	b := []byte(s)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 0xff
	return string(b)
}
