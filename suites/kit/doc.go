// Package kit is what the suites are made of. A suite is a list of requirements, and a
// [Requirement] is one value: its statement, where that stands, what it looks at, and its
// judgement.
//
//	requirement.go  the statement, and what a document must say for it
//	judgement.go    what a requirement looks at: addresses, the lookup, replies to questions
//	match_*.go      the matchers, each with three answers: kept, broken, cannot tell
//	verdict.go      what a piece of evidence comes to, and several together: the fold
//	spec.go         a requirement at one endpoint
//	question.go     a request beyond the probe
//	survey.go       everything that was collected about one endpoint; collect.go collects it
//	ginkgo.go       the only file that knows Ginkgo
//
// Gomega's contract of a matcher has three answers already: (true, nil), (false, nil) and
// (_, err). Here the error says why the matcher cannot tell. Each piece of evidence is judged
// by itself, and the fold says what that makes of the requirement: broken if one piece shows
// it, kept only if all can tell, else undecided.
//
// Everything that goes over the network is collected before: the surveys of all selected
// endpoints start at once, bounded, and a spec waits only for its own. A spec is then an
// instant assertion over evidence that is complete even where an earlier one failed.
package kit
