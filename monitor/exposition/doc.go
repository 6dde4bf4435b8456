// Package exposition writes many series of a metric at once as Prometheus reads them: as the library's messages or,
// for text, without those, which a scrape of ten thousand endpoints cannot afford (docs/performance.md). It serves scrapes, of
// which those that come together share one text. What the metrics are, and where their values come from, is package monitor's.
package exposition
