package limit

import "time"

// What is remembered of endpoints. All of it is in memory; --state-dir keeps a copy.
const (
	HistoryFull      = 1000             // endpoints of which most is kept
	HistoryLean      = 10_000           // endpoints of which less is kept
	HistoryScant     = 30_000           // endpoints of which little is kept; of more, least
	HistoryParked    = 1000             // endpoints that are no longer listed
	HistoryChanges   = 50               // of the state of one endpoint
	HistoryIncidents = 10_000           // of all endpoints
	HistoryReasons   = 64               // that are counted apart, of one endpoint
	HistoryGaps      = 100              // times in which no prober ran
	HistoryUntold    = 20               // times of one incident in which nothing could be told
	HistoryEvidence  = 64 << 10         // of one incident
	HistoryFacts     = 32 << 10         // of what was last seen of one endpoint, in bytes
	HistoryRecent    = 60               // results of one endpoint that a killed prober has left one by one
	EvidenceMemory   = 8 << 20          // of all incidents, in memory
	HistoryWaiting   = 4 << 20          // results that wait for the disk, in bytes
	HistoryRetention = 400              // days, that --state.retention may say
	HistorySecond    = time.Second      // from one writing to the next
	HistoryTurn      = 5 * time.Minute  // in which all that was counted of each endpoint is written once
	HistoryIdle      = 10 * time.Second // from one writing to the next where nothing is new
	HistoryRetry     = 10 * time.Second // after a writing that failed
	HistoryReopen    = 30 * time.Second // from one try to open what could not be opened at the start to the next
	HistoryAtOnce    = 256              // endpoints that are written in one go
)

func history() []Limit {
	const oldest = "the oldest are forgotten"
	return []Limit{
		{Of: "endpoints of which roll-ups of 5 minutes are kept for a day and of an hour for 8 days", Value: HistoryFull, Unit: Count, Met: "of all endpoints they are kept for 2 hours and a day, and the days without their phases"},
		{Of: "endpoints of which they are kept for 2 hours and a day", Value: HistoryLean, Unit: Count, Met: "of all endpoints they are kept for an hour, a day and 31 days"},
		{Of: "endpoints of which they are kept for an hour, a day and 31 days", Value: HistoryScant, Unit: Count, Met: "of all endpoints they are kept for ten minutes, a day and 8 days, without the times of phases"},
		{Of: "endpoints that are no longer listed, and whose history is kept in case they are again", Value: HistoryParked, Unit: Count, Met: oldest + "; --state-dir has them until the next start"},
		{Of: "changes of the state of one endpoint", Value: HistoryChanges, Unit: Count, Met: oldest},
		{Of: "incidents of all endpoints", Value: HistoryIncidents, Unit: Count, Met: oldest},
		{Of: "reasons that are counted apart, of one endpoint", Value: HistoryReasons, Unit: Count, Met: "further ones are counted by their outcome only"},
		{Of: "times in which no prober ran", Value: HistoryGaps, Unit: Count, Met: oldest},
		{Of: "times of one incident in which it could not be told whether it lasted", Value: HistoryUntold, Unit: Count, Met: "the oldest two are told as one, for as long as both took"},
		{Of: "evidence of one incident", Value: HistoryEvidence, Unit: Bytes, Met: "it is not kept, and its size is told in its place"},
		{Of: "results of one endpoint that a killed prober has left one by one, and its pages show", Value: HistoryRecent, Unit: Count, Met: "the last are shown; all are counted"},
		{Of: "evidence of all incidents, in memory", Value: EvidenceMemory, Unit: Bytes, Met: "that of the oldest is forgotten; --state-dir has it"},
		{Of: "what --state-dir keeps of one endpoint: its addresses, certificates and TLS versions as last seen, and its last results", Value: HistoryFacts, Unit: Bytes, Met: "what was kept before stands, and after a restart it is looked at anew"},
		{Of: "results that wait for the disk with --state-dir", Value: HistoryWaiting, Unit: Bytes, Met: "those that come are not written one by one: prober_history_dropped_total counts them; memory has them"},
		{Of: "days that --state.retention may say", Value: HistoryRetention, Unit: Count, Met: "the flag is refused"},
		{Of: "time from one writing of what is new to the next", Value: int64(HistorySecond / time.Second), Unit: Seconds, Met: "it is written"},
		{Of: "time in which all that was counted of each endpoint is written once", Value: int64(HistoryTurn / time.Second), Unit: Seconds, Met: "it is written"},
		{Of: "the same where nothing is new, so that it is known until when a prober ran", Value: int64(HistoryIdle / time.Second), Unit: Seconds, Met: "the time is written"},
		{Of: "time after a writing that failed", Value: int64(HistoryRetry / time.Second), Unit: Seconds, Met: "it is tried again"},
		{Of: "time after a folder of --state-dir could not be opened", Value: int64(HistoryReopen / time.Second), Unit: Seconds, Met: "it is tried again"},
		{Of: "endpoints that are written in one go", Value: HistoryAtOnce, Unit: Count, Met: "the others are written with the next second"},
	}
}
