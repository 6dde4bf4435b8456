package exposition

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
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
	written := map[bool]func(*Collected, *bytes.Buffer) error{
		true: func(p *Collected, out *bytes.Buffer) error { return (&textForm{out: out}).write(p) },
		false: func(p *Collected, out *bytes.Buffer) error {
			f, err := p.family()
			if err == nil {
				_, err = expfmt.MetricFamilyToText(out, f)
			}
			return err
		},
	}
	of := map[bool]*Collected{true: collecting(shown, true), false: collecting(shown, false)}
	for i := range 4 { // each time but the first in the memory of the one before, if that may be
		asText := i%2 == 0
		p := of[asText]
		p.again()
		s := Series{Into: p, Labels: texts("h2", ""), Sparse: true}
		s.Add(1, "z\xff")
		s.Labels = texts("h1", "n")
		s.Add(2, "y")
		s.Add(3, "b")
		var text bytes.Buffer
		if err := written[asText](p, &text); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"# HELP x X.", "# TYPE x gauge", `x{a="z` + "\uFFFD" + `",host="h2"} 1`, `x{a="b",host="h1",name="n"} 3`, `x{a="y",host="h1",name="n"} 2`, "",
		}
		if got := strings.Split(text.String(), "\n"); !slices.Equal(got, want) {
			t.Errorf("%q\nwant %q", got, want)
		}
		s.Add(4, "b")
		if err := written[asText](p, &text); err == nil || !strings.Contains(err.Error(), "two series with the labels") {
			t.Errorf("the same labels twice: %v", err)
		}
		if p.again(); len(p.rows)+len(p.textRows) > 0 {
			t.Error("rows stay")
		}
	}
	if f, err := collecting(shown, false).family(); f != nil || err != nil {
		t.Errorf("of nothing: %v, %v", f, err)
	}
}

// collecting begins to collect one metric.
func collecting(x Metric, text bool) *Collected {
	p := NewCollected(text)
	p.Begin(x)
	return p
}
