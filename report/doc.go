// Package report holds what a conformance run found out, as one versioned object, with the
// words that the suites, the object and the command line share: [Level], [Outcome],
// [SkipReason], the labels of specs and [ExitCode]. It knows neither the suites nor the
// program that runs them; what is written of a report for people and for other programs is
// the matter of package render.
//
// A run collects its results with a [Recorder], which takes secrets out of every string
// before it keeps it, and is then judged by a [Policy]. See the example.
//
// The object is the interface between the suites and everything else: [Encode] and
// [Decode] are its file format, docs/report.schema.json describes that, and nothing needs
// more than the object, so that a report of last month can still be rendered. [Compare]
// tells how two of them differ.
//
// An outcome says "inconclusive" where the run could not tell. Nothing turns that into a
// pass or a failure.
package report
