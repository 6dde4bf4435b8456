package sandbox

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"slices"
	"strconv"
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
func cut(part func(*exchange) []byte, end func(*connection)) func(*exchange) {
	return func(x *exchange) {
		x.write(part(x))
		end(x.c)
	}
}

func none(*exchange) []byte { return nil }

// leave lets the connection end in the ordinary way.
func leave(*connection) {}

// neverRead does not read the request.
func neverRead(c *connection, _ net.Conn) {
	_ = c.tcp.SetReadBuffer(2048) // the smaller it is, the sooner the client cannot write
	c.stall()
}

// closeEarly closes when a request could come.
func closeEarly(*connection, net.Conn) {}

// begin returns the status line, the first fields and half of another line.
func begin(x *exchange) []byte {
	return []byte(x.reply.statusLine() + x.reply.fields() + "X-Unfinished: no")
}

func dripHeaders(x *exchange) { x.drip(x.reply.head(true)) }

// drip sends a byte a second.
func (x *exchange) drip(p []byte) {
	_ = x.conn.SetDeadline(time.Now().Add(holdTimeout))
	x.c.drip(x.conn, p, time.Second)
}

// endlessHeader sends one header field that does not end.
func endlessHeader(x *exchange) {
	filler := bytes.Repeat([]byte("x"), 64<<10)
	ok := x.say(x.reply.statusLine(), "X-Filler: ")
	for sent := 0; ok && sent < floodBytes; sent += len(filler) {
		ok = x.write(filler)
	}
}

// manyHeaders sends a hundred thousand fields and then the reply.
func manyHeaders(x *exchange) {
	ok := x.say(x.reply.statusLine())
	const batch = 1000
	for n := 0; ok && n < floodLines; n += batch {
		var b strings.Builder
		for i := range batch {
			fmt.Fprintf(&b, "X-Filler-%d: %d\r\n", n+i, n+i)
		}
		ok = x.say(b.String())
	}
	if ok {
		x.say(x.reply.fields(), "\r\n")
	}
}

// manyInformational sends 1xx replies and then the final one.
func manyInformational(x *exchange) {
	const batch = 100
	lines := strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", batch)
	ok := true
	for n := 0; ok && n < floodLines; n += batch {
		ok = x.say(lines)
	}
	if ok {
		x.sendClosing()
	}
}

// sendClosing sends the reply as it should be, on a connection that is closed then.
func (x *exchange) sendClosing() bool {
	return x.write(slices.Concat(x.reply.head(true), x.reply.Body))
}

// withStatusLine replaces the status line.
func withStatusLine(line string) func(*exchange) {
	return func(x *exchange) {
		_, rest, _ := strings.Cut(string(x.reply.head(true)), "\r\n")
		x.say(line, "\r\n", rest, string(x.reply.Body))
	}
}

// switchProtocols answers 101 to a request that did not ask for it.
func switchProtocols(x *exchange) {
	x.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: sandbox\r\nConnection: Upgrade\r\n\r\n")
	x.c.hold()
}

// withLine puts a line among the header fields.
func withLine(line string) func(*exchange) {
	return func(x *exchange) {
		status, rest, _ := strings.Cut(string(x.reply.head(true)), "\r\n")
		x.say(status, "\r\n", line, "\r\n", rest, string(x.reply.Body))
	}
}

// bareLF ends the lines of the header section in LF alone.
func bareLF(x *exchange) {
	x.say(strings.ReplaceAll(string(x.reply.head(true)), "\r\n", "\n"), string(x.reply.Body))
}

// withLengths sends these values of Content-Length, each in a field of its own.
func withLengths(lengths func(body int) []string) func(*exchange) {
	return func(x *exchange) {
		var b strings.Builder
		b.WriteString(x.reply.statusLine() + x.reply.fields())
		for _, l := range lengths(len(x.reply.Body)) {
			b.WriteString("Content-Length: " + l + "\r\n")
		}
		x.say(b.String(), "Connection: close\r\n\r\n", string(x.reply.Body))
	}
}

// instead sends these bytes in place of a reply.
func instead(p string) func(*exchange) { return func(x *exchange) { x.say(p) } }

// withCoding sends the body under a transfer coding that nobody knows.
func withCoding(x *exchange) {
	x.say(x.reply.statusLine(), x.reply.fields(), "Transfer-Encoding: sandbox\r\nConnection: close\r\n\r\n", string(x.reply.Body))
}

// half returns the header section and the first half of the body.
func half(x *exchange) []byte {
	return slices.Concat(x.reply.head(true), x.reply.Body[:len(x.reply.Body)/2])
}

func dripBody(x *exchange) {
	if x.write(x.reply.head(true)) {
		x.drip(x.reply.Body)
	}
}

// endlessBody announces ten gigabytes and sends a good deal of them.
func endlessBody(x *exchange) {
	filler := bytes.Repeat([]byte(" "), 64<<10)
	ok := x.say(x.reply.statusLine(), x.reply.fields(), "Content-Length: 10000000000\r\nConnection: close\r\n\r\n")
	for sent := 0; ok && sent < floodBytes; sent += len(filler) {
		ok = x.write(filler)
	}
}

// bomb makes the body a small gzip stream that decodes to much.
func bomb(x *exchange) {
	x.reply.Body = compress(bytes.Repeat([]byte(" "), bombBytes))
	x.reply.set("Content-Encoding", "gzip")
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
		b.WriteString(strconv.FormatInt(int64(len(c)), 16) + "\r\n" + string(c) + "\r\n")
	}
	return b.String()
}

// chunked sends the body framed by frame under Transfer-Encoding: chunked.
func chunked(frame func(body []byte) string) func(*exchange) {
	return func(x *exchange) {
		x.say(x.reply.statusLine(), x.reply.fields(), "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n", frame(x.reply.Body))
	}
}

// bothLengths sends Content-Length and chunks.
func bothLengths(x *exchange) {
	framed := chunks(x.reply.Body, 64) + "0\r\n\r\n"
	x.say(x.reply.statusLine(), x.reply.fields(), "Content-Length: "+strconv.Itoa(len(framed))+
		"\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", framed)
}

// surplus sends more than is announced, in one write with the reply.
func surplus(x *exchange) {
	x.write(slices.Concat(x.reply.head(true), x.reply.Body, []byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")))
}
