// Package matrix holds the tests of the suites as a whole: that no check is one that cannot
// fail, and that no rule of the catalogue goes unread.
//
// One run of the sandbox has every fault on an endpoint of its own. Each requirement must be
// broken by the fault that is made for it, harmless variants must break none, and on clean
// endpoints everything must pass. What came out is written down in
// docs/faults-by-requirement.md, and the requirements themselves in docs/requirements.md:
//
//	go test ./suites/matrix -update
package matrix
