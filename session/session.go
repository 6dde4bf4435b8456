// Package session turns options into what a run needs, in two steps. [Choose] reads the named
// files and finds everything that is wrong with the options; [Choice.Open] makes the prober and,
// when asked for, starts the sandbox to run it against. The command line and the suites share
// both, so that a flag means the same everywhere.
package session

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"

	"prober/catalog"
	"prober/cloudapi"
	"prober/files"
	"prober/limit"
	"prober/probe"
	"prober/probe/certs"
	"prober/probe/dns"
	"prober/sandbox"
)

// Session is a choice that was opened. In the sandbox its catalogue and its endpoints have the
// sandbox's ports.
type Session struct {
	Choice
	Prober  *probe.Prober
	Sandbox *sandbox.Sandbox // nil on the internet

	// Unshown is why commands name no file with the authority of a sandbox that stays; nil: they do.
	Unshown error

	shown shown // empty: there is none

	current atomic.Pointer[catalog.Catalog] // the frame of the one that was read last
}

// Open starts the sandbox, or takes resolvers and keys from the environment, and makes the
// prober. A [*UsageError] is one of the variables that hold the keys.
func (c *Choice) Open() (*Session, error) {
	s := &Session{Choice: *c}
	s.Config.Self = s.self // so that nothing holds on to c, which holds the whole list
	if _, err := s.checked(s.Endpoints); err != nil {
		return nil, err
	}
	open := s.openLive
	if c.Options.Sandbox {
		open = s.openSandbox
	}
	if err := open(); err != nil {
		return nil, err
	}
	s.current.Store(s.Catalog.Frame())
	s.Prober = probe.New(s.Config)
	s.Prober.Among(Hosts(s.Targets()))
	return s, nil
}

func (s *Session) openLive() error {
	var err error
	s.Config.HostsFile = s.Env.HostsFile
	if len(s.Config.Resolvers) == 0 {
		// Without resolv.conf every lookup is prober/resolver_unavailable, which says so:
		// a probe of a given address needs no resolver.
		s.Config.Resolvers, s.Config.NoResolvers = dns.SystemResolvers(s.Env.ResolvConf)
	}
	if s.Config.Alibaba, err = cloudapi.AlibabaKeyFromEnv(s.Env.Getenv); err != nil {
		return &UsageError{err}
	}
	if s.Config.Tencent, err = cloudapi.TencentKeyFromEnv(s.Env.Getenv); err != nil {
		return &UsageError{err}
	}
	return nil
}

// openSandbox starts the sandbox and points the configuration at it. The vendors'
// variables are not read.
func (s *Session) openSandbox() error {
	sb, err := sandbox.Start(sandbox.Config{Catalog: s.Catalog, Faults: s.Faults.ByEndpoint, Latency: s.latency, Now: s.Env.Now})
	if err != nil {
		return err
	}
	s.Sandbox = sb
	if s.Env.Stays {
		s.Unshown = s.showAuthority()
	}
	s.servedBy(sb)
	s.owns.inSandbox()
	s.Config.Resolvers, s.Config.Roots = sb.Resolvers(), sb.Roots()
	with := s.Options
	with.Controls = append(slices.Clone(with.Controls), sb.Controls()...)
	if s.Config.Controls, s.Config.Reaches, err = with.controls(); err != nil {
		return errors.Join(err, s.Close())
	}
	s.Config.Guard.Public, s.Config.Guard.Private = sb.Public(), sb.Private()
	s.Config.Unpaced = true
	keys := sb.Credentials()
	s.Config.Alibaba, s.Config.Tencent = keys.Alibaba, keys.Tencent
	return nil
}

// servedBy gives what is chosen the ports of a sandbox that serves it.
func (c *Choice) servedBy(sb *sandbox.Sandbox) {
	c.Catalog, c.standIns = sb.Catalog(), sb.Addresses
	chosen := c.Endpoints
	c.Endpoints = make([]catalog.Endpoint, len(chosen))
	for i, e := range chosen {
		c.Endpoints[i], _ = c.Catalog.Endpoint(e.ID)
	}
}

