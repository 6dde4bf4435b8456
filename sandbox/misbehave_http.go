package sandbox

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// Bounds of what floods a client: far above what one reads, so that a client without
// limits of its own shows, and an end all the same.
const (
	floodBytes = 64 << 20
	floodLines = 100_000
	bombBytes  = 5 << 20 // decoded; some 25 KB as sent
)

// cut sends a part of the reply and ends there.
func cut(part func(*exchange) string, end func(*connection)) func(*exchange) {
	return func(x *exchange) {
		x.say(part(x))
		end(x.c)
	}
}

func none(*exchange) string { return "" }

// begin returns the status line, the first fields and half of another line.
func begin(x *exchange) string { return x.reply.statusLine() + x.reply.fields() + "X-Unfinished: no" }

// half returns the header section and the first half of the body.
func half(x *exchange) string {
	return x.reply.head(true) + string(x.reply.Body[:len(x.reply.Body)/2])
}

// leave lets the connection end in the ordinary way.
func leave(*connection) {}

// neverRead does not read the request.
func neverRead(c *connection, _ net.Conn) {
	_ = c.tcp.SetReadBuffer(2048) // the smaller it is, the sooner the client cannot write
	c.stall()
}

// closeEarly closes when a request could come.
func closeEarly(*connection, net.Conn) {}

func dripHeaders(x *exchange) { x.drip(x.reply.head(true)) }

func dripBody(x *exchange) {
	if x.say(x.reply.head(true)) {
		x.drip(string(x.reply.Body))
	}
}

// drip sends a byte a second.
func (x *exchange) drip(text string) {
	_ = x.conn.SetDeadline(time.Now().Add(holdTimeout))
	x.c.drip(x.conn, []byte(text), time.Second)
}

// endlessHeader sends one header field that does not end.
func endlessHeader(x *exchange) {
	x.say(x.reply.statusLine() + "X-Filler: ")
	x.flood("x")
}

// endlessBody sends a body of floodBytes, of some text again and again.
func endlessBody(announcement, text string) func(*exchange) {
	return func(x *exchange) {
		x.framed(announcement, "")
		x.flood(text)
	}
}

// flood repeats a text until there are floodBytes or more, or the client is gone.
func (x *exchange) flood(text string) {
	filler := strings.Repeat(text, (64<<10)/len(text)+1)
	for sent := 0; sent < floodBytes; sent += len(filler) {
		if !x.say(filler) {
			return
		}
	}
}

// manyHeaders sends a hundred thousand fields and then the reply.
func manyHeaders(x *exchange) {
	out := bufio.NewWriterSize(x.conn, 64<<10)
	fmt.Fprint(out, x.reply.statusLine())
	for n := range floodLines {
		fmt.Fprintf(out, "X-Filler-%d: %d\r\n", n, n)
	}
	fmt.Fprint(out, x.reply.fields(), "\r\n")
	_ = out.Flush() // the client may be gone
}

// manyInformational sends 1xx replies and then the final one.
func manyInformational(x *exchange) {
	out := bufio.NewWriterSize(x.conn, 64<<10)
	for range floodLines {
		fmt.Fprint(out, "HTTP/1.1 103 Early Hints\r\n\r\n")
	}
	fmt.Fprint(out, x.reply.whole())
	_ = out.Flush() // the client may be gone
}

// withStatusLine replaces the status line.
func withStatusLine(line string) func(*exchange) {
	return func(x *exchange) {
		_, rest, _ := strings.Cut(x.reply.whole(), "\r\n")
		x.say(line + "\r\n" + rest)
	}
}

// switchProtocols answers 101 to a request that did not ask for it.
func switchProtocols(x *exchange) {
	x.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: sandbox\r\nConnection: Upgrade\r\n\r\n")
	x.c.hold()
}

// withLine puts a line among the header fields.
func withLine(line string) func(*exchange) {
	return func(x *exchange) { x.say(strings.Replace(x.reply.whole(), "\r\n", "\r\n"+line+"\r\n", 1)) }
}

// bareLF ends the lines of the header section in LF alone.
func bareLF(x *exchange) {
	x.say(strings.ReplaceAll(x.reply.head(true), "\r\n", "\n") + string(x.reply.Body))
}

// framed sends a reply with a body that fields of its own announce.
func (x *exchange) framed(announcement, body string) {
	x.say(x.reply.statusLine() + x.reply.fields() + announcement + "Connection: close\r\n\r\n" + body)
}

// announced sends the body as it is under fields of its own.
func announced(fields string) func(*exchange) {
	return func(x *exchange) { x.framed(fields, string(x.reply.Body)) }
}

// twoLengths announces the right length and a larger one.
func twoLengths(x *exchange) {
	n := len(x.reply.Body)
	announced(fmt.Sprintf("Content-Length: %d\r\nContent-Length: %d\r\n", n, n+7))(x)
}

// instead sends these bytes in place of a reply.
func instead(p string) func(*exchange) { return func(x *exchange) { x.say(p) } }

// bomb makes the body a small gzip stream that decodes to much.
func bomb(x *exchange) {
	x.reply.Body = compress(bytes.Repeat([]byte(" "), bombBytes))
	x.reply.set("Content-Encoding", "gzip")
}

// large makes the body 3 MB larger by what means nothing in JSON, XML and HTML.
func large(x *exchange) {
	x.reply.Body = append(slices.Clip(x.reply.Body), bytes.Repeat([]byte(" "), 3<<20)...)
}

// inBrotli puts the body, of at most 64 KB, into one meta-block of Brotli that is stored as it
// is (RFC 7932, section 9.2).
func inBrotli(x *exchange) {
	head := 0x80000b | uint32(len(x.reply.Body)-1)<<7
	x.reply.Body = slices.Concat([]byte{byte(head), byte(head >> 8), byte(head >> 16)}, x.reply.Body, []byte{3})
	x.reply.set("Content-Encoding", "br")
}

// compress returns p in gzip.
func compress(p []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // a level that exists
	_, _ = w.Write(p)                               // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// chunks frames the body in chunks of n bytes, without the last chunk.
func chunks(body []byte, n int) string {
	var b strings.Builder
	for c := range slices.Chunk(body, n) {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(c), c)
	}
	return b.String()
}

// chunked sends the body framed by frame under Transfer-Encoding: chunked.
func chunked(frame func(body []byte) string) func(*exchange) {
	return func(x *exchange) { x.framed("Transfer-Encoding: chunked\r\n", frame(x.reply.Body)) }
}

// bothLengths sends Content-Length and chunks.
func bothLengths(x *exchange) {
	body := chunks(x.reply.Body, 64) + "0\r\n\r\n"
	x.framed(fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n", len(body)), body)
}

// surplus sends more than is announced, in one write with the reply.
func surplus(x *exchange) { x.say(x.reply.whole() + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
