package limit_test

import (
	"fmt"
	"testing"

	"prober/limit"
)

func TestEachLimitSaysWhatItBounds(t *testing.T) {
	seen := map[string]bool{}
	for _, side := range limit.Sides() {
		for _, l := range side.Limits {
			if l.Of == "" || l.Met == "" || l.Value <= 0 {
				t.Errorf("%s: %+v lacks a word or a value", side.Name, l)
			}
			if seen[l.Of] {
				t.Errorf("%s: %q is bounded twice", side.Name, l.Of)
			}
			seen[l.Of] = true
		}
	}
}

func ExampleSides() {
	for _, side := range limit.Sides()[:1] {
		fmt.Println(side.Name)
	}
	// Output: Replies over HTTP
}
