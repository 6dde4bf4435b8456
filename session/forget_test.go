package session_test

import (
	"runtime"
	"testing"
	"weak"
)

// Who runs for months keeps what is said of all endpoints, and not the endpoints; a reload reads them.
func TestForget(t *testing.T) {
	s := open(t, "-sandbox", "-product", "kms")
	targets := s.Targets()
	s.Forget()
	if len(s.Endpoints)+len(s.Catalog.Endpoints) != 0 {
		t.Errorf("%d and %d endpoints are kept", len(s.Endpoints), len(s.Catalog.Endpoints))
	}
	for _, target := range targets {
		if e := target.Endpoint; s.RegionName(e) == "" || s.RegionName(e) == e.Region {
			t.Errorf("%s: region %q has the name %q", e.ID, e.Region, s.RegionName(e))
		}
	}
	again, _, err := s.Reload(nil)
	if err != nil || len(again) != len(targets) {
		t.Errorf("%d targets after a reload, want %d: %v", len(again), len(targets), err)
	}
}

// TestForgetFrees shows that nothing else holds on to what was forgotten.
func TestForgetFrees(t *testing.T) {
	s := open(t)
	listed := weak.Make(&s.Endpoints[0])
	s.Forget()
	runtime.GC()
	if listed.Value() != nil {
		t.Error("the endpoints are still there")
	}
	runtime.KeepAlive(s)
}
