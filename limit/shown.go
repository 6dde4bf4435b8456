package limit

// What the metrics show, in samples of the text format.
const (
	EndpointSamples = 45 // of an endpoint with --metrics.detail endpoint, addresses besides
	RegionSamples   = 15 // of an endpoint with --metrics.detail region
	EndpointSpare   = 4  // of the 45, for protocol versions and reasons
)

func shown() []Limit {
	return []Limit{
		{Of: "samples of an endpoint with --metrics.detail endpoint, without those of its addresses", Value: EndpointSamples, Met: "the reasons that came last and the versions that matter most are shown; the page and the JSON have all. --metrics.classic-histograms adds classic buckets"},
		{Of: "samples of an endpoint with --metrics.detail region", Value: RegionSamples, Met: "the rest is shown by product, region and network"},
		{Of: "protocol versions and reasons, among these, of an endpoint", Value: EndpointSpare, Met: "the same"},
	}
}
