package catalog

import "cmp"

// Ports says where to dial; SNI, Host and signatures carry the bare host all the same.
type Ports struct {
	HTTPS uint16 `json:"https,omitempty"` // 0: 443
	HTTP  uint16 `json:"http,omitempty"`  // 0: 80
	TLS   uint16 `json:"tls,omitempty"`   // 0: 443
	TCP   uint16 `json:"tcp,omitempty"`   // has to be given
	DNS   uint16 `json:"dns,omitempty"`   // 0: 53
}

// Port returns the port to dial for scheme s.
func (e Endpoint) Port(s Scheme) uint16 {
	var p Ports
	if e.Ports != nil {
		p = *e.Ports
	}
	switch s {
	case HTTP:
		return cmp.Or(p.HTTP, 80)
	case SchemeTLS:
		return cmp.Or(p.TLS, 443)
	case SchemeTCP:
		return p.TCP
	case SchemeDNS:
		return cmp.Or(p.DNS, 53)
	}
	return cmp.Or(p.HTTPS, 443)
}

// WithPorts returns a copy of c in which each endpoint has the ports that its id is
// mapped to, for a cloud that runs on other ports than 443 and 80. Endpoints that are
// not in the map keep theirs. The reference to the JSON Schema, a relative path, and
// the lines are dropped: the copy will stand elsewhere.
func (c *Catalog) WithPorts(ports map[string]Ports) *Catalog {
	out := *c
	out.Schema, out.index.lines = "", nil
	out.Endpoints = make([]Endpoint, len(c.Endpoints))
	for i, e := range c.Endpoints {
		if p, ok := ports[e.ID]; ok {
			e.Ports = &p
		}
		out.Endpoints[i] = e
	}
	return &out
}
