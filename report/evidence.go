package report

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"prober/probe/exchange"
	"prober/probe/reason"
	"prober/prose"
)

// Evidence is what results rest on. It is stored once and referred to by its id.
type Evidence struct {
	ID       string       `json:"id"`
	Endpoint string       `json:"endpoint"`
	Kind     EvidenceKind `json:"kind"`
	Title    string       `json:"title,omitempty"` // "one probe over HTTPS"
	// Observation is the documented JSON of a probe.Observation, of kind Observed.
	Observation json.RawMessage `json:"observation,omitempty"`
	// Exchange is of kind Exchanged.
	Exchange *Exchange `json:"exchange,omitempty"`
	// Duration is how long an exchange took, to the microsecond; an observation tells its own.
	Duration reason.Seconds `json:"duration_seconds,omitempty"`
}

// Took is how long it took to get the evidence; 0 where nobody wrote it down.
func (e Evidence) Took() time.Duration {
	if e.Observation == nil {
		return time.Duration(e.Duration)
	}
	var o struct {
		Duration reason.Seconds `json:"duration_seconds"`
	}
	_ = json.Unmarshal(e.Observation, &o) // what is valid is readable
	return time.Duration(o.Duration)
}

// Exchange is the bytes of one request and of its reply, without secrets.
type Exchange struct {
	Sent     Wire `json:"sent"`
	Received Wire `json:"received"`
	// Decoded is the body received without chunks and content codings, where it had any.
	Decoded *Wire `json:"decoded,omitempty"`
}

// NewExchange returns the evidence of one exchange.
func NewExchange(x exchange.Evidence) *Exchange {
	out := &Exchange{Sent: newWire(x.Sent), Received: newWire(x.Received)}
	if x.Decoded != (exchange.Wire{}) {
		decoded := newWire(x.Decoded)
		out.Decoded = &decoded
	}
	return out
}

// again removes secrets from what somebody else has kept, the hexadecimal form included.
func (x *Exchange) again(redact Redactor) {
	for _, w := range []*Wire{&x.Sent, &x.Received, x.Decoded} {
		if w == nil {
			continue
		}
		if head, err := hex.DecodeString(w.Hex); err == nil {
			w.Hex = hex.EncodeToString([]byte(redact(string(head))))
		}
	}
}

// Wire is what went one way over a connection. Its sizes are in bytes, and those of the bytes
// as they were, before anything was removed or cut.
type Wire struct {
	// Text is the beginning as text; bytes that are no UTF-8 and control characters other
	// than tab and line ends are shown as U+FFFD.
	Text string `json:"text"`
	// Hex is the first 128 bytes in hexadecimal. It is left out where the text says them as they
	// are, which is nearly always; see [Wire.Head].
	Hex   string `json:"hex,omitempty"`
	Bytes int    `json:"bytes"`                 // written or read
	Shown int    `json:"shown_bytes,omitempty"` // that text stands for
	Body  int    `json:"body_bytes,omitempty"`  // of the body, without the framing of a reply
	Query int    `json:"query_bytes,omitempty"` // of the query of a request
	// Unsent is what was not written of a request, because the connection broke.
	Unsent int `json:"unsent_bytes,omitempty"`
}

// inHex is how many bytes of what was on the wire are kept as they were.
const inHex = 128

func newWire(w exchange.Wire) Wire {
	out := Wire{
		Text: prose.Printable(w.Text), Bytes: int(w.Bytes), Shown: w.Shown, Body: int(w.Body), Query: int(w.Query), Unsent: int(w.Unsent),
	}
	if head := w.Text[:min(len(w.Text), inHex)]; !strings.HasPrefix(out.Text, head) {
		out.Hex = hex.EncodeToString([]byte(head))
	}
	return out
}

// Head is the first 128 bytes as they were, in hexadecimal.
func (w Wire) Head() string {
	return cmp.Or(w.Hex, hex.EncodeToString([]byte(w.Text[:min(len(w.Text), inHex)])))
}

// Size says how much there was, and how much of it is shown: "1,048,964 bytes, 1,048,577 of
// them body; the first 4,096 are shown".
func (w Wire) Size() string {
	text := grouped(w.Bytes) + " bytes"
	if w.Unsent > 0 {
		text = grouped(w.Bytes) + " of " + grouped(w.Bytes+w.Unsent) + " bytes"
	}
	for _, part := range []struct {
		bytes int
		name  string
	}{{w.Query, "query"}, {w.Body, "body"}} {
		if part.bytes > 0 && part.bytes < w.Bytes {
			text += ", " + grouped(part.bytes) + " of them " + part.name
		}
	}
	if 0 < w.Shown && w.Shown < w.Bytes {
		text += "; the first " + grouped(w.Shown) + " are shown"
	}
	return text
}

// grouped writes n with a comma before every three digits.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
