package report_test

import (
	"bytes"
	"strings"
	"testing"

	"prober/report"
)

// Reports of programs that did not count the reasons can be read, and are counted then.
func TestSkippedOfAnOlderReport(t *testing.T) {
	text := encode(t, sample(t))
	old := bytes.Replace(text, []byte(`,"skipped":{"private-network":1}`), nil, 1)
	if bytes.Equal(old, text) {
		t.Fatal("nothing was replaced")
	}
	r, err := report.Decode("old.json", old)
	if err != nil || r.Summary.Skipped["private-network"] != 1 {
		t.Fatalf("got %v", err)
	}
	wrong := bytes.Replace(text, []byte(`{"private-network":1}`), []byte(`{"private-network":2}`), 1)
	if _, err := report.Decode("r.json", wrong); err == nil || !strings.Contains(err.Error(), "summary: does not count") {
		t.Errorf("got %v", err)
	}
}
