package sandbox

import (
	"bytes"
	"fmt"

	"prober/probe/reason"
)

func requestFaults() []spec {
	return []spec{
		faultOf(reason.RequestTimeout, "", "the request is read and never answered", behaviour{request: cut(none, (*connection).hold), talk: saying("", (*connection).hold), asked: unanswered}),
		faultOf(reason.RequestTimeout, "unread", "the request is not read; a small one is held by the socket buffers", behaviour{secured: neverRead}),
		faultOf(reason.RequestReset, "", "the connection is reset after the request", behaviour{request: cut(none, (*connection).reset), talk: saying("", (*connection).reset)}),
		faultOf(reason.RequestEOF, "", "the connection is closed after the request", behaviour{request: cut(none, leave), talk: saying("", leave)}),
		faultOf(reason.RequestEOF, "early", "the connection is closed before the request is read", behaviour{secured: closeEarly}),
	}
}

func headerFaults() []spec {
	on := func(r reason.Reason, suffix, description string, wire func(*exchange)) spec {
		return faultOf(r, suffix, description, behaviour{wire: wire})
	}
	return []spec{
		on(reason.HeadersTimeout, "", "the header section stops in the middle", cut(begin, (*connection).hold)),
		on(reason.HeadersTimeout, "slow", "the header section comes at a byte a second", dripHeaders),
		on(reason.HeadersReset, "", "the connection is reset inside the header section", cut(begin, (*connection).reset)),
		on(reason.HeadersEOF, "", "the connection is closed inside the header section", cut(begin, leave)),
		on(reason.HeadersTooLarge, "", "a header field goes on for 64 MB", endlessHeader),
		on(reason.HeadersTooLarge, "many", "there are 100,000 header fields", manyHeaders),
		on(reason.HeadersTooManyInformational, "", "100,000 replies with status 103 come before the final one", manyInformational),
		on(reason.HeadersBadStatus, "", "the status is 999", withStatusLine("HTTP/1.1 999 Unknown")),
		on(reason.HeadersBadStatus, "zero", "the status is 000", withStatusLine("HTTP/1.1 000 Unknown")),
		on(reason.HeadersBadStatus, "two_digits", "the status has two digits", withStatusLine("HTTP/1.1 20 OK")),
		on(reason.HeadersBadStatus, "switching", "the server switches protocols, which nobody asked for", switchProtocols),
		on(reason.HeadersMalformed, "", "a header line has no colon", withLine("This line has no colon")),
		on(reason.HeadersMalformed, "nul", "a header field has a NUL byte in its value", withLine("X-Odd: a\x00b")),
		on(reason.HeadersMalformed, "space", "a space stands between the name Content-Length and its colon", announced("Content-Length : 1\r\n")),
		on(reason.HeadersBareLF, "", "the lines of the header section end in LF alone", bareLF),
		on(reason.HeadersBadLength, "", "Content-Length is negative", announced("Content-Length: -5\r\n")),
		on(reason.HeadersBadLength, "text", "Content-Length is no number", announced("Content-Length: many\r\n")),
		on(reason.HeadersBadLength, "overflow", "Content-Length is larger than any integer holds", announced("Content-Length: 99999999999999999999999\r\n")),
		on(reason.HeadersConflictingLength, "", "there are two differing Content-Length fields", twoLengths),
		on(reason.HeadersProtocol, "", "an SSH server's greeting comes in place of a reply", instead("SSH-2.0-OpenSSH_9.2p1\r\n")),
		on(reason.HeadersProtocol, "http09", "a text without a status line comes, as in HTTP/0.9", instead("<html><body>It works!</body></html>\n")),
		on(reason.HeadersProtocol, "http2", "an HTTP/2 SETTINGS frame comes, which nobody asked for", instead("\x00\x00\x00\x04\x00\x00\x00\x00\x00")),
		on(reason.HeadersProtocol, "coding", "the body has a transfer coding that nobody has defined", announced("Transfer-Encoding: sandbox\r\n")),
	}
}

