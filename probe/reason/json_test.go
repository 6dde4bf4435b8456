package reason_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"prober/probe/reason"
)

func TestFindingJSON(t *testing.T) {
	f := reason.Finding{Reason: reason.ConnectTimeout, Detail: "no answer", Reproduce: "curl"}
	const want = `{"phase":"connect","reason":"timeout","detail":"no answer","reproduce":"curl"}`
	text, err := json.Marshal(f)
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
	var back reason.Finding
	if err := json.Unmarshal(text, &back); err != nil || back != f {
		t.Errorf("%+v, %v", back, err)
	}
	back = f
	if err := json.Unmarshal([]byte(`{"phase":"","reason":"","detail":""}`), &back); err != nil || !back.OK() {
		t.Errorf("%+v, %v", back, err)
	}
	var unknown *reason.UnknownError
	for _, newer := range []string{`{"phase":"tls","reason":"tired"}`, `{"phase":"tea","reason":"timeout"}`} {
		if err := json.Unmarshal([]byte(newer), &back); !errors.As(err, &unknown) {
			t.Errorf("%s: %v", newer, err)
		}
	}
}

func TestSeconds(t *testing.T) {
	for _, tt := range []struct {
		d          time.Duration
		text, told string
	}{
		{0, "0", "0s"},
		{500 * time.Nanosecond, "5e-7", "1µs"},
		{14_049_945 * time.Nanosecond, "0.014049945", "14ms"},
		{61 * time.Second, "61", "1m1s"},
		{24*time.Hour + 1, "86400.000000001", "24h0m0s"},
	} {
		s := reason.Seconds(tt.d)
		text, err := json.Marshal(s)
		var back reason.Seconds
		if err != nil || string(text) != tt.text || s.String() != tt.told || json.Unmarshal(text, &back) != nil || back != s {
			t.Errorf("%s: %s, %q, back %d, %v", tt.d, text, s, back, err)
		}
	}
	var s reason.Seconds
	for _, bad := range []string{`"1"`, `1e30`} {
		if err := json.Unmarshal([]byte(bad), &s); err == nil {
			t.Errorf("%s is read as %s", bad, s)
		}
	}
}
