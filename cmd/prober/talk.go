package main

import (
	"fmt"
	"strings"

	"prober/limit"
	"prober/prose"
)

// say prints a line for people on stderr.
func (a *app) say(format string, args ...any) {
	line := prose.Middle(prose.NoUserinfo(fmt.Sprintf(format, args...)), limit.ShownLine)
	if a.log != nil {
		a.log.Info(line)
		return
	}
	_, _ = fmt.Fprintln(a.err, "prober: "+line)
}

// complain prints each line of an error on its own, as "prober: error: ...". Of many lines the
// first are shown, and of a long one its ends. A password in a URL that somebody gave is not.
func (a *app) complain(err error) {
	lines := strings.Split(strings.TrimSpace(prose.NoUserinfo(err.Error())), "\n")
	if more := len(lines) - limit.ShownErrors; more > 1 { // one is no more than the line that counts it
		lines = append(lines[:limit.ShownErrors], fmt.Sprintf("and %d lines more", more))
	}
	for _, line := range lines {
		line = prose.Middle(line, limit.ShownLine)
		if a.log != nil {
			a.log.Error(line)
			continue
		}
		_, _ = fmt.Fprintf(a.err, "prober: error: %s\n", line)
	}
}
