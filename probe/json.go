package probe

import (
	"encoding/json"
	"net/netip"
	"time"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// The shapes below are the documented JSON of an observation; other people's scripts read
// them. Fields are only ever added. Durations are seconds.

type observationJSON struct {
	Endpoint  endpointJSON    `json:"endpoint"`
	Scheme    catalog.Scheme  `json:"scheme"`
	Outcome   reason.Outcome  `json:"outcome"`
	Phase     reason.Phase    `json:"phase"`
	Reason    string          `json:"reason"`
	Blame     reason.Blame    `json:"blame"`
	Detail    string          `json:"detail"`
	Reproduce string          `json:"reproduce"`
	Started   time.Time       `json:"started"`
	Duration  float64         `json:"duration_seconds"`
	DNS       *dnsJSON        `json:"dns"`
	Findings  []findingJSON   `json:"findings"`
	Resolvers []resolverJSON  `json:"resolvers,omitempty"`
	Addresses []AddressResult `json:"addresses"`
}

type endpointJSON struct {
	ID      string            `json:"id"`
	Product string            `json:"product"`
	Region  string            `json:"region"`
	Network catalog.Network   `json:"network"`
	Host    string            `json:"host"`
	Life    catalog.Lifecycle `json:"lifecycle,omitempty"`
}

type dnsJSON struct {
	Resolver    string       `json:"resolver"`
	RCode       string       `json:"rcode"`
	CNAME       []string     `json:"cname"`
	Addresses   []netip.Addr `json:"addresses"`
	MinTTL      float64      `json:"min_ttl_seconds"`
	Duration    float64      `json:"duration_seconds"`
	TCPFallback bool         `json:"tcp_fallback"`
	Queries     []queryJSON  `json:"queries"`
}

type queryJSON struct {
	Resolver    string       `json:"resolver"`
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	RCode       string       `json:"rcode"`
	Addresses   []netip.Addr `json:"addresses"`
	Duration    float64      `json:"duration_seconds"`
	TCPFallback bool         `json:"tcp_fallback"`
	Reason      string       `json:"reason"`
	Detail      string       `json:"detail"`
}

type addressJSON struct {
	Address   netip.Addr         `json:"address"`
	Family    int                `json:"family"`
	Outcome   reason.Outcome     `json:"outcome"`
	Phase     reason.Phase       `json:"phase"`
	Reason    string             `json:"reason"`
	Blame     reason.Blame       `json:"blame"`
	Detail    string             `json:"detail"`
	Reproduce string             `json:"reproduce"`
	Findings  []findingJSON      `json:"findings"`
	Phases    map[string]float64 `json:"phases"`
	TLS       *tlsJSON           `json:"tls"`
	HTTP      *httpJSON          `json:"http"`
}

type findingJSON struct {
	Phase     reason.Phase `json:"phase"`
	Reason    string       `json:"reason"`
	Detail    string       `json:"detail"`
	Reproduce string       `json:"reproduce"`
}

type resolverJSON struct {
	Resolver  string         `json:"resolver"`
	Outcome   reason.Outcome `json:"outcome"`
	Phase     reason.Phase   `json:"phase"`
	Reason    string         `json:"reason"`
	Detail    string         `json:"detail"`
	Reproduce string         `json:"reproduce"`
}

type tlsJSON struct {
	Version      string                 `json:"version"`
	Cipher       string                 `json:"cipher"`
	ALPN         string                 `json:"alpn"`
	Versions     map[string]versionJSON `json:"versions,omitempty"`
	Certificates []Certificate          `json:"certificates"`
	Verified     bool                   `json:"verified"`
}

type versionJSON struct {
	Verdict  hello.Verdict `json:"verdict"`
	Evidence string        `json:"evidence"`
	Suite    string        `json:"suite"`
	Tries    int           `json:"tries"`
	Note     string        `json:"note,omitempty"`
}

type httpJSON struct {
	Status      int      `json:"status"`
	Proto       string   `json:"proto"`
	ContentType string   `json:"content_type"`
	BodyBytes   int64    `json:"body_bytes"`
	Location    string   `json:"location,omitempty"`
	API         *apiJSON `json:"api"`
}

type apiJSON struct {
	Code      string `json:"code"`
	RequestID string `json:"request_id"`
	Message   string `json:"message"`
}

// MarshalJSON writes the documented shape.
func (o Observation) MarshalJSON() ([]byte, error) {
	e := o.Endpoint
	j := observationJSON{
		Endpoint: endpointJSON{e.ID, e.Product, e.Region, e.Network, e.Host, e.Lifecycle},
		Scheme:   o.Scheme, Outcome: o.Outcome, Phase: o.Reason.Phase(), Reason: o.Reason.Word(), Blame: o.Reason.Blame(),
		Detail: o.Detail, Reproduce: o.Reproduce, Started: o.Started.UTC(), Duration: o.Duration.Seconds(), DNS: lookupJSON(o.DNS), Addresses: o.Addresses,
		Findings: findingsJSON(o.Findings),
	}
	for _, v := range o.Resolvers {
		j.Resolvers = append(j.Resolvers, resolverJSON{v.Resolver.String(), v.Outcome, v.Reason.Phase(), v.Reason.Word(), v.Detail, v.Reproduce})
	}
	if j.Addresses == nil {
		j.Addresses = []AddressResult{}
	}
	return json.Marshal(j)
}

func findingsJSON(findings []reason.Finding) []findingJSON {
	list := make([]findingJSON, len(findings))
	for i, f := range findings {
		list[i] = findingJSON{f.Reason.Phase(), f.Reason.Word(), f.Detail, f.Reproduce}
	}
	return list
}

func lookupJSON(l *dns.Lookup) *dnsJSON {
	if l == nil {
		return nil
	}
	j := &dnsJSON{
		RCode: l.RCode, CNAME: list(l.CNAME), Addresses: list(l.Addresses), MinTTL: l.MinTTL.Seconds(),
		Duration: l.Duration.Seconds(), TCPFallback: l.TCPFallback, Queries: make([]queryJSON, len(l.Queries)),
	}
	if l.Resolver.IsValid() {
		j.Resolver = l.Resolver.String()
	}
	for i, q := range l.Queries {
		j.Queries[i] = queryJSON{
			Resolver: q.Resolver.String(), Name: q.Name, Type: q.Type.String(), RCode: q.RCode, Addresses: list(q.Addresses),
			Duration: q.Duration.Seconds(), TCPFallback: q.TCPFallback, Reason: q.Reason.String(), Detail: q.Detail,
		}
	}
	return j
}

// MarshalJSON writes the documented shape.
func (a AddressResult) MarshalJSON() ([]byte, error) {
	j := addressJSON{
		Address: a.Address, Family: 6, Outcome: a.Outcome, Phase: a.Reason.Phase(), Reason: a.Reason.Word(), Blame: a.Reason.Blame(),
		Detail: a.Detail, Reproduce: a.Reproduce, Phases: a.Phases.seconds(), TLS: factsJSON(a.TLS),
		Findings: findingsJSON(a.Findings),
	}
	if a.Address.Unmap().Is4() {
		j.Family = 4
	}
	if h := a.HTTP; h != nil {
		j.HTTP = &httpJSON{Status: h.Status, Proto: h.Proto, ContentType: h.ContentType, BodyBytes: h.BodyBytes, Location: h.Location}
		if h.API != nil {
			j.HTTP.API = &apiJSON{h.API.Code, h.API.RequestID, h.API.Message}
		}
	}
	return json.Marshal(j)
}

func factsJSON(f *TLSFacts) *tlsJSON {
	if f == nil {
		return nil
	}
	j := &tlsJSON{Version: f.Version, Cipher: f.Cipher, ALPN: f.ALPN, Certificates: list(f.Certificates), Verified: f.Verified}
	if f.Versions != nil {
		j.Versions = map[string]versionJSON{}
		for _, r := range f.Versions {
			j.Versions[r.Version.String()] = versionJSON{r.Verdict, r.Evidence, r.Suite, r.Tries, r.Note}
		}
	}
	return j
}

// seconds are the phases that were reached, by name, with their total.
func (p Phases) seconds() map[string]float64 {
	m := map[string]float64{"total": p.Total.Seconds()}
	for _, ph := range []struct {
		phase reason.Phase
		took  time.Duration
	}{
		{reason.Resolve, p.Resolve},
		{reason.Connect, p.Connect},
		{reason.TLS, p.TLS},
		{reason.Request, p.Request},
		{reason.Headers, p.Headers},
		{reason.Body, p.Body},
	} {
		if ph.phase <= p.Reached && (ph.took > 0 || ph.phase == p.Reached) {
			m[ph.phase.String()] = ph.took.Seconds()
		}
	}
	return m
}

// list turns a nil slice into an empty one: JSON readers expect [] there.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
