package probe

import (
	"slices"
	"testing"

	"prober/probe/reason"
)

// TestTransient tells what another attempt may not show again from what it would.
func TestTransient(t *testing.T) {
	for name, tt := range map[string]struct {
		found     reason.Reason
		http      *HTTPFacts
		transient bool
		broken    []reason.Reason
	}{
		"silence":                  {reason.ConnectTimeout, nil, true, nil},
		"a certificate's end":      {reason.TLSCertExpired, nil, false, []reason.Reason{reason.TLSCertExpired}},
		"a reset taken for a wish": {reason.TLSClientCertRequired, nil, true, nil},
		"what we cannot verify":    {reason.ProberCertUnsupported, nil, false, nil},
		"a failure before the API": {reason.VerifyServerError, &HTTPFacts{Status: 502}, true, nil},
		"a failure of the API":     {reason.VerifyServerError, &HTTPFacts{Status: 500, API: &APIFacts{}}, false, []reason.Reason{reason.VerifyServerError}},
	} {
		o := Observation{Outcome: tt.found.Outcome(), Reason: reason.TLSCertExpired, Addresses: []AddressResult{{
			Reason: tt.found, HTTP: tt.http, Findings: []reason.Finding{tt.found.Found("")},
		}}}
		if got := o.Passing(); got != tt.transient {
			t.Errorf("%s: passing %t", name, got)
		}
		if got := o.Broken(); !slices.Equal(got, tt.broken) {
			t.Errorf("%s: broken %v, want %v", name, got, tt.broken)
		}
	}
}
