package report_test

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	"prober/goldenfile"
	"prober/report"
)

func encode(t testing.TB, r *report.Report) []byte {
	t.Helper()
	text, err := report.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEncode(t *testing.T) { golden(t, "report.json", encode(t, sample(t))) }

func TestEncodeIsTheSameInAnyOrder(t *testing.T) {
	r := sample(t)
	want := encode(t, r)
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		random.Shuffle(len(r.Results), func(i, j int) { r.Results[i], r.Results[j] = r.Results[j], r.Results[i] })
		random.Shuffle(len(r.Evidence), func(i, j int) { r.Evidence[i], r.Evidence[j] = r.Evidence[j], r.Evidence[i] })
		before := r.Results[0]
		if got := encode(t, r); !bytes.Equal(got, want) {
			t.Fatal(goldenfile.FirstDifference(string(got), string(want)))
		}
		if !reflect.DeepEqual(before, r.Results[0]) {
			t.Fatal("Encode has changed the report")
		}
	}
}
