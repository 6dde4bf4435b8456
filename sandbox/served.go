package sandbox

import (
	"errors"
	"fmt"
	"reflect"

	"prober/catalog"
	"prober/sandbox/nameserver"
)

// served is the list that the sandbox serves. It does not change: another one takes its place.
type served struct {
	catalog   *catalog.Catalog
	endpoints []*endpoint
	byID      map[string]*endpoint
	byHost    map[string][]*endpoint // a name may be that of several, at different ports
}

// Change makes the sandbox serve another list. Endpoints that stay what they are keep their ports
// and the faults that they have; new ones get theirs of faults, by their ids. After an error everything is
// as it was.
func (s *Sandbox) Change(c *catalog.Catalog, faults map[string]string) error {
	s.changes.Lock()
	defer s.changes.Unlock()
	if s.closing.Err() != nil {
		return errors.New("the sandbox is closed")
	}
	was := s.served.Load()
	next, fresh, err := s.open(c, was)
	for _, e := range fresh {
		if fault := faults[e.ID]; fault != "" && err == nil {
			err = s.begin(c, e, fault)
		}
	}
	if err != nil {
		return errors.Join(enoughFiles(err, len(c.Endpoints)), discard(fresh))
	}
	hosts := make([]nameserver.Host, 0, len(next.endpoints)+1)
	for _, e := range next.endpoints {
		hosts = append(hosts, e.host())
	}
	s.zone.Hold(append(hosts, control()))
	s.served.Store(next)
	var gone []*endpoint
	for _, e := range was.endpoints {
		if next.byID[e.ID] != e {
			gone = append(gone, e)
		}
	}
	return discard(gone)
}

// open makes a list of what stays and of fresh endpoints, which listen. These come along with an
// error, too.
func (s *Sandbox) open(c *catalog.Catalog, was *served) (next *served, fresh []*endpoint, err error) {
	next = &served{c, make([]*endpoint, 0, len(c.Endpoints)), make(map[string]*endpoint, len(c.Endpoints)), map[string][]*endpoint{}}
	v6 := haveIPv6()
	count := make(map[string]int)
	products := make(map[string]catalog.Product, len(c.Products))
	same := make(map[string]bool, len(c.Products))
	for _, p := range c.Products {
		before, known := was.catalog.Product(p.ID)
		products[p.ID], same[p.ID] = p, known && reflect.DeepEqual(before, p)
	}
	for _, e := range c.Endpoints {
		ep := was.byID[e.ID]
		if ep == nil || !same[e.Product] || ep.Host != e.Host || ep.Region != e.Region || ep.Network != e.Network || !reflect.DeepEqual(ep.Check, e.Check) || !reflect.DeepEqual(ep.Own, e.Own) {
			ep = newEndpoint(s, e, products[e.Product], v6, count[e.Product])
			fresh = append(fresh, ep)
			if err := ep.open(); err != nil {
				return next, fresh, fmt.Errorf("opening %s: %w", e.ID, err)
			}
		}
		count[e.Product]++
		next.endpoints = append(next.endpoints, ep)
		next.byID[e.ID] = ep
		next.byHost[e.Host] = append(next.byHost[e.Host], ep)
	}
	return next, fresh, nil
}

// discard makes endpoints clean and ends their listening.
func discard(endpoints []*endpoint) error {
	var errs []error
	for _, e := range endpoints {
		if e.fault.Load().Name != "" {
			errs = append(errs, e.apply(&spec{}))
		}
		errs = append(errs, e.close())
	}
	return errors.Join(errs...)
}
