package session_test

import (
	"testing"

	"prober/session"
)

// A flag of a script whose variable is not set is an error.
func TestGiven(t *testing.T) {
	var g session.Given
	for _, empty := range []string{"", "  "} {
		if err := g.Set(empty); err == nil {
			t.Errorf("%q is accepted", empty)
		}
	}
	if err := g.Set("a b"); err != nil || g != "a b" {
		t.Errorf("got %q, %v", g, err)
	}
}
