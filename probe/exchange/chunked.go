package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"prober/probe/reason"
)

// maxChunkExtensions bounds the chunk extensions of one body, in bytes. They have no use
// and RFC 9112, section 7.1.1, asks to limit them.
const maxChunkExtensions = 4 << 10

// readChunks reads a body in the chunked transfer coding (RFC 9112, section 7.1) with its
// trailer section, which is judged and dropped.
func (x *exchange) readChunks() bool {
	extensions := 0
	most := x.taken() + x.opt.Limits.BodyBytes + x.opt.Limits.DiscardBytes // framing included
	for number := 1; ; number++ {
		line, ok := x.readChunkLine(number)
		if !ok {
			return false
		}
		size, ext, why := parseChunkLine(line)
		if extensions += ext; why == "" && extensions > maxChunkExtensions {
			why = fmt.Sprintf("more than %d bytes of extensions", maxChunkExtensions)
		}
		switch {
		case why != "":
			x.badChunk(fmt.Sprintf("chunk %d: %s", number, why))
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
	begin, before := len(x.reply.Body), x.discarded
	kept := min(size, int(x.opt.Limits.BodyBytes)-begin)
	body := slices.Grow(x.reply.Body, kept)
	got, err := io.ReadFull(x.in, body[begin:begin+kept])
	x.reply.Body = body[:begin+got]
	if err == nil {
		err = x.discard(int64(size - kept))
	}
	if err != nil {
		why, what := x.failure(err)
		x.reply.note(why, fmt.Sprintf("%s after %d of %d bytes of chunk %d", what, int64(got)+x.discarded-before, size, number))
		return false
	}
	end, err := x.in.ReadByte()
	if err == nil && end == '\r' {
		end, err = x.in.ReadByte()
	} else if err == nil && end == '\n' {
		x.badChunk(fmt.Sprintf("chunk %d: its data end in LF alone", number))
	}
	switch {
	case err != nil:
		x.broken(err)
		return false
	case end != '\n':
		x.badChunk(fmt.Sprintf("chunk %d: no line end where its %d bytes are over", number, size))
		return false
	}
	return true
}

// taken is how many bytes of the reply were read so far and looked at.
func (x *exchange) taken() int64 { return x.source.bytes - int64(x.in.Buffered()) }

// readChunkLine reads one line of the framing and returns it without its end: the first of a
// chunk, by its number, or of the trailer section, which is 0. The line is valid until the
// next read.
func (x *exchange) readChunkLine(chunk int) ([]byte, bool) {
	bad := func(why string) {
		what := "trailer section"
		if chunk > 0 {
			what = fmt.Sprintf("chunk %d", chunk)
		}
		x.badChunk(what + ": " + why)
	}
	line, err := x.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		bad(fmt.Sprintf("a line of more than %d bytes", readSize))
		return nil, false
	case errors.Is(err, io.EOF) && len(line) == 0:
		// A clean end between two chunks: whoever sent this took it for complete.
		bad("the stream ends without the last chunk and its empty line")
		return nil, false
	case err != nil:
		x.broken(err)
		return nil, false
	}
	line, crlf := cutLineEnd(line)
	if !crlf {
		bad("a line that ends in LF alone")
	}
	return line, true
}

// parseChunkLine reads "size[;extension]" and returns the size of the extensions too;
// why says what is wrong.
func parseChunkLine(line []byte) (size uint64, extensions int, why string) {
	digits, ext, extended := bytes.Cut(line, []byte(";"))
	if extended { // white space is allowed before the semicolon only
		digits = bytes.TrimRight(digits, " \t")
	}
	if !isHex(digits) {
		return 0, 0, fmt.Sprintf("size %q is no hexadecimal number", digits[:min(len(digits), 24)])
	}
	if badFieldByte(string(ext)) >= 0 {
		return 0, 0, "a control character in an extension"
	}
	size, err := strconv.ParseUint(string(digits), 16, 63)
	if err != nil {
		return 0, 0, fmt.Sprintf("size %q is too large for a number", digits[:min(len(digits), 24)])
	}
	return size, len(ext), ""
}

func isHex(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return len(b) > 0
}

// readTrailers reads the trailer section and its empty line.
func (x *exchange) readTrailers() bool {
	for room := x.opt.Limits.HeaderBytes; ; {
		line, ok := x.readChunkLine(0)
		if !ok {
			return false
		}
		if len(line) == 0 {
			return true
		}
		if room -= len(line); room < 0 {
			x.reply.note(reason.HeadersTooLarge, fmt.Sprintf("the trailer section is larger than %d bytes", x.opt.Limits.HeaderBytes))
			return false
		}
		if _, _, why := splitField(string(line)); why != "" {
			x.badChunk("trailer section: " + why)
		}
	}
}

func (x *exchange) badChunk(detail string) { x.reply.note(reason.BodyBadChunking, detail) }
