package page

import (
	"strings"
	"testing"

	"prober/limit"
)

// Evidence is laid out as it is to be copied, and cut at whole lines.
func TestEvidenceIsLaidOut(t *testing.T) {
	var v incidentView
	v.show([]byte(`["a \u003cb \u0026\u0026 c \\u003c"]`), nil)
	if want := "[\n  \"a <b && c \\\\u003c\"\n]"; v.Evidence != want {
		t.Errorf("evidence %q, want %q", v.Evidence, want)
	}
	v.show([]byte(`{"a":[`+strings.Repeat(`"`+strings.Repeat("x", 50)+`",`, 1000)+`1]}`), nil)
	if len(v.Evidence) > limit.WebEvidence+4 || !strings.HasSuffix(v.Evidence, "\n…") {
		t.Errorf("%d bytes of evidence, ending in %q", len(v.Evidence), v.Evidence[len(v.Evidence)-20:])
	}
}
