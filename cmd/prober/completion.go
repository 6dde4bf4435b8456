package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prober/catalog"
	"prober/files"
	"prober/report"
	"prober/report/render"
	"prober/sandbox"
	"prober/suites/run"
)

// completed tells shells, for every command below root, which values its flags take: those of a
// closed set, and those that are in the list of endpoints.
func completed(root *cobra.Command) *cobra.Command {
	words := func(known ...string) func(*catalog.Catalog) []string {
		return func(*catalog.Catalog) []string { return known }
	}
	each := func(of func(catalog.Endpoint) string) func(*catalog.Catalog) []string {
		return func(c *catalog.Catalog) (all []string) {
			for _, e := range c.Endpoints {
				all = append(all, of(e))
			}
			slices.Sort(all)
			return slices.Compact(all)
		}
	}
	region := each(func(e catalog.Endpoint) string { return e.Region })
	for name, values := range map[string]func(*catalog.Catalog) []string{
		"output":         words(string(outputTable), string(outputJSON)),
		"scheme":         words("https", "http", "all"),
		"family":         words("4", "6"),
		"network":        words("public", "vpc", catalog.All),
		"metrics.detail": words("endpoint", "region"),
		"log.level":      words("debug", "info", "warn", "error"),
		"log.format":     words(string(logText), string(logJSON)),
		"fail-on":        words("must", "should"),
		"product":        each(func(e catalog.Endpoint) string { return e.Product }),
		"region":         region,
		"inside":         func(c *catalog.Catalog) []string { return append(region(c), catalog.All) },
		"requirement": func(c *catalog.Catalog) (all []string) {
			for _, q := range run.Requirements(c) {
				all = append(all, q.ID)
			}
			return all
		},
		"group": words(report.Groups()...),
		"format": func(*catalog.Catalog) (all []string) {
			for _, f := range render.Formats() {
				all = append(all, string(f))
			}
			return all
		},
	} {
		for _, cmd := range commandsBelow(root) {
			if cmd.Flags().Lookup(name) != nil {
				complete := func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
					return listed(cmd, values), cobra.ShellCompDirectiveNoFileComp
				}
				_ = cmd.RegisterFlagCompletionFunc(name, complete) // it has the flag, and no other completion
			}
		}
	}
	for _, cmd := range commandsBelow(root) {
		if cmd.Flags().Lookup("fault") != nil {
			_ = cmd.RegisterFlagCompletionFunc("fault", completeFault)
		}
	}
	for _, cmd := range configurableCommands(root) {
		_ = cmd.MarkFlagFilename(configFlag, "yaml", "yml")
		if cmd.Name() == "check" {
			id := each(func(e catalog.Endpoint) string { return e.ID })
			cmd.ValidArgsFunction = func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
				return listed(cmd, id), cobra.ShellCompDirectiveNoFileComp
			}
		}
	}
	return root
}

// commandsBelow are a command and all below it.
func commandsBelow(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		all = append(all, commandsBelow(c)...)
	}
	return all
}

// completeFault completes ENDPOINT=FAULT: first the endpoint, or an outage, then the faults that it can have.
func completeFault(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	endpoint, _, chosen := strings.Cut(typed, "=")
	return listed(cmd, func(c *catalog.Catalog) (all []string) {
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
	}), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// listed are values that are in the list that a command line names; none where it cannot be read.
func listed(cmd *cobra.Command, values func(*catalog.Catalog) []string) []string {
	file := ""
	if f := cmd.Flags().Lookup("endpoints"); f != nil {
		file = f.Value.String()
	}
	c, err := catalogue(files.Until(cmd.Context()), file)
	if err != nil {
		return nil
	}
	return values(c)
}
