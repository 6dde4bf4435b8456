// Package expect compares a reply with what a list says that a healthy one is.
//
// Each expectation that is not met is a finding with what was expected and what was got. One that needs more
// of a reply than was read is undecided: prober/limit, with the limit named. Texts of the reply that stand in
// a finding are short, and go through whoever knows the secrets that were sent.
package expect
