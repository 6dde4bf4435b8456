package sandbox

import (
	"errors"
	"fmt"

	"prober/catalog"
)

// SetFault puts a fault or variant on an endpoint, in place of the one it has. Open
// connections go on as they began; requests that come in over them see the fault.
func (s *Sandbox) SetFault(endpointID, fault string) error {
	e, err := s.endpoint(endpointID)
	if err != nil {
		return err
	}
	return s.begin(s.served.Load().catalog, e, fault)
}

// begin puts a fault on an endpoint of a list.
func (s *Sandbox) begin(c *catalog.Catalog, e *endpoint, fault string) error {
	f, err := lookup(s.specs(), fault)
	if err != nil {
		return err
	}
	if err := f.check(c, e.Endpoint); err != nil {
		return err
	}
	if f.scope.needsIPv6 && len(e.addresses) < 2 {
		return fmt.Errorf("fault %q on %s: this machine has no ::1", fault, e.ID)
	}
	if err := e.apply(&f); err != nil {
		return fmt.Errorf("fault %q on %s: %w", fault, e.ID, err)
	}
	return nil
}

// ClearFault makes an endpoint clean again; it may be clean already.
func (s *Sandbox) ClearFault(endpointID string) error {
	e, err := s.endpoint(endpointID)
	if err != nil {
		return err
	}
	if err := e.apply(&spec{}); err != nil {
		return fmt.Errorf("clearing %s: %w", endpointID, err)
	}
	return nil
}

// Fault returns the name of the fault or variant that an endpoint has; empty if it is
// clean or unknown.
func (s *Sandbox) Fault(endpointID string) string {
	if e := s.served.Load().byID[endpointID]; e != nil {
		return e.fault.Load().Name
	}
	return ""
}

func (s *Sandbox) endpoint(id string) (*endpoint, error) {
	now := s.served.Load()
	if e := now.byID[id]; e != nil {
		return e, nil
	}
	known := make([]string, 0, len(now.endpoints))
	for _, e := range now.endpoints {
		known = append(known, e.ID)
	}
	return nil, fmt.Errorf("no endpoint has the id %q%s", id, near(id, known))
}

// Reset makes every endpoint clean and forgets the requests.
func (s *Sandbox) Reset() error {
	var errs []error
	for _, e := range s.served.Load().endpoints {
		errs = append(errs, s.ClearFault(e.ID))
	}
	s.log.reset()
	return errors.Join(errs...)
}
