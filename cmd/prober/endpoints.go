package main

import (
	"flag"
	"fmt"

	"github.com/spf13/cobra"

	endpoints "prober"
	"prober/catalog"
	"prober/session"
)

func (a *app) endpointsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "endpoints", Short: "List, validate and compare catalogues of endpoints", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.listCommand(), a.validateCommand(), a.diffCommand())
	return cmd
}

func (a *app) listCommand() *cobra.Command {
	o := session.Options{AllNetworks: true}
	var form output
	cmd := &cobra.Command{
		Use: "list", Short: "Print the endpoints of the list", Args: noArgs,
		Example: `  prober endpoints list
  prober endpoints list --product kms --network vpc
  prober endpoints list --region cn-hangzhou --output json`,
		RunE: func(*cobra.Command, []string) error {
			c, err := session.Choose(o, a.environment())
			if err != nil {
				return fail(err)
			}
			rows := c.Catalog.Rows(c.Endpoints)
			if form == outputJSON {
				return a.printJSON(rows)
			}
			return fail(catalog.WriteTable(a.out, rows))
		},
	}
	addFlags(cmd, func(fs *flag.FlagSet) { o.BindOnly(fs, "endpoints", "product", "region", "network") })
	outputFlag(cmd, &form)
	return cmd
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate [FILE]",
		Short: "Check a catalogue; without FILE the built-in one",
		Args:  argsBetween(0, 1, "validate takes one file"),
		RunE: func(_ *cobra.Command, args []string) error {
			file, shown := "", "the built-in list"
			if len(args) == 1 {
				file, shown = args[0], args[0]
			}
			c, err := session.LoadCatalog(file, endpoints.Endpoints())
			if err != nil {
				return fail(err)
			}
			_, err = fmt.Fprintf(a.out, "%s is valid: %s, digest %s\n", shown, plural(len(c.Endpoints), "endpoint"), c.Digest())
			return fail(err)
		},
	}
}

func (a *app) diffCommand() *cobra.Command {
	var form output
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "Compare two catalogues: added, removed, changed; NEW is the built-in list unless given",
		Args:  argsBetween(1, 2, "diff takes an old file and optionally a new one"),
		RunE: func(_ *cobra.Command, args []string) error {
			older, err := session.LoadCatalog(args[0], nil)
			if err != nil {
				return fail(err)
			}
			file := ""
			if len(args) == 2 {
				file = args[1]
			}
			newer, err := session.LoadCatalog(file, endpoints.Endpoints())
			if err != nil {
				return fail(err)
			}
			changes := catalog.Diff(older, newer)
			if form == outputJSON {
				return a.printJSON(changes)
			}
			return fail(catalog.WriteChanges(a.out, changes))
		},
	}
	outputFlag(cmd, &form)
	return cmd
}
