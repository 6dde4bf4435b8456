package hello

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"prober/errno"
)

// errFlood is returned by a reader that has given all the bytes it may give.
var errFlood = errors.New("more bytes than an answer may have")

// ended says what an answer is that ended with err. seen is what came and was not
// understood; the warnings came before it.
func ended(err error, seen []byte, warnings []Alert) Answer {
	kind, how := ending(err)
	switch {
	case kind == Flood:
		return Answer{Kind: Flood, Evidence: "64 KiB and no ServerHello"}
	case len(warnings) > 0 && len(seen) == 0 && (kind == Closed || kind == Reset):
		last := warnings[len(warnings)-1]
		return Answer{Kind: WarningOnly, Alert: last, Evidence: fmt.Sprintf("%s, then %s", last, how)}
	case len(warnings) > 0:
		return Answer{Kind: Partial, Evidence: fmt.Sprintf("%s, then %s", warnings[len(warnings)-1], how)}
	case len(seen) > 0:
		return Answer{Kind: Partial, Evidence: fmt.Sprintf("%s, then %s", InHex(seen), how)}
	}
	return Answer{Kind: kind, Evidence: how + " before any byte"}
}

// ending tells how a connection ended.
func ending(err error) (Kind, string) {
	var timeout net.Error
	switch {
	case errors.Is(err, errFlood):
		return Flood, "too many bytes"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Closed, "EOF"
	case errno.Is(err, syscall.ECONNRESET), errno.Is(err, syscall.EPIPE), errno.Is(err, syscall.ECONNABORTED):
		return Reset, "reset"
	case errors.As(err, &timeout) && timeout.Timeout():
		return Silence, "silence"
	}
	return NotReached, "lost connection (" + oneLine(err) + ")"
}

// ended says what the answer is when the reading ends with err before it is complete. A
// ServerHello cut short counts if it shows version and suite; for TLS 1.3 the
// version is in an extension behind them.
func (c *conversation) ended(err error, in *bufio.Reader) Answer {
	_, how := ending(err)
	if len(c.handshake) >= 4 && c.handshake[0] == messageServerHello {
		h := parseServerHello(c.handshake[4:])
		shows := h.sawSuite && (c.version != TLS13 || h.version < TLS12.Wire())
		if shows || isDraft(h.version) && len(h.random) == 32 {
			a := h.answer(c.version, c.offered)
			a.Evidence += ", cut short by " + how
			return a
		}
		return Answer{Kind: Partial, Evidence: "part of a ServerHello, then " + how}
	}
	rest, _ := in.Peek(in.Buffered())
	seen := append(append(append([]byte(nil), c.handshake...), c.alerts...), rest...)
	if len(seen) == 0 && c.started && len(c.warnings) == 0 {
		return Answer{Kind: Partial, Evidence: "records without a ServerHello, then " + how}
	}
	return ended(err, seen, c.warnings)
}

// oneLine returns the text of err, which may come from a dialler of any kind, as one line.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// notTLS describes what is waiting in in: text as text, and the rest in hex.
func notTLS(in *bufio.Reader) Answer {
	const shown = 32
	seen, _ := in.Peek(min(max(in.Buffered(), 1), shown))
	if len(seen) > 0 && IsText(seen) {
		return Answer{Kind: NotTLS, Evidence: "not TLS: text " + strconv.QuoteToASCII(string(seen))}
	}
	return Answer{Kind: NotTLS, Evidence: "not TLS: " + InHex(seen)}
}

// IsText reports whether all bytes are printable ASCII, tabs or ends of lines, as of a text
// protocol.
func IsText(seen []byte) bool {
	return !slices.ContainsFunc(seen, func(b byte) bool {
		return (b < ' ' || b > '~') && b != '\r' && b != '\n' && b != '\t'
	})
}

// InHex shows the first 8 bytes.
func InHex(b []byte) string {
	if len(b) > 8 {
		return fmt.Sprintf("% x ...", b[:8])
	}
	return fmt.Sprintf("% x", b)
}
