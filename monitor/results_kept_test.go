package monitor

import (
	"math"
	"slices"
	"testing"
	"time"

	"prober/history"
	"prober/limit"
	"prober/probe/reason"
)

// TestKeptResults: what is written down is read again, for every reason.
func TestKeptResults(t *testing.T) {
	all := results{{at: 1_700_000_000, micros: 61_000, outcome: reason.OK}, {at: 1_699_999_999, micros: math.MaxUint32, outcome: reason.OK}, {at: math.MaxUint32, outcome: reason.OK}, {outcome: reason.OK}}
	for i, r := range reason.All() {
		all = append(all, result{uint32(1_800_000_000 + 15*i), uint32(i), r.Outcome(), r})
	}
	for some := range slices.Chunk(all, limit.HistoryRecent) {
		got, err := some.kept().read()
		if err != nil || !slices.Equal(got, some) {
			t.Errorf("%v, %v, want %v", got, err, some)
		}
	}
	if none := results(nil).kept(); none != nil {
		t.Errorf("no results are %v", none)
	}
	if _, err := slices.Repeat(results{{at: 1, outcome: reason.OK}}, limit.HistoryRecent+1).kept().read(); err == nil {
		t.Error("more than are kept are read")
	}
	if got, err := keptResults("\x02\x03\x04fail\x09new/words").read(); err != nil || len(got) != 1 || got[0] != (result{1, 3, reason.Fail, reason.ProberInternal}) {
		t.Errorf("a reason of a newer version: %v, %v", got, err)
	}
}

// TestRecall puts together what was kept and what was left one by one.
func TestRecall(t *testing.T) {
	at := func(second uint32) result { return result{second, 7, reason.OK, reason.None} }
	left := func(seconds ...int64) (all []history.Recent) {
		for _, s := range seconds {
			all = append(all, history.Recent{At: time.Unix(s, 500), Outcome: reason.OK, Took: 7 * time.Microsecond})
		}
		return all
	}
	for _, tt := range []struct {
		name string
		kept keptResults
		left []history.Recent
		last uint32
		most int
		want results
	}{
		{"nothing", nil, nil, 9, 3, nil},
		{"kept", results{at(1), at(2)}.kept(), nil, 9, 3, results{at(1), at(2)}},
		{"left", nil, left(1, 2), 9, 3, results{at(1), at(2)}},
		{"both, and one twice", results{at(1), at(2)}.kept(), left(2, 3), 9, 3, results{at(1), at(2), at(3)}},
		{"many", results{at(1), at(2)}.kept(), left(3, 4), 9, 3, results{at(2), at(3), at(4)}},
		{"of another clock", results{at(1), at(12)}.kept(), left(13), 9, 3, results{at(1)}},
		{"spoilt", keptResults("\xff"), left(3), 9, 3, results{at(3)}},
	} {
		var got results
		if got.recall(tt.kept, tt.left, tt.last, tt.most); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// FuzzKeptResults reads what anybody may have written into a file of --state-dir.
func FuzzKeptResults(f *testing.F) {
	f.Add([]byte(results{{at: 5, micros: 6, outcome: reason.Fail, reason: reason.ConnectTimeout}, {at: 4, outcome: reason.OK}}.kept()))
	f.Add([]byte("\x02\x03\x04fail\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := keptResults(b).read()
		if err != nil {
			return
		}
		if again, err := all.kept().read(); err != nil || !slices.Equal(again, all) {
			t.Errorf("%v, %v, want %v", again, err, all)
		}
	})
}
