// Package page is what people, and the programs of theirs, are shown of endpoints: the status page, a page of each
// endpoint, badges, the feed of incidents, and the JSON behind them. It measures nothing and decides nothing; it puts into
// words and pictures what a [view.Source] tells: a monitor of itself, or package afar of what a Prometheus server keeps of
// many. A source that is a [Keeper] has a history besides.
//
// From the ground up:
//
//	span, filter              what somebody wants to see
//	common, story, headline   what is wrong, told once for all endpoints that have it in common
//	strip, timeline, chart, uptime, icon  pictures
//	row, matrix, masthead, page           the status page
//	outage, incidents, endpointpage       the page of an endpoint
//	badge, groupbadge, feed, lookback     what others embed, follow or read
//	site                      which of it stands at which path
package page
