package catalog

import (
	"iter"
	"strings"
)

// Apart tells an endpoint from the others of a list that have its product, region, network and
// host: the values of the further labels that it takes. A field that is not needed is empty, and
// the zero value is that of an endpoint whose host is its own, as all of the built-in list are.
type Apart struct {
	Scheme Scheme
	Port   uint16
	Name   string // see [Endpoint.Name]
}

// TellApart returns what tells the endpoints of a list apart, by their ids, of those alone that
// need more than product, region, network and host. All that share these get the same labels, the
// first of these that are enough: port; scheme; scheme and port; name. What an endpoint gets
// therefore stays the same whatever other hosts are listed, or selected by product, region or network.
func TellApart(list iter.Seq2[Endpoint, Scheme]) map[string]Apart {
	type place struct {
		product, region, host string
		network               Network
	}
	type one struct {
		id    string
		apart Apart
	}
	alone := map[place]one{}
	shared := map[place][]one{}
	for e, scheme := range list {
		at := place{e.Product, e.Region, e.Host, e.Network}
		this := one{e.ID, Apart{scheme, e.Port(scheme), e.Name()}}
		if first, met := alone[at]; !met {
			alone[at] = this
		} else if shared[at] == nil {
			shared[at] = []one{first, this}
		} else {
			shared[at] = append(shared[at], this)
		}
	}
	out := map[string]Apart{}
	for _, all := range shared {
		for _, keep := range []func(Apart) Apart{
			func(a Apart) Apart { return Apart{Port: a.Port} },
			func(a Apart) Apart { return Apart{Scheme: a.Scheme} },
			func(a Apart) Apart { return Apart{Scheme: a.Scheme, Port: a.Port} },
			func(a Apart) Apart { return Apart{Name: a.Name} },
		} {
			seen := map[Apart]bool{}
			for _, o := range all {
				seen[keep(o.apart)] = true
				out[o.id] = keep(o.apart)
			}
			if len(seen) == len(all) {
				break
			}
		}
	}
	return out
}

// Name is what the id says beyond product, region and network, which is all of one that was given
// freely; "" where it says no more.
func (e Endpoint) Name() string {
	if e.ID == e.place() {
		return ""
	}
	return strings.TrimPrefix(e.ID, e.place()+"/")
}

// place is what every id begins with.
func (e Endpoint) place() string { return e.Product + "/" + e.Region + "/" + string(e.Network) }
