package exposition

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"

	"prober/latency"
)

// TestNumbersAreTheLibrarys writes numbers that no metric has today.
func TestNumbersAreTheLibrarys(t *testing.T) {
	for _, open := range []bool{false, true} {
		format := expfmt.NewFormat(expfmt.TypeTextPlain)
		if open {
			format = expfmt.NewFormat(expfmt.TypeOpenMetrics)
		}
		for _, v := range []float64{
			0, math.Copysign(0, -1), 1, -1, 17, -17, 1.5, 1e-7, 999_999, 1e6, 1_234_567, 1.7e9, 1e20, 1e21, math.Pi, math.NaN(), math.Inf(1), math.Inf(-1),
		} {
			p := collecting(Metric{Name: "x", Type: Gauge}, Kept)
			Series{Into: p}.Add(v)
			f, err := p.family()
			if err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if err := expfmt.NewEncoder(&want, format).Encode(f); err != nil {
				t.Fatal(err)
			}
			w := textForm{open: open}
			if got := "x " + string(w.appendFloat(nil, v)) + "\n"; !strings.HasSuffix(want.String(), "\n"+got) {
				t.Errorf("%v: %q is not the end of %q", v, got, want.String())
			}
		}
	}
}

// TestTextRefusesASeriesTwice as the other forms do.
func TestTextRefusesASeriesTwice(t *testing.T) {
	for _, use := range []Use{Kept, Passing, Text} {
		p := collecting(Metric{Name: "x", Type: Histogram, Labels: []string{"a"}}, use)
		h := latency.New(nil)
		h.Observe(time.Second)
		for _, value := range []string{"2", "1", "2"} {
			Series{Into: p}.Histogram(h, value)
		}
		var err error
		if use == Text {
			err = (&textForm{out: &bytes.Buffer{}}).write(p)
		} else {
			_, err = p.family()
		}
		if err == nil || !strings.Contains(err.Error(), "metric x has two series with the labels") {
			t.Errorf("use %d: %v", use, err)
		}
	}
}
