package sandbox

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"

	"prober/catalog"
	"prober/files"
)

// EndpointInfo says where an endpoint is served and what is wrong with it.
type EndpointInfo struct {
	ID    string         `json:"id"`
	Host  string         `json:"host"`
	HTTPS netip.AddrPort `json:"https"`
	HTTP  netip.AddrPort `json:"http,omitzero"`
	Kind  catalog.Kind   `json:"kind,omitempty"` // where it is not http: it is served at the port of HTTPS
	Fault string         `json:"fault,omitempty"`
}

// Endpoints returns every endpoint in the order of the catalogue, with its IPv4 address.
func (s *Sandbox) Endpoints() []EndpointInfo {
	now := s.served.Load()
	list := make([]EndpointInfo, 0, len(now.endpoints))
	for _, e := range now.endpoints {
		info := EndpointInfo{ID: e.ID, Host: e.Host, Fault: s.Fault(e.ID), HTTPS: netip.AddrPortFrom(e.addresses[0], e.https.number)}
		if info.Kind = e.kind(); info.Kind == catalog.KindHTTP {
			info.Kind, info.HTTP = "", netip.AddrPortFrom(e.addresses[0], e.http.number)
		}
		list = append(list, info)
	}
	return list
}

// WriteDir writes endpoints.json, the catalogue with ports, and ca.pem into a directory,
// which is made if it is missing. Each file is replaced as a whole.
func (s *Sandbox) WriteDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing the sandbox's files: %w", err)
	}
	return errors.Join(
		files.Replace(filepath.Join(dir, "endpoints.json"), files.Holding(catalog.Encode(s.standingIn()))),
		files.Replace(filepath.Join(dir, "ca.pem"), files.Holding(s.ca.PEM())),
	)
}

// Authority is that of the sandbox, in PEM form.
func (s *Sandbox) Authority() []byte { return s.ca.PEM() }

// standingIn is the catalogue with ports, without what the sandbox has in its place: resolvers, names and
// authorities. Hosts that are addresses themselves have those at which they are served.
func (s *Sandbox) standingIn() *catalog.Catalog {
	c := s.Catalog()
	c.Products = slices.Clone(c.Products)
	for i := range c.Products {
		c.Products[i].Own = withoutPlace(c.Products[i].Own)
	}
	for i := range c.Endpoints {
		e := &c.Endpoints[i]
		e.Own = withoutPlace(e.Own)
		if _, err := netip.ParseAddr(e.Host); err != nil {
			continue
		}
		if e.Own == nil {
			e.Own = new(catalog.Own)
		}
		for _, a := range s.Addresses(e.ID) {
			e.Addresses = append(e.Addresses, a.String())
		}
	}
	return c
}

func withoutPlace(own *catalog.Own) *catalog.Own {
	if own == nil {
		return nil
	}
	o := *own
	o.Resolvers, o.Addresses, o.Family, o.ServerName = nil, nil, 0, ""
	o.CAFile, o.ClientCertificate, o.ClientKey = "", "", ""
	return &o
}
