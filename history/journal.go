package history

import (
	"encoding/binary"
	"time"

	"prober/probe/reason"
)

// Between two writings of an endpoint its results are kept one by one, so that a process that is
// killed loses a second at most. A result is written as
//
//	the number of its endpoint, its sequence, its time in microseconds since 1970
//	its outcome, by its place in codedOutcomes, and its weight
//	the length and the text of its reason, as tls/cert_expired
//	the length and the bytes of its sums

// append encodes the result of an endpoint.
func (r *result) append(b []byte, e *endpoint) []byte {
	b = binary.AppendUvarint(b, uint64(e.number))
	b = binary.AppendUvarint(b, e.sequence)
	b = binary.AppendUvarint(b, uint64(max(r.at.UnixMicro(), 0)))
	for i, o := range codedOutcomes {
		if o == r.outcome {
			b = binary.AppendUvarint(b, uint64(i))
		}
	}
	b = binary.AppendUvarint(b, uint64(r.weight))
	b = appendBytes(b, []byte(r.reason.String()))
	return appendBytes(b, r.sums.append(nil, true))
}

func appendBytes(b, s []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// written is a result that was read, with the number of its endpoint and its sequence.
type written struct {
	result
	endpoint int64
	sequence uint64
}

// nextResult reads one result; false at the end, or where r is bad.
func nextResult(r *numbers) (w written, ok bool) {
	if len(r.b) == 0 {
		return w, false
	}
	w.endpoint, w.sequence = int64(r.next()), r.next()
	w.at = time.UnixMicro(int64(r.next())).UTC()
	outcome, weight := r.next(), r.next()
	why, sums := r.bytes(), r.bytes()
	if r.bad || outcome >= uint64(len(codedOutcomes)) || weight > uint64(Confirming) {
		r.bad = true
		return w, false
	}
	w.outcome, w.weight = codedOutcomes[outcome], Weight(weight)
	// A reason that only a newer version knows is none here: the result counts all the same.
	_ = w.reason.UnmarshalText(why)
	var err error
	if w.sums, err = decodeSums(sums); err != nil {
		r.bad = true
		return w, false
	}
	if w.outcome != reason.OK && w.reason == reason.None {
		w.reason = reason.ProberInternal
	}
	return w, true
}
