package sandbox

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"prober/catalog"
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
	list := make([]EndpointInfo, 0, len(s.endpoints))
	for _, e := range s.endpoints {
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
		replaceFile(filepath.Join(dir, "endpoints.json"), catalog.Encode(s.Catalog())),
		replaceFile(filepath.Join(dir, "ca.pem"), s.ca.PEM()),
	)
}

// replaceFile writes a file so that a reader sees the old or the new content.
func replaceFile(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("writing %q: %w", name, err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %q: %w", name, err), os.Remove(f.Name()))
	}
	return nil
}
