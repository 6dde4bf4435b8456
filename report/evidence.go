package report

import (
	"encoding/hex"
	"encoding/json"

	"prober/report/prose"
)

// Evidence is what results rest on. It is stored once and referred to by its id.
type Evidence struct {
	ID       string       `json:"id"`
	Endpoint string       `json:"endpoint"`
	Kind     EvidenceKind `json:"kind"`
	Title    string       `json:"title,omitempty"` // "over HTTPS"
	// Observation is the documented JSON of a probe.Observation, of kind Observed.
	Observation json.RawMessage `json:"observation,omitempty"`
	// Exchange is of kind Exchanged.
	Exchange *Exchange `json:"exchange,omitempty"`
}

// Exchange is the bytes of one request and of its reply, without secrets.
type Exchange struct {
	Sent     Wire `json:"sent"`
	Received Wire `json:"received"`
}

// Bounds on how much of the bytes of one direction a report keeps.
const (
	maxWireText = 4096 // bytes of text
	maxWireHead = 128  // bytes as hexadecimal
)

// Wire is what went one way over a connection.
type Wire struct {
	// Text is the beginning as text; bytes that are no UTF-8 and control characters other
	// than tab and line ends are shown as U+FFFD.
	Text string `json:"text"`
	// Hex is the beginning in hexadecimal, after the removal of secrets.
	Hex string `json:"hex,omitempty"`
	// Bytes is how many there were, before anything was removed or cut.
	Bytes int `json:"bytes"`
}

// NewWire keeps the beginning of raw, without the secrets that redact removes. The
// hexadecimal form is made of what redact leaves, so that it shows no secret either. A nil
// redact removes nothing.
func NewWire(raw []byte, redact Redactor) Wire {
	clean := string(raw)
	if redact != nil {
		clean = redact(clean)
	}
	return Wire{
		Text:  prose.Printable(prose.Cut(clean, maxWireText)),
		Hex:   hex.EncodeToString([]byte(clean[:min(len(clean), maxWireHead)])),
		Bytes: len(raw),
	}
}

// again removes secrets from what somebody else has kept, the hexadecimal form included.
func (w Wire) again(redact Redactor) Wire {
	if head, err := hex.DecodeString(w.Hex); err == nil {
		w.Hex = hex.EncodeToString([]byte(redact(string(head))))
	}
	return w
}
