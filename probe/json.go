package probe

import (
	"encoding/json"
	"net/netip"

	"prober/catalog"
	"prober/probe/reason"
)

// The JSON of an observation is documented, and other people's scripts read it: fields are
// only ever added. The types say it by their tags. Here stands what tags cannot say: that a
// reason is shown by its words and whom to blame, and that a list is never null.

// endpoint is the part of a catalogue's endpoint that an observation shows.
type endpoint struct {
	ID        string            `json:"id"`
	Product   string            `json:"product"`
	Region    string            `json:"region"`
	Network   catalog.Network   `json:"network"`
	Host      string            `json:"host"`
	Lifecycle catalog.Lifecycle `json:"lifecycle,omitempty"`
}

// MarshalJSON writes the documented shape.
func (o Observation) MarshalJSON() ([]byte, error) {
	type plain Observation
	e := o.Endpoint
	o.Started, o.Findings, o.Addresses = o.Started.UTC(), list(o.Findings), list(o.Addresses)
	return json.Marshal(struct {
		Endpoint endpoint       `json:"endpoint"`
		Scheme   catalog.Scheme `json:"scheme"`
		Outcome  reason.Outcome `json:"outcome"`
		reason.Words
		Blame reason.Blame `json:"blame"`
		plain
	}{endpoint{e.ID, e.Product, e.Region, e.Network, e.Host, e.Lifecycle}, o.Scheme, o.Outcome, o.Reason.Words(), o.Reason.Blame(), plain(o)})
}

// UnmarshalJSON reads what MarshalJSON wrote: all that is documented, and no more.
func (o *Observation) UnmarshalJSON(b []byte) error {
	type plain Observation
	return reason.Decode(b, (*plain)(o), &o.Reason)
}

// MarshalJSON writes the documented shape.
func (a AddressResult) MarshalJSON() ([]byte, error) {
	type plain AddressResult
	family := 6
	if a.Address.Unmap().Is4() {
		family = 4
	}
	a.Findings = list(a.Findings)
	return json.Marshal(struct {
		Address netip.Addr     `json:"address"`
		Family  int            `json:"family"`
		Outcome reason.Outcome `json:"outcome"`
		reason.Words
		Blame reason.Blame `json:"blame"`
		plain
	}{a.Address, family, a.Outcome, a.Reason.Words(), a.Reason.Blame(), plain(a)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *AddressResult) UnmarshalJSON(b []byte) error {
	type plain AddressResult
	return reason.Decode(b, (*plain)(a), &a.Reason)
}

// MarshalJSON writes the documented shape.
func (v ResolverVerdict) MarshalJSON() ([]byte, error) {
	type plain ResolverVerdict
	return json.Marshal(struct {
		Resolver netip.AddrPort `json:"resolver"`
		Outcome  reason.Outcome `json:"outcome"`
		reason.Words
		plain
	}{v.Resolver, v.Outcome, v.Reason.Words(), plain(v)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *ResolverVerdict) UnmarshalJSON(b []byte) error {
	type plain ResolverVerdict
	return reason.Decode(b, (*plain)(v), &v.Reason)
}

// MarshalJSON writes the documented shape.
func (f TLSFacts) MarshalJSON() ([]byte, error) {
	type plain TLSFacts
	f.Certificates = list(f.Certificates)
	return json.Marshal(plain(f))
}

// list turns a nil slice into an empty one: JSON readers expect [] there.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