// Hosts returns the hosts of targets.
func Hosts(targets []probe.Target) []string {
	hosts := make([]string, len(targets))
	for i, t := range targets {
		hosts[i] = t.Endpoint.Host
	}
	return hosts
}

// Reload reads the files again: the list, and the authorities or, in the sandbox, which serves the
// new list, nothing else. It returns the targets that the options select; unusable says which authorities
// cannot be used. Whoever is to use the targets says first whether they can be; acceptable may be nil.
// After an error everything is as it was.
func (s *Session) Reload(acceptable func([]probe.Target) error) (targets []probe.Target, unusable []error, err error) {
	next := Choice{Options: s.Options, Env: s.Env, Schemes: s.Schemes}
	if err := next.selectEndpoints(); err != nil {
		return nil, nil, err
	}
	if len(next.Endpoints) == 0 {
		return nil, nil, Usagef("nothing is selected: the flags name no common endpoint")
	}
	if next.Faults, err = parseFaults(next.Catalog, s.Options.Faults); err != nil {
		return nil, nil, err
	}
	roots, anchors, err := readRoots(s.Env.Files, s.Options.CAFile)
	if err != nil {
		return nil, nil, err
	}
	targets, err = next.checked(next.Endpoints)
	if err != nil {
		return nil, nil, err
	}
	if acceptable != nil {
		if err := acceptable(targets); err != nil {
			return nil, nil, err
		}
	}
	if s.Sandbox != nil {
		if err := s.Sandbox.Change(next.Catalog, next.Faults.ByEndpoint); err != nil {
			return nil, nil, err
		}
		next.servedBy(s.Sandbox)
		next.owns.inSandbox()
		targets = next.Targets()
	} else {
		s.Prober.Trust(roots, anchors)
	}
	s.current.Store(next.Catalog.Frame())
	s.Prober.Among(Hosts(targets))
	return targets, anchors.Told(), nil
}

// Forget lets go of the endpoints, for who has taken over [Session.Targets] and runs for months: of a
// hundred thousand they take as much memory again. [Session.Reload] reads them anew.
func (s *Session) Forget() {
	s.Catalog, s.Endpoints = s.Catalog.Frame(), nil
}

// RegionName returns the name of the region of an endpoint, by the list that was read last.
func (s *Session) RegionName(e catalog.Endpoint) string { return s.current.Load().RegionName(e) }

// Close stops the sandbox, if there is one.
func (s *Session) Close() error {
	if s.Sandbox == nil {
		return nil
	}
	return errors.Join(s.Sandbox.Close(), s.hideAuthority())
}

// readRoots reads the authorities of a PEM file; without one they are the system's, nil.
func readRoots(from files.Reader, file string) (*x509.CertPool, certs.Anchors, error) {
	var anchors certs.Anchors
	if file == "" {
		return nil, anchors, nil
	}
	data, err := from.Read(file, limit.AuthoritiesBytes)
	if err != nil {
		return nil, anchors, Usagef("--ca-file: %w", trimPath(err))
	}
	pool, anchors, err := authoritiesOf(file, data)
	if err != nil {
		return nil, anchors, Usagef("--ca-file %w", err)
	}
	return pool, anchors, nil
}

// authoritiesOf are the authorities that a PEM file holds.
func authoritiesOf(file string, data []byte) (*x509.CertPool, certs.Anchors, error) {
	anchors := certs.ReadAnchors(data)
	switch {
	case len(anchors.Usable) > 0:
		return anchors.Pool(), anchors, nil
	case len(anchors.Unusable) > 0:
		return nil, anchors, fmt.Errorf("%s: holds no certificate that can be used: %w", file, anchors.Unusable[0])
	}
	return nil, anchors, fmt.Errorf("%s: holds no certificate in PEM form", file)
}

// trimPath leaves "open" out of a path error: "ca.pem: no such file or directory".
func trimPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}
