package monitor

import (
	"cmp"
	"strings"
)

// Speaker is who speaks on the page, besides the program and its version: the same endpoints look
// different from another place, and a page of the sandbox must not be taken for one of the world.
type Speaker struct {
	Host    string // of the machine; empty: not known
	Vantage string // what people call the place; empty: not said
	Sandbox bool   // nothing but the sandbox is probed
	Closed  bool   // only addresses of a closed world are dialled
	Private bool   // loopback and private addresses are dialled as well, so that nothing shows that the endpoints are live
	List    string // the file with the endpoints, which only whoever wrote it knows to be live; empty: the built-in ones
}

// Words say it in a sentence's part: "prober version 1.4.0 on web-3, vantage Frankfurt, probing live endpoints".
func (s Speaker) words(b BuildInfo) string {
	var w strings.Builder
	w.WriteString("prober")
	w.WriteString(" version " + cmp.Or(b.Version, "development"))
	if s.Host != "" {
		w.WriteString(" on " + s.Host)
	}
	if s.Vantage != "" {
		w.WriteString(", vantage " + s.Vantage)
	}
	switch {
	case s.Sandbox:
		w.WriteString(", probing the sandbox")
	case s.List != "":
		w.WriteString(", probing the endpoints of " + s.List)
	case s.Closed || s.Private:
		w.WriteString(", probing the built-in endpoints")
	default:
		w.WriteString(", probing live endpoints")
	}
	switch {
	case s.Sandbox:
	case s.Closed:
		w.WriteString(" in a closed world (--world)")
	case s.Private:
		w.WriteString(" wherever their names lead, private addresses included (--allow-private)")
	}
	return w.String()
}
