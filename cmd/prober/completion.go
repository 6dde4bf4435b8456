package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prober/catalog"
	"prober/files"
	"prober/monitor"
	"prober/report"
	"prober/report/render"
	"prober/sandbox"
	"prober/suites/run"
)

// completed tells shells, for every command below root, what its flags and arguments take: a word of a closed set, a name of
// the list of endpoints, a file, a folder, or something that nobody can know before. Of that nothing is offered, and no file.
func completed(root *cobra.Command) *cobra.Command {
	known := completions()
	for _, cmd := range commandsBelow(root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Value.Type() != "bool" {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, valuesOf(f, known[f.Name])) // it has the flag, and no other completion
			}
		})
		if cmd.ValidArgsFunction == nil && !cmd.HasSubCommands() {
			cmd.ValidArgsFunction = argumentsOf(cmd)
		}
	}
	return root
}

// valuesOf completes the values of a flag: by its name, or by what its help calls them.
func valuesOf(f *pflag.Flag, known words) cobra.CompletionFunc {
	switch {
	case f.Name == configFlag:
		return cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
	case f.Name == "fault" || f.Name == "label-filter" || f.Name == "latency" || f.Name == "world": // more follows what is offered
		return offered(known, cobra.ShellCompDirectiveNoSpace)
	case known != nil:
		return offered(known, 0)
	}
	what, _ := pflag.UnquoteUsage(f)
	return filesCalled(what)
}

// argumentsOf completes the arguments of a command, as its usage calls them: each once, but the last as often as one
// likes if "..." stands there.
func argumentsOf(cmd *cobra.Command) cobra.CompletionFunc {
	names := strings.Fields(cmd.Use)[1:]
	return func(cmd *cobra.Command, given []string, typed string) ([]string, cobra.ShellCompDirective) {
		n := len(given)
		if n >= len(names) && strings.Contains(cmd.Use, "...") {
			n = len(names) - 1
		}
		if n >= len(names) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return filesCalled(strings.Trim(names[n], "[]."))(cmd, given, typed)
	}
}

// filesCalled completes files or folders, where usage calls something so, and nothing where it does not.
func filesCalled(what string) cobra.CompletionFunc {
	switch what {
	case "FILE", "OLD", "NEW", "...":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
	case "REPORT":
		return cobra.FixedCompletions([]string{"json"}, cobra.ShellCompDirectiveFilterFileExt)
	case "DIR":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	}
	return cobra.NoFileCompletions
}

// words are what completes something, for the list of endpoints of a command line and what has been typed of it.
type words func(c *catalog.Catalog, typed string) []string

// completions are the words that flags take, by name.
func completions() map[string]words {
	fixed := func(known ...string) words {
		return func(*catalog.Catalog, string) []string { return known }
	}
	each := func(of func(catalog.Endpoint) string) words {
		return func(c *catalog.Catalog, _ string) (all []string) {
			for _, e := range c.Endpoints {
				all = append(all, of(e))
			}
			return all
		}
	}
	region := each(func(e catalog.Endpoint) string { return e.Region })
	levels := strs(report.Levels())
	return map[string]words{
		"output":         fixed(string(outputTable), string(outputJSON)),
		"scheme":         fixed("https", "http", "all"),
		"family":         fixed("4", "6"),
		"network":        fixed(append(strs(catalog.Networks()), catalog.All)...),
		"metrics.detail": fixed(string(monitor.DetailEndpoint), string(monitor.DetailRegion)),
		"log.level":      fixed(logLevels()...),
		"log.format":     fixed(string(logText), string(logJSON)),
		"fail-on":        fixed("must", "should"),
		"level":          fixed(levels...),
		"group":          fixed(report.Groups()...),
		"format":         fixed(strs(render.Formats())...),
		"shard":          fixed("hostname/"),
		"product":        each(func(e catalog.Endpoint) string { return e.Product }),
		"region":         region,
		"inside":         func(c *catalog.Catalog, typed string) []string { return append(region(c, typed), catalog.All) },
		"requirement": func(c *catalog.Catalog, _ string) (all []string) {
			for _, q := range run.Requirements(c) {
				all = append(all, q.ID)
			}
			return all
		},
		"label-filter": func(c *catalog.Catalog, _ string) (all []string) {
			for _, e := range c.Endpoints {
				all = append(all, report.ProductLabel.Of(e.Product), report.RegionLabel.Of(e.Region), report.NetworkLabel.Of(string(e.Network)))
			}
			for _, q := range run.Requirements(c) {
				all = append(all, report.GroupLabel.Of(report.Group(q.ID)), report.RequirementLabel.Of(q.ID), report.LevelLabel.Of(string(q.Level)))
			}
			return append(all, report.HeavyLabel)
		},
		"fault":   faultsOf,
		"latency": listOf("dns=", "tls=", "first_byte=", "body="),
		"world":   listOf("public=", "private="),
	}
}

// strs are words of a type of their own as such.
func strs[S ~string](list []S) (out []string) {
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// listOf completes the parts of a list with commas.
func listOf(parts ...string) words {
	return func(_ *catalog.Catalog, typed string) (all []string) {
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		for _, p := range parts {
			all = append(all, before+p)
		}
		return all
	}
}

// offered completes with what of the words begins as it was typed: a list may have a hundred thousand.
func offered(of words, more cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		all := listed(cmd, func(c *catalog.Catalog) []string { return of(c, typed) })
		all = slices.DeleteFunc(all, func(w string) bool { return !strings.HasPrefix(w, typed) })
		slices.Sort(all)
		return slices.Compact(all), cobra.ShellCompDirectiveNoFileComp | more
	}
}

// endpointIDs are the names of all endpoints.
func endpointIDs(c *catalog.Catalog, _ string) (all []string) {
	for _, e := range c.Endpoints {
		all = append(all, e.ID)
	}
	return all
}

// commandsBelow are a command and all below it.
func commandsBelow(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		all = append(all, commandsBelow(c)...)
	}
	return all
}

// faultsOf completes ENDPOINT=FAULT: first the endpoint, or an outage, then the faults that it can have.
func faultsOf(c *catalog.Catalog, typed string) (all []string) {
	endpoint, _, chosen := strings.Cut(typed, "=")
	if !chosen {
		for _, f := range sandbox.Outages(c) {
			all = append(all, "*="+f.Name)
		}
		for _, e := range c.Endpoints {
			all = append(all, e.ID+"=")
		}
		return all
	}
	e, _ := c.Endpoint(endpoint)
	for _, f := range append(append(sandbox.Faults(c), sandbox.Breaches(c)...), sandbox.Variants(c)...) {
		if e.ID == "" || slices.Contains(f.Products, e.Product) {
			all = append(all, endpoint+"="+f.Name)
		}
	}
	if endpoint == "*" {
		for _, f := range sandbox.Outages(c) {
			all = append(all, "*="+f.Name)
		}
	}
	return all
}

// listed are values that are in the lists that a command line names; none where they cannot be read.
func listed(cmd *cobra.Command, values func(*catalog.Catalog) []string) []string {
	var lists []string
	if f := cmd.Flags().Lookup("endpoints"); f != nil && f.Changed {
		for name := range strings.SplitSeq(f.Value.String(), "\n") {
			if !slices.Contains(lists, name) { // cobra reads the flags of an unfinished line twice
				lists = append(lists, name)
			}
		}
	}
	c, err := catalogue(files.Until(cmd.Context()), lists...)
	if err != nil {
		return nil
	}
	return values(c)
}
