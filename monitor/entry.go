package monitor

import (
	"reflect"

	"prober/catalog"
	"prober/probe"
)

// entry is what the list says of one endpoint. A [probe.Target] is three times as large, most of which
// is the same for all endpoints of a product: of a hundred thousand that would be a tenth of all memory.
type entry struct {
	Endpoint catalog.Endpoint
	like     *probe.Target // the rest, shared; its path and its Host header are those of Endpoint where it says so
	asListed bool
}

// whole is the target again.
func (e *entry) whole() probe.Target {
	t := *e.like
	t.Endpoint = e.Endpoint
	if e.asListed {
		t.Path, t.Authority = e.Endpoint.Path, e.Endpoint.Authority
	}
	return t
}

// entries makes entries of targets.
type entries struct {
	kinds map[likeness][]*probe.Target
	// room is where a target is compared with those. A copy of each would be garbage between the endpoints, which are about as
	// large: half of the memory that holds them would stay empty for as long as they are listed.
	room *probe.Target
}

// likeness is what tells most kinds of targets apart, so that few have to be compared.
type likeness struct {
	product, path, authority string
	scheme                   catalog.Scheme
	check                    *probe.Check
	own                      *probe.Own
}

func (k *entries) of(t *probe.Target) entry {
	e := entry{Endpoint: t.Endpoint, asListed: t.Path == t.Endpoint.Path && t.Authority == t.Endpoint.Authority}
	if k.room == nil {
		k.room = new(probe.Target)
	}
	like := k.room
	*like = *t
	like.Endpoint = catalog.Endpoint{}
	if e.asListed {
		like.Path, like.Authority = "", ""
	}
	key := likeness{t.Product.ID, like.Path, like.Authority, t.Scheme, t.Check, t.Own}
	for _, known := range k.kinds[key] {
		if reflect.DeepEqual(known, like) {
			e.like = known
			return e
		}
	}
	if k.kinds == nil {
		k.kinds = map[likeness][]*probe.Target{}
	}
	e.like, k.room = like, nil
	k.kinds[key] = append(k.kinds[key], like)
	return e
}

func (e *entry) scheme() catalog.Scheme { return schemeOf(e.like) }

func (e *entry) provider() string { return providerOf(&e.like.Product, e.Endpoint.Host) }
