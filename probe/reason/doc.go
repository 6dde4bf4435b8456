// Package reason holds the closed vocabulary in which the project says what is
// wrong: the [Outcome] of a probe, the [Phase] in which something was found, the
// [Reason] for it, its [Kind], the party to [Blame] and the [Tool] that shows it. A [Finding]
// is a reason with what was seen.
//
// Every view of a result (tables, JSON, metrics, reports, specs) uses these words
// and no others, so a red spec and a red alert name the same thing. A reason is a
// phase and a word; words may recur in several phases (connect/timeout,
// tls/timeout).
//
// What there is to say about a reason stands in one table (reason_docs.go), from which
// everything else is derived: [Reason.Doc], docs/reasons.md and "prober explain".
package reason
