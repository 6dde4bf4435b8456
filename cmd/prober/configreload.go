package main

import (
	"flag"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"prober/probe"
	"prober/session"
	"prober/settings"
)

// selecting are the flags that a reload takes from the file anew: those that say which endpoints of
// which list are probed. All others hold for as long as the process runs.
func selecting() []string { return []string{"endpoints", "product", "region", "network"} }

// reloading returns a load that first reads the file of settings again, if there is one.
func (c *configFile) reloading(s *session.Session, log *slog.Logger, load func() ([]probe.Target, error)) func() ([]probe.Target, error) {
	if c.path == "" {
		return load
	}
	var one sync.Mutex
	return func() ([]probe.Target, error) {
		one.Lock()
		defer one.Unlock()
		now, err := c.read(s.Env.Files)
		if err != nil {
			return nil, err
		}
		o, err := c.selection(now)
		if err != nil {
			return nil, err
		}
		s.Reselect(o)
		if late := changed(c.applied, now, func(name string) bool { return !slices.Contains(selecting(), name) }); len(late) > 0 {
			log.Warn("the file of settings has changed in what needs a restart", "file", string(c.path), "settings", strings.Join(late, ", "))
		}
		return load()
	}
}

// selection are options that select as the command line and the settings do.
func (c *configFile) selection(now []settings.Setting) (session.Options, error) {
	var o session.Options
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	o.Bind(fs)
	set := func(s settings.Setting) error {
		for _, v := range s.Values {
			if err := fs.Set(s.Name, v); err != nil {
				return usage("%s: line %d: %s: %w", c.path, s.Line, s.Name, err)
			}
		}
		return nil
	}
	for _, name := range selecting() {
		if c.onLine[name] {
			if err := fs.Set(name, c.flags.Lookup(name).Value.String()); err != nil {
				return o, usage("--%s: %w", name, err)
			}
		}
		for _, s := range now {
			if s.Name != name {
				continue
			}
			if s.List && !repeatable(c.flags.Lookup(name)) {
				return o, usage("%s: line %d: %s: want one value, not a list", c.path, s.Line, s.Name)
			}
			if err := set(s); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// changed are the names of settings of some kind that differ.
func changed(before, now []settings.Setting, kind func(name string) bool) (names []string) {
	values := func(all []settings.Setting, name string) (found []string) {
		for _, s := range all {
			if s.Name == name {
				found = s.Values
			}
		}
		return found
	}
	for _, s := range slices.Concat(before, now) {
		if kind(s.Name) && !slices.Contains(names, s.Name) && !slices.Equal(values(before, s.Name), values(now, s.Name)) {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return names
}
