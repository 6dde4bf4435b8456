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
		{"prober-0/5", Shard{1, 5}, ""},
		{"web-2-prober-4/5", Shard{5, 5}, ""},
		{"hostname/5", Shard{4, 5}, ""},
		{"prober-5/5", Shard{}, "part 6 is not between 1 and 5"},
		{"prober-/5", Shard{}, "neither a number nor a name that ends in one"},
		{"prober--1/5", Shard{2, 5}, ""},
		{"-1/5", Shard{}, "part -1 is not between 1 and 5"},
		{"prober-99999999999/5", Shard{}, "neither a number nor a name"},
		{"1/10001", Shard{}, "at most 10000 shards"},
		{"a/5", Shard{}, `"a" is neither a number`},
		{"/5", Shard{}, `"" is neither a number`},
		{"1/b", Shard{}, `"b" is not a number`},
		{"0/5", Shard{}, "not between 1 and 5"},
		{"6/5", Shard{}, "not between 1 and 5"},
		{"0/0", Shard{}, "at least one shard"},
		{"1/0", Shard{}, "at least one shard"},
		{"1/-1", Shard{}, "at least one shard"},
	}
	for _, tt := range tests {
		got, err := ParseShard(tt.in, "pod-3.probers.svc")
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("ParseShard(%q) = %v, %v; want %v, %q", tt.in, got, err, tt.want, tt.err)
		}
	}
}

func FuzzParseShard(f *testing.F) {
	f.Add("1/3")
	f.Add("/")
	f.Fuzz(func(t *testing.T, in string) {
		s, err := ParseShard(in, "pod-3")
		if err != nil {
			return
		}
		if again, err := ParseShard(s.String(), ""); err != nil || again != s {
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

// Another number of shards moves no endpoint that need not move.
func TestMoreShardsTakeOnlyTheirPart(t *testing.T) {
	list := endpointsNamed(3000)
	owner := func(id string, count int) int {
		for i := 1; ; i++ {
			if (Shard{i, count}).Has(id) {
				return i
			}
		}
	}
	for count := 1; count < 8; count++ {
		moved := 0
		for _, e := range list {
			before, after := owner(e.id, count), owner(e.id, count+1)
			if before == after {
				continue
			}
			moved++
			if after != count+1 {
				t.Fatalf("%d to %d shards: %s goes from %d to %d, which both were there", count, count+1, e.id, before, after)
			}
		}
		if fair := len(list) / (count + 1); moved > fair*5/4 {
			t.Errorf("%d to %d shards move %d of %d endpoints; want about %d", count, count+1, moved, len(list), fair)
		}
	}
}

func BenchmarkShardHas(b *testing.B) {
	s := Shard{3, 100}
	for b.Loop() {
		s.Has("ecs/cn-hangzhou/public")
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
	for i := 1; i <= 9; i++ {
		if has := (Shard{i, 9}).Has(id); has != (i == wantShard) {
			t.Errorf("shard %d of 9 has %s: %t; want it of shard %d", i, id, has, wantShard)
		}
	}
	if got := spread(id, spreadShard); got != wantSpread {
		t.Errorf("spread = %#x, want %#x", got, uint64(wantSpread))
	}
}

const (
	wantSpread = 0x7c3d5e5e7f9bb060
	wantShard  = 7
)
