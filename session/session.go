// Package session turns options into what a run needs: a catalogue, the endpoints that
// were selected, a prober, and, when asked for, the sandbox to run it against. The
// command line and the suites share it, so that a flag means the same everywhere.
//
//	s, err := session.Open(session.Options{Sandbox: true}, session.Surroundings{Embedded: list})
//	if err != nil { ... } // a *session.UsageError says what is wrong with the options
//	defer s.Close()
//	for _, t := range s.Targets() { fmt.Println(s.Prober.Probe(ctx, t).Outcome) }
package session

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/dns"
	"prober/sandbox"
)

// UsageError is an error of whoever chose the options.
type UsageError struct{ Err error }

// Error says what is wrong, where, and what to do.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

func usagef(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Surroundings is what a session takes from its process.
type Surroundings struct {
	Embedded   []byte              // the built-in catalogue
	Getenv     func(string) string // nil: no environment
	Now        func() time.Time    // nil: time.Now
	ResolvConf string              // empty: /etc/resolv.conf
}

// Session is an opened run.
type Session struct {
	Options   Options
	Catalog   *catalog.Catalog
	Source    []byte             // the catalogue's file
	Endpoints []catalog.Endpoint // selected, in the order of the catalogue
	Schemes   []catalog.Scheme
	Prober    *probe.Prober
	Config    probe.Config     // what Prober was made of
	Sandbox   *sandbox.Sandbox // nil on the internet

	around Surroundings
	reach  func(catalog.Endpoint) []string // see [Options.Reach]
}

// Open checks the options and opens a session. Everything that can be wrong with the
// options is found before anything is started.
func Open(o Options, around Surroundings) (*Session, error) {
	if around.Now == nil {
		around.Now = time.Now
	}
	if around.Getenv == nil {
		around.Getenv = func(string) string { return "" }
	}
	if around.ResolvConf == "" {
		around.ResolvConf = "/etc/resolv.conf"
	}
	s := &Session{Options: o, around: around}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Session) open() error {
	o := &s.Options
	if err := o.check(); err != nil {
		return err
	}
	var err error
	if s.Catalog, s.Source, err = readCatalog(o.EndpointsFile, s.around.Embedded); err != nil {
		return err
	}
	if s.Endpoints, err = o.Select(s.Catalog); err != nil {
		return err
	}
	if s.Schemes, err = o.schemes(); err != nil {
		return err
	}
	s.reach = o.Reach(s.Catalog)
	cfg := probe.Config{Self: s.self, Timeout: o.Timeout, PostQuantum: o.PostQuantum, Clock: probe.Clock{NowFunc: s.around.Now}}
	cfg.Guard.AllowPrivate = o.AllowPrivate
	if cfg.Guard.Public, cfg.Guard.Private, err = ParseWorld(o.World); err != nil {
		return err
	}
	if cfg.Families, err = o.families(); err != nil {
		return err
	}
	if cfg.Inside, err = o.inside(s.Catalog); err != nil {
		return err
	}
	if o.Sandbox {
		err = s.openSandbox(&cfg)
	} else {
		err = s.openLive(&cfg)
	}
	if err != nil {
		return err
	}
	s.Config = cfg
	s.Prober = probe.New(cfg)
	return nil
}

// openLive reads what a run on the internet needs.
func (s *Session) openLive(cfg *probe.Config) error {
	var err error
	if cfg.Resolvers, err = s.Options.resolvers(); err != nil {
		return err
	}
	if len(cfg.Resolvers) == 0 {
		// Without resolv.conf every lookup is prober/resolver_unavailable, which says so:
		// a probe of a given address needs no resolver.
		cfg.Resolvers, _ = dns.SystemResolvers(s.around.ResolvConf)
	}
	if file := s.Options.CAFile; file != "" {
		if cfg.Roots, err = readRoots(file); err != nil {
			return err
		}
		cfg.RootsFile = file
	}
	if cfg.Alibaba, err = cloudapi.AlibabaKeyFromEnv(s.around.Getenv); err != nil {
		return &UsageError{err}
	}
	if cfg.Tencent, err = cloudapi.TencentKeyFromEnv(s.around.Getenv); err != nil {
		return &UsageError{err}
	}
	return nil
}

// openSandbox starts the sandbox and points the configuration at it. The vendors'
// variables are not read.
func (s *Session) openSandbox(cfg *probe.Config) error {
	faults, err := ParseFaults(s.Catalog, s.Options.Faults)
	if err != nil {
		return err
	}
	latency, err := sandbox.ParseLatency(s.Options.Latency)
	if err != nil {
		return usagef("--latency: %w", err)
	}
	sb, err := sandbox.Start(sandbox.Config{Catalog: s.Catalog, Faults: faults, Latency: latency, Now: s.around.Now})
	if err != nil {
		return fmt.Errorf("starting the sandbox: %w", err)
	}
	s.Sandbox = sb
	s.Catalog = sb.Catalog()
	for i, e := range s.Endpoints {
		s.Endpoints[i], _ = s.Catalog.Endpoint(e.ID)
	}
	cfg.Resolvers, cfg.Roots = sb.Resolvers(), sb.Roots()
	cfg.Guard.Public, cfg.Guard.Private = sb.Public(), sb.Private()
	keys := sb.Credentials()
	cfg.Alibaba, cfg.Tencent = keys.Alibaba, keys.Tencent
	return nil
}

// Reload reads the catalogue file again and returns the targets that the options select
// in it. In the sandbox the endpoints cannot change while it runs.
func (s *Session) Reload() ([]probe.Target, error) {
	if s.Sandbox != nil {
		return s.Targets(), nil
	}
	c, err := LoadCatalog(s.Options.EndpointsFile, s.around.Embedded)
	if err != nil {
		return nil, err
	}
	endpoints, err := s.Options.Select(c)
	if err != nil {
		return nil, err
	}
	next := Session{Catalog: c, Schemes: s.Schemes}
	return next.TargetsOf(endpoints), nil
}

// Close stops the sandbox, if there is one.
func (s *Session) Close() error {
	if s.Sandbox == nil {
		return nil
	}
	return s.Sandbox.Close()
}

// Targets returns a target for every selected endpoint and scheme.
func (s *Session) Targets() []probe.Target { return s.TargetsOf(s.Endpoints) }

// TargetsOf returns a target for every given endpoint and every selected scheme.
func (s *Session) TargetsOf(endpoints []catalog.Endpoint) []probe.Target {
	targets := make([]probe.Target, 0, len(endpoints)*len(s.Schemes))
	for _, e := range endpoints {
		product, _ := s.Catalog.Product(e.Product)
		for _, scheme := range s.Schemes {
			targets = append(targets, probe.Target{Endpoint: e, Product: product, Scheme: scheme})
		}
	}
	return targets
}

// LoadCatalog decodes the catalogue in file, or the embedded one when file is empty.
func LoadCatalog(file string, embedded []byte) (*catalog.Catalog, error) {
	c, _, err := readCatalog(file, embedded)
	return c, err
}

func readCatalog(file string, embedded []byte) (*catalog.Catalog, []byte, error) {
	name, data := "endpoints.json", embedded
	if file != "" {
		var err error
		if data, err = os.ReadFile(file); err != nil {
			return nil, nil, usagef("--endpoints: %w", trimPath(err))
		}
		name = file
	}
	c, err := catalog.Decode(name, data)
	if err != nil {
		return nil, nil, &UsageError{err}
	}
	return c, data, nil
}

// readRoots reads the authorities of a PEM file.
func readRoots(file string) (*x509.CertPool, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, usagef("--ca-file: %w", trimPath(err))
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, usagef("--ca-file %s: holds no certificate in PEM form", file)
	}
	return pool, nil
}

// trimPath leaves "open" out of a path error: "ca.pem: no such file or directory".
func trimPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}
