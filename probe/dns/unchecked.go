package dns

import (
	"context"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/limit"
)

// checkingDisabled is the CD bit in the fourth byte of a message (RFC 4035, section 3.2.2).
const checkingDisabled = 0x10

// answersUnchecked reports whether the resolver, which failed by r, answers the same question where
// it is asked not to check signatures. Then it found servers and an answer, and what fails is the
// checking. Whether its trust anchor or its clock is to blame is for control questions to show: with
// either of them wrong it fails for the signed names of all zones.
func (q *question) answersUnchecked(ctx context.Context, r *reading) bool {
	if r.rcode != dnsmessage.RCodeServerFailure || r.admits != admitsNothing || q.overTCP {
		return false
	}
	before := q.answer
	defer func() { q.answer = before }()
	e, ok := q.exchange(false)
	if !ok {
		return false
	}
	e.message[3] |= checkingDisabled
	if soon := time.Now().Add(time.Until(q.deadline) / limit.AgainShare); soon.Before(e.deadline) {
		e.deadline = soon
	}
	q.send(ctx, e)
	free, ok := q.arrived(ctx, e, false)
	return ok && free.rcode == dnsmessage.RCodeSuccess && len(free.records)+len(free.links) > 0
}
