package kit

import "prober/report"

// SkipReason is the word that the text of a skipped spec begins with, so that reports can
// group them: a reason of package report, or the name of an outcome that is neither a pass nor
// a failure.
type SkipReason = report.SkipReason

// The vocabulary of skipped specs.
const (
	NotSelected    = report.NotSelected
	NotActive      = report.NotActive
	PrivateNetwork = report.PrivateNetwork
	NoCredentials  = report.NoCredentials
	NoKey          = report.NoKey
	NotHeavy       = report.NotHeavy
	Inconclusive   = SkipReason(report.Inconclusive)
	NotApplicable  = SkipReason(report.NotApplicable)
)
