package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe/reason"
)

// Fault is a way in which one endpoint can be made to misbehave, or, as a variant, to
// behave unusually and yet correctly.
type Fault struct {
	// Name is that of the reason, see [reason.Reason.FaultName]; further faults with
	// the same reason add a suffix.
	Name string
	// Products of the catalogue that it is for.
	Products []string
	// Networks that it can be put on; empty for all.
	Networks []catalog.Network
	// Phase in which it shows.
	Phase reason.Phase
	// Reason that a client should find; None for a variant.
	Reason reason.Reason
	// Requirement that it is made to break: an id such as "KMS-TLS-02", or "TLS-07" for that
	// of each of Products; empty if none.
	Requirement string
	// Description says what happens, in one sentence without a full stop.
	Description string
	// Variant: harmless; a client must find nothing wrong.
	Variant bool
	// Needs says what a client must do beyond one plain probe to see it.
	Needs Need
}

// Need is what a client must do to see a fault.
type Need string

// The needs.
const (
	// NeedNothing: the fault shows in one probe over HTTPS.
	NeedNothing Need = ""
	// NeedVersions: ask for each TLS and SSL version by itself.
	NeedVersions Need = "version-table"
	// NeedDiagnosis: ask again with a small ClientHello when the full one gets no answer.
	NeedDiagnosis Need = "diagnosis"
	// NeedCanary: ask DNS for a random name beside the host.
	NeedCanary Need = "canary"
	// NeedSigned: send a signed call with text that is not ASCII.
	NeedSigned Need = "signed-call"
	// NeedPlainHTTP: probe over plain HTTP.
	NeedPlainHTTP Need = "plain-http"
	// NeedEachResolver: ask every resolver, not the first alone.
	NeedEachResolver Need = "each-resolver"
	// NeedLater: the sandbox's clock stands at a date from which a rule applies.
	NeedLater Need = "later-date"
)

// MarshalJSON writes the form that "prober sandbox --list-faults" prints: reason is the
// word beside the phase, empty for variants.
func (f Fault) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name        string            `json:"name"`
		Products    []string          `json:"products"`
		Networks    []catalog.Network `json:"networks,omitempty"`
		Phase       reason.Phase      `json:"phase"`
		Reason      string            `json:"reason"`
		Requirement string            `json:"requirement"`
		Description string            `json:"description"`
		Needs       Need              `json:"needs,omitempty"`
	}{f.Name, f.Products, f.Networks, f.Phase, f.Reason.Word(), f.Requirement, f.Description, f.Needs})
}

// Faults returns every fault that has a reason, in the order of the phases, with the
// products of c that it is for.
func Faults(c *catalog.Catalog) []Fault {
	return listed(c, func(f Fault) bool { return !f.Variant && f.Reason != reason.None })
}

// Breaches returns the faults without a reason: each breaks a requirement that takes more
// than one probe to judge, so that only the suites see it.
func Breaches(c *catalog.Catalog) []Fault {
	return listed(c, func(f Fault) bool { return !f.Variant && f.Reason == reason.None })
}

// Variants returns the harmless behaviours, which every client must take for healthy.
func Variants(c *catalog.Catalog) []Fault {
	return listed(c, func(f Fault) bool { return f.Variant })
}

func listed(c *catalog.Catalog, is func(Fault) bool) []Fault {
	var out []Fault
	for _, s := range allSpecs() {
		if is(s.Fault) {
			s.Products = s.products(c)
			if s.scope.network != "" {
				s.Networks = []catalog.Network{s.scope.network}
			}
			out = append(out, s.Fault)
		}
	}
	return out
}

// spec is a fault with what it does, whatever the catalogue.
type spec struct {
	Fault
	scope     scope
	behaviour behaviour
}

// faultOf begins the spec of a fault for reason r. The suffix, if not empty, tells it
// from other faults with that reason.
func faultOf(r reason.Reason, suffix, description string, where scope, b behaviour) spec {
	name := r.FaultName()
	if suffix != "" {
		name += "_" + suffix
	}
	return spec{
		Fault: Fault{Name: name, Phase: r.Phase(), Reason: r, Requirement: requirementOf(r), Description: description},
		scope: where, behaviour: b,
	}
}

// variantOf begins the spec of a variant.
func variantOf(p reason.Phase, name, description string, where scope, b behaviour) spec {
	return spec{Fault: Fault{Name: name, Phase: p, Description: description, Variant: true}, scope: where, behaviour: b}
}

// needing adds a need.
func (s spec) needing(n Need) spec {
	s.Needs = n
	return s
}

// breaking says which requirement a fault is made to break, other than faults of its reason
// usually do.
func (s spec) breaking(requirement string) spec {
	s.Requirement = requirement
	return s
}

