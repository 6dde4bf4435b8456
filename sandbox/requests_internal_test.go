package sandbox

import (
	"strconv"
	"testing"
)

// TestOldestRequestsAreDropped: the log stays within its bound and in order.
func TestOldestRequestsAreDropped(t *testing.T) {
	l := &requestLog{}
	const more = 10
	for i := range keptRequests + more {
		l.add(Request{Endpoint: strconv.Itoa(i)})
	}
	all := l.all()
	if len(all) != keptRequests {
		t.Fatalf("%d requests", len(all))
	}
	for i, r := range all {
		if want := strconv.Itoa(i + more); r.Endpoint != want {
			t.Fatalf("request %d is number %s, want %s", i, r.Endpoint, want)
		}
	}
	l.reset()
	l.add(Request{Endpoint: "after"})
	if all := l.all(); len(all) != 1 || all[0].Endpoint != "after" {
		t.Errorf("after a reset: %v", all)
	}
}
