package session

import (
	"cmp"
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"prober/catalog"
	"prober/files"
	"prober/probe"
	"prober/sandbox"
)

// UsageError is an error of whoever chose the options.
type UsageError struct{ Err error }

// Error says what is wrong, where, and what to do.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// Usagef returns a [*UsageError].
func Usagef(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Environment is what a session takes from its process.
type Environment struct {
	Embedded   []byte               // the built-in catalogue
	Getenv     func(string) string  // nil: no variables
	Now        func() time.Time     // nil: time.Now
	Elapsed    func() time.Duration // see [probe.Clock]; nil: the machine's
	ResolvConf string               // empty: /etc/resolv.conf
	HostsFile  string               // empty: /etc/hosts
	Files      files.Reader         // reads the files that options name
	// Stays: the session is there for as long as people read what it prints, so that commands can reach its sandbox.
	// Then its authority is in a file while it lasts, which they name.
	Stays bool
}

// Choice is what options choose. Nothing is opened yet.
type Choice struct {
	Options   Options
	Env       Environment // without nil and empty fields, but for Embedded
	Catalog   *catalog.Catalog
	Endpoints []catalog.Endpoint // selected, in the order of the catalogue
	Schemes   []catalog.Scheme
	Faults    Faults       // that the sandbox gets
	Config    probe.Config // of the prober; [Choice.Open] completes it

	latency sandbox.Latency
	owns    owns // how endpoints are probed whose list says so
	// standIns are the addresses at which the sandbox serves an endpoint; nil: it is none.
	standIns func(id string) []netip.Addr
}

// Choose reads the files that the options name and finds everything that is wrong with the
// options, which is an error of type [*UsageError]. It opens no connection and starts nothing.
func Choose(o Options, env Environment) (*Choice, error) {
	if env.Now == nil {
		env.Now = time.Now
	}
	if env.Getenv == nil {
		env.Getenv = func(string) string { return "" }
	}
	env.ResolvConf = cmp.Or(env.ResolvConf, "/etc/resolv.conf")
	env.HostsFile = cmp.Or(env.HostsFile, "/etc/hosts")
	c := &Choice{Options: o, Env: env}
	c.Config = probe.Config{
		Self: c.self, Timeout: o.Timeout, ConnectionsPerHost: o.ConnectionsPerHost, PostQuantum: o.PostQuantum, RootsFile: absolute(o.CAFile),
		Guard: probe.Guard{AllowPrivate: o.AllowPrivate}, Clock: probe.Clock{NowFunc: env.Now, ElapsedFunc: env.Elapsed},
	}
	var err error
	if err = o.check(); err != nil {
		return nil, err
	}
	if err = c.selectEndpoints(); err != nil {
		return nil, err
	}
	if c.Schemes, err = o.schemes(); err != nil {
		return nil, err
	}
	if c.Config.Guard.Public, c.Config.Guard.Private, err = ParseWorld(o.World); err != nil {
		return nil, err
	}
	if c.Config.Families, err = o.families(); err != nil {
		return nil, err
	}
	if c.Config.Inside, err = o.inside(c.Catalog); err != nil {
		return nil, err
	}
	if c.Config.Resolvers, err = o.resolvers(); err != nil {
		return nil, err
	}
	if c.Config.Controls, c.Config.Reaches, err = o.controls(); err != nil {
		return nil, err
	}
	if c.Config.Roots, c.Config.Anchors, err = readRoots(env.Files, o.CAFile); err != nil {
		return nil, err
	}
	if c.Faults, err = parseFaults(c.Catalog, o.Faults); err != nil {
		return nil, err
	}
	if c.latency, err = sandbox.ParseLatency(o.Latency); err != nil {
		return nil, Usagef("--latency: %w", err)
	}
	return c, nil
}

// selectEndpoints reads the catalogue and selects from it.
func (c *Choice) selectEndpoints() error {
	var err error
	if c.Catalog, err = LoadLists(c.Env.Files, c.Options.Endpoints, c.Env.Embedded); err != nil {
		return err
	}
	if c.Endpoints, err = c.Catalog.Select(c.Options.selection()); err != nil {
		return &UsageError{err}
	}
	c.owns, err = readOwns(c.Env.Files, c.Catalog, c.Endpoints)
	return err
}

// Targets returns a target for every selected endpoint and scheme.
func (c *Choice) Targets() []probe.Target { return c.TargetsOf(c.Endpoints) }

// TargetsOf returns a target for every given endpoint and every selected scheme; for the one scheme of
// an endpoint that says which.
func (c *Choice) TargetsOf(endpoints []catalog.Endpoint) []probe.Target {
	targets, _ := c.checked(endpoints) // each probe tells what could not be read
	return targets
}

// Reach returns the flags that put another run of the program into the same environment as far
// as an endpoint goes: catalogue, resolvers, authorities, or the sandbox with the endpoint's
// fault. Selections, and what a run does with what it finds, are no part of it.
func (c *Choice) Reach(e catalog.Endpoint) []string {
	o, defaults := c.Options, Defaults()
	o.Endpoints, o.CAFile, o.Faults = o.Endpoints.absolute(), absolute(o.CAFile), nil
	if name := c.Faults.ByEndpoint[e.ID]; name != "" {
		o.Faults = Verbatim{e.ID + "=" + name}
	}
	var words []string
	usual := defaults.flags()
	for i, f := range o.flags() {
		text := f.text()
		if f.use&(again|each) == 0 || text == usual[i].text() {
			continue
		}
		values := []string{text}
		if f.use&each != 0 {
			values = strings.Split(text, ",")
		}
		if lists, several := f.field.(*Lists); several {
			values = *lists
		}
		for _, v := range values {
			words = append(words, "--"+f.name)
			if _, isSwitch := f.field.(*bool); !isSwitch {
				words = append(words, v)
			}
		}
	}
	return words
}

// absolute returns a file's path from the root: a command is not run where this program was started.
func absolute(file string) string {
	if file == "" {
		return ""
	}
	path, err := filepath.Abs(file)
	if err != nil { // the folder that this program is in was removed
		return file
	}
	return path
}

// self returns the arguments of "prober check" that probe one address of an endpoint in the
// same way. In a sandbox, which ends with the session, addresses mean nothing.
func (c *Choice) self(e catalog.Endpoint, addr netip.Addr) []string {
	words := []string{e.ID}
	if !c.Options.Sandbox {
		words = append(words, "--address", addr.String())
	}
	return append(words, c.Reach(e)...)
}
