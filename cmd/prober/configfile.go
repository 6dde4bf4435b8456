package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prober/files"
	"prober/limit"
	"prober/session"
	"prober/settings"
	"prober/suggest"
)

// configFlag is the name of the flag that names a file of settings.
const configFlag = "config.file"

// configFile is a file that says what flags say, as one command took it.
type configFile struct {
	path    session.Given
	flags   *pflag.FlagSet     // of the command
	onLine  map[string]bool    // flags that were given on the command line, which are on top
	known   []string           // flags of all commands that take a file
	applied []settings.Setting // those that were not, of this command
}

// configurable lets a command take its flags from a file as well. One file can serve all such
// commands: what it says for flags of another command is left aside.
func (a *app) configurable(cmd *cobra.Command, c *configFile) *cobra.Command {
	addFlags(cmd, func(fs *flag.FlagSet) {
		fs.Var(&c.path, configFlag, "YAML `FILE` that says what flags say, as \"interval: 30s\"; flags are on top")
	})
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if c.path == "" {
			return run(cmd, args)
		}
		if err := c.apply(cmd, a.files); err != nil {
			return err
		}
		return c.attribute(run(cmd, args))
	}
	return cmd
}

// apply sets the flags of cmd that the file names and the command line does not.
func (c *configFile) apply(cmd *cobra.Command, from files.Reader) error {
	c.flags, c.onLine = cmd.Flags(), map[string]bool{}
	c.flags.Visit(func(f *pflag.Flag) { c.onLine[f.Name] = true })
	c.known = configurableFlags(cmd.Root())
	all, err := c.read(from)
	if err != nil {
		return err
	}
	var wrong []error
	for _, s := range all {
		if err := c.set(s); err != nil {
			wrong = append(wrong, usage("%s: line %d: %s: %w", c.path, s.Line, s.Name, err))
		}
	}
	c.applied = all
	return errors.Join(wrong...)
}

// read returns the settings of the file that are for this command and not on its command line.
func (c *configFile) read(from files.Reader) ([]settings.Setting, error) {
	data, err := from.Read(string(c.path), limit.ConfigBytes)
	if bare := (*fs.PathError)(nil); errors.As(err, &bare) {
		err = bare.Err
	}
	if err != nil {
		return nil, usage("--%s %s: %w", configFlag, c.path, err)
	}
	all, err := settings.Parse(data)
	if err != nil {
		return nil, usage("%s: %w", c.path, err)
	}
	var wrong []error
	for _, s := range all {
		if !slices.Contains(c.known, s.Name) {
			wrong = append(wrong, usage("%s: line %d: no command takes the flag %q from a file%s", c.path, s.Line, s.Name, meant(s.Name, c.known)))
		}
	}
	mine := slices.DeleteFunc(all, func(s settings.Setting) bool { return c.flags.Lookup(s.Name) == nil || c.onLine[s.Name] })
	return mine, errors.Join(wrong...)
}

// set gives one flag its values.
func (c *configFile) set(s settings.Setting) error {
	f := c.flags.Lookup(s.Name)
	if s.List && !repeatable(f) {
		return errors.New("want one value, not a list")
	}
	for _, v := range s.Values {
		if err := c.flags.Set(s.Name, v); err != nil {
			if bad := (*pflag.InvalidValueError)(nil); errors.As(err, &bad) {
				err = fmt.Errorf("%q: %w", v, wantedOf(bad))
			}
			return err
		}
	}
	return nil
}

// onTheLine says whether a flag of cmd was given on its command line, whatever the file says.
func (c *configFile) onTheLine(cmd *cobra.Command, name string) bool {
	if c.path == "" {
		return cmd.Flags().Changed(name)
	}
	return c.onLine[name]
}

// attribute says of a wrong flag that it is from the file.
func (c *configFile) attribute(err error) error {
	if !errors.As(err, new(*session.UsageError)) {
		return err
	}
	var named []string
	for _, s := range c.applied {
		if strings.Contains(err.Error()+" ", "--"+s.Name+" ") {
			named = append(named, "--"+s.Name)
		}
	}
	if len(named) == 0 {
		return err
	}
	return usage("%w (%s: from %s)", err, strings.Join(named, ", "), c.path)
}

// repeatable reports whether a flag can be given several times.
func repeatable(f *pflag.Flag) bool {
	return slices.Contains([]string{"List", "Lists", "Verbatim", "stringArray"}, f.Value.Type())
}

// configurableFlags are the names of all flags that a file may name.
func configurableFlags(root *cobra.Command) []string {
	names := map[string]bool{}
	for _, cmd := range configurableCommands(root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names[f.Name] = f.Name != configFlag && f.Name != "help" })
	}
	var out []string
	for name, may := range names {
		if may {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// configurableCommands are the commands that take a file, of cmd and those below it.
func configurableCommands(cmd *cobra.Command) (all []*cobra.Command) {
	if cmd.Flags().Lookup(configFlag) != nil {
		all = append(all, cmd)
	}
	for _, below := range cmd.Commands() {
		all = append(all, configurableCommands(below)...)
	}
	return all
}

// meant says which of the known names is near to one that is not.
func meant(name string, known []string) string {
	return cmp.Or(suggest.Hint(name, known), "; docs/configuration.md lists those that can be given")
}
