package limit

// What those who look back at endpoints, on their pages, in the feed and in JSON, are given at once.
const (
	WebEpisodes  = 10       // incidents on the page of an endpoint
	WebIncidents = 100      // in one answer in JSON
	WebFeed      = 100      // in the feed
	WebEvidence  = 16 << 10 // of one incident on a page, in bytes
	WebCells     = 100      // pieces that a strip of results is cut into
	WebSteps     = 300      // roll-ups of a chart
)

func lookBack() []Limit {
	const older = "a link leads to the older ones"
	return []Limit{
		{"Incidents on the page of an endpoint", WebEpisodes, Count, older},
		{"Incidents in one answer of `/api/v1/incidents`", WebIncidents, Count, "`before` says where the next answer begins"},
		{"Incidents in `/incidents.atom`", WebFeed, Count, "the newest are there"},
		{"Evidence of one incident on a page", WebEvidence, Bytes, "its first lines are shown; a link leads to all of it"},
		{"Pieces that a strip of results over a span is cut into", WebCells, Count, "each is longer"},
		{"Roll-ups of a chart, or of a series in JSON", WebSteps, Count, "coarser ones are shown"},
	}
}
