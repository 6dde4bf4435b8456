package session

import (
	"testing"

	"prober/sandbox"
)

// A reload selects anew from a list on the internet, and from none that a sandbox serves.
func TestReselect(t *testing.T) {
	o := Options{EndpointsFile: "list.json", Products: List{"kms"}, Regions: List{"cn-beijing"}, Networks: List{"vpc"}, Concurrency: 7}
	var live Session
	if fixed := live.Reselect(o); fixed || live.Options.selection().Products[0] != "kms" || live.Options.Regions[0] != "cn-beijing" ||
		live.Options.Networks[0] != "vpc" || live.Options.EndpointsFile != "list.json" || live.Options.Concurrency != 0 {
		t.Errorf("fixed %v, %+v", fixed, live.Options)
	}
	closed := Session{Sandbox: &sandbox.Sandbox{}}
	if fixed := closed.Reselect(o); !fixed || closed.Options.Products != nil {
		t.Errorf("in the sandbox: fixed %v, %+v", fixed, closed.Options)
	}
}
