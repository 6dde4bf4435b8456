package report

// Outcome is what a run found out about one requirement at one endpoint.
type Outcome string

// The outcomes, worst first; see [Outcomes].
const (
	// Fail: the requirement is broken.
	Fail Outcome = "fail"
	// Inconclusive: the run could not tell, and says why. It is neither a pass nor a failure.
	Inconclusive Outcome = "inconclusive"
	// Flaky: broken at one attempt and kept at another.
	Flaky Outcome = "flaky"
	// Waived: broken, and somebody has decided to live with it.
	Waived Outcome = "waived"
	// Skip: not judged, for a [SkipReason].
	Skip Outcome = "skip"
	// NotApplicable: no document demands anything here.
	NotApplicable Outcome = "not-applicable"
	// Pass: the requirement is kept.
	Pass Outcome = "pass"
)

// Outcomes lists the outcomes, worst first. Reports list results in this order.
func Outcomes() []Outcome {
	return []Outcome{Fail, Inconclusive, Flaky, Waived, Skip, NotApplicable, Pass}
}

// NeedsAttention reports whether somebody should look at a result: it fails, could not be
// decided, is flaky or is waived.
func (o Outcome) NeedsAttention() bool {
	return o == Fail || o == Inconclusive || o == Flaky || o == Waived
}

// Symbol is a mark that tells the outcomes apart without colour. It is one character that
// every font of today has.
func (o Outcome) Symbol() string {
	return map[Outcome]string{Fail: "✗", Inconclusive: "?", Flaky: "~", Waived: "!", Skip: "–", NotApplicable: "·", Pass: "✓"}[o]
}

// EvidenceKind says what a piece of evidence is.
type EvidenceKind string

// The kinds of evidence.
const (
	// Observed: one probe of an endpoint, with its DNS answers, TLS facts and reply.
	Observed EvidenceKind = "observation"
	// Exchanged: the bytes of one request and its reply.
	Exchanged EvidenceKind = "exchange"
)

// EvidenceKinds lists the kinds of evidence.
func EvidenceKinds() []EvidenceKind { return []EvidenceKind{Observed, Exchanged} }

// Mode says which services a run was about.
type Mode string

// The modes.
const (
	// Live: the real services.
	Live Mode = "live"
	// Sandbox: the built-in loopback cloud.
	Sandbox Mode = "sandbox"
)

// Modes lists the modes.
func Modes() []Mode { return []Mode{Live, Sandbox} }
