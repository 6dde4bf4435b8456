package monitor

import (
	"maps"
	"reflect"
	"slices"

	"prober/catalog"
	"prober/probe"
)

// entry is what the list says of one endpoint. A [probe.Target] is eight times as large, most of which
// is the same for many endpoints: of a hundred thousand that would be a tenth of all memory.
type entry struct {
	id, host, region string
	rest             *catalog.Endpoint // without these, shared by endpoints of which the list says the same
	like             *probe.Target     // the rest of the target, shared; its path and its Host header are those of the endpoint where it says so
	asListed         bool
}

// endpoint is what the list says, again.
func (e *entry) endpoint() catalog.Endpoint {
	all := *e.rest
	all.ID, all.Host, all.Region = e.id, e.host, e.region
	return all
}

// whole is the target again.
func (e *entry) whole() probe.Target {
	t := *e.like
	t.Endpoint = e.endpoint()
	if e.asListed {
		t.Path, t.Authority = t.Endpoint.Path, t.Endpoint.Authority
	}
	return t
}

// entries makes entries of targets.
type entries struct {
	rests map[restKey][]*catalog.Endpoint
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

// restKey is what tells most that is said of endpoints apart.
type restKey struct {
	product, path, authority, note string
	network                        catalog.Network
	lifecycle                      catalog.Lifecycle
	scheme                         catalog.Scheme
}

// compared is with how many of one key the next is compared, the latest: where a list says another thing of each endpoint, that is
// not compared with all of them.
const compared = 4

// restOf is an endpoint without what each has of its own.
func (k *entries) restOf(e *catalog.Endpoint) *catalog.Endpoint {
	key := restKey{e.Product, e.Path, e.Authority, e.Note, e.Network, e.Lifecycle, e.Scheme}
	rest := *e
	rest.ID, rest.Host, rest.Region = "", "", ""
	known := k.rests[key]
	for _, x := range known {
		if sameRest(x, &rest) {
			return x
		}
	}
	if k.rests == nil {
		k.rests = map[restKey][]*catalog.Endpoint{}
	}
	if len(known) == compared {
		known = slices.Delete(known, 0, 1)
	}
	kept := rest
	k.rests[key] = append(known, &kept)
	return &kept
}

// sameRest says whether the same is said of two endpoints of one key.
func sameRest(a, b *catalog.Endpoint) bool {
	return slices.Equal(a.Sources, b.Sources) && maps.Equal(a.Labels, b.Labels) &&
		reflect.DeepEqual(a.Ports, b.Ports) && reflect.DeepEqual(a.Check, b.Check) && reflect.DeepEqual(a.Own, b.Own)
}

func (k *entries) of(t *probe.Target) entry {
	e := entry{id: t.Endpoint.ID, host: t.Endpoint.Host, region: t.Endpoint.Region, rest: k.restOf(&t.Endpoint), asListed: t.Path == t.Endpoint.Path && t.Authority == t.Endpoint.Authority}
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

func (e *entry) provider() string { return providerOf(&e.like.Product, e.host) }

func (e *entry) lifecycle() catalog.Lifecycle { return lifecycleOf(e.rest) }
