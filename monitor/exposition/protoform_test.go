package exposition

import (
	"bytes"
	"fmt"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// Metrics that come in parts are written as common/expfmt writes them whole, to the byte.
func TestProtobufIsWhatTheLibraryWrites(t *testing.T) {
	part := func(name, unit string, from, to int) *dto.MetricFamily {
		f := &dto.MetricFamily{Name: &name, Help: new("What is said of " + name + "."), Type: dto.MetricType_COUNTER.Enum()}
		if unit != "" {
			f.Unit = &unit
		}
		for i := from; i < to; i++ {
			f.Metric = append(f.Metric, &dto.Metric{
				Label:   []*dto.LabelPair{{Name: new("host"), Value: new(fmt.Sprintf("h%d.example.com", i))}},
				Counter: &dto.Counter{Value: new(float64(i))},
			})
		}
		return f
	}
	var got, want bytes.Buffer
	ours, theirs := &protoForm{out: &got}, expfmt.NewEncoder(&want, expfmt.NewFormat(expfmt.TypeProtoDelim))
	for _, x := range []struct{ parts, whole []*dto.MetricFamily }{
		{[]*dto.MetricFamily{part("a_total", "", 0, 200), part("a_total", "", 200, 300), part("a_total", "", 300, 301)}, []*dto.MetricFamily{part("a_total", "", 0, 301)}},
		{[]*dto.MetricFamily{part("b_seconds", "seconds", 0, 1)}, []*dto.MetricFamily{part("b_seconds", "seconds", 0, 1)}},
		{[]*dto.MetricFamily{part("c_seconds", "seconds", 0, 5), part("c_seconds", "seconds", 5, 9)}, []*dto.MetricFamily{part("c_seconds", "seconds", 0, 9)}},
	} {
		for _, f := range x.parts {
			if err := ours.write(f); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range x.whole {
			if err := theirs.Encode(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := ours.flush(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Errorf("%d bytes, the library writes %d", got.Len(), want.Len())
	}
}
