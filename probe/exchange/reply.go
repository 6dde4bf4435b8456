package exchange

import (
	"net/http"
	"slices"
	"time"

	"prober/probe/reason"
)

// Timing holds the phases of an exchange. They are taken from one clock without gaps and
// add up to the whole; a phase that was not reached is 0.
type Timing struct {
	// Request: writing the request and waiting for the first byte of the reply.
	Request time.Duration
	// Headers: from the first byte to the end of the header section of the final reply,
	// any informational replies included.
	Headers time.Duration
	// Body: from there to the end of the body. Looking for surplus bytes and decoding
	// are not part of it.
	Body time.Duration
}

// Reply is what one exchange brought: as much of the reply as could be read, and what is
// wrong with it.
type Reply struct {
	Proto  string // "HTTP/1.1"; empty when no status line was read
	Status int    // the final status; 0 when none was read
	Reason string // the reason phrase, often empty

	// Header holds the fields of the final reply under their canonical names. Fields
	// that break the grammar are left out, and found as headers/malformed.
	Header http.Header
	// Head is the raw header section: status line, fields and the empty line. When
	// reading it failed, what was read of it.
	Head []byte

	// Body is the body without its framing, with its content codings undone if that was
	// possible. When reading it failed, what was read of it, still encoded.
	Body []byte
	// BodyBytes is the size of the body as it was sent, without its framing and before
	// decoding.
	BodyBytes int64
	// Length is the size of the body that the head of the reply tells: 0 where the status excludes a
	// body, -1 where the end of the body shows it.
	Length int64
	// Surplus holds bytes found behind the end of the reply, 256 at most.
	Surplus []byte

	Timing  Timing
	Reached reason.Phase // the last phase begun: request, headers or body
	headed  bool         // the head was read to its end
	whole   bool         // nothing of the reply is missing
	chunked bool         // the body came in chunks
	decoded bool         // Body had content codings, which are undone
	// Findings are in the order in which they were found, each reason at most once. A detail
	// says what was seen, and where: it quotes at most a few bytes of what was received, and
	// nothing of the request.
	Findings []reason.Finding

	kept *kept // of what was on the wire; nil where nobody asked
}

// Headed reports whether the head of the final reply was read to its end, whatever was read behind
// it.
func (r *Reply) Headed() bool { return r.headed }

// Coded reports whether Body has content codings that are not undone.
func (r *Reply) Coded() bool { return !r.decoded && len(contentCodings(r.Header)) > 0 }

// note records a finding; of each reason only the first, so that a hostile reply cannot
// make the list long.
func (r *Reply) note(why reason.Reason, detail string) {
	known := slices.ContainsFunc(r.Findings, func(f reason.Finding) bool { return f.Reason == why })
	if !known {
		r.Findings = append(r.Findings, why.Found(detail))
	}
}
