package reason_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"prober/probe/reason"
)

// Every reason is documented, and is read back from what it is written as.
func TestReasons(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range reason.All() {
		d := r.Doc()
		if d.Phase == reason.NoPhase || d.Word == "" || d.Blame == reason.NoBlame || d.Kind == reason.NoKind || d.Outcome == reason.OK {
			t.Errorf("%s: %+v lacks something", r, d)
		}
		if d.Meaning == "" || d.Advice == "" || strings.HasSuffix(d.Meaning, ".") || strings.HasSuffix(d.Advice, ".") {
			t.Errorf("%s: want a meaning and an advice, each a sentence without a full stop", r)
		}
		if (d.Phase == reason.Prober) != (d.Outcome == reason.Unknown) {
			t.Errorf("%s: the prober's own trouble, and nothing else, leaves it unknown; got %s", r, d.Outcome)
		}
		if seen[r.String()] {
			t.Errorf("%s is there twice", r)
		}
		seen[r.String()] = true
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back reason.Reason
		if err := json.Unmarshal(text, &back); err != nil || back != r {
			t.Errorf("%s comes back from %s as %s, %v", r, text, back, err)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		want reason.Reason
		err  string
	}{
		{"tls/cert_expired", reason.TLSCertExpired, ""},
		{"cert_expired", reason.TLSCertExpired, ""},
		{"timeout", reason.None, "connect/timeout"},
		{"tls/tired", reason.None, "unknown reason"},
		{"", reason.None, "unknown reason"},
	} {
		got, err := reason.Parse(c.text)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("Parse(%q) = %s, %v", c.text, got, err)
		}
	}
}

// A fault's name leads back to its reason, and is no other reason's.
func TestFaultName(t *testing.T) {
	names := map[string]reason.Reason{}
	for _, r := range reason.All() {
		if other, taken := names[r.FaultName()]; taken {
			t.Errorf("%s and %s share the fault name %s", r, other, r.FaultName())
		}
		names[r.FaultName()] = r
	}
	if got := reason.ConnectRefused.FaultName(); got != "connect_refused" {
		t.Errorf("the word of %s is not unique: %s", reason.ConnectRefused, got)
	}
	if got := reason.TLSCertExpired.FaultName(); got != "cert_expired" {
		t.Errorf("the word of %s is unique: %s", reason.TLSCertExpired, got)
	}
}

// What somebody else may have caused as well as who is usually blamed says so.
func TestUndecidedBlame(t *testing.T) {
	for _, r := range reason.All() {
		if r.Word() == "reset" && !strings.Contains(r.Doc().Meaning, "does not say whether") {
			t.Errorf("%s, usually the %s's, does not say that a reset has no sender: %q", r, r.Blame(), r.Doc().Meaning)
		}
	}
	if meaning := reason.ResolveBogon.Doc().Meaning; !strings.Contains(meaning, "the zone may hold") {
		t.Errorf("resolve/bogon does not say that it may be the zone's: %q", meaning)
	}
}

// The words of the enums are read back, and others are refused.
func TestEnums(t *testing.T) {
	var v struct {
		O reason.Outcome
		P reason.Phase
		B reason.Blame
	}
	text := `{"O":"degraded","P":"verify","B":"middlebox"}`
	if err := json.Unmarshal([]byte(text), &v); err != nil || v.O != reason.Degraded || v.P != reason.Verify || v.B != reason.Middlebox {
		t.Errorf("%s is read as %+v, %v", text, v, err)
	}
	for _, bad := range []string{`{"O":"fine"}`, `{"P":"tea"}`, `{"B":"me"}`} {
		if err := json.Unmarshal([]byte(bad), &v); err == nil {
			t.Errorf("%s is read without an error", bad)
		}
	}
}

func Example() {
	r := reason.TLSCertExpired
	fmt.Println(r, r.Outcome(), r.Blame())
	fmt.Println(r.Doc().Meaning)
	// Output:
	// tls/cert_expired fail target
	// the certificate's notAfter is in the past
}
