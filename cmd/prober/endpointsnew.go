package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/prose"
	"prober/session"
)

func (a *app) newCommand() *cobra.Command {
	o := &session.Options{}
	cmd := &cobra.Command{
		Use:   "new URL...",
		Short: "Print a list for URLs, with what is seen there as comments",
		Long: `Probes each URL once, as "prober check" does, and prints a list in YAML: the URLs, what they
answered, which TLS versions they accept, and rules that would hold what is so now. Nothing of
it is needed but the URLs. Where nothing can be reached the list says so, and is one all the
same.`,
		Example: `  prober endpoints new https://api.example.com/healthz > mine.yaml
  prober endpoints validate mine.yaml
  prober check --endpoints mine.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.newList(cmd.Context(), *o, args) },
	}
	addFlags(cmd, func(fs *flag.FlagSet) {
		o.BindOnly(fs, "resolver", "control", "ca-file", "family", "timeout", "connections-per-host", "allow-private", "world")
	})
	return a.configurable(cmd, &configFile{})
}

// newList probes the URLs and prints a list of them.
func (a *app) newList(ctx context.Context, o session.Options, args []string) error {
	switch {
	case len(args) == 0:
		return usage("endpoints new takes the URLs to list, as https://api.example.com/healthz")
	case len(args) > limit.NewEndpoints:
		return usage("endpoints new takes %d URLs at most, got %d: a list of more needs no probing; write them below \"endpoints:\", one a line", limit.NewEndpoints, len(args))
	}
	var targets []probe.Target
	var links []string
	for _, arg := range args {
		if !strings.Contains(arg, "://") {
			arg = "https://" + arg
		}
		t, err := parseURL(arg)
		if err != nil {
			return err
		}
		link := linkOf(t)
		if t.Own != nil { // of another kind
			link = t.Endpoint.ID
		}
		if slices.Contains(links, link) {
			continue
		}
		t.TLSVersions, t.Diagnose = true, true
		links, targets = append(links, link), append(targets, t)
	}
	if err := o.FitsFamily(targets); err != nil {
		return fail(err)
	}
	s, err := a.open(o)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // the results are out by then
	s.Prober.Among(session.Hosts(targets))
	observations := probeAll(ctx, s.Prober, targets, s.Options.Concurrency)
	if s := a.interrupted(); s != nil {
		return &exitError{signalled(s), fmt.Errorf("cut short by %s", s)}
	}
	for i, o := range observations {
		if replyOf(o) == nil {
			a.say("%s could not be reached: %s: %s; the list names it all the same", links[i], o.Reason, o.Detail)
		}
	}
	a.mentionPrivate(o, reasonsIn(observations))
	_, err = io.WriteString(a.exact.out, starterList(links, observations, a.now()))
	return fail(err)
}

// linkOf is the URL of a target as a list has it.
func linkOf(t probe.Target) string { return string(t.Scheme) + "://" + t.Authority + t.Path }

// replyOf is the reply of the first address that gave one; nil where none did.
func replyOf(o probe.Observation) *probe.AddressResult {
	i := slices.IndexFunc(o.Addresses, func(r probe.AddressResult) bool { return r.HTTP != nil })
	if i < 0 {
		return nil
	}
	return &o.Addresses[i]
}

// starterList writes a list with what was seen as comments.
func starterList(links []string, seen []probe.Observation, now time.Time) string {
	var b strings.Builder
	comment := func(indent, format string, args ...any) {
		fmt.Fprintf(&b, "%s# %s\n", indent, prose.Brief(fmt.Sprintf(format, args...)))
	}
	comment("", "A list of endpoints for prober, with what was seen on %s.", now.UTC().Format(time.DateOnly))
	comment("", `"prober endpoints validate FILE" checks it, "prober check --endpoints FILE" probes what it names, "prober serve" watches it, and`)
	comment("", `"prober conformance" judges it. "prober explain catalogue.endpoints" says what else an endpoint may have.`)
	b.WriteString("\nendpoints:\n")
	for i, o := range seen {
		for _, line := range sightings(o) {
			comment("  ", "%s", line)
		}
		fmt.Fprintf(&b, "  - url: %s\n", strconv.QuoteToASCII(links[i]))
		if r := replyOf(o); r != nil && mayBeHealthy(o, r.HTTP.Status) {
			comment("    ", "Healthy is a status of 2xx or 3xx unless the list says otherwise.")
			fmt.Fprintf(&b, "    check: {expect: {status: %d}}\n", r.HTTP.Status)
		}
	}
	if rules := rulesSeen(seen); len(rules) > 0 {
		b.WriteByte('\n')
		comment("", "Rules that would hold what is so now, for \"prober conformance\": without the comment signs they are part of the list.")
		for _, line := range append([]string{"products:", "  - id: own", "    rules:", "      tls:"}, rules...) {
			fmt.Fprintf(&b, "# %s\n", line)
		}
	}
	return b.String()
}

// mayBeHealthy reports whether a status that is not healthy by itself is written down as what is expected: not what says that the server
// fails or has enough, nor what it says for want of a certificate of the client.
func mayBeHealthy(o probe.Observation, status int) bool {
	return status >= 400 && status < 500 && status != http.StatusTooManyRequests && o.Reason != reason.TLSClientCertRequired
}

// sightings say in lines what was seen of an endpoint.
func sightings(o probe.Observation) []string {
	r := replyOf(o)
	if r == nil {
		return []string{fmt.Sprintf("Not reached: %s: %s", o.Reason, o.Detail)}
	}
	said := fmt.Sprintf("Status %d in %v", r.HTTP.Status, r.Phases.Total.Round(time.Millisecond))
	if r.HTTP.ContentType != "" {
		said += ", " + r.HTTP.ContentType
	}
	lines := []string{fmt.Sprintf("%s, %d bytes, from %s.", said, r.HTTP.BodyBytes, r.Address)}
	if r.HTTP.Location != "" {
		lines = append(lines, fmt.Sprintf("It leads to %s, and is healthy so: list that as well to watch it.", r.HTTP.Location))
	}
	if r.TLS != nil && r.TLS.Versions != nil {
		lines = append(lines, "It accepts "+prose.OrNone(strings.Join(accepted(r.TLS.Versions), ", "))+".")
	}
	if r.TLS != nil && len(r.TLS.Certificates) > 0 {
		lines = append(lines, "Its certificate ends on "+r.TLS.Certificates[0].NotAfter.Format(time.DateOnly)+".")
	}
	if o.Outcome != reason.OK && o.Reason != reason.VerifyBadStatus && o.Reason != reason.VerifyServerError { // which the status says
		lines = append(lines, fmt.Sprintf("%s: %s: %s", o.Outcome, o.Reason, o.Detail))
	}
	switch {
	case o.Reason == reason.TLSClientCertRequired:
		lines = append(lines, "It wants a certificate: give it client_certificate: FILE and client_key: FILE, from the folder of the list.")
	case r.HTTP.Status == http.StatusUnauthorized:
		lines = append(lines, "It wants credentials: with check: {request: {basic: {user: NAME, password: env:PASSWORD}}}, or bearer: env:TOKEN, healthy is 2xx again.")
	}
	return lines
}

func accepted(table *hello.Table) []string {
	var out []string
	for _, r := range table {
		if r.Verdict == hello.Accepted {
			out = append(out, r.Version.String())
		}
	}
	return out
}

// rulesSeen are rules about the protocol versions that all endpoints agree on: old ones that none
// accepts, and new ones that all do.
func rulesSeen(seen []probe.Observation) []string {
	said := map[hello.Version]map[hello.Verdict]int{}
	all := 0
	for _, o := range seen {
		r := replyOf(o)
		if r == nil || r.TLS == nil || r.TLS.Versions == nil {
			continue
		}
		all++
		for _, v := range r.TLS.Versions {
			if said[v.Version] == nil {
				said[v.Version] = map[hello.Verdict]int{}
			}
			said[v.Version][v.Verdict]++
		}
	}
	var rules []string
	for _, v := range hello.Versions() {
		expect := catalog.Expectation("")
		switch {
		case all == 0:
		case v <= hello.TLS11 && said[v][hello.Rejected] == all:
			expect = catalog.Refused
		case v >= hello.TLS12 && said[v][hello.Accepted] == all:
			expect = catalog.Required
		}
		if expect != "" {
			rules = append(rules, fmt.Sprintf("        - {id: own/tls/%s, version: %s, expect: %s}", v, v, expect))
		}
	}
	return rules
}
