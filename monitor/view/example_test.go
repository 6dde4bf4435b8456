package view_test

import (
	"fmt"

	"prober/monitor/view"
	"prober/probe/reason"
)

// What is known of an endpoint is data; how it is now is told by nobody whose last result is old.
func Example() {
	s := view.Status{ID: "shop/eu/public", Probed: true, Outcome: reason.Fail}
	s.Because(reason.ConnectTimeout)
	fmt.Println(s.Present(), s.Cause, s.Blame)
	s.Stale = true
	fmt.Println(s.Present())
	// Output:
	// fail connect/timeout path
	// unknown
}
