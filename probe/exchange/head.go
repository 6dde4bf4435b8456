package exchange

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"prober/limit"
	"prober/probe/reason"
)

// head reads header sections line by line, under one bound for all of them.
type head struct {
	of    string // in front of what is said of it: "trailer section, "; empty for the head itself
	raw   []byte // everything read, ends of lines included
	start int    // where the section under way begins in raw
	line  int    // number of the line last read, from 1, within the section
}

// readHead reads informational replies and then the header section of the final one. It
// reports whether the body can be looked at.
func (x *exchange) readHead() bool {
	h := &head{raw: make([]byte, 0, 512)}
	defer func() { x.reply.Head = h.raw[h.start:] }()
	for informational := 0; ; informational++ {
		if informational > x.opt.Limits.Informational {
			x.reply.note(reason.HeadersTooManyInformational,
				fmt.Sprintf("more than %d informational replies", x.opt.Limits.Informational))
			return false
		}
		h.start, h.line = len(h.raw), 0
		status, ok := x.readSection(h)
		switch {
		case !ok:
			return false
		case status == http.StatusSwitchingProtocols:
			x.reply.note(reason.HeadersBadStatus, "status 101 switches to a protocol that was not asked for")
			return false
		case status < 100 || status > 199:
			x.enter(reason.Body)
			if k := x.reply.kept; k != nil {
				k.headEnd = int(x.taken())
			}
			return true
		}
		x.judgeUnframed(status)
	}
}

// readSection reads a status line and a header section, judges both and returns the
// status.
func (x *exchange) readSection(h *head) (int, bool) {
	if !x.startsAsHTTP(h.start > 0) {
		return 0, false
	}
	line, ok := x.readLine(h)
	if !ok {
		return 0, false
	}
	status, ok := x.judgeStatusLine(line)
	if !ok {
		return 0, false
	}
	fields := len(h.raw)
	for {
		line, ok := x.readLine(h)
		if !ok {
			return 0, false
		}
		if len(line) > 0 {
			continue
		}
		x.reply.headed = status/100 != 1
		if n := h.line - 2; n > limit.HeaderFields { // without the status line and the empty one
			x.limit(fmt.Sprintf("%d lines of header fields, where no more than %d are read", n, limit.HeaderFields))
			return 0, false
		}
		x.reply.Header = x.judgeFields(string(h.raw[fields:]), 2, "", reason.HeadersMalformed)
		x.judgeSingle(status)
		return status, true
	}
}

// readLine reads one line of the header section and returns it without its end. The
// line is valid until the next call.
func (x *exchange) readLine(h *head) ([]byte, bool) {
	begin := len(h.raw)
	for {
		part, err := x.in.ReadSlice('\n')
		if room := x.opt.Limits.HeaderBytes - len(h.raw); len(part) > room {
			h.raw = append(h.raw, part[:room]...)
			x.reply.note(reason.HeadersTooLarge, fmt.Sprintf("%smore than %d bytes", cmp.Or(h.of, "header section, "), x.opt.Limits.HeaderBytes))
			return nil, false
		}
		h.raw = append(h.raw, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			x.broken(err)
			return nil, false
		}
		h.line++
		line, crlf := cutLineEnd(h.raw[begin:])
		if !crlf {
			x.reply.note(reason.HeadersBareLF, fmt.Sprintf("%sline %d ends in LF alone", h.of, h.line))
		}
		return line, true
	}
}

// cutLineEnd removes the LF that ends line and a CR before it, and reports whether both
// were there.
func cutLineEnd(line []byte) (rest []byte, crlf bool) {
	rest = line[:len(line)-1]
	if n := len(rest); n > 0 && rest[n-1] == '\r' {
		return rest[:n-1], true
	}
	return rest, false
}
