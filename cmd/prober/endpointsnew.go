package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prober/limit"
	"prober/probe"
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
			a.say("%s %s: %s: %s; the list names it all the same", links[i], map[bool]string{true: "gave no reply", false: "could not be reached"}[shookHands(o)], o.Reason, o.Detail)
		}
	}
	a.mentionPrivate(o, spared(observations))
	_, err = io.WriteString(a.exact.out, starterList(links, observations, a.now()))
	return fail(err)
}

// linkOf is the URL of a target as a list has it.
func linkOf(t probe.Target) string { return string(t.Scheme) + "://" + t.Authority + t.Path }
