// Package reason holds the closed vocabulary in which the project says what is
// wrong: the [Outcome] of a probe, the [Phase] in which something was found, the
// [Reason] for it and the party to [Blame].
//
// Every view of a result (tables, JSON, metrics, reports, specs) uses these words
// and no others, so a red spec and a red alert name the same thing. A reason is a
// phase and a word; words may recur in several phases (connect/timeout,
// tls/timeout):
//
//	r := reason.TLSCertExpired
//	fmt.Println(r)               // tls/cert_expired
//	fmt.Println(r.Doc().Meaning) // the certificate's notAfter is in the past ...
//
// The documentation of each reason lives beside its constant and is what
// docs/reasons.md and "prober explain" print.
package reason
