package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	endpoints "prober"
	"prober/catalog"
	"prober/files"
	"prober/headroom"
	"prober/limit"
	"prober/prose"
	"prober/sdkhosts"
	"prober/session"
	"prober/suites"
)

func (a *app) endpointsCommand() *cobra.Command {
	return group("endpoints", "List, validate and compare catalogues of endpoints", a.listCommand(), a.newCommand(), a.importCommand(), a.validateCommand(), a.diffCommand())
}

// catalogue reads lists as --endpoints does, or the built-in one when there are none. Of a long one most that is made is garbage at once.
func catalogue(from files.Reader, lists ...string) (*catalog.Catalog, error) {
	const least = 4 << 20 // bytes, which is Go's own
	defer headroom.Keep(headroom.Bounds{Least: least, Most: least})()
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
			return a.print(form, rows, func(w io.Writer) error { return catalog.WriteTable(w, rows, a.columns(a.terminal.out)) })
		},
	}
	addFlags(cmd, func(fs *flag.FlagSet) { o.BindOnly(fs, "endpoints", "product", "region", "network") })
	outputFlag(cmd, &form)
	return a.configurable(cmd, &configFile{})
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate [FILE ...]",
		Short: "Check lists of endpoints, files or folders",
		Long:  "Checks lists of endpoints, files or folders; without FILE the built-in one.",
		RunE: func(_ *cobra.Command, args []string) error {
			shown := cmp.Or(strings.Join(args, ", "), "the built-in list")
			c, err := catalogue(a.files, args...)
			if err != nil {
				a.mentionFields(err)
				return err
			}
			for _, line := range suites.Unread(c) {
				a.say("note: %s", line)
			}
			_, err = fmt.Fprintf(a.out, "%s is valid: %s, digest %s\n", shown, prose.Plural(len(c.Endpoints), "endpoint"), c.Digest())
			return fail(err)
		},
	}
}

// mentionFields says how to learn what the fields may hold that an error is about.
func (a *app) mentionFields(err error) {
	var wrong catalog.Errors
	if !errors.As(err, &wrong) {
		return
	}
	var words []string
	for _, one := range wrong {
		path := strings.Join(indices.Split(one.Field, -1), "")
		if _, err := catalog.FieldsNamed(listFields(), path); err == nil && !slices.Contains(words, catalog.FieldPrefix+path) {
			words = append(words, catalog.FieldPrefix+path)
		}
	}
	const few = 3
	for _, word := range words[:min(few, len(words))] {
		a.say("\"prober explain %s\" says what may stand there", word)
	}
}

// indices are the numbers in the path of a field.
var indices = regexp.MustCompile(`\[[0-9]+\]`)

func (a *app) diffCommand() *cobra.Command {
	var form output
	var sdk bool
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "Compare two lists of endpoints, NEW being the built-in one",
		Long: `Compares two catalogues: added, removed, changed; NEW is the built-in list unless given.

With --sdk it compares the built-in list with the tables of hosts that the vendors ship in
their SDKs, as they were when they were looked at last. Files behind it are newer states of
those tables, of whatever form: then it tells which hosts are new in them, or gone.`,
		Example: `  prober endpoints diff mine.yaml
  prober endpoints diff --sdk
  prober endpoints diff --sdk client.go products.json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if sdk {
				return nil
			}
			return argsBetween(1, 2, "diff takes an old file and optionally a new one")(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if sdk {
				return a.diffSDK(form, args)
			}
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
	cmd.Flags().BoolVar(&sdk, "sdk", false, "compare with the hosts that the vendors' SDKs name")
	outputFlag(cmd, &form)
	return cmd
}

// diffSDK compares the built-in list with what the vendors' SDKs name.
func (a *app) diffSDK(form output, names []string) error {
	tables, err := sdkhosts.Committed()
	if err != nil {
		return fail(err)
	}
	c, err := catalogue(a.files)
	if err != nil {
		return err
	}
	newer := map[string][]byte{}
	for _, name := range names {
		text, err := a.files.Read(name, limit.CatalogueBytes)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return usage("--sdk: there is no file %s; it takes tables of hosts out of the vendors' SDKs, and sdkhosts/hosts.json in this program's source says where to fetch each", name)
			}
			return usage("--sdk: %w", err)
		}
		newer[name] = text
	}
	all := sdkhosts.Compare(c, tables, newer)
	return a.print(form, append([]sdkhosts.Difference{}, all...), func(w io.Writer) error { return sdkhosts.Write(w, tables, all) })
}
