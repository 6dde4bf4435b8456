package sandbox

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"prober/catalog"
	"prober/sandbox/nameserver"
	"prober/sandbox/pki"
)

// nameServers is how many DNS servers a sandbox has.
const nameServers = 2

// Config says what to serve. Only Catalog is needed.
type Config struct {
	Catalog *catalog.Catalog
	// Faults maps endpoint ids to the faults or variants that they start with; see
	// [ParseFaults].
	Faults map[string]string
	// Latency is added to every answer, see [ParseLatency].
	Latency Latency
	// Now is the sandbox's clock: the dates of certificates and of rules, and the
	// clock of the imitated APIs. nil means time.Now. Time-outs use the real clock.
	Now func() time.Time
	// Random makes the credentials; nil means crypto/rand. Keys and certificates
	// always come from crypto/rand.
	Random io.Reader
}

// Sandbox is a running cloud. Its methods are safe for concurrent use.
type Sandbox struct {
	cfg         Config
	ca          *pki.Authority
	zone        *nameserver.Zone
	credentials Credentials
	ticketKey   [32]byte
	specs       func() map[string]spec // made when a fault is first put on

	served atomic.Pointer[served] // see [Sandbox.Change]
	names  []*nameserver.Server
	manage *http.Server
	log    requestLog

	control port
	outages map[string]*spec     // by the endpoints that have them
	outage  atomic.Pointer[spec] // the one that shows; nil: none

	changes sync.Mutex      // held while the list is exchanged
	faults  sync.Mutex      // held while a fault is exchanged
	closing context.Context // ends every connection
	stop    context.CancelFunc
	wg      sync.WaitGroup
}

// Start brings the cloud up. When it returns, everything listens.
func Start(cfg Config) (*Sandbox, error) {
	if cfg.Catalog == nil {
		return nil, errors.New("starting the sandbox: no catalogue")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	s := &Sandbox{cfg: cfg, specs: sync.OnceValue(specs), zone: nameserver.NewZone(nil), outages: make(map[string]*spec)}
	s.served.Store(&served{catalog: cfg.Catalog})
	s.closing, s.stop = context.WithCancel(context.Background())
	if err := s.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the sandbox: %w", enoughFiles(err, len(cfg.Catalog.Endpoints))), s.Close())
	}
	return s, nil
}

func (s *Sandbox) start() error {
	var err error
	if s.credentials, err = newCredentials(s.cfg.Random); err != nil {
		return err
	}
	_, _ = rand.Read(s.ticketKey[:]) // which cannot fail
	if s.ca, err = pki.New(s.cfg.Now()); err != nil {
		return err
	}
	if err := s.Change(s.cfg.Catalog, nil); err != nil {
		return err
	}
	for i := range nameServers {
		server, err := nameserver.Start(nameserver.Config{
			Answer:  s.zone.Answer,
			Delay:   func() time.Duration { return s.cfg.Latency.DNS },
			Observe: s.observe,
			Number:  i,
		})
		if err != nil {
			return err
		}
		s.names = append(s.names, server)
	}
	if err := s.openControl(); err != nil {
		return err
	}
	if err := s.openManagement(); err != nil {
		return err
	}
	for id, fault := range s.cfg.Faults {
		if err := s.SetFault(id, fault); err != nil {
			return err
		}
	}
	return nil
}

// observe logs a DNS question.
func (s *Sandbox) observe(q nameserver.Question) {
	h, ok := s.zone.HostOf(q.Name)
	if of := s.served.Load().byHost[h.Name]; ok && len(of) > 0 {
		s.log.question(s.cfg.Now(), of[0].ID, q)
	}
}

// Close ends every connection and waits until nothing of the sandbox runs. It may be
// called more than once.
func (s *Sandbox) Close() error {
	s.stop()
	var errs []error
	if s.manage != nil {
		errs = append(errs, s.closeManagement())
	}
	for _, n := range s.names {
		errs = append(errs, n.Close())
	}
	s.changes.Lock()
	defer s.changes.Unlock()
	s.faults.Lock()
	errs = append(errs, s.control.Close())
	for _, e := range s.served.Load().endpoints {
		errs = append(errs, e.close())
	}
	s.faults.Unlock()
	s.wg.Wait()
	return errors.Join(errs...)
}

// Catalog returns a copy of the catalogue in which every endpoint has its ports.
func (s *Sandbox) Catalog() *catalog.Catalog {
	now := s.served.Load()
	ports := make(map[string]catalog.Ports, len(now.endpoints))
	for _, e := range now.endpoints {
		ports[e.ID] = e.ports()
	}
	return now.catalog.WithPorts(ports)
}

// Addresses returns where an endpoint is served, for hosts that DNS has no say in.
func (s *Sandbox) Addresses(id string) []netip.Addr {
	if e := s.served.Load().byID[id]; e != nil {
		return slices.Clone(e.addresses)
	}
	return nil
}

// Resolvers returns the addresses of the DNS servers.
func (s *Sandbox) Resolvers() []netip.AddrPort {
	addrs := make([]netip.AddrPort, len(s.names))
	for i, n := range s.names {
		addrs[i] = n.Addr()
	}
	return addrs
}

// Roots returns a pool with the root certificate.
func (s *Sandbox) Roots() *x509.CertPool { return s.ca.Roots() }

// Credentials returns the keys that the imitated APIs accept, new at every start.
func (s *Sandbox) Credentials() Credentials { return s.credentials }

// Management returns the URL of the management API, without a final slash. It is plain
// HTTP with JSON, on a port of 127.0.0.1:
//
//	GET    /faults                  every fault, as [Fault.MarshalJSON] writes them
//	GET    /variants                every variant
//	GET    /endpoints               id, host, https, http and fault of every endpoint
//	GET    /endpoints/{id}/fault    {"fault": "cert_expired"}, or "" when clean
//	PUT    /endpoints/{id}/fault    the same, or the bare name, as the body; POST too; {"fault": ""} as DELETE
//	DELETE /endpoints/{id}/fault    makes the endpoint clean
//	GET    /requests[?endpoint=ID]  what arrived, oldest first; see [Request]
//	POST   /reset                   makes all clean and forgets the requests
//
// Errors are {"error": "..."} with status 400 or 404. Requests that carry an Origin, or
// whose Host is no loopback address, are refused with 403: they come from a web page.
func (s *Sandbox) Management() string { return "http://" + s.manage.Addr }

// Requests returns what arrived, oldest first; the oldest are dropped beyond a few
// thousand.
func (s *Sandbox) Requests() []Request { return s.log.all() }

// Public returns the loopback addresses that stand for public ones here.
func (s *Sandbox) Public() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/24"),
		netip.MustParsePrefix("127.255.255.255/32"),
		netip.MustParsePrefix("::1/128"),
	}
}

// Private returns the loopback addresses that stand for a provider's private network.
func (s *Sandbox) Private() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.1.0.0/16")}
}
