package exchange

import (
	"cmp"
	"time"

	"prober/limit"
)

// DefaultTimeout bounds an exchange for which neither [Options] nor the context sets a
// deadline.
const DefaultTimeout = limit.Timeout

// Limits bounds what is read of a reply. A zero field means that of package limit; an API's
// error is a few hundred bytes, so those are generous. Beyond what other clients read too, or
// where no end is in sight, the server is at fault; else prober/limit is found.
type Limits struct {
	// HeaderBytes bounds the status lines and header sections of a reply, the
	// informational (1xx) ones included, and once more its trailer section.
	// 0: [limit.HeaderBytes]. Beyond it: headers/too_large.
	HeaderBytes int
	// BodyBytes bounds what is kept of the body as sent, without its framing.
	// 0: [limit.BodyBytes]. Beyond it: prober/limit.
	BodyBytes int64
	// DecodedBytes bounds the body after each content coding is undone, so that a few
	// kilobytes of gzip cannot fill the memory. 0: [limit.BodyBytes]. Beyond it: prober/limit.
	DecodedBytes int64
	// ReplyBytes is how much of a body is read, kept or not, to see it end.
	// 0: [limit.ReplyBytes]. Beyond it: body/too_large, if no length was announced; of a
	// larger length that was, nothing is read.
	ReplyBytes int64
	// OthersReadOn tells that other clients read more than ReplyBytes: a body whose length was not
	// announced and that goes on beyond it is prober/limit then.
	OthersReadOn bool
	// Informational is how many 1xx replies may come before the final one.
	// 0: [limit.Informational]. More: headers/too_many_informational.
	Informational int
}

// withDefaults returns l with its zero fields filled.
func (l Limits) withDefaults() Limits {
	return Limits{
		HeaderBytes:   cmp.Or(l.HeaderBytes, limit.HeaderBytes),
		BodyBytes:     cmp.Or(l.BodyBytes, limit.BodyBytes),
		DecodedBytes:  cmp.Or(l.DecodedBytes, limit.BodyBytes),
		ReplyBytes:    cmp.Or(l.ReplyBytes, limit.ReplyBytes),
		OthersReadOn:  l.OthersReadOn,
		Informational: cmp.Or(l.Informational, limit.Informational),
	}
}

// Options says how an exchange is made. The zero value works.
type Options struct {
	Limits Limits
	// Now is the clock that times the phases; nil means time.Now. It does not move the
	// deadline, which the connection keeps by the wall clock.
	Now func() time.Time
	// Deadline ends the whole exchange. Zero: the deadline of the context, and without
	// one DefaultTimeout from now. The earlier of the two counts.
	Deadline time.Time
	// Readers are those that exchanges use one after the other; nil: each makes its own.
	Readers *Readers
	// CertificateAsked tells whether the server asked for a client certificate, and got none, so that an alert
	// may be its answer; nil: it did not.
	CertificateAsked func() bool
	// Keep is how many bytes of each way [Reply.Evidence] shows, from the first on. 0, the
	// default, keeps none and costs nothing.
	Keep int
}
