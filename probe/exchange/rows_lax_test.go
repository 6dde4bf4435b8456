package exchange

import (
	"fmt"
	"io"
)

// laxRows break the grammar where curl reads on, and so does this package: one severity for all.
func laxRows() []row {
	lax := func(name, wire, body string) row {
		return row{name: name, wire: wire, end: io.EOF, reasons: "verify/lax_syntax", status: 200, body: body}
	}
	line := func(name, field string) row {
		return lax(name, ok200+field+"\r\nContent-Length: 2\r\n\r\nhi", "hi")
	}
	ways := func(name, fields string) row {
		r := line(name, fields)
		r.doubt = "curl reads it up to 8.16"
		return r
	}
	chunk := func(name, chunks string) row {
		return lax(name, ok200+"Transfer-Encoding: chunked\r\n\r\n"+chunks, "hi")
	}
	extension := func(name, e string) row { return chunk(name, "2"+e+"\r\nhi\r\n0\r\n\r\n") }
	trailer := func(name, fields string) row { return chunk(name, "2\r\nhi\r\n0\r\n"+fields+"\r\n\r\n") }
	coding := func(name, te string) row {
		return lax(name, ok200+"Transfer-Encoding:"+te+"\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "hi")
	}
	unframed := func(status int, fields, body string) row {
		r := lax(fmt.Sprintf("status %d with %.14s and %d bytes", status, fields, len(body)), fmt.Sprintf("HTTP/1.1 %d X\r\n%s\r\n\r\n%s", status, fields, body), body)
		r.status = status
		return r
	}
	hinted := func(fields string) row {
		return lax("status 103 with "+fields, "HTTP/1.1 103 X\r\n"+fields+"\r\n\r\n"+ok200+"Content-Length: 2\r\n\r\nhi", "hi")
	}
	surplus := unframed(204, "Content-Length: 2", "hi")
	surplus.reasons, surplus.body = "verify/lax_syntax verify/surplus_bytes", ""
	return []row{
		lax("two spaces in front of the status", "HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi"),
		lax("small letters in the status line", "http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi"),
		lax("control byte in the phrase, not NUL", "HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nhi", "hi"),
		lax("CR in the phrase", "HTTP/1.1 200 O\rK\r\nContent-Length: 2\r\n\r\nhi", "hi"),
		lax("DEL in the phrase", "HTTP/1.1 200 O\x7fK\r\nContent-Length: 2\r\n\r\nhi", "hi"),

		line("empty name", ": x"), line("space before the colon", "Server : x"), line("tab before the colon", "Server\t: x"),
		line("space inside the name", "Ser ver: x"), line("bracket in the name", "Server(1): x"), line("control byte in the name", "Ser\x01ver: x"),
		line("DEL in the name", "Server\x7f: x"), line("non-ASCII name", "Sérver: x"), line("quotes around the name", `"Server": x`),
		line("control byte in the value", "Set-Cookie: a=b\x01c"), line("escape in the value", "Server: \x1b[31m"), line("DEL in the value", "Server: x\x7fy"),
		line("CR inside the value", "Server: x\ry"), line("two CRs", "Server: x\r"),
		line("folded line", "Server: x\r\n y"), line("line folded with a tab", "Server: x\r\n\ty"), line("line folded to nothing", "Server: x\r\n "),

		line("two types", "Content-Type: text/html\r\nX: y\r\ncontent-type: text/plain"), line("two types, three times", "Content-Type: a/b\r\nContent-Type: a/b\r\nContent-Type: c/d"),
		ways("two ways", "Location: /a\r\nLocation: /b"), line("two places", "Content-Location: /a\r\nContent-Location: /b"), line("two tags", "ETag: \"a\"\r\nETag: \"b\""),
		line("two changes", "Last-Modified: Thu, 01 Oct 2026 00:00:00 GMT\r\nLast-Modified: Fri, 02 Oct 2026 00:00:00 GMT"), line("two pauses", "Retry-After: 1\r\nRetry-After: 2"),
		ways("a way and none", "Location: /a\r\nLocation:"),
		line("two equal lengths", "Content-Length: 2"),
		lax("list of equal lengths", ok200+"Content-Length: 2, 2\r\n\r\nhi", "hi"),
		coding("chunked twice", " chunked\r\nTransfer-Encoding: chunked"), coding("chunked twice in one field", " chunked, Chunked"), coding("identity, then chunked", " identity, chunked"),
		lax("identity alone", ok200+"Transfer-Encoding: Identity\r\n\r\nhi", "hi"),
		coding("list of chunked and nothing", " chunked,"), coding("list of nothing and chunked", " ,chunked"),
		line("empty Transfer-Encoding", "Transfer-Encoding:"),
		unframed(204, "Content-Length: 0", ""), unframed(204, "Transfer-Encoding: chunked", ""), surplus,
		unframed(205, "Content-Length: 2", "hi"), unframed(205, "X: y", "hi"),
		hinted("Content-Length: 0"), hinted("Transfer-Encoding: chunked"),

		chunk("size with bare LF", "2\nhi\r\n0\r\n\r\n"), chunk("data with bare LF", "2\r\nhi\n0\r\n\r\n"),
		chunk("last chunk with bare LF", "2\r\nhi\r\n0\n\r\n"), chunk("everything with bare LF, but the end", "2\nhi\n0\n\r\n"),
		extension("space behind the size", "  "), extension("tab behind the size", "\t"), extension("nothing but a semicolon", ";"), extension("two semicolons", ";;"),
		extension("no name", ";=b"), extension("no value", ";a="), extension("quote without an end", `;a="b`), extension("two words", ";a b"),
		extension("control byte in an extension", ";a=\x01"), extension("NUL in an extension", ";a=\x00"), extension("CR in an extension", ";a=\rb"),
		extension("non-ASCII word", ";a=\xe9"), extension("slash in a name", ";a/b"), extension("space at the end", ";a=b "),

		trailer("trailer with a space before its colon", "X : y"), trailer("control byte in a trailer", "X: \x01"), trailer("folded trailer", "X: y\r\n z"),
		trailer("length in the trailers", "Content-Length: 2"), trailer("transfer coding in the trailers", "Transfer-Encoding: chunked"),
		trailer("content type in the trailers", "Content-Type: text/html"), trailer("host in the trailers", "Host: example.com"), trailer("cookie in the trailers", "Set-Cookie: a=b"),
	}
}

// goodExtensions are chunk extensions in every form that the grammar has.
func goodExtensions() []row {
	var rows []row
	for _, e := range []string{";a", ";a=b", " ;\ta = b", ";a;b=c;d", `;a=""`, `;a="b;c \"\\ ` + "\t\xe9\"", "\t;!#$%&'*+.^_`|~-0=1"} {
		rows = append(rows, row{
			name: "extension " + e, wire: ok200 + "Transfer-Encoding: chunked\r\n\r\n2" + e + "\r\nhi\r\n0" + e + "\r\n\r\n", end: io.EOF, status: 200, body: "hi",
		})
	}
	return rows
}
