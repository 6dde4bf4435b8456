package report_test

import (
	"encoding/json"
	"testing"
	"time"

	"prober/report"
)

func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]struct{ json, text string }{
		0:                       {"0", "0s"},
		time.Nanosecond:         {"0", "0s"},
		1500 * time.Microsecond: {"0.0015", "1.5ms"},
		2 * time.Second:         {"2", "2s"},
		123456789:               {"0.123457", "123.5ms"},
		789 * time.Microsecond:  {"0.000789", "789µs"},
		90 * time.Second:        {"90", "1m30s"},
		-time.Second:            {"-1", "-1s"},
	} {
		s := report.Seconds(d)
		text, err := json.Marshal(s)
		if err != nil || string(text) != want.json {
			t.Errorf("%v: JSON %s (%v), want %s", d, text, err, want.json)
		}
		if got := s.String(); got != want.text && d >= 0 {
			t.Errorf("%v: %s, want %s", d, got, want.text)
		}
		var again report.Seconds
		if err := json.Unmarshal(text, &again); err != nil || time.Duration(again) != d.Round(time.Microsecond) {
			t.Errorf("%v: read again as %v (%v)", d, again, err)
		}
	}
}
