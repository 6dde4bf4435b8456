package session

import "testing"

// What a reload selects is all that changes.
func TestReselect(t *testing.T) {
	var s Session
	s.Options.Concurrency = 3
	s.Reselect(Options{Endpoints: Lists{"list.json"}, Products: List{"kms"}, Regions: List{"cn-beijing"}, Networks: List{"vpc"}, Concurrency: 7})
	if o := s.Options.selection(); o.Products[0] != "kms" || o.Regions[0] != "cn-beijing" || o.Networks[0] != "vpc" ||
		s.Options.Endpoints.String() != "list.json" || s.Options.Concurrency != 3 {
		t.Errorf("%+v of %+v", o, s.Options)
	}
}
