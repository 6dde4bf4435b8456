// Package render writes reports: as files for people and for other programs, in the formats
// of [Formats], and for a terminal with [Console] and [Comparison].
//
// Every format has a file of its own. What several tell in the same way stands once: what
// needs attention and in which order, the cells of tables, the view of a report in which
// every text from the wire is harmless. All writers are deterministic, work out the verdict
// anew from the results, and show a result that could not be decided as just that.
package render
