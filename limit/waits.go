package limit

// What the suites wait for when no answer comes, or one that says to ask less.
const (
	SilencesInPhase = 2  // after which what rests on an answer is not asked
	SilencesInAll   = 3  // after which nothing is; each takes a timeout
	SilenceSpared   = 4  // the part of a timeout that is spared of those, for all else
	ThrottledFor    = 15 // seconds, since the API's last answer
	ThrottledInAll  = 60 // seconds
	ThrottledPause  = 8  // seconds, between two questions
)

func waits() []Limit {
	const undecided = "no more is asked of the endpoint: what rests on it is undecided, and says so"
	return []Limit{
		{Of: "silences of an endpoint in one phase", Value: SilencesInPhase, Unit: Count, Met: undecided},
		{Of: "silences of an endpoint in all, of which each takes a timeout, whatever the number of its addresses", Value: SilencesInAll, Unit: Count, Met: undecided},
		{Of: "the part of a timeout that is spared of those: one in so many", Value: SilenceSpared, Unit: Count, Met: undecided},
		{Of: "pauses for an API that throttles, since its last answer", Value: ThrottledFor, Unit: Seconds, Met: undecided},
		{Of: "pauses for an API that throttles, in all", Value: ThrottledInAll, Unit: Seconds, Met: undecided},
		{Of: "pause before something throttled is asked again", Value: ThrottledPause, Unit: Seconds, Met: "it is not doubled any more"},
	}
}
