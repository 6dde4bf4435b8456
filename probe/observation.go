package probe

import (
	"net/netip"
	"time"

	"prober/catalog"
	"prober/probe/certs"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// Observation is everything one probe of one endpoint over one scheme found out.
// Metrics, tables, JSON, history and reports are views of it.
type Observation struct {
	Endpoint catalog.Endpoint
	Scheme   catalog.Scheme

	Outcome reason.Outcome
	Reason  reason.Reason // of the first failing address, or of the whole; None when OK
	Detail  string        // one line for people; never part of a metric
	// Reproduce is a command line with standard tools that shows the finding; empty when
	// the outcome is OK, or when nothing outside the prober shows it.
	Reproduce string

	Started  time.Time
	Duration time.Duration

	DNS *dns.Lookup // nil when the address was given
	// Findings are all that is wrong with the name; those about an address stand with it.
	Findings []reason.Finding
	// Resolvers are the verdicts of the resolvers but the first, where each was asked.
	Resolvers []ResolverVerdict
	Addresses []AddressResult
}

// AddressResult is what was found at one address of an endpoint.
type AddressResult struct {
	Address netip.Addr
	Outcome reason.Outcome
	Reason  reason.Reason
	Detail  string
	// Reproduce is that of this address.
	Reproduce string
	// Findings are all that is wrong here, the one that decides first; empty when the
	// outcome is OK.
	Findings []reason.Finding

	Phases Phases
	TLS    *TLSFacts  // nil when TLS was not reached
	HTTP   *HTTPFacts // nil when no reply was read
}

// Phases are the times an address took, phase by phase. A phase that was not reached is
// 0; Reached tells which were. They add up to Total: the resolve time of the endpoint
// counts for each of its addresses.
type Phases struct {
	Resolve, Connect, TLS, Request, Headers, Body, Total time.Duration
	Reached                                              reason.Phase // the last phase begun
}

func (p Phases) sum() time.Duration {
	return p.Resolve + p.Connect + p.TLS + p.Request + p.Headers + p.Body
}

// TLSFacts is what the handshake showed, also when it failed.
type TLSFacts struct {
	Version      string // "TLS1.3"; empty when no ServerHello was read
	Cipher       string
	ALPN         string
	Certificates []Certificate // as sent, leaf first
	Verified     bool          // the chain leads to a trusted root, for this host, now
	Versions     *hello.Table  // nil unless asked for
	// Commands are command lines that show the verdicts in Versions, in their order.
	Commands []string

	begun bool // the server sent something
}

// Certificate holds the facts of one certificate.
type Certificate = certs.Certificate

// HTTPFacts is what the reply showed.
type HTTPFacts struct {
	Status      int
	Proto       string // "HTTP/1.1"
	ContentType string
	BodyBytes   int64
	Location    string    // where a redirect leads
	API         *APIFacts // nil when the body is no API reply
}

// APIFacts is what an API reply said.
type APIFacts struct {
	Code      string // error code; empty for a success
	RequestID string
	Message   string
}
