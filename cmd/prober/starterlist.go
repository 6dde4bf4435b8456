package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/prose"
)

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
		if r := replyOf(o); r != nil && r.HTTP != nil && mayBeHealthy(o, r.HTTP.Status) {
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
	const wantsCertificate = "It wants a certificate: give it client_certificate: FILE and client_key: FILE, from the folder of the list."
	if r == nil {
		lines := []string{fmt.Sprintf("%s: %s: %s", map[bool]string{true: "No reply", false: "Not reached"}[shookHands(o)], o.Reason, o.Detail)}
		if o.Reason == reason.TLSClientCertRequired {
			lines = append(lines, wantsCertificate)
		}
		return lines
	}
	took := r.Phases.Total.Round(time.Millisecond)
	var lines []string
	switch {
	case r.HTTP != nil:
		lines = replySeen(r.HTTP, took, r.Address)
	case o.Scheme == catalog.SchemeTLS:
		lines = append(lines, fmt.Sprintf("A handshake in %v, with %s.", took, r.Address))
	case o.Scheme == catalog.SchemeDNS:
		lines = append(lines, fmt.Sprintf("An answer in %v, from %s.", took, r.Address))
	default:
		lines = append(lines, fmt.Sprintf("A connection in %v, to %s.", took, r.Address))
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
		lines = append(lines, wantsCertificate)
	case r.HTTP != nil && r.HTTP.Status == http.StatusUnauthorized:
		lines = append(lines, "It wants credentials: with check: {request: {basic: {user: NAME, password: env:PASSWORD}}}, or bearer: env:TOKEN, healthy is 2xx again.")
	}
	return lines
}

// replySeen says in lines what a reply was, which took so long to come from an address.
func replySeen(reply *probe.HTTPFacts, took time.Duration, from netip.Addr) []string {
	said := fmt.Sprintf("Status %d in %v", reply.Status, took)
	if reply.ContentType != "" {
		said += ", " + reply.ContentType
	}
	lines := []string{fmt.Sprintf("%s, %d bytes, from %s.", said, reply.BodyBytes, from)}
	if reply.Location != "" {
		lines = append(lines, fmt.Sprintf("It leads to %s, and is healthy so: list that as well to watch it.", reply.Location))
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

// shookHands reports whether a certificate was shown, whatever it was worth: who showed it was reached.
func shookHands(o probe.Observation) bool {
	return slices.ContainsFunc(o.Addresses, func(r probe.AddressResult) bool { return r.TLS != nil && len(r.TLS.Certificates) > 0 })
}

// replyOf is what the first address gave that gave what it was asked for: a reply, or at an endpoint of another kind a
// connection, a handshake or an answer; nil where none did.
func replyOf(o probe.Observation) *probe.AddressResult {
	i := slices.IndexFunc(o.Addresses, func(r probe.AddressResult) bool {
		return r.HTTP != nil || !o.Scheme.IsHTTP() && (r.Outcome == reason.OK || r.Outcome == reason.Degraded)
	})
	if i < 0 {
		return nil
	}
	return &o.Addresses[i]
}
