package nameserver

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/net/dns/dnsmessage"
)

// Host is a name with its addresses.
type Host struct {
	Name  string // lower case, without the final dot
	V4    []netip.Addr
	V6    []netip.Addr
	Spare netip.Addr // a second IPv4 address, for behaviours that need one
}

// Zone says what to answer. It is safe for use by several servers at once.
type Zone struct {
	mu         sync.RWMutex
	behaviours map[string]Behaviour // by host name
	everything AnswerFunc           // instead of all answers; nil: as usual

	names atomic.Pointer[names]
}

// names are those that a zone has.
type names struct {
	hosts   map[string]Host
	beside  map[string][]Host // by parent domain
	apexes  map[string]bool
	parents map[string]bool // names that only lead to hosts below them
}

// NewZone returns a zone in which every host answers cleanly. The first of several
// hosts of one name counts.
func NewZone(hosts []Host) *Zone {
	z := &Zone{behaviours: make(map[string]Behaviour)}
	z.Hold(hosts)
	return z
}

// Hold makes hosts those of the zone, in place of the ones that it has. What was set for a name
// stays.
func (z *Zone) Hold(hosts []Host) {
	n := &names{
		hosts:   make(map[string]Host, len(hosts)),
		beside:  make(map[string][]Host),
		apexes:  make(map[string]bool),
		parents: make(map[string]bool),
	}
	for _, h := range hosts {
		if _, ok := n.hosts[h.Name]; ok {
			continue
		}
		n.hosts[h.Name] = h
		_, parent, _ := strings.Cut(h.Name, ".")
		n.beside[parent] = append(n.beside[parent], h)
		n.apexes[Apex(h.Name)] = true
		for _, up, ok := strings.Cut(h.Name, "."); ok; _, up, ok = strings.Cut(up, ".") {
			n.parents[up] = true
		}
	}
	z.names.Store(n)
}

// Apex returns the zone that name belongs to: its last two labels.
func Apex(name string) string {
	labels := strings.Split(name, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

// Set makes b what happens to questions about host; the zero Behaviour is clean.
func (z *Zone) Set(host string, b Behaviour) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.behaviours[host] = b
}

func (z *Zone) behaviour(host string) Behaviour {
	z.mu.RLock()
	defer z.mu.RUnlock()
	return z.behaviours[host]
}

// HostOf returns the host that a question about name is counted for: the name itself,
// a host above it, or the host beside it whose first label and a hyphen start it.
func (z *Zone) HostOf(name string) (Host, bool) {
	h, _, ok := z.find(name)
	return h, ok
}

// place is where a name stands to its host.
type place uint8

const (
	atHost place = iota
	belowHost
	besideHost
)

func (z *Zone) find(name string) (Host, place, bool) {
	n := z.names.Load()
	if h, ok := n.hosts[name]; ok {
		return h, atHost, true
	}
	for _, up, ok := strings.Cut(name, "."); ok; _, up, ok = strings.Cut(up, ".") {
		if h, ok := n.hosts[up]; ok {
			return h, belowHost, true
		}
	}
	label, parent, _ := strings.Cut(name, ".")
	var found Host
	longest := 0
	for _, h := range n.beside[parent] {
		first, _, _ := strings.Cut(h.Name, ".")
		if strings.HasPrefix(label, first+"-") && len(first) > longest {
			found, longest = h, len(first)
		}
	}
	return found, besideHost, longest > 0
}

// SetEverything makes f what happens to every question, whatever it is about; nil ends it.
func (z *Zone) SetEverything(f AnswerFunc) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.everything = f
}

func (z *Zone) broken() AnswerFunc {
	z.mu.RLock()
	defer z.mu.RUnlock()
	return z.everything
}

// Answer says what to answer to q.
func (z *Zone) Answer(q Question) Answer {
	if f := z.broken(); f != nil {
		return f(q, Host{})
	}
	if q.EDNS && q.ednsVersion != 0 {
		return Answer{RCode: rcodeBadVersion}
	}
	if q.Header.OpCode != 0 {
		return Answer{RCode: dnsmessage.RCodeNotImplemented}
	}
	if q.Asked.Class != dnsmessage.ClassINET {
		return Answer{RCode: dnsmessage.RCodeRefused}
	}
	if h, where, ok := z.find(q.Name); ok {
		if f := z.behaviour(h.Name).at(where); f != nil {
			return f(q, h)
		}
	}
	return z.other(q)
}

// reserved are domains of IANA's (RFC 2606) in which clients ask for names that do not exist, to
// see what a resolver makes of those.
var reserved = []string{"example.com", "example.net", "example.org"}

// other answers for names that are no host: the root, the apexes, what lies above and
// between, and names that concern no host.
func (z *Zone) other(q Question) Answer {
	n, apex := z.names.Load(), Apex(q.Name)
	switch {
	case q.Name == "" && q.Asked.Type == dnsmessage.TypeNS:
		return saying(ns("", "ns1.sandbox.test"))
	case !n.apexes[apex] && slices.Contains(reserved, apex):
		return z.elsewhere(q)
	case !n.apexes[apex] && !n.parents[q.Name]:
		return Answer{RCode: dnsmessage.RCodeRefused, NotAuthoritative: true}
	case q.Name == apex && q.Asked.Type == dnsmessage.TypeNS:
		return saying(ns(apex, "ns1."+apex), ns(apex, "ns2."+apex))
	case q.Name == apex && q.Asked.Type == dnsmessage.TypeSOA:
		return saying(soa(apex, positiveTTL))
	case q.Name == apex || n.parents[q.Name]:
		return noData(q)
	}
	return noSuchName(q)
}

// elsewhere answers for a name that does not exist and concerns no host.
func (z *Zone) elsewhere(q Question) Answer {
	z.mu.RLock()
	defer z.mu.RUnlock()
	for _, b := range z.behaviours {
		if b.Elsewhere != nil {
			return b.Elsewhere(q, Host{})
		}
	}
	return noSuchName(q)
}

// saying answers with records.
func saying(records ...dnsmessage.Resource) Answer { return Answer{Records: records} }

// noData says that the name exists without a record of that type (RFC 2308, section 2.2).
func noData(q Question) Answer {
	return Answer{Authority: []dnsmessage.Resource{soa(Apex(q.Name), negativeTTL)}}
}

// noSuchName says that the name does not exist (RFC 2308, section 2.1).
func noSuchName(q Question) Answer {
	a := noData(q)
	a.RCode = dnsmessage.RCodeNameError
	return a
}
