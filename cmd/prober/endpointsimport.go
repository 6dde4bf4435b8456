package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"prober/catalog"
	"prober/importlist"
	"prober/limit"
	"prober/prose"
	"prober/session"
)

func (a *app) importCommand() *cobra.Command {
	targets := ""
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Print a list made of modules of blackbox_exporter and targets",
		Long: `Makes a list, in YAML, of the modules in FILE, a configuration of blackbox_exporter, and of the
targets in another one, as Prometheus' file_sd has them, or a configuration of Prometheus, whose
relabeling is followed: a module becomes a product with what healthy means, and each target an
endpoint. The label module (or __param_module) of targets names their module. Without targets
each module has an endpoint to put them in place of.

What a list cannot say as the configuration does is told on stderr, with its line. Secrets are
not written out: the list names a variable for each.`,
		Example: `  prober endpoints import blackbox.yml --targets targets.yml > mine.yaml
  prober endpoints import blackbox.yml --targets prometheus.yml > mine.yaml
  prober endpoints validate mine.yaml`,
		Args: argsBetween(1, 1, "import takes one configuration of blackbox_exporter"),
		RunE: func(_ *cobra.Command, args []string) error { return a.importList(args[0], targets) },
	}
	addFlags(cmd, func(fs *flag.FlagSet) {
		fs.Var((*session.Given)(&targets), "targets", "`FILE` with the targets, as Prometheus' file_sd has them, in YAML or JSON, or a configuration of Prometheus")
	})
	return cmd
}

// importList prints the list that a configuration and targets make.
func (a *app) importList(config, targets string) error {
	from, err := a.source(config)
	if err != nil {
		return usage("%w", err)
	}
	var aims *importlist.Source
	if targets != "" {
		if aims, err = a.source(targets); err != nil {
			return usage("--targets: %w", err)
		}
	}
	list, notes, err := importlist.Blackbox(*from, aims)
	if err != nil {
		return usage("%w", err)
	}
	if _, err := catalog.DecodeList("the list.yaml", []byte(list)); err != nil {
		return usage("%s makes no list that is valid: %w", config, err)
	}
	for _, n := range notes {
		fmt.Fprintln(a.err, prose.Middle(prose.OneLine(n.String()), limit.ShownLine))
	}
	_, err = io.WriteString(a.exact.out, list)
	return fail(err)
}

// source reads a file that a list is made of.
func (a *app) source(name string) (*importlist.Source, error) {
	data, err := a.files.Read(name, limit.ImportBytes)
	return &importlist.Source{Name: name, Data: data}, err
}
