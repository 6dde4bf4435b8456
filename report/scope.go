package report

import (
	"strings"
	"time"

	"prober/prose"
)

// builtIn is what reports call the file of the built-in catalogue.
const builtIn = "endpoints.json"

// Scope says what was looked at, from where, and when, so that nobody takes the verdict for
// one on something else.
func (r *Report) Scope() string {
	const layout = "2006-01-02 15:04 UTC"
	parts := []string{r.subject(), r.Selection.String()}
	if len(r.Environment.Inside) > 0 {
		parts = append(parts, "inside "+strings.Join(r.Environment.Inside, " "))
	}
	if n := len(r.Environment.Faults); n > 0 {
		parts = append(parts, "with "+prose.Plural(n, "fault"))
	}
	parts = append(parts, "on "+r.Started.UTC().Format(layout), "judged as of "+r.AsOf.UTC().Format(time.DateOnly))
	return strings.Join(parts, ", ")
}

// subject names the services. Those of a list of somebody's own are not said to be the
// documented ones.
func (r *Report) subject() string {
	s := "The real services"
	switch file := r.Catalogue.File; {
	case r.Environment.Mode == Sandbox && file != builtIn && file != "":
		s = "The sandbox with the endpoints of " + file
	case r.Environment.Mode == Sandbox:
		s = "The sandbox"
	case file == "":
		s = "Endpoints of a catalogue without a name"
	case file != builtIn:
		s = "Endpoints of " + file
	}
	if r.Environment.Vantage != "" {
		s += " from " + r.Environment.Vantage
	}
	return s
}
