package sandbox

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"prober/catalog"
	"prober/files"
)

// EndpointInfo says where an endpoint is served and what is wrong with it.
type EndpointInfo struct {
	ID    string         `json:"id"`
	Host  string         `json:"host"`
	HTTPS netip.AddrPort `json:"https"`
	HTTP  netip.AddrPort `json:"http"`
	Fault string         `json:"fault,omitempty"`
}

// Endpoints returns every endpoint in the order of the catalogue, with its IPv4 address.
func (s *Sandbox) Endpoints() []EndpointInfo {
	now := s.served.Load()
	list := make([]EndpointInfo, 0, len(now.endpoints))
	for _, e := range now.endpoints {
		list = append(list, EndpointInfo{
			ID: e.ID, Host: e.Host, Fault: s.Fault(e.ID),
			HTTPS: netip.AddrPortFrom(e.addresses[0], e.https.number),
			HTTP:  netip.AddrPortFrom(e.addresses[0], e.http.number),
		})
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
		files.Replace(filepath.Join(dir, "endpoints.json"), files.Holding(catalog.Encode(s.Catalog()))),
		files.Replace(filepath.Join(dir, "ca.pem"), files.Holding(s.ca.PEM())),
	)
}