// laxFaults break the syntax where curl reads on.
func laxFaults() []spec {
	on := func(suffix, description string, wire func(*exchange)) spec {
		return faultOf(reason.VerifyLaxSyntax, suffix, description, behaviour{wire: wire})
	}
	inChunks := func(behindSize, trailers string) func(*exchange) {
		return chunked(func(b []byte) string {
			return fmt.Sprintf("%x%s\r\n%s\r\n0\r\n%s\r\n", len(b), behindSize, b, trailers)
		})
	}
	return []spec{
		on("", "a cookie has a control character in its value", withLine("Set-Cookie: a=b\x01c")),
		on("space", "a space stands between a field name and its colon", withLine("X-Odd : value")),
		on("name", "a field name is not ASCII", withLine("Sérver: sandbox")),
		on("folded", "a header field is folded onto the next line", withLine("X-Odd: a\r\n b")),
		on("lengths", "Content-Length comes twice, with one value", func(x *exchange) {
			field := fmt.Sprintf("Content-Length: %d\r\n", len(x.reply.Body))
			announced(field + field)(x)
		}),
		on("hint", "a reply with status 103 and a Content-Length comes before the final one", func(x *exchange) {
			x.say("HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n" + x.reply.whole())
		}),
		on("chunk_size", "spaces follow the size of a chunk", inChunks("  ", "")),
		on("chunk_extension", "an extension of a chunk has no name", inChunks(";=value", "")),
		on("trailer", "Content-Length comes as a trailer field", inChunks("", "Content-Length: 1\r\n")),
	}
}

func bodyFaults() []spec {
	framed := func(frame func(body []byte) string) behaviour { return behaviour{wire: chunked(frame)} }
	return []spec{
		faultOf(reason.BodyTimeout, "", "the body stops in the middle", behaviour{wire: cut(half, (*connection).hold)}),
		faultOf(reason.BodyTimeout, "slow", "the body comes at a byte a second", behaviour{wire: dripBody}),
		faultOf(reason.BodyReset, "", "the connection is reset inside the body", behaviour{wire: cut(half, (*connection).reset)}),
		faultOf(reason.BodyTruncated, "", "the connection is closed inside the body", behaviour{wire: cut(half, leave)}),
		faultOf(reason.BodyTruncated, "no_close_notify", "the body has no announced length, and the connection is closed below TLS, without an alert, in its middle",
			behaviour{wire: func(x *exchange) {
				x.framed("", string(x.reply.Body[:len(x.reply.Body)/2]))
				x.c.drain()
			}}),
		faultOf(reason.BodyTruncated, "between_chunks", "the connection is closed before the last chunk", framed(func(b []byte) string { return chunks(b, 64) })),
		faultOf(reason.BodyTooLarge, "", "the body goes on for 64 MB, and no length is announced", behaviour{wire: endlessBody("", " ")}),
		faultOf(reason.BodyTooLarge, "chunks", "the chunks of the body go on for 64 MB", behaviour{wire: endlessBody("Transfer-Encoding: chunked\r\n", chunks(bytes.Repeat([]byte(" "), 1000), 1000))}),
		faultOf(reason.BodyBadEncoding, "", "a body that is not compressed is labelled gzip", behaviour{edit: label("gzip")}),
		faultOf(reason.BodyBadEncoding, "cut", "the gzip stream of the body is cut off", behaviour{edit: cutGzip}),
		faultOf(reason.BodyBadEncoding, "unknown", "the body has a content coding that nobody has defined", behaviour{edit: label("sandbox")}),
		faultOf(reason.BodyBadChunking, "", "the size of a chunk is no number", framed(func(b []byte) string { return "zz\r\n" + string(b) + "\r\n0\r\n\r\n" })),
		faultOf(reason.BodyBadChunking, "overflow", "the size of a chunk is larger than any integer holds",
			framed(func(b []byte) string { return "fffffffffffffffff\r\n" + string(b) + "\r\n0\r\n\r\n" })),
		faultOf(reason.BodyBadChunking, "end", "a chunk is longer than its size says",
			framed(func(b []byte) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(b)-1, b) })),
	}
}
