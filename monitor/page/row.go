package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// row is one endpoint.
type row struct {
	view.Status
	Meaning, Advice string // of the reason
	Fault           string // whose it usually is
	Since, Ago      string // durations in words
	Phases          []phaseBar
	Certificate     *certificateCell
	Strip           strip
	Versions        []versionCell
	Alike           bool // another row has the same region, host and network: the id tells which is which
}

// newRow puts one endpoint into words and pictures.
func newRow(s view.Status, now time.Time) row {
	doc := s.Cause.Doc()
	r := row{
		Status: s, Meaning: doc.Meaning, Advice: doc.Advice,
		Fault: faultOf(s.Blame), Since: phrase.Duration(now.Sub(s.Since)), Ago: phrase.Ago(now.Sub(s.LastProbe)),
		Phases: phaseBars(s.Addresses), Strip: newStrip(s.Results),
	}
	if s.Certificate != nil {
		r.Certificate = newCertificateCell(s.Certificate, now)
	}
	for _, name := range catalog.TLSVersions() {
		if v, known := s.TLSVersions[name]; known {
			r.Versions = append(r.Versions, newVersionCell(string(name), v))
		}
	}
	return r
}

// OwnInterval is how often the endpoint is probed, where that is its own; empty: as all are.
func (r row) OwnInterval() string {
	if r.IntervalSeconds == 0 {
		return ""
	}
	return phrase.Exactly(time.Duration(r.IntervalSeconds * float64(time.Second)))
}

// phaseBar is a phase of the last probe, as a piece of a bar 100 units long.
type phaseBar struct {
	Name     string
	X, Width float64
	Text     string // "23 ms"
}

// phaseBars shows the phases of the slowest address.
func phaseBars(addresses []view.AddressStatus) []phaseBar {
	if len(addresses) == 0 {
		return nil
	}
	slowest := slices.MaxFunc(addresses, func(a, b view.AddressStatus) int { return cmp.Compare(a.Phases.Total, b.Phases.Total) }).Phases
	var sum, x float64
	for _, p := range probe.TimedPhases() {
		sum += float64(view.MicrosIn(slowest, p))
	}
	var bars []phaseBar
	for _, p := range probe.TimedPhases() {
		took := view.MicrosIn(slowest, p)
		if took == 0 {
			continue
		}
		width := 100 * float64(took) / sum
		bars = append(bars, phaseBar{p.String(), round1(x), round1(width), phrase.Latency(view.FromMicros(took))})
		x += width
	}
	return bars
}

func round1(v float64) float64 { return float64(int(v*10+0.5)) / 10 }

// PhasesInWords is the bar of the phases for those who cannot see it.
func (r row) PhasesInWords() string {
	words := make([]string, len(r.Phases))
	for i, p := range r.Phases {
		words[i] = p.Name + " " + p.Text
	}
	return strings.Join(words, ", ")
}

// Total is the latency of the last probe in words; empty where it is not known.
func (r row) Total() string {
	if r.DurationSeconds == 0 || !r.Found.IsZero() {
		return ""
	}
	return phrase.Latency(r.DurationSeconds)
}

// FullReason is the reason with its phase, as in "tls/cert_expired".
func (r row) FullReason() string { return r.Cause.String() }

// certificateCell says how long a certificate is good for.
type certificateCell struct {
	Text  string
	State reason.Outcome // fail: not good now, degraded: soon
}

// soon is how long before an end of validity it is near: those who renew by hand need that long. Of a short life it is the last
// quarter: whoever renews by machine has done so before.
const soon = 21 * 24 * time.Hour

func newCertificateCell(c *view.CertificateStatus, now time.Time) *certificateCell {
	end, near, whose := c.NotAfter, soon, ""
	if !c.PathNotBefore.IsZero() && !c.PathNotAfter.After(end) { // else what ends first has a life that is not known
		near = min(soon, c.PathNotAfter.Sub(c.PathNotBefore)/4)
	}
	if c.PathEndsFirst() { // the server's own outlives what it is verified by
		end, whose = c.PathNotAfter, "chain: "
	}
	left := end.Sub(now)
	switch {
	case left < 0:
		return &certificateCell{whose + "expired " + phrase.Ago(-left), reason.Fail}
	case now.Before(c.NotBefore):
		return &certificateCell{"not valid yet", reason.Fail}
	case !c.Verified:
		return &certificateCell{"not trusted, " + leftInWords(left), reason.Fail}
	case left < near:
		return &certificateCell{whose + leftInWords(left), reason.Degraded}
	default:
		return &certificateCell{whose + leftInWords(left), reason.OK}
	}
}

// leftInWords says in whole days how much is left, and on the last day exactly.
func leftInWords(d time.Duration) string {
	const day = 24 * time.Hour
	if d < day {
		return phrase.Duration(d) + " left"
	}
	days := int(d / day)
	return fmt.Sprintf("%d %s left", days, phrase.Plural(days, "day", "days"))
}

// versionCell says what the endpoint does with one protocol version.
type versionCell struct {
	Name, Text string
}

func newVersionCell(name string, v view.Votes) versionCell {
	switch {
	case v.Accepted > 0 && v.Rejected > 0:
		return versionCell{name, fmt.Sprintf("accepted by %d of %d addresses", v.Accepted, v.Accepted+v.Rejected)}
	case v.Accepted > 0:
		return versionCell{name, "accepted"}
	case v.Rejected > 0:
		return versionCell{name, "rejected"}
	default:
		return versionCell{name, "inconclusive"}
	}
}
