package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"prober/prose"
)

// output is the form in which results are printed.
type output string

const (
	outputTable output = "table"
	outputJSON  output = "json"
)

// String implements pflag.Value.
func (o *output) String() string { return string(*o) }

// Type implements pflag.Value.
func (o *output) Type() string { return "format" }

// Set implements pflag.Value.
func (o *output) Set(s string) error {
	switch output(s) {
	case outputTable, outputJSON:
		*o = output(s)
		return nil
	}
	return errors.New("want table or json")
}

// outputFlag adds --output table|json to a command.
func outputFlag(cmd *cobra.Command, into *output) {
	*into = outputTable
	cmd.Flags().VarP(into, "output", "o", "table or json")
}

// print prints v, as a table for people or as JSON for programs.
func (a *app) print(form output, v any, table func(io.Writer) error) error {
	if form == outputJSON {
		return a.printJSON(v)
	}
	return fail(table(a.out))
}

// printJSON prints v for programs.
func (a *app) printJSON(v any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fail(err)
	}
	_, err := a.exact.out.Write(prose.JSON(text.Bytes()))
	return fail(err)
}
