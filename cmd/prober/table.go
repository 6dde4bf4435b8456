package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/prose"
)

// writeTable prints one line an endpoint, below it what is wrong and how anyone can see
// it, and a last line that sums up. Every text of an observation that it writes is made harmless
// and cut here, for a table in colour goes to the terminal as it is.
func writeTable(w io.Writer, observations []probe.Observation, colour bool) error {
	b := bufio.NewWriter(w)
	width := len("ENDPOINT")
	for _, o := range observations {
		width = max(width, utf8.RuneCountInString(name(o)))
	}
	both := slices.ContainsFunc(observations, func(o probe.Observation) bool { return o.Scheme != observations[0].Scheme })
	scheme := func(s string) string {
		if both {
			return fmt.Sprintf("  %-6s", s)
		}
		return ""
	}
	fmt.Fprintf(b, "%-*s%s  %-8s  %8s  %s\n", width, "ENDPOINT", scheme("SCHEME"), "OUTCOME", "TIME", "WHY")
	for _, o := range observations {
		line := fmt.Sprintf("%-*s%s  %s  %8s  %s", width, name(o), scheme(string(o.Scheme)), paint(o.Outcome, colour), took(o), why(o))
		fmt.Fprintln(b, strings.TrimRight(line, " "))
		if o.Outcome != reason.OK && o.Reproduce != "" {
			fmt.Fprintf(b, "    %s\n", prose.Command(o.Reproduce))
		}
		writeHops(b, o)
		writeVersions(b, o)
	}
	writeSum(b, count(observations))
	return b.Flush()
}

func name(o probe.Observation) string { return prose.Short(o.Endpoint.ID) }

// took is the whole time of the slowest address.
func took(o probe.Observation) string {
	var longest time.Duration
	for _, a := range o.Addresses {
		longest = max(longest, a.Phases.Total)
	}
	if longest == 0 && o.DNS != nil {
		longest = o.DNS.Duration.Duration()
	}
	return milliseconds(longest)
}

func milliseconds(d time.Duration) string {
	if d >= 10*time.Millisecond {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

// why is the reason with its detail, and the lifecycle where it is not the usual one.
func why(o probe.Observation) string {
	var parts []string
	if l := o.Endpoint.Lifecycle; !l.IsActive() {
		parts = append(parts, "("+string(l)+")")
	}
	detail := prose.Brief(o.Detail)
	if o.Reason != reason.None {
		detail = o.Reason.String() + ": " + detail
	}
	return strings.Join(kept(append(parts, detail)...), " ")
}

// writeVersions prints the version table of each address that has one.
func writeVersions(w io.Writer, o probe.Observation) {
	for _, a := range o.Addresses {
		if a.TLS == nil || a.TLS.Versions == nil {
			continue
		}
		fmt.Fprintf(w, "    %s\n", a.Address)
		for _, v := range hello.Versions() {
			r := a.TLS.Versions[v]
			fmt.Fprintf(w, "      %-6s  %-12s  %s\n", v, r.Verdict, prose.Brief(strings.Join(kept(r.Suite, r.Evidence, r.Note), "; ")))
		}
	}
}

// kept are the parts that are not empty.
func kept(parts ...string) []string {
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

func writeSum(w io.Writer, t tally) {
	parts := []string{fmt.Sprintf("%d ok", t.by[reason.OK])}
	for _, c := range []struct {
		n    int
		word string
	}{{t.by[reason.Degraded], "degraded"}, {t.by[reason.Fail], "failed"}, {t.by[reason.Unknown], "unknown"}} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	if t.aside > 0 {
		parts = append(parts, fmt.Sprintf("%d closed, doubtful or private (%d not ok, which does not count)", t.aside, t.asideBad))
	}
	fmt.Fprintf(w, "\n%s\n", strings.Join(parts, ", "))
}

// paint pads an outcome to its column, in colour if wanted.
func paint(o reason.Outcome, colour bool) string {
	padded := fmt.Sprintf("%-8s", o)
	if !colour {
		return padded
	}
	code := map[reason.Outcome]string{reason.OK: "32", reason.Degraded: "33", reason.Fail: "31;1", reason.Unknown: "35"}[o]
	return "\x1b[" + code + "m" + padded + "\x1b[0m"
}
