package monitor

import (
	"encoding/binary"
	"errors"
	"math"

	"prober/history"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
)

// keptResults are the last results of an endpoint as the next process reads them, a few bytes each. One is written as
//
//	the seconds since the one before it, those since 1970 of the first
//	the microseconds that it took
//	the length and the text of its outcome, and of its reason, as tls/cert_expired; of what is ok the reason is empty
type keptResults []byte

// kept are results to be written down.
func (r results) kept() keptResults {
	var b keptResults
	var before uint32
	for _, x := range r {
		b = binary.AppendVarint(b, int64(x.at)-int64(before))
		b = binary.AppendUvarint(b, uint64(x.micros))
		why := ""
		if x.reason != reason.None {
			why = x.reason.String()
		}
		for _, text := range []string{x.outcome.String(), why} {
			b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
		}
		before = x.at
	}
	return b
}

// errResults says that what was kept are no results.
var errResults = errors.New("results that cannot be read")

// read returns the results again. A reason that only a newer version knows is as good as none.
func (b keptResults) read() (all results, err error) {
	var before int64
	for len(b) > 0 {
		if len(all) == limit.HistoryRecent {
			return nil, errResults
		}
		since, n := binary.Varint(b)
		if n <= 0 {
			return nil, errResults
		}
		b = b[n:]
		micros, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errResults
		}
		b = b[n:]
		before += since
		if before < 0 || before > math.MaxUint32 || micros > math.MaxUint32 {
			return nil, errResults
		}
		x := result{at: uint32(before), micros: uint32(micros)}
		var texts [2][]byte
		for i := range texts {
			size, n := binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return nil, errResults
			}
			texts[i], b = b[n:n+int(size)], b[n+int(size):]
		}
		if x.outcome.UnmarshalText(texts[0]) != nil {
			return nil, errResults
		}
		if x.outcome != reason.OK && (len(texts[1]) == 0 || x.reason.UnmarshalText(texts[1]) != nil) {
			x.reason = reason.ProberInternal
		}
		all = append(all, x)
	}
	return all, nil
}

// recall gives an endpoint without results those that an earlier process has kept, and those that it left one by one when it was
// killed: as many as are kept, and none that came later than the last probe it knew of.
func (r *results) recall(kept keptResults, left []history.Recent, last uint32, most int) {
	all, err := kept.read()
	if err != nil {
		all = nil
	}
	for _, x := range left {
		if at := seconds32(x.At); len(all) == 0 || at > all[len(all)-1].at {
			all = append(all, result{at, view.Micros(x.Took), x.Outcome, x.Reason})
		}
	}
	for _, x := range all {
		if x.at <= last {
			r.add(x, most)
		}
	}
}
