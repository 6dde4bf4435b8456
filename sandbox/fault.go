package sandbox

import (
	"encoding/json"

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
	// Whole: whichever endpoint has it, it breaks the resolver or the network of the whole sandbox.
	Whole bool
	// Way of the requests that it is about, where it leaves those alone that go by others.
	Way Way
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
	// NeedDiagnosis: ask again with another ClientHello when the first one gets none, or a refusal.
	NeedDiagnosis Need = "diagnosis"
	// NeedBothKinds: shake hands again without ECDSA.
	NeedBothKinds Need = "both-kinds"
	// NeedCanary: ask DNS for a random name beside the host.
	NeedCanary Need = "canary"
	// NeedSigned: send a signed call with text that is not ASCII.
	NeedSigned Need = "signed-call"
	// NeedACS3: send a signed call of a product whose list chooses the signature ACS3-HMAC-SHA256.
	NeedACS3 Need = "signature-acs3"
	// NeedPlainHTTP: probe over plain HTTP.
	NeedPlainHTTP Need = "plain-http"
	// NeedEachResolver: ask every resolver, not the first alone.
	NeedEachResolver Need = "each-resolver"
	// NeedList: judge all endpoints together, as serve does.
	NeedList Need = "whole-list"
	// NeedCheck: the list says what healthy means at the endpoint.
	NeedCheck Need = "check"
	// NeedTCP: the endpoint is of kind tcp, and its list says which bytes are to come first.
	NeedTCP Need = "kind-tcp"
	// NeedDNS: the endpoint is of kind dns.
	NeedDNS Need = "kind-dns"
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
		Way         Way               `json:"way,omitzero"`
		Needs       Need              `json:"needs,omitempty"`
		Whole       bool              `json:"whole,omitempty"`
	}{f.Name, f.Products, f.Networks, f.Phase, f.Reason.Word(), f.Requirement, f.Description, f.Way, f.Needs, f.Whole})
}
