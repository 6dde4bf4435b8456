package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"prober/catalog"
	"prober/doctor"
	"prober/probe"
	"prober/prose"
	"prober/report"
	"prober/session"
)

func (a *app) doctorCommand() *cobra.Command {
	o := &session.Options{}
	var form output
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at what results depend on: resolvers, network, clock",
		Long: `Looks at what results depend on besides the endpoints, and prints a line for each part:
the resolvers, the controls, the way to the endpoints, IPv4 and IPv6, the clock beside the
Date of the endpoints, what may be dialled, the authorities, proxy variables, and how many
files may be open. A line says what to do where something is wrong.

Nobody is asked whom "prober check" would not ask: the resolvers, a few of the selected
endpoints, and the controls that --control names.

Exit code: 0 all is well; 1 something makes results wrong, or unknown; 2 wrong usage; 3 nothing
is wrong, as far as could be told, and something could not.`,
		Example: `  prober doctor
  prober doctor --resolver 192.0.2.53 --control www.example.com:443
  prober doctor --sandbox --fault '*=resolver_unavailable_servfail'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd.Context(), *o, form) },
	}
	addFlags(cmd, o.Bind)
	outputFlag(cmd, &form)
	return a.configurable(cmd, &configFile{})
}

func (a *app) doctor(ctx context.Context, o session.Options, form output) error {
	choice, err := session.Choose(o, a.environment())
	if err != nil {
		return fail(err)
	}
	s, err := choice.Open()
	if err != nil {
		return fail(err)
	}
	defer s.Close() //nolint:errcheck // what was found is out by then
	if err := o.FitsFamily(s.Targets()); err != nil {
		return fail(err)
	}
	found := doctor.Examine(ctx, a.patient(s))
	if s := a.interrupted(); s != nil {
		return &exitError{signalled(s), fmt.Errorf("cut short by %s", s)}
	}
	if err := a.print(form, found, func(out io.Writer) error { return writeFindings(out, found) }); err != nil {
		return err
	}
	switch doctor.Worst(found) {
	case doctor.Wrong:
		return &exitError{code: report.ExitFail}
	case doctor.Unknown:
		return &exitError{report.ExitUndecided, errors.New("something could not be told")}
	}
	return nil
}

// patient is what an open session stands on.
func (a *app) patient(s *session.Session) doctor.Patient {
	targets := slices.DeleteFunc(s.Targets(), func(t probe.Target) bool {
		return t.Endpoint.Lifecycle != catalog.Active || t.Endpoint.Network == catalog.VPC && !s.Config.Inside(t.Endpoint.Region)
	})
	p := doctor.Patient{
		Prober: s.Prober, Targets: targets, Resolvers: s.Config.Resolvers, Reaches: s.Config.Reaches, Family: s.Options.Family,
		Route: probe.HasRoute, Proxies: a.environment().Proxies(), Guard: s.Config.Guard, Files: openFiles(),
		NoResolvers: s.Config.NoResolvers,
	}
	atOnce := min(s.Options.Concurrency, len(s.Endpoints))
	p.FilesNeed = shareDescriptors(p.Files, atOnce, s.Options.ConnectionsPerHost, sandboxed(s)).complaint(atOnce)
	switch {
	case s.Sandbox != nil:
		p.Authorities = doctor.Authorities{Source: "the sandbox's", Uncounted: true, Some: true}
	case s.Options.CAFile != "":
		p.Authorities = doctor.Authorities{Source: s.Options.CAFile, Anchors: s.Config.Anchors}
	default:
		p.Authorities = doctor.SystemAuthorities(a.getenv)
	}
	return p
}

// writeFindings writes a line for each finding: what was found, and what to do.
func writeFindings(out io.Writer, found []doctor.Finding) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CHECK\tOF\tRESULT\tWHAT")
	for _, f := range found {
		what := prose.Brief(f.Detail)
		if f.Advice != "" && f.Result != doctor.Fine {
			what += " -> " + f.Advice
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.Check, orDash(prose.Short(f.Subject)), f.Result, what)
	}
	return w.Flush()
}
