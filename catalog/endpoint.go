package catalog

// Network is where an endpoint can be reached from.
type Network string

// The networks.
const (
	// Public: the internet.
	Public Network = "public"
	// VPC: only the provider's private network of that region.
	VPC Network = "vpc"
)

// Networks lists the networks.
func Networks() []Network { return []Network{Public, VPC} }

// Lifecycle says whether an endpoint is expected to exist.
type Lifecycle string

// The lifecycles. Closed and doubtful endpoints are measured and shown, but never
// change an exit code or fire an alert.
const (
	// Active: listed by current sources. A file that leaves the lifecycle out means this.
	Active Lifecycle = "active"
	// Closed: the provider says the region is closed.
	Closed Lifecycle = "closed"
	// Doubtful: current sources no longer list it.
	Doubtful Lifecycle = "doubtful"
)

// Lifecycles lists the lifecycles.
func Lifecycles() []Lifecycle { return []Lifecycle{Active, Closed, Doubtful} }

// IsActive reports whether what is found at an endpoint counts; one whose lifecycle nobody has said is active.
func (l Lifecycle) IsActive() bool { return l == Active || l == "" }

// Endpoint is one host name of a product. Where a product has several in one region and network,
// their ids take a name of their own as a fourth part.
type Endpoint struct {
	// ID is product/region/network or product/region/network/name; in a list of somebody's own any words
	// joined by "/".
	ID        string    `json:"id"`
	Product   string    `json:"product"`
	Region    string    `json:"region"`
	Network   Network   `json:"network"`
	Host      string    `json:"host"` // lower case, without a final dot
	Lifecycle Lifecycle `json:"lifecycle,omitempty"`
	Sources   []string  `json:"sources"`
	Ports     *Ports    `json:"ports,omitempty"`
	// Scheme is the one scheme to probe, whatever is selected; empty: what is selected.
	Scheme Scheme `json:"scheme,omitempty"`
	// Path is the target of the request, path and query, at an endpoint of style none; empty: "/".
	Path string `json:"path,omitempty"`
	// Authority is the Host header, where it is not the bare host.
	Authority string `json:"authority,omitempty"`
	// Check is what healthy means here, over that of the product; see [Product.CheckOf].
	Check *Check `json:"check,omitempty"`
	// Labels are what else somebody says of it; see [limit.Labels].
	Labels map[string]string `json:"labels,omitempty"`
	Note   string            `json:"note,omitempty"`
	// Own is how this endpoint is probed, over that of the product; see [Product.OwnOf].
	*Own
}