// allSpecs returns every fault and variant in the order of the phases.
func allSpecs() []spec {
	return slices.Concat(
		resolveFaults(), connectFaults(), tlsFaults(), certificateFaults(), versionFaults(),
		requestFaults(), headerFaults(), bodyFaults(), verifyFaults(), apiFaults(), breaches(), variants(),
	)
}

// specs returns every fault and variant by name.
func specs() map[string]spec {
	byName := make(map[string]spec)
	for _, s := range allSpecs() {
		byName[s.Name] = s
	}
	return byName
}

// WithoutFault returns the reasons outside the phase prober that no fault causes, with why.
func WithoutFault() map[reason.Reason]string {
	return map[reason.Reason]string{
		reason.ConnectReset: "on loopback the kernel completes the handshake by itself: " +
			"a RST in answer to the SYN is a refusal, and whether one that follows the handshake " +
			"overtakes the end of connect(2) is chance",
		reason.RequestWriteTimeout: "a probe's request fits into the socket buffers, so that one which is not read " +
			"looks like one which is not answered",
	}
}

// ParseFaults reads specifications of the form ENDPOINT=FAULT. ENDPOINT is an id, a host
// name or a pattern, as [catalog.Catalog.Match] reads them; a pattern puts the fault on
// those of its endpoints that can have it. Of several specifications for one endpoint
// the last counts. The result is what [Config.Faults] takes.
func ParseFaults(c *catalog.Catalog, list []string) (map[string]string, error) {
	out := make(map[string]string)
	known := specs()
	for _, text := range list {
		word, name, ok := strings.Cut(text, "=")
		if !ok || word == "" || name == "" {
			return nil, fmt.Errorf("fault %q: want ENDPOINT=FAULT", text)
		}
		f, err := lookup(known, name)
		if err != nil {
			return nil, err
		}
		endpoints, err := c.Match(word)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", text, err)
		}
		suiting := 0
		var misfit error
		for _, e := range endpoints {
			if err := f.check(c, e); err != nil {
				misfit = err
				continue
			}
			out[e.ID] = name
			suiting++
		}
		if suiting == 0 {
			return nil, misfit
		}
	}
	return out, nil
}

// SetFault puts a fault or variant on an endpoint, in place of the one it has. Open
// connections go on as they began; requests that come in over them see the fault.
func (s *Sandbox) SetFault(endpointID, fault string) error {
	e, err := s.endpoint(endpointID)
	if err != nil {
		return err
	}
	f, err := lookup(s.specs, fault)
	if err != nil {
		return err
	}
	if err := f.check(s.cfg.Catalog, e.Endpoint); err != nil {
		return err
	}
	if f.scope.needsIPv6 && len(e.addresses) < 2 {
		return fmt.Errorf("fault %q on %s: this machine has no ::1", fault, endpointID)
	}
	s.faults.Lock()
	defer s.faults.Unlock()
	if err := s.closing.Err(); err != nil {
		return fmt.Errorf("fault %q on %s: the sandbox is closed", fault, endpointID)
	}
	if err := e.apply(&f); err != nil {
		return fmt.Errorf("fault %q on %s: %w", fault, endpointID, err)
	}
	return nil
}

// ClearFault makes an endpoint clean again; it may be clean already.
func (s *Sandbox) ClearFault(endpointID string) error {
	e, err := s.endpoint(endpointID)
	if err != nil {
		return err
	}
	s.faults.Lock()
	defer s.faults.Unlock()
	if err := s.closing.Err(); err != nil {
		return fmt.Errorf("clearing %s: the sandbox is closed", endpointID)
	}
	if err := e.apply(nil); err != nil {
		return fmt.Errorf("clearing %s: %w", endpointID, err)
	}
	return nil
}

// Fault returns the name of the fault or variant that an endpoint has; empty if it is
// clean or unknown.
func (s *Sandbox) Fault(endpointID string) string {
	if e := s.byID[endpointID]; e != nil {
		if f := e.fault.Load(); f != nil {
			return f.Name
		}
	}
	return ""
}

func (s *Sandbox) endpoint(id string) (*endpoint, error) {
	if e := s.byID[id]; e != nil {
		return e, nil
	}
	known := make([]string, 0, len(s.endpoints))
	for _, e := range s.endpoints {
		known = append(known, e.ID)
	}
	return nil, fmt.Errorf("no endpoint has the id %q%s", id, near(id, known))
}

// lookup finds a fault by name.
func lookup(known map[string]spec, name string) (spec, error) {
	if f, ok := known[name]; ok {
		return f, nil
	}
	names := make([]string, 0, len(known))
	for n := range known {
		names = append(names, n)
	}
	slices.Sort(names)
	return spec{}, fmt.Errorf("unknown fault %q%s", name, near(name, names))
}
