package dns

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"time"

	"prober/probe/reason"
)

// Families says which kinds of address are looked up.
type Families uint8

// The choices. The zero value asks for both.
const (
	Both Families = iota
	OnlyIPv4
	OnlyIPv6
)

// types are the questions that a choice takes.
func (f Families) types() []Type {
	switch f {
	case OnlyIPv4:
		return []Type{A}
	case OnlyIPv6:
		return []Type{AAAA}
	}
	return []Type{A, AAAA}
}

// Options are the choices of a lookup. The zero value is an ordinary one.
type Options struct {
	Families Families
	// Canary is a name that must not exist, asked of the first resolver (A) beside the
	// others: if it has an address, the resolver invents answers. The lookup waits for it, up
	// to one timeout, but nothing else that becomes of it matters. Empty: none.
	Canary string
	// Elsewhere is a name of another zone that must not exist. It is asked about where the canary
	// has an address, to tell a resolver that invents answers from a zone with a wildcard.
	Elsewhere string
	// Recheck asks once more where a record came from a cache with a lifetime of 0, to tell one that
	// may not be kept from one that a cache is just about to forget.
	Recheck bool
}

// Lookup is what is known about the addresses of a host. Its verdict is no part of its JSON:
// that of the observation has it.
type Lookup struct {
	Host     string         `json:"-"`        // lower case, without the final dot
	Resolver netip.AddrPort `json:"resolver"` // the one whose answer, or silence, decided; the zero value if none could be used
	RCode    string         `json:"rcode"`    // of its answer; empty if none came
	CNAME    []string       `json:"cname"`    // the targets of the chain, in order
	// Addresses are the A records' first, then the AAAA records', each as answered, without
	// repetitions.
	Addresses []netip.Addr   `json:"addresses"`
	MinTTL    reason.Seconds `json:"min_ttl_seconds"` // the shortest of all records on the way to the addresses
	MaxTTL    reason.Seconds `json:"-"`               // the longest of them
	// Authoritative: no counted answer came from a cache, where lifetimes count down.
	Authoritative bool `json:"-"`
	// Uncached: a cache gives a record a lifetime of 0 time and again, so that it is the zone's.
	Uncached    bool           `json:"-"`
	Duration    reason.Seconds `json:"duration_seconds"` // from the first question to the last answer; the canary's does not count
	TCPFallback bool           `json:"tcp_fallback"`     // one of the counted answers came over TCP
	// Queries are all questions asked: per resolver A before AAAA, then control questions,
	// then the canary and the name elsewhere, then what was asked a second time.
	Queries []Answer `json:"queries"`

	Outcome reason.Outcome `json:"-"`
	Reason  reason.Reason  `json:"-"`
	Detail  string         `json:"-"` // one line for people; beside OK it says what stayed undecided

	// Families are the verdicts on the families that were asked for, A before AAAA. One
	// that found addresses has no reason.
	Families []FamilyVerdict `json:"-"`
	// Doubt is what the first resolver did, silence or REFUSED, when the verdict is that none can
	// be used for its control question came to no more; nil otherwise.
	Doubt *FamilyVerdict `json:"-"`
	// Canary is the answer about the name that must not exist; nil if none was asked about.
	Canary *Answer `json:"-"`
	// Elsewhere is the answer about such a name of another zone; nil if there was no need to ask.
	Elsewhere *Answer `json:"-"`
}

// Then is the lookup that was made after this one, with what was asked and waited for in both.
func (l *Lookup) Then(next *Lookup) *Lookup {
	next.Queries = append(slices.Clip(l.Queries), next.Queries...)
	next.Duration += l.Duration
	return next
}

// MarshalJSON writes the part of it that is documented.
func (l Lookup) MarshalJSON() ([]byte, error) {
	type plain Lookup
	l.CNAME, l.Addresses, l.Queries = append([]string{}, l.CNAME...), append([]netip.Addr{}, l.Addresses...), append([]Answer{}, l.Queries...)
	return json.Marshal(plain(l))
}

// FamilyVerdict is what became of one family's question.
type FamilyVerdict struct {
	Type   Type
	Reason reason.Reason
	Detail string
	// Resolver is the one that decided; the zero value if none could be used.
	Resolver netip.AddrPort
}

// Lookup asks for the addresses of host, which is a name, absolute with or without its
// final dot. Each family is asked of the first resolver, and of the next one as long as
// that is silent, fails or makes no sense: only a set of addresses, "no such name", "no
// such record" and a broken chain of aliases are answers that count.
//
// If no resolver gave any answer but REFUSED, each is asked a control question (the name
// servers of the root), all at once. A resolver that is silent to that too, refuses it or
// cannot be reached is not usable, and if none is, the outcome is Unknown and not the
// host's failure. So a lookup lasts at most one [Client.Timeout] for each resolver, times
// the links of a chain that servers make us follow, and one more; a context that ends
// earlier leaves dead resolvers and dead names undecided.
func (c *Client) Lookup(ctx context.Context, resolvers []netip.AddrPort, host string, opt Options) *Lookup {
	if IsLocalhost(host) {
		return localhost(host, opt.Families.types())
	}
	l := &lookup{client: c, resolvers: resolvers, host: host}
	start := c.now()
	l.run(ctx, opt, start)
	return l.result()
}

// lookup is the state of one Lookup.
type lookup struct {
	client    *Client
	resolvers []netip.AddrPort
	host      string

	families  []family // in the order A, AAAA; only those asked for
	control   []Answer
	canary    *Answer
	elsewhere *Answer
	rechecked []Answer // beside their first answers
	duration  time.Duration
}

func (l *lookup) run(ctx context.Context, opt Options, start time.Time) {
	if len(l.resolvers) == 0 {
		return
	}
	wanted := opt.Families.types()
	var canary chan Answer
	if opt.Canary != "" {
		canary = make(chan Answer, 1)
		go func() { canary <- l.client.Query(ctx, l.resolvers[0], opt.Canary, A) }()
	}
	if len(wanted) == 2 {
		l.families = l.client.both(ctx, l.resolvers, l.host, start)
	} else {
		l.families = []family{l.client.family(ctx, l.resolvers, l.host, wanted[0], nil)}
	}
	l.askControl(ctx)
	l.duration = l.client.now().Sub(start)
	if opt.Recheck {
		l.recheck(ctx)
	}
	if canary != nil {
		a := <-canary
		l.canary = &a
	}
	if opt.Elsewhere != "" && leads(l.canary) {
		a := l.client.Query(ctx, l.resolvers[0], opt.Elsewhere, A)
		l.elsewhere = &a
	}
}

// recheck asks again for the families of which a cache gave a record with a lifetime of 0.
func (l *lookup) recheck(ctx context.Context) {
	for i := range l.families {
		f := &l.families[i]
		if t := &f.tries[len(f.tries)-1]; t.Reason == reason.None && t.minTTL == 0 && !t.authoritative() {
			l.rechecked = append(l.rechecked, l.client.Query(ctx, t.last().Resolver, t.answers[0].Name, f.typ))
		}
	}
}
