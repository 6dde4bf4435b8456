package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	endpoints "prober"
	"prober/catalog"
	"prober/probe/reason"
	"prober/session"
	"prober/suggest"
	"prober/suites/kit"
	"prober/suites/run"
)

func (a *app) explainCommand() *cobra.Command {
	o := session.Options{}
	cmd := &cobra.Command{
		Use:   "explain [REASON|REQUIREMENT|catalogue.FIELD]",
		Short: "Say what a reason, a requirement or a field of a list means",
		Long: `Says what a reason means and what to do, what a requirement demands and where it stands, or
what a field of a list means. Without an argument it lists all that it can explain.`,
		Example: `  prober explain tls/cert_expired
  prober explain nxdomain
  prober explain KMS-TLS-02
  prober explain SHOP-TLS-02 --endpoints mine.yaml
  prober explain catalogue.rules.tls
  prober explain                   list everything that can be explained`,
		Args: argsBetween(0, 1, "explain takes one reason, requirement or field"),
		ValidArgsFunction: func(cmd *cobra.Command, given []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(given) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return offered(func(c *catalog.Catalog, _ string) []string { return explained(c) }, 0)(cmd, given, typed)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := catalogue(a.files, o.Endpoints...)
			switch {
			case err != nil:
				return err
			case len(args) == 0:
				return a.listExplained(c)
			case strings.HasPrefix(args[0], catalog.FieldPrefix):
				return a.explainField(args[0])
			}
			if q, _, err := run.Requirement(c, args[0]); err == nil {
				return a.explainRequirement(c, q)
			}
			r, err := reason.Parse(args[0])
			switch {
			case err == nil:
				return a.explain(r)
			case slices.ContainsFunc(reason.All(), func(r reason.Reason) bool { return r.Word() == args[0] }): // of several phases
				return usage("%w; \"prober explain\" lists all", err)
			}
			known := explained(c)
			for _, r := range reason.All() {
				known = append(known, r.Word())
			}
			return usage("no requirement and no reason is named %q%s; \"prober explain\" lists them all, with --endpoints those of your list too", args[0], suggest.Hint(args[0], known))
		},
	}
	addFlags(cmd, func(fs *flag.FlagSet) { o.BindOnly(fs, "endpoints") })
	return cmd
}

// explained are the names of all that can be explained, with the requirements of a list if there is one.
func explained(c *catalog.Catalog) (names []string) {
	for _, r := range reason.All() {
		names = append(names, r.String())
	}
	for _, q := range run.Requirements(c) {
		names = append(names, q.ID)
	}
	for _, f := range listFields() {
		names = append(names, f.Name())
	}
	return names
}

// listFields are the fields of a list, as its JSON Schema describes them.
func listFields() []catalog.Field {
	fields, err := catalog.Fields(endpoints.Schema())
	if err != nil {
		panic(err) // it is built in, and a test reads it
	}
	return fields
}

// prefixed are paths as people ask for them.
func prefixed(paths []string) []string {
	var out []string
	for _, path := range paths {
		out = append(out, catalog.FieldPrefix+path)
	}
	return out
}

// explainField prints what a field of a list means.
func (a *app) explainField(name string) error {
	found, err := catalog.FieldsNamed(listFields(), name)
	if err != nil {
		return usage("%w", err)
	}
	var b strings.Builder
	for i, f := range found {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n\n", strings.Join(append([]string{f.Name()}, prefixed(f.Also)...), ", "))
		for _, l := range [][2]string{
			{"is", f.Kind}, {"means", f.Text}, {"example", f.Example}, {"left out", f.Default}, {"one of", strings.Join(f.Words, ", ")}, {"holds", strings.Join(f.Holds, ", ")},
		} {
			if l[1] != "" {
				fmt.Fprintf(&b, "  %-9s %s\n", l[0], l[1])
			}
		}
	}
	_, err = io.WriteString(a.out, b.String())
	return err
}

// explainRequirement prints what a requirement demands, of whom, and where that stands.
func (a *app) explainRequirement(c *catalog.Catalog, q kit.Requirement) error {
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", name, text)
		}
	}
	fmt.Fprintf(&b, "%s  %s\n\n", q.ID, q.Level)
	line("says", q.Text)
	line("source", place(c, q.In.Reference))
	for _, r := range q.In.Also {
		line("also", place(c, r))
	}
	line("scope", q.Scope.String())
	line("since", q.In.Since)
	line("because", q.Rationale)
	for _, id := range q.Rules {
		rule, _ := catalog.EncodeRule(c, id)
		line("expects", rule)
	}
	_, err := io.WriteString(a.out, b.String())
	return err
}

// place names a document, the section and the address.
func place(c *catalog.Catalog, r kit.Reference) string {
	s, ok := c.Source(r.Source)
	switch {
	case !ok:
		return r.Source + ", section " + r.Section
	case s.URL == "":
		return fmt.Sprintf("%s, %q", s.Title, r.Section)
	}
	return fmt.Sprintf("%s, %q <%s>", s.Title, r.Section, s.URL)
}

// listExplained lists everything that can be explained.
func (a *app) listExplained(c *catalog.Catalog) error {
	for _, r := range reason.All() {
		if _, err := fmt.Fprintf(a.out, "%-34s %s\n", r, r.Doc().Meaning); err != nil {
			return err
		}
	}
	for _, q := range run.Requirements(c) {
		if _, err := fmt.Fprintf(a.out, "%-34s %-6s %s\n", q.ID, q.Level, q.Text); err != nil {
			return err
		}
	}
	for _, f := range listFields() {
		if _, err := fmt.Fprintf(a.out, "%-34s %s\n", f.Name(), f.Text); err != nil {
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
