package hello

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"prober/limit"
)

// Record types (IANA, TLS ContentType).
const (
	typeChangeCipherSpec = 20
	typeAlert            = 21
	typeHandshake        = 22
	typeApplicationData  = 23
)

// Classify reads the answer to a hello for v that offered these suites and says what it
// is. It reads no further than it must to decide, and never more than 64 records or 64
// KiB.
//
// The ServerHello may be split over records and reads at any byte, or share a record
// with what follows it. Warning alerts before it are passed over (RFC 6066 section 3 tells
// servers not to send unrecognized_name so, and some do), as are ChangeCipherSpec records.
//
// How the reading ends is part of the answer: io.EOF, a reset
// (syscall.ECONNRESET) and a timeout (a net.Error) are told apart, and other errors count
// as a lost connection. If r ends inside a ServerHello that already shows version and
// suite, those count.
func Classify(v Version, offered []uint16, r io.Reader) Answer {
	in := bufio.NewReader(&capped{r: r, left: limit.AnswerBytes})
	if v == SSLv2 {
		return classifySSLv2(in)
	}
	return classifyTLS(v, offered, in)
}

// capped reads at most left bytes and then fails with errFlood.
type capped struct {
	r    io.Reader
	left int
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errFlood
	}
	n, err := c.r.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

func classifyTLS(v Version, offered []uint16, in *bufio.Reader) Answer {
	c := conversation{version: v, offered: offered}
	for range limit.AnswerRecords {
		kind, length, err := recordHeader(in)
		switch {
		case errors.Is(err, errNotTLS):
			if c.started {
				return malformed("%s, after records of TLS", notTLS(in).Evidence)
			}
			return notTLS(in)
		case err != nil:
			return c.ended(err, in)
		}
		c.started = true
		if a, done := c.readRecord(kind, length, in); done {
			return a
		}
	}
	return Answer{Kind: Flood, Evidence: "64 records and no ServerHello"}
}

// errNotTLS marks a record header that no version of TLS has.
var errNotTLS = errors.New("not a TLS record")

// recordHeader reads a record header. It looks at each byte as soon as it is there, since
// another protocol's banner may be shorter than a header and no more may follow. On an error
// the bytes stay unread.
func recordHeader(in *bufio.Reader) (kind byte, length int, err error) {
	head, err := in.Peek(1)
	if err != nil {
		return 0, 0, err
	}
	if !isContentType(head[0]) {
		return 0, 0, errNotTLS
	}
	if head, err = in.Peek(2); err != nil {
		return 0, 0, err
	}
	if head[1] != 3 { // DTLS has 0xfe here
		return 0, 0, errNotTLS
	}
	if head, err = in.Peek(5); err != nil {
		return 0, 0, err
	}
	kind, length = head[0], int(binary.BigEndian.Uint16(head[3:]))
	if length > limit.RecordBytes {
		return 0, 0, errNotTLS
	}
	_, err = in.Discard(5)
	return kind, length, err
}

func isContentType(b byte) bool { return b >= typeChangeCipherSpec && b <= typeApplicationData }

// conversation is what has been read of an answer in TLS records.
type conversation struct {
	version   Version
	offered   []uint16
	started   bool    // a record header was read
	handshake []byte  // the bytes of handshake messages, record boundaries removed
	alerts    []byte  // the bytes of alerts, likewise
	warnings  []Alert // the warnings among them
}

// readRecord takes in the content of one record, piece by piece as it arrives: a long
// record can begin with the ServerHello and never end.
func (c *conversation) readRecord(kind byte, length int, in *bufio.Reader) (Answer, bool) {
	var piece [4096]byte
	for length > 0 {
		n, err := in.Read(piece[:min(len(piece), length)])
		length -= n
		if a, done := c.take(kind, piece[:n]); done {
			return a, true
		}
		if err != nil {
			return c.ended(err, in), true
		}
	}
	return Answer{}, false
}

func (c *conversation) take(kind byte, data []byte) (Answer, bool) {
	switch kind {
	case typeAlert:
		c.alerts = append(c.alerts, data...)
		return c.readAlerts()
	case typeHandshake:
		c.handshake = append(c.handshake, data...)
		return c.readMessages()
	case typeApplicationData:
		return malformed("application data before a ServerHello"), true
	}
	return Answer{}, false
}

// readAlerts reads the alerts that are complete. Fatal ones and close_notify end the
// answer; so does any alert in answer to an SSLv2 hello, since only TLS has alerts.
func (c *conversation) readAlerts() (Answer, bool) {
	for len(c.alerts) >= 2 {
		alert := Alert{Level: c.alerts[0], Description: c.alerts[1]}
		c.alerts = c.alerts[2:]
		if alert.Level != levelWarning && alert.Level != levelFatal {
			return malformed("alert of level %d", alert.Level), true
		}
		if alert.Level == levelFatal || alert.Description == alertCloseNotify || c.version == SSLv2 {
			return Answer{Kind: Alerted, Alert: alert, Evidence: alert.String()}, true
		}
		c.warnings = append(c.warnings, alert)
	}
	return Answer{}, false
}

// readMessages reads the handshake messages that are complete.
func (c *conversation) readMessages() (Answer, bool) {
	for len(c.handshake) >= 4 {
		kind := c.handshake[0]
		length := int(c.handshake[1])<<16 | int(binary.BigEndian.Uint16(c.handshake[2:]))
		switch {
		case kind == messageHelloRequest && length == 0: // RFC 5246 section 7.4.1.1: may come at any time
			c.handshake = c.handshake[4:]
			continue
		case kind != messageServerHello:
			return malformed("handshake message of type %d in place of a ServerHello", kind), true
		case length > limit.ServerHelloBytes:
			return malformed("ServerHello of %d bytes", length), true
		case len(c.handshake) < 4+length:
			return Answer{}, false
		}
		h := parseServerHello(c.handshake[4 : 4+length])
		if !h.whole && !isDraft(h.version) {
			return malformed("ServerHello with lengths that do not add up"), true
		}
		return h.answer(c.version, c.offered), true
	}
	return Answer{}, false
}
