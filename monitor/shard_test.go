package monitor

import (
	"strings"
	"testing"
	"time"
)

func TestParseShard(t *testing.T) {
	tests := []struct {
		in   string
		want Shard
		err  string
	}{
		{"", Shard{}, ""},
		{"1/1", Shard{1, 1}, ""},
		{"2/5", Shard{2, 5}, ""},
		{"2", Shard{}, "want I/N"},
		{"a/5", Shard{}, `"a" is not a number`},
		{"1/b", Shard{}, `"b" is not a number`},
		{"0/5", Shard{}, "not between 1 and 5"},
		{"6/5", Shard{}, "not between 1 and 5"},
		{"0/0", Shard{}, "at least one shard"},
		{"1/0", Shard{}, "at least one shard"},
		{"1/-1", Shard{}, "at least one shard"},
	}
	for _, tt := range tests {
		got, err := ParseShard(tt.in)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("ParseShard(%q) = %v, %v; want %v, %q", tt.in, got, err, tt.want, tt.err)
		}
	}
}

func FuzzParseShard(f *testing.F) {
	f.Add("1/3")
	f.Add("/")
	f.Fuzz(func(t *testing.T, in string) {
		s, err := ParseShard(in)
		if err != nil {
			return
		}
		if again, err := ParseShard(s.String()); err != nil || again != s {
			t.Errorf("%q reads as %v, whose text reads as %v, %v", in, s, again, err)
		}
	})
}

func TestEveryEndpointBelongsToOneShard(t *testing.T) {
	list := endpointsNamed(3000)
	counts := make([]int, 3)
	for _, e := range list {
		owners := 0
		for i := range counts {
			if (Shard{i + 1, 3}).Has(e.id) {
				counts[i]++
				owners++
			}
		}
		if owners != 1 {
			t.Fatalf("%s belongs to %d shards", e.id, owners)
		}
		if !(Shard{}).Has(e.id) {
			t.Fatalf("the zero shard has no %s", e.id)
		}
	}
	for i, n := range counts {
		if n < 900 || n > 1100 {
			t.Errorf("shard %d has %d of 3000 endpoints", i+1, n)
		}
	}
}

func TestAShardIsSpreadOverTheWholeInterval(t *testing.T) {
	var quarters [4]int
	for _, e := range endpointsNamed(4000) {
		if (Shard{1, 4}).Has(e.id) {
			quarters[turnOffset(e.id, time.Minute)/(15*time.Second)]++
		}
	}
	for i, n := range quarters {
		if n < 180 || n > 320 {
			t.Errorf("quarter %d of the interval has %d of 1000 endpoints", i, n)
		}
	}
}

// The spread is part of what users rely on: a new release must not move their endpoints to
// other shards.
func TestSpreadStaysTheSame(t *testing.T) {
	const id = "ecs/cn-hangzhou/public"
	if got := spread(id, spreadShard); got != wantSpread {
		t.Errorf("spread = %#x, want %#x", got, uint64(wantSpread))
	}
}

const wantSpread = 0x7c3d5e5e7f9bb060
