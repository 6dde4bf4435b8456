package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	endpoints "prober"
	"prober/catalog"
	"prober/files"
	"prober/prose"
	"prober/session"
)

func (a *app) endpointsCommand() *cobra.Command {
	return group("endpoints", "List, validate and compare catalogues of endpoints", a.listCommand(), a.validateCommand(), a.diffCommand())
}

// catalogue reads lists as --endpoints does, or the built-in one when there are none.
func catalogue(from files.Reader, lists ...string) (*catalog.Catalog, error) {
	c, err := session.LoadLists(from, lists, endpoints.Endpoints())
	return c, fail(err)
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
			return a.print(form, rows, func(w io.Writer) error { return catalog.WriteTable(w, rows) })
		},
	}
	addFlags(cmd, func(fs *flag.FlagSet) { o.BindOnly(fs, "endpoints", "product", "region", "network") })
	outputFlag(cmd, &form)
	return a.configurable(cmd, &configFile{})
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate [FILE ...]",
		Short: "Check lists of endpoints, files or folders; without FILE the built-in one",
		RunE: func(_ *cobra.Command, args []string) error {
			shown := cmp.Or(strings.Join(args, ", "), "the built-in list")
			c, err := catalogue(a.files, args...)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%s is valid: %s, digest %s\n", shown, prose.Plural(len(c.Endpoints), "endpoint"), c.Digest())
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
			older, err := session.LoadCatalog(a.files, args[0], nil)
			if err != nil {
				return fail(err)
			}
			newer, err := catalogue(a.files, args[1:]...)
			if err != nil {
				return err
			}
			changes := catalog.Diff(older, newer)
			return a.print(form, changes, func(w io.Writer) error { return catalog.WriteChanges(w, changes) })
		},
	}
	outputFlag(cmd, &form)
	return cmd
}
