package load

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"

	"prober/bench/server"
	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// Subject is what is measured.
type Subject string

// The subjects.
const (
	// Bare is the bare loop with the defaults of the standard library, which offer a
	// post-quantum key exchange.
	Bare Subject = "bare"
	// BareClassical is the bare loop without the post-quantum key exchange.
	BareClassical Subject = "bare-classical"
	// Probe is the project's prober as it comes.
	Probe Subject = "probe"
	// ProbePostQuantum is the project's prober with --post-quantum.
	ProbePostQuantum Subject = "probe-post-quantum"
	// ProbeAPI is the project's prober making the unsigned call of an API of Alibaba Cloud,
	// whose reply it parses and judges, in place of a plain GET.
	ProbeAPI Subject = "probe-api"
	// ProbeDeep is ProbeAPI with the table of TLS versions and the DNS canary, which the
	// monitor asks for at one turn of sixty.
	ProbeDeep Subject = "probe-deep"
	// Monitor is the prober under the monitor's schedule, with all its state and metrics.
	// It runs paced only.
	Monitor Subject = "monitor"
)

// Subjects lists the subjects.
func Subjects() []Subject {
	return []Subject{Bare, BareClassical, Probe, ProbePostQuantum, ProbeAPI, ProbeDeep, Monitor}
}

// MarshalText implements [encoding.TextMarshaler].
func (s Subject) MarshalText() ([]byte, error) { return []byte(s), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; it takes known subjects only.
func (s *Subject) UnmarshalText(text []byte) error {
	*s = Subject(text)
	if !slices.Contains(Subjects(), *s) {
		return fmt.Errorf("subject %q: want one of %q", text, Subjects())
	}
	return nil
}

// prober returns the function that probes one host of w once. An outcome other than ok is
// an error: a probe that stops half way would be too cheap.
func (s Subject) prober(w *server.World) (func(ctx context.Context, host int) error, error) {
	switch s {
	case Bare, BareClassical:
		var groups []tls.CurveID
		if s == BareClassical {
			groups = []tls.CurveID{tls.X25519, tls.CurveP256}
		}
		b, err := newBare(w, groups)
		if err != nil {
			return nil, err
		}
		return func(_ context.Context, host int) error { return b.probe(host) }, nil
	case Probe, ProbePostQuantum, ProbeAPI, ProbeDeep:
		p, err := newProber(w, s == ProbePostQuantum)
		if err != nil {
			return nil, err
		}
		list := targets(w, s.product())
		return func(ctx context.Context, host int) error {
			t := list[host]
			t.TLSVersions, t.Canary = s == ProbeDeep, s == ProbeDeep
			o := p.Probe(ctx, t)
			return verdict(&o)
		}, nil
	}
	return nil, fmt.Errorf("subject %q makes no single probes", s)
}

// newProber returns the project's prober, pointed at w.
func newProber(w *server.World, postQuantum bool) (*probe.Prober, error) {
	roots, err := w.Roots()
	if err != nil {
		return nil, err
	}
	cfg := probe.Config{Roots: roots, PostQuantum: postQuantum}
	cfg.Resolvers = append(cfg.Resolvers, w.Resolver)
	cfg.Guard.AllowPrivate = true // everything is on loopback
	return probe.New(cfg), nil
}

// product is what the hosts are said to serve.
func (s Subject) product() catalog.Product {
	if s == ProbeAPI || s == ProbeDeep {
		return catalog.Product{ID: "bench", APIStyle: catalog.StyleAlibabaRPC, APIVersion: "2014-05-26"}
	}
	return catalog.Product{ID: "bench", APIStyle: catalog.StyleNone}
}

// targets are the hosts of w as endpoints of a product.
func targets(w *server.World, product catalog.Product) []probe.Target {
	list := make([]probe.Target, w.Hosts)
	for i := range list {
		host := w.Host(i)
		list[i] = probe.Target{
			Product: product, Scheme: catalog.HTTPS,
			Endpoint: catalog.Endpoint{
				ID: product.ID + "/" + host + "/public", Product: product.ID, Region: "loopback", Network: catalog.Public,
				Host: host, Ports: &catalog.Ports{HTTPS: w.Port},
			},
		}
	}
	return list
}

// verdict returns an error unless the probe found that all is well at its one address.
func verdict(o *probe.Observation) error {
	if o.Outcome != reason.OK {
		return fmt.Errorf("probing %s: %s %s: %s", o.Endpoint.Host, o.Outcome, o.Reason, o.Detail)
	}
	if len(o.Addresses) != 1 || o.Addresses[0].TLS == nil || !o.Addresses[0].TLS.Verified || o.Addresses[0].HTTP == nil {
		return fmt.Errorf("probing %s: ok, but not one address with TLS verified and a reply", o.Endpoint.Host)
	}
	return nil
}
