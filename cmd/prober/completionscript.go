package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// mended puts right what cobra's scripts for zsh and fish do wrong with kms/cn-hangzhou/public=cert_expired, and with
// --fault= before it: they take all up to the last "=" for a flag if a "-" stands somewhere before it, and fish takes the
// words that it is to look at for flags of its own. So they offered nothing, or something mangled.
var mended = strings.NewReplacer("'-.*='", "'^-[^=]*='", `--max 1 \t`, `--max 1 -- \t`)

// completionScript writes what has a shell complete command lines: cobra's script, mended.
func completionScript(w io.Writer, root *cobra.Command, shell string, descriptions bool) error {
	var text strings.Builder
	var err error
	switch {
	case shell == "bash":
		err = root.GenBashCompletionV2(&text, descriptions)
	case shell == "fish":
		err = root.GenFishCompletion(&text, descriptions)
	case shell == "zsh" && descriptions:
		err = root.GenZshCompletion(&text)
	case shell == "zsh":
		err = root.GenZshCompletionNoDesc(&text)
	case shell == "powershell" && descriptions:
		err = root.GenPowerShellCompletionWithDesc(&text)
	case shell == "powershell":
		err = root.GenPowerShellCompletion(&text)
	default:
		err = fmt.Errorf("no script for the shell %q", shell)
	}
	if err != nil {
		return err
	}
	_, err = mended.WriteString(w, text.String())
	return err
}

// strictly puts cobra's own commands, help and completion, right: they end well whatever word they do not know.
func strictly(root *cobra.Command, out io.Writer) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Args = func(_ *cobra.Command, words []string) error { return namesCommand(root, words) }
		case "completion":
			cmd.Args, cmd.RunE = noArgs, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			for _, shell := range cmd.Commands() {
				shell.Args = noArgs
				shell.RunE = func(cmd *cobra.Command, _ []string) error {
					bare, err := cmd.Flags().GetBool("no-descriptions")
					if err != nil {
						return fail(err)
					}
					return fail(completionScript(out, root, cmd.Name(), !bare))
				}
			}
		}
	}
}

// namesCommand refuses words that name no command.
func namesCommand(cmd *cobra.Command, words []string) error {
	for _, w := range words {
		below, _, err := cmd.Find([]string{w})
		if err != nil || below == cmd {
			return usage("%s has no command %q%s; see %q", cmd.CommandPath(), w, commandMeant(cmd, w), cmd.CommandPath()+" --help")
		}
		cmd = below
	}
	return nil
}
