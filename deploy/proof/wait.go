package proof

import (
	"testing"
	"time"
)

// Patience is how long anything may take that is sure to come: a busy machine is no reason to fail.
const Patience = 2 * time.Minute

// Until asks again and again until the answer is empty. An answer that is not says what is still missing.
func Until(t testing.TB, what string, missing func() string) {
	t.Helper()
	var last string
	deadline := time.After(Patience)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		if last = missing(); last == "" {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("%s: the test ended: %s", what, last)
		case <-deadline:
			t.Fatalf("%s: not within %v: %s", what, Patience, last)
		case <-tick.C:
		}
	}
}
