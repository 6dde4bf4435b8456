package limit

import "time"

// SlowLook is the time from one deeper look at an endpoint to the next: the version table, the second
// certificate, every resolver.
const SlowLook = time.Hour

// What the metrics show, in samples of the text format.
const (
	EndpointSamples = 45 // of an endpoint with --metrics.detail endpoint, addresses besides
	RegionSamples   = 15 // of an endpoint with --metrics.detail region
	EndpointReasons = 2  // of these, the reasons that came last; one fewer where it is shown when its certificate began
)

func shown() []Limit {
	return []Limit{
		{Of: "samples of an endpoint with --metrics.detail endpoint, without those of its addresses", Value: EndpointSamples, Met: "two protocol versions are shown, and the reasons of the next row; the JSON has all. --metrics.classic-histograms adds classic buckets"},
		{Of: "samples of an endpoint with --metrics.detail region", Value: RegionSamples, Met: "the rest is shown by product, region and network"},
		{Of: "reasons with a series of their own of an endpoint", Value: EndpointReasons, Met: "the one that came longest ago gives way, and comes back with its count; one fewer is shown while endpoint_certificate_path_not_before_timestamp_seconds is"},
	}
}
