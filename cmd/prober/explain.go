package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"prober/probe/reason"
	"prober/suites/kit"
	"prober/suites/run"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [REASON|REQUIREMENT]",
		Short: "Say what a reason means and what to do, or what a requirement demands and where it stands",
		Example: `  prober explain tls/cert_expired
  prober explain nxdomain
  prober explain KMS-TLS-02
  prober explain                   list all reasons`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("explain takes one reason, got %d", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, r := range reason.All() {
				names = append(names, r.String())
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listReasons()
			}
			if q, err := run.Explain(args[0]); err == nil {
				return a.explainRequirement(q)
			}
			r, err := reason.Parse(args[0])
			if err != nil {
				return usage("%w; \"prober explain\" lists all", err)
			}
			return a.explain(r)
		},
	}
}

// explainRequirement prints what a requirement demands, and of whom.
func (a *app) explainRequirement(q kit.Requirement) error {
	_, err := fmt.Fprintf(a.out, "%s  %s\n\n  says      %s\n  source    %s, %s\n  scope     %s\n", q.ID, q.Level, q.Text, q.Source, q.Section, q.Scope)
	if err == nil && q.Since != "" {
		_, err = fmt.Fprintf(a.out, "  since     %s\n", q.Since)
	}
	if err == nil && len(q.Rules) > 0 {
		_, err = fmt.Fprintf(a.out, "  expects   what the catalogue's %s says\n", strings.Join(q.Rules, ", "))
	}
	if err == nil && q.Rationale != "" {
		_, err = fmt.Fprintf(a.out, "  because   %s\n", q.Rationale)
	}
	return err
}

func (a *app) listReasons() error {
	for _, r := range reason.All() {
		if _, err := fmt.Fprintf(a.out, "%-34s %s\n", r, r.Doc().Meaning); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) explain(r reason.Reason) error {
	d := r.Doc()
	_, err := fmt.Fprintf(a.out, "%s\n\n  means     %s.\n  outcome   %s\n  blame     usually the %s\n  do        %s.\n",
		r, sentence(d.Meaning), d.Outcome, d.Blame, sentence(d.Advice))
	return err
}

// sentence gives a text its capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
