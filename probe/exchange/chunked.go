package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"prober/limit"
	"prober/probe/reason"
)

// readChunks reads a body in the chunked transfer coding (RFC 9112, section 7.1) with its
// trailer section, which is judged and dropped.
func (x *exchange) readChunks() bool {
	extensions := 0
	most := x.taken() + x.opt.Limits.ReplyBytes // framing included
	for number := 1; ; number++ {
		line, ok := x.readChunkLine(number)
		if !ok {
			return false
		}
		size, ext, l := parseChunkLine(line)
		x.lapsed(chunkLapse(number, l), reason.BodyBadChunking)
		extensions += ext
		switch {
		case l.grave:
			return false
		case extensions > limit.ChunkExtensions:
			x.limit(fmt.Sprintf("more than the %d bytes of chunk extensions that are read", limit.ChunkExtensions))
			return false
		case size == 0:
			return x.readTrailers() && x.kept()
		case size > uint64(max(0, most-x.taken())):
			x.endless()
			return false
		}
		if !x.readChunk(int(size), number) {
			return false
		}
	}
}

// readChunk appends one chunk to the body, as far as that is kept, and reads the line end
// behind it.
func (x *exchange) readChunk(size, number int) bool {
	before := x.discarded
	kept := min(size, int(x.opt.Limits.BodyBytes)-len(x.reply.Body))
	got, err := x.fill(kept)
	if err == nil {
		err = x.discard(int64(size - kept))
	}
	if err != nil {
		why, what := x.failure(err)
		x.explain(err, why, fmt.Sprintf("%s after %d of %d bytes of chunk %d", what, int64(got)+x.discarded-before, size, number))
		return false
	}
	end, err := x.in.ReadByte()
	if err == nil && end == '\r' {
		end, err = x.in.ReadByte()
	} else if err == nil && end == '\n' {
		x.lapsed(chunkLapse(number, lapse{what: "its data end in LF alone"}), reason.BodyBadChunking)
	}
	switch {
	case err != nil:
		x.broken(err)
		return false
	case end != '\n':
		x.lapsed(chunkLapse(number, lapse{fmt.Sprintf("no line end where its %d bytes are over", size), true}), reason.BodyBadChunking)
		return false
	}
	return true
}

// taken is how many bytes of the reply were read so far and looked at.
func (x *exchange) taken() int64 { return x.source.bytes - int64(x.in.Buffered()) }

// chunkLapse is a lapse in the framing of a chunk, by its number.
func chunkLapse(number int, l lapse) lapse {
	if l.what != "" {
		l.what = fmt.Sprintf("chunk %d: %s", number, l.what)
	}
	return l
}

// readChunkLine reads the first line of a chunk, by its number, and returns it without its end.
// The line is valid until the next read.
func (x *exchange) readChunkLine(number int) ([]byte, bool) {
	line, err := x.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		_, _, l := parseChunkLine(line)
		if l.grave {
			x.lapsed(chunkLapse(number, l), reason.BodyBadChunking)
		} else {
			x.limit(fmt.Sprintf("the line of chunk %d is longer than the %d bytes that are read", number, readSize))
		}
		return nil, false
	case errors.Is(err, io.EOF) && len(line) == 0:
		x.reply.note(reason.BodyTruncated, fmt.Sprintf("the stream ends in front of chunk %d, without the last chunk and its empty line", number))
		return nil, false
	case err != nil:
		// What cannot begin a chunk is no chunk cut short.
		if _, _, l := parseChunkLine(line); l.grave && len(line) > 0 {
			x.lapsed(chunkLapse(number, l), reason.BodyBadChunking)
		} else {
			x.broken(err)
		}
		return nil, false
	}
	line, crlf := cutLineEnd(line)
	if !crlf {
		x.lapsed(chunkLapse(number, lapse{what: "a line that ends in LF alone"}), reason.BodyBadChunking)
	}
	return line, true
}

// maxChunkDigits is how many digits of a chunk's size curl and net/http read, zeros included.
const maxChunkDigits = 16

// parseChunkLine reads "size[;extension]" and returns the size of the extensions too.
func parseChunkLine(line []byte) (size uint64, extensions int, l lapse) {
	n := 0
	for n < len(line) && isHex(line[n:n+1]) {
		n++
	}
	digits, ext := line[:n], line[n:]
	behind := bytes.TrimLeft(ext, " \t")
	quoted := func() string { return fmt.Sprintf("%q", line[:min(len(line), 24)]) }
	if n == 0 || len(behind) > 0 && behind[0] != ';' {
		return 0, 0, lapse{"its size is no hexadecimal number in " + quoted(), true}
	}
	size, err := strconv.ParseUint(string(digits), 16, 63)
	switch {
	case n > maxChunkDigits:
		return 0, 0, lapse{fmt.Sprintf("its size has more than the %d digits that clients read", maxChunkDigits), true}
	case err != nil:
		return 0, 0, lapse{"its size is too large for a number in " + quoted(), true}
	case len(ext) == 0:
	case len(behind) == 0:
		l.what = "white space behind its size"
	case !extensionForm.Match(ext):
		l.what = "an extension that breaks the grammar"
	}
	return size, len(ext), l
}

// extensionForm is the grammar of chunk extensions (RFC 9112, section 7.1.1).
var extensionForm = regexp.MustCompile(strings.NewReplacer(
	"_", "[ \\t]*", "TOKEN", "[!#$%&'*+.^_`|~0-9A-Za-z-]+", "QUOTED", `"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\x00-\x08\x0a-\x1f\x7f])*"`,
).Replace(`^(?:_;_TOKEN(?:_=_(?:TOKEN|QUOTED))?)*$`))

func isHex(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return len(b) > 0
}

// readTrailers reads the trailer section and its empty line. What its fields say does not count
// (RFC 9110, section 6.5).
func (x *exchange) readTrailers() bool {
	x.source.inBody = false
	h := &head{of: "trailer section, "}
	for {
		line, ok := x.readLine(h)
		switch {
		case !ok:
			return false
		case len(line) > 0:
			continue
		}
		if h.line-1 > limit.HeaderFields {
			x.limit(fmt.Sprintf("%d lines of trailer fields, where no more than %d are read", h.line-1, limit.HeaderFields))
			return false
		}
		fields := x.judgeFields(string(h.raw), 1, h.of, reason.BodyBadChunking)
		for _, name := range notInTrailers() {
			if _, given := fields[name]; given {
				x.lax(name + " as a trailer field, where it may not stand")
			}
		}
		return true
	}
}

// notInTrailers are fields about framing, routing, content and cookies, which a reader needs, or
// must not be told, when the body is over (RFC 9110, section 6.5.1).
func notInTrailers() []string {
	return []string{"Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Host", "Set-Cookie", "Trailer", "Transfer-Encoding"}
}
