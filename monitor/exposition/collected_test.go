package exposition

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"google.golang.org/protobuf/proto"

	"prober/latency"
)

// TestCollectedSeries: labels are sorted by name and series by values; empty labels go where they may;
// what is no UTF-8 is mended; and two series of the same labels are an error.
func TestCollectedSeries(t *testing.T) {
	shown := Metric{Name: "x", Type: Gauge, Help: "X.", Labels: []string{"host", "name", "a"}}
	texts := func(values ...string) []*string {
		var list []*string
		for _, v := range values {
			list = append(list, &v)
		}
		return list
	}
	byMessages := func(p *Collected, out *bytes.Buffer) error {
		f, err := p.family()
		if err == nil {
			_, err = expfmt.MetricFamilyToText(out, f)
		}
		return err
	}
	written := map[Use]func(*Collected, *bytes.Buffer) error{
		Kept: byMessages, Passing: byMessages, Text: func(p *Collected, out *bytes.Buffer) error { return (&textForm{out: out}).write(p) },
	}
	of := map[Use]*Collected{Kept: collecting(shown, Kept), Passing: collecting(shown, Passing), Text: collecting(shown, Text)}
	for i := range 6 { // each time but the first in the memory of the one before, if that may be
		use := Use(i % 3)
		p := of[use]
		p.again()
		s := Series{Into: p, Labels: texts("h2", ""), Sparse: true}
		s.Add(1, "z\xff")
		s.Labels = texts("h1", "n")
		s.Add(2, "y")
		s.Add(3, "b")
		var text bytes.Buffer
		if err := written[use](p, &text); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"# HELP x X.", "# TYPE x gauge", `x{a="z` + "\uFFFD" + `",host="h2"} 1`, `x{a="b",host="h1",name="n"} 3`, `x{a="y",host="h1",name="n"} 2`, "",
		}
		if got := strings.Split(text.String(), "\n"); !slices.Equal(got, want) {
			t.Errorf("%q\nwant %q", got, want)
		}
		s.Add(4, "b")
		if err := written[use](p, &text); err == nil || !strings.Contains(err.Error(), "two series with the labels") {
			t.Errorf("the same labels twice: %v", err)
		}
		if p.again(); len(p.rows)+len(p.textRows) > 0 {
			t.Error("rows stay")
		}
	}
	if f, err := collecting(shown, Kept).family(); f != nil || err != nil {
		t.Errorf("of nothing: %v, %v", f, err)
	}
}

// TestMessagesThatPass: the memory of one part is that of the next, of another metric too, and holds nothing of the one before; those
// that are kept stay as they were.
func TestMessagesThatPass(t *testing.T) {
	began := time.Unix(1_700_000_000, 5)
	kinds := []struct {
		Type dto.MetricType
		add  func(Series)
	}{
		{Counter, func(s Series) { s.Add(3) }},
		{Gauge, func(s Series) { s.Add(2) }},
		{Summing, func(s Series) { s.Sum(7, time.Minute) }},
		{Histogram, func(s Series) {
			h := latency.New(nil)
			h.Observe(time.Second)
			s.Histogram(h)
		}},
	}
	host := "h"
	kept, passing := NewCollected(Kept), NewCollected(Passing)
	var first *dto.Metric
	for i := range 3 * len(kinds) * len(kinds) { // each kind behind each other one
		x := kinds[(i+i/len(kinds))%len(kinds)]
		made := map[*Collected]*dto.MetricFamily{}
		for _, p := range []*Collected{kept, passing} {
			p.Begin(Metric{Name: "x", Type: x.Type, Help: "X.", Labels: []string{"host"}})
			p.Part(func(part Piece, err error) bool {
				made[p] = part.Family
				return err == nil
			}, func() { x.add(Series{Into: p, Labels: []*string{&host}, Created: began}) })
		}
		if !proto.Equal(made[kept], made[passing]) {
			t.Fatalf("%d: %v, want %v", i, made[passing], made[kept])
		}
		switch m := made[passing].Metric[0]; {
		case i == 0:
			first = m
		case first != m:
			t.Errorf("%d: its memory is not that of the first", i)
		}
	}
	again, n := Series{Into: passing, Labels: []*string{&host}}, 0
	if each := testing.AllocsPerRun(100, func() { n++; passing.again(); again.Add(float64(n)) }); each > 0 {
		t.Errorf("%.0f allocations for a series in memory that is there", each)
	}
}

// collecting begins to collect one metric.
func collecting(x Metric, use Use) *Collected {
	p := NewCollected(use)
	p.Begin(x)
	return p
}
