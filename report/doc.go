// Package report holds what a conformance run found out, as one versioned object, and
// everything that is made of it: files for people and programs, the verdict, the
// comparison of two runs.
//
// A run collects its results with a [Recorder], which takes secrets out of every string
// before it keeps it, and then judges them:
//
//	rec := report.NewRecorder(header, redact)
//	seen, err := rec.Observed("kms/cn-beijing/public/https", observation)
//	rec.Add(report.Result{
//		Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-02", Outcome: report.Fail,
//		Expected: "SSLv3 refused", Got: "SSLv3 accepted", Evidence: []string{seen},
//	})
//	r, err := rec.Report(finished)
//	verdict, err := r.Judge(report.Policy{FailOn: report.Should})
//	err = report.WriteDir("report", r)
//
// The object is the interface between the suites and everything else: [Encode] and
// [Decode] are its file format, docs/report.schema.json describes that, and each writer
// needs nothing but the object, so that a report of last month can still be rendered. The
// formats are those of [Formats]; [Write] writes any of them.
//
// An outcome says "inconclusive" where the run could not tell. No writer turns that into a
// pass or a failure.
package report
