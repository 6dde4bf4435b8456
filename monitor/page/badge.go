package page

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/serving"
	"prober/monitor/view"
	"prober/probe/reason"
)

// badge is a small picture for a README or a wiki: what is told, and how it is. The colour repeats
// what the words say.
type badge struct {
	Label, Message string
	State          reason.Outcome
	Title          string // the whole in words
}

// badgeKind is what a badge tells.
type badgeKind string

// The kinds, as the last part of the path has them.
const (
	stateBadge   badgeKind = "state.svg"
	uptimeBadge  badgeKind = "uptime.svg"
	latencyBadge badgeKind = "latency.svg"
)

// serveBadge serves /badges/{id}/{kind}. The id has slashes; the last part is always the kind, so
// that no id can be taken for another path.
func (w *site) serveBadge(pages *serving.Shared, rw http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	cut := strings.LastIndexByte(path, '/')
	id, kind := path[:max(cut, 0)], badgeKind(path[cut+1:])
	if kind != stateBadge && kind != uptimeBadge && kind != latencyBadge {
		serving.Say(rw, http.StatusNotFound, "no such badge: an id is followed by /%s, /%s or /%s", stateBadge, uptimeBadge, latencyBadge)
		return
	}
	if id == "" && kind == stateBadge {
		w.serveGroupBadge(pages, rw, r)
		return
	}
	if !w.keeper.Listed(id) {
		noEndpoint(rw)
		return
	}
	s, err := spanNamed(r.URL.Query().Get("span"))
	if err != nil {
		serving.Say(rw, http.StatusBadRequest, "%v", err)
		return
	}
	key := fmt.Sprintf("/badges/%s/%s?span=%s", id, kind, s.Name)
	pages.Serve(rw, r, serving.Text(key, "image/svg+xml", func(out io.Writer) error { return w.badge(id, kind, s).write(out) }))
}

// serveGroupBadge serves /badges/state.svg: how all active endpoints are, or those that a query names.
func (w *site) serveGroupBadge(pages *serving.Shared, rw http.ResponseWriter, r *http.Request) {
	f, err := w.groupFilter(r.URL.Query())
	if errors.Is(err, errNoRegion) {
		serving.Say(rw, http.StatusNotFound, "%v", err)
		return
	}
	if err != nil {
		serving.Say(rw, http.StatusBadRequest, "%v", err)
		return
	}
	pages.Serve(rw, r, serving.Text("/badges/"+f.Link(), "image/svg+xml", func(out io.Writer) error { return w.groupBadge(f).write(out) }))
}

// badge tells how an endpoint is now.
func (w *site) badge(id string, kind badgeKind, s span) badge {
	now := w.Now()
	switch kind {
	case uptimeBadge:
		return newUptimeBadge(id, s, w.keeper.History().Uptime(id), now)
	case latencyBadge:
		_, rollups := w.keeper.History().Series(id, now.Add(-s.length), now, limit.WebSteps)
		return newLatencyBadge(id, s, rollups)
	case stateBadge:
	}
	status, _ := w.Status(id)
	b := badge{Label: status.ID, Message: status.Outcome.String(), State: status.Outcome, Title: status.ID + ": " + status.Outcome.String()}
	switch {
	case !status.Probed && status.Confirming != nil:
		b.Message, b.Title = "being confirmed", status.ID+": failed its first probe, being confirmed ("+status.Confirming.FullReason()+")"
	case !status.Probed:
		b.Message, b.Title = "not probed yet", status.ID+": not probed yet"
	default:
		if why := status.Cause.String(); why != "" {
			b.Title += " (" + why + ")"
		}
		if first := status.FirstFailed; first.IsZero() {
			b.Title += " since " + phrase.Clock(outcomeSince(w.keeper.History(), &status))
		} else {
			b.Title += ", first failed " + phrase.Clock(first) + ", confirmed " + phrase.Clock(outcomeSince(w.keeper.History(), &status))
		}
		b.Title += ", as of " + phrase.Clock(status.LastProbe)
		if status.Stale {
			b.Message, b.State = "not known", reason.Unknown
			b.Title += ", which is too long ago to say how it is now"
		}
	}
	return b
}

func newUptimeBadge(id string, s span, all []history.Uptime, now time.Time) badge {
	b := badge{Label: "up " + s.Name, Message: "not known", State: reason.Unknown, Title: id + ": nothing is known about " + s.Words}
	for i := range all {
		u := &all[i]
		if u.Window != s.length || u.Counts.Known() == 0 {
			continue
		}
		c := newUptimeCell(s.Words, u, now)
		b.Message, b.State, b.Title = c.Share, c.State, fmt.Sprintf("%s: up %s of %s (%s)", id, c.Share, s.Words, c.Note)
	}
	return b
}

func newLatencyBadge(id string, s span, rollups []history.Rollup) badge {
	var sum history.Sums
	for i := range rollups {
		sum.Add(&rollups[i].Sums)
	}
	b := badge{Label: "median " + s.Name, Message: "not known", State: reason.Unknown}
	b.Title = id + ", " + s.Words + ": " + describe(&sum)
	if sum.Total.Count > 0 {
		b.Message, b.State = phrase.Latency(sum.Total.Quantile(0.5).Seconds()), reason.OK
	}
	return b
}

// white text on each of these has a contrast of at least 4.5:1.
var badgeColours = [view.NumOutcomes]string{reason.Unknown: "#57606a", reason.OK: "#116329", reason.Degraded: "#7d4e00", reason.Fail: "#a40e26"}

// badgeSVG needs no font but a sans-serif, and no style sheet: the texts are given their widths.
const badgeSVG = `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="%[2]s">
<title>%[2]s</title>
<rect width="%[3]d" height="20" fill="#424a53"/><rect x="%[3]d" width="%[4]d" height="20" fill="%[5]s"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="6" y="14" textLength="%[6]d">%[7]s</text>
<text x="%[8]d" y="14" textLength="%[9]d">%[10]s</text>
</g>
</svg>
`

func (b badge) write(w io.Writer) error {
	left, right := textWidth(b.Label)+12, textWidth(b.Message)+12
	_, err := fmt.Fprintf(w, badgeSVG, left+right, html.EscapeString(b.Title), left, right, badgeColours[b.State],
		left-12, html.EscapeString(b.Label), left+6, right-12, html.EscapeString(b.Message))
	return err
}

// textWidth estimates the width in pixels of text in Verdana of 11 pixels.
func textWidth(s string) int {
	width := 0.0
	for _, c := range s {
		switch c {
		case 'i', 'l', 'f', 't', 'r', ' ', '/', '.', '-':
			width += 4.2
		case 'm', 'w', '%':
			width += 10.5
		default:
			width += 6.8
		}
	}
	return int(width + 0.5)
}
