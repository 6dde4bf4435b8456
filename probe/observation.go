package probe

import (
	"net/netip"
	"slices"
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
	Endpoint catalog.Endpoint `json:"endpoint"`
	Scheme   catalog.Scheme   `json:"scheme"`

	Outcome reason.Outcome `json:"outcome"`
	Reason  reason.Reason  `json:"-"`      // of the first failing address, or of the whole; None when OK
	Detail  string         `json:"detail"` // one line for people; never part of a metric
	// Reproduce is a command line with standard tools that shows the finding; empty when
	// the outcome is OK, or when nothing outside the prober shows it.
	Reproduce string `json:"reproduce"`

	Started  time.Time      `json:"started"`
	Duration reason.Seconds `json:"duration_seconds"`

	DNS *dns.Lookup `json:"dns"` // nil when the address was given
	// Findings are all that is wrong with the name; those about an address stand with it.
	Findings []reason.Finding `json:"findings"`
	// Resolvers are the verdicts of the resolvers but the first, where each was asked.
	Resolvers []ResolverVerdict `json:"resolvers,omitempty"`
	Addresses []AddressResult   `json:"addresses"`

	// Vouched: a control took a connection after the probe began, so that what failed before or
	// at a connection is not the fault of this machine's network.
	Vouched bool `json:"-"`
	// BeyondControl: a control took a connection likewise, but what failed lies beyond one, of which
	// the control can say nothing.
	BeyondControl bool `json:"-"`
	// Before is the failure that a control took back, with prober/vantage_offline; None otherwise.
	Before reason.Reason `json:"-"`
	// Alike: the failure was taken back because everything that can tell failed as it did.
	Alike bool `json:"-"`
	// Stalled: this process did not run for part of the time, so that no duration means anything.
	Stalled bool `json:"-"`
}

// Lost reports whether nothing can be told for want of a resolver that can: none answers, or the one
// that does leads all names to where no host can be.
func (o *Observation) Lost() bool {
	return o.Reason == reason.ProberResolverUnavailable || o.Reason == reason.ResolveBogon && o.Outcome == reason.Unknown
}

// LookedUp returns the resolver that told where the endpoint is, or that it is nowhere; the zero value where none did.
func (o *Observation) LookedUp() netip.AddrPort {
	if o.DNS == nil || o.Outcome == reason.Unknown && len(o.DNS.Addresses) == 0 || o.Lost() {
		return netip.AddrPort{}
	}
	return o.DNS.Resolver
}

// Asked returns the resolvers that were asked for the name, each once.
func (o *Observation) Asked() []netip.AddrPort {
	var out []netip.AddrPort
	if o.DNS == nil {
		return nil
	}
	for _, q := range o.DNS.Queries {
		if q.Resolver.IsValid() && !slices.Contains(out, q.Resolver) {
			out = append(out, q.Resolver)
		}
	}
	return out
}

// AddressResult is what was found at one address of an endpoint.
type AddressResult struct {
	Address netip.Addr     `json:"address"`
	Outcome reason.Outcome `json:"outcome"`
	Reason  reason.Reason  `json:"-"`
	Detail  string         `json:"detail"`
	// Reproduce is that of this address.
	Reproduce string `json:"reproduce"`
	// Findings are all that is wrong here, the one that decides first; empty when the
	// outcome is OK.
	Findings []reason.Finding `json:"findings"`

	Phases Phases     `json:"phases"`
	TLS    *TLSFacts  `json:"tls"`  // nil when TLS was not reached
	HTTP   *HTTPFacts `json:"http"` // nil when no reply was read

	own time.Duration // of Phases, that this program took
}

// TLSFacts is what the handshake showed, also when it failed.
type TLSFacts struct {
	Version      string        `json:"version"` // "TLS1.3"; empty when no ServerHello was read
	Cipher       string        `json:"cipher"`
	ALPN         string        `json:"alpn"`
	Versions     *hello.Table  `json:"versions,omitempty"`              // nil unless asked for
	Certificates []Certificate `json:"certificates"`                    // as sent, leaf first
	LeftOff      int           `json:"certificates_left_off,omitempty"` // that were sent beyond those
	Verified     bool          `json:"verified"`                        // the chain leads to a trusted root, for this host, now
	// Other are those that a server with two certificates shows to clients of the other kind of
	// key, where they were looked for, with [Target.BothKinds]; empty where there are none.
	Other []Certificate `json:"other_certificates,omitempty"`
	// Path is the verified path, leaf to root; empty where there is none.
	Path []Certificate `json:"-"`
	// Commands are command lines that show the verdicts in Versions, in their order.
	Commands []string `json:"-"`

	begun  bool          // the server sent something
	shaken bool          // the handshake came to its end
	small  bool          // it answered a small ClientHello
	taken  string        // what makes openssl send a hello that it takes, unlike the full one; empty: a small one
	beyond hello.Version // the one in which it answers what crypto/tls does not speak
	// sealed: the other certificates came over TLS 1.3
	sealed bool
}

// Certificate holds the facts of one certificate.
type Certificate = certs.Certificate

// HTTPFacts is what the reply showed.
type HTTPFacts struct {
	Status      int    `json:"status"`
	Proto       string `json:"proto"` // "HTTP/1.1"
	ContentType string `json:"content_type"`
	BodyBytes   int64  `json:"body_bytes"`
	Location    string `json:"location,omitempty"`    // where a redirect leads
	RetryAfter  string `json:"retry_after,omitempty"` // when to ask again, as it says
	// Length is that which the head announces; -1 where it announces none.
	Length int64 `json:"-"`
	// Modified is when the content was last changed, as it says; zero where it does not.
	Modified time.Time `json:"-"`
	// Next is the URL to which a redirect leads, and SetCookies its fields of that name, with
	// [Target.Only2xx]; empty where it leads to none.
	Next       string    `json:"-"`
	SetCookies []string  `json:"-"`
	API        *APIFacts `json:"api"` // nil when the body is no API reply
	// Hops are the redirects that were followed, the first one first; all else is about where the last one led.
	Hops []Hop `json:"hops,omitempty"`
	// Text are the findings about the text of a reply of style none, where the rules say how it is
	// encoded, or with [Target.Text].
	Text []reason.Finding `json:"-"`
	// Date is of the server's clock, to the second; zero: it says none.
	Date time.Time `json:"-"`
}

// Hop is a redirect that was followed.
type Hop struct {
	URL     string     `json:"url"` // where the request went that was answered so
	Address netip.Addr `json:"address"`
	Status  int        `json:"status"`
	// To is the URL that it leads to.
	To       string         `json:"to"`
	Duration reason.Seconds `json:"duration_seconds"`
}

// APIFacts is what an API reply said.
type APIFacts struct {
	Code      string `json:"code"` // error code; empty for a success
	RequestID string `json:"request_id"`
	Message   string `json:"message"`
}
