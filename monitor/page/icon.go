package page

import (
	"fmt"
	"net/http"

	"prober/monitor/view"
	"prober/probe/reason"
)

// icon is the shape of a state for the tab of a browser, in a colour that shows on light and dark.
func icon(o reason.Outcome) string {
	shape := [view.NumOutcomes]string{
		reason.Unknown:  `<circle cx="8" cy="8" r="6" fill="none" stroke="#768390" stroke-width="3"/>`,
		reason.OK:       `<circle cx="8" cy="8" r="7" fill="#2da44e"/>`,
		reason.Degraded: `<path d="M8 1l8 14h-16z" fill="#d4a72c"/>`,
		reason.Fail:     `<path d="M1 1h14v14h-14z" fill="#cf222e"/>`,
	}[o]
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">%s</svg>`, shape)
}

// serveIcons serves the icons of all states.
func serveIcons(mux *http.ServeMux) {
	for o := range reason.Outcome(view.NumOutcomes) {
		mux.Handle(fmt.Sprintf("GET /icon/%s.svg", o), file("image/svg+xml", []byte(icon(o))))
	}
}
