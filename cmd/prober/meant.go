package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prober/suggest"
)

// flagMeant is a hint at the flag of a command that was probably meant, where one does not exist.
func flagMeant(cmd *cobra.Command, err error) string {
	none := (*pflag.NotExistError)(nil)
	if !errors.As(err, &none) {
		return ""
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
	name, _, _ := strings.Cut(none.GetSpecifiedName(), "=")
	if below := commandWith(cmd, name); below != nil {
		return fmt.Sprintf("; it stands behind the command, as in \"%s --%s\"", below.CommandPath(), name)
	}
	return suggest.Hint("--"+name, known)
}

// commandWith is the first command below another that has a flag; nil where none has.
func commandWith(cmd *cobra.Command, name string) *cobra.Command {
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && c.Flags().Lookup(name) != nil {
			return c
		}
	}
	return nil
}

// commandMeant is a hint at the command below another that was probably meant.
func commandMeant(cmd *cobra.Command, word string) string {
	var known []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			known = append(known, c.Name())
		}
	}
	return suggest.Hint(word, known)
}
