package session

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/files"
	"prober/limit"
	"prober/probe"
	"prober/probe/certs"
	"prober/probe/dns"
)

// ownKey is what a product and an endpoint say together of how it is probed. Endpoints that say nothing
// themselves share what their product says.
type ownKey struct{ product, endpoint *catalog.Own }

// owns are what lists say of how their endpoints are probed, with the files read. The nil map is that of
// lists that say nothing.
type owns map[ownKey]*probe.Own

// of returns what is said of an endpoint, and the scheme of its kind; nil and "" where nothing is.
func (o owns) of(p *catalog.Product, e *catalog.Endpoint) (own *probe.Own, over catalog.Scheme) {
	said := p.OwnOf(e)
	if said == nil {
		return nil, ""
	}
	return o[ownKey{p.Own, e.Own}], said.Kind.Scheme()
}

// readOwns reads the files that lists name for endpoints. Errors are of type [*UsageError] and name the line
// of each file that cannot be used.
func readOwns(from files.Reader, c *catalog.Catalog, endpoints []catalog.Endpoint) (owns, error) {
	var all owns
	products := map[string]*catalog.Product{}
	for i := range c.Products {
		products[c.Products[i].ID] = &c.Products[i]
	}
	r := ownReader{from, c, map[string]authorities{}, map[[2]string]*tls.Certificate{}, map[string]error{}}
	var wrong []error
	for i := range endpoints {
		e := &endpoints[i]
		p := products[e.Product]
		if p == nil || p.Own == nil && e.Own == nil {
			continue
		}
		if all == nil {
			all = owns{}
		}
		key := ownKey{p.Own, e.Own}
		if all[key] != nil {
			continue
		}
		own, err := r.read(p, e)
		all[key] = own
		if err != nil && len(wrong) < limit.ShownErrors && !slices.ContainsFunc(wrong, func(other error) bool { return other.Error() == err.Error() }) {
			wrong = append(wrong, err)
		}
	}
	if len(wrong) > 0 {
		return nil, &UsageError{errors.Join(wrong...)}
	}
	return all, nil
}

// inSandbox leaves out what the sandbox has in its place: resolvers, addresses, authorities and names.
func (o owns) inSandbox() {
	for _, own := range o {
		own.Resolvers, own.Addresses, own.Families, own.ServerName = nil, nil, nil, ""
		own.Roots, own.Anchors, own.RootsFile = nil, certs.Anchors{}, ""
		own.Certificate, own.CertificateFile, own.KeyFile = nil, "", ""
	}
}

// standingIn has a host that is an address probed where the sandbox serves it: no name leads there.
func standingIn(own *probe.Own, host string, at func() []netip.Addr) *probe.Own {
	if _, err := netip.ParseAddr(host); err != nil {
		return own
	}
	if own == nil {
		own = new(probe.Own)
	}
	return &probe.Own{
		TCP: own.TCP, DNS: own.DNS, Timeout: own.Timeout, Interval: own.Interval,
		Maintenance: own.Maintenance, Why: own.Why, Addresses: at(),
	}
}

// ownReader reads each file once, however many endpoints name it.
type ownReader struct {
	from    files.Reader
	c       *catalog.Catalog
	roots   map[string]authorities
	clients map[[2]string]*tls.Certificate
	failed  map[string]error
}

type authorities struct {
	pool    *x509.CertPool
	anchors certs.Anchors
}

// read reads what is said of an endpoint.
func (r *ownReader) read(p *catalog.Product, e *catalog.Endpoint) (*probe.Own, error) {
	said := p.OwnOf(e)
	own := &probe.Own{
		TCP: said.TCP, DNS: said.DNS, Timeout: time.Duration(said.Timeout), Interval: time.Duration(said.Interval),
		Resolvers: said.ResolverAddresses(), Addresses: said.GivenAddresses(), ServerName: said.ServerName,
		Maintenance: catalog.CalendarOf(said.Maintenance), Why: said.Why,
	}
	switch said.Family {
	case 4:
		own.Families = new(dns.OnlyIPv4)
	case 6:
		own.Families = new(dns.OnlyIPv6)
	}
	roots := r.c.OwnFile(p, e, "ca_file")
	if roots.Name != "" {
		a, err := r.authorities(roots)
		if err != nil {
			return own, err
		}
		own.Roots, own.Anchors, own.RootsFile = a.pool, a.anchors, absolute(roots.Name)
	}
	certificate, key := r.c.OwnFile(p, e, "client_certificate"), r.c.OwnFile(p, e, "client_key")
	if certificate.Name != "" {
		var err error
		if own.Certificate, err = r.client(certificate, key); err != nil {
			return own, err
		}
		own.CertificateFile, own.KeyFile = absolute(certificate.Name), absolute(key.Name)
	}
	return own, nil
}

// authorities reads a file of authorities.
func (r *ownReader) authorities(f catalog.OwnFile) (authorities, error) {
	if a, known := r.roots[f.Name]; known {
		return a, nil
	}
	if err := r.failed[f.Name]; err != nil {
		return authorities{}, err
	}
	data, err := r.from.Read(f.Name, limit.AuthoritiesBytes)
	if err != nil {
		r.failed[f.Name] = f.Error(trimPath(err))
		return authorities{}, r.failed[f.Name]
	}
	pool, anchors, err := authoritiesOf(f.Name, data)
	if err != nil {
		r.failed[f.Name] = f.Error(err)
		return authorities{}, r.failed[f.Name]
	}
	r.roots[f.Name] = authorities{pool, anchors}
	return r.roots[f.Name], nil
}

// client reads the certificate that a client shows, and its key. What is in the key's file stands in no error.
func (r *ownReader) client(certificate, key catalog.OwnFile) (*tls.Certificate, error) {
	pair := [2]string{certificate.Name, key.Name}
	if c := r.clients[pair]; c != nil {
		return c, nil
	}
	shown, err := r.from.Read(certificate.Name, limit.OwnKeyBytes)
	if err != nil {
		return nil, certificate.Error(trimPath(err))
	}
	secret, err := r.from.Read(key.Name, limit.OwnKeyBytes)
	if err != nil {
		return nil, key.Error(trimPath(err))
	}
	c, err := tls.X509KeyPair(shown, secret)
	switch {
	case err != nil && strings.Contains(err.Error(), "private key does not match"):
		return nil, key.Error(fmt.Errorf("%s: it is not the key of the certificate in %s", key.Name, certificate.Name))
	case err != nil && strings.Contains(err.Error(), "key"):
		return nil, key.Error(fmt.Errorf("%s: holds no private key in PEM form that can be used", key.Name))
	case err != nil:
		return nil, certificate.Error(fmt.Errorf("%s: holds no certificate in PEM form that can be used", certificate.Name))
	}
	r.clients[pair] = &c
	return &c, nil
}
