package session

import (
	"flag"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/probe/dns"
)

// Options are the flags that every command shares which touches the network. The zero
// Options, with the defaults of [Options.Bind], are those of a run on the internet.
type Options struct {
	EndpointsFile string
	Products      List
	Regions       List
	Networks      List
	Resolvers     List
	CAFile        string
	Scheme        string
	Family        string
	Timeout       time.Duration
	Concurrency   int
	AllowPrivate  bool
	World         string // a closed world, as [probe.Guard] has it; see [Options.Bind]
	Inside        List
	PostQuantum   bool
	Sandbox       bool
	Faults        Verbatim
	Latency       string

	// AllNetworks makes both networks the default selection, as the suites want it. Set it
	// before [Options.Bind], whose help names the default.
	AllNetworks bool
	// BothSchemes is for a command that looks at both schemes by itself: [Options.Bind] then
	// offers no --scheme, which would change nothing. Set it before.
	BothSchemes bool
}

// List is a flag that can be given several times, or once with commas.
type List []string

// String implements flag.Value.
func (l *List) String() string { return strings.Join(*l, ",") }

// Set implements flag.Value.
func (l *List) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			return fmt.Errorf("empty value")
		}
		*l = append(*l, part)
	}
	return nil
}

// Verbatim is a repeatable flag whose values may hold commas.
type Verbatim []string

// String implements flag.Value.
func (l *Verbatim) String() string { return strings.Join(*l, " ") }

// Set implements flag.Value.
func (l *Verbatim) Set(s string) error {
	*l = append(*l, s)
	return nil
}

// Given is a text flag that may be left out but not be given empty: the unset variable of a
// script must not pass for a flag that nobody wanted.
type Given string

// String implements flag.Value.
func (g *Given) String() string { return string(*g) }

// Set implements flag.Value.
func (g *Given) Set(s string) error {
	if strings.TrimSpace(s) == "" {
		return fmt.Errorf("the value is empty: give one, or leave the flag out")
	}
	*g = Given(s)
	return nil
}

// Bind defines the flags on fs.
func (o *Options) Bind(fs *flag.FlagSet) {
	networks := "default public; all with --sandbox"
	if o.AllNetworks {
		networks = "default all"
	}
	fs.StringVar(&o.EndpointsFile, "endpoints", "", "catalogue `FILE` instead of the built-in list")
	fs.Var(&o.Products, "product", "only this `PRODUCT` (repeatable)")
	fs.Var(&o.Regions, "region", "only this `REGION` (repeatable)")
	fs.Var(&o.Networks, "network", "only this `NETWORK`: public, vpc or all ("+networks+")")
	fs.Var(&o.Resolvers, "resolver", "DNS resolver `HOST:PORT` instead of the system's (repeatable: the next one answers when one is silent)")
	fs.StringVar(&o.CAFile, "ca-file", "", "trust the authorities in this PEM `FILE` instead of the system's")
	if !o.BothSchemes {
		fs.StringVar(&o.Scheme, "scheme", "https", "`SCHEME` to probe: https, http or all")
	}
	fs.StringVar(&o.Family, "family", "", "only addresses of this `FAMILY`: 4 or 6")
	fs.DurationVar(&o.Timeout, "timeout", defaultTimeout, "bound on one exchange, one ClientHello, one DNS question")
	fs.IntVar(&o.Concurrency, "concurrency", 64, "probes at once")
	fs.BoolVar(&o.AllowPrivate, "allow-private", false, "permit loopback and private addresses, but no metadata service")
	fs.Var((*Given)(&o.World), "world", "dial only these `PREFIXES`, and take each for what it is called: public=127.0.0.0/24,private=127.1.0.0/16")
	fs.Var(&o.Inside, "inside", "the prober is inside the private network of this `REGION`, or of all (repeatable)")
	fs.BoolVar(&o.PostQuantum, "post-quantum", false, "offer a post-quantum key exchange as well: a larger ClientHello, more CPU")
	fs.BoolVar(&o.Sandbox, "sandbox", false, "run against the built-in loopback cloud")
	fs.Var(&o.Faults, "fault", "with --sandbox, give an endpoint a fault: `ENDPOINT=FAULT` (globs; repeatable)")
	fs.StringVar(&o.Latency, "latency", "", "with --sandbox, delay phases: `dns=200ms,first_byte=200ms`")
}

// schemes returns the schemes to probe.
func (o *Options) schemes() ([]catalog.Scheme, error) {
	switch o.Scheme {
	case "https", "":
		return []catalog.Scheme{catalog.HTTPS}, nil
	case "http":
		return []catalog.Scheme{catalog.HTTP}, nil
	case "all":
		return []catalog.Scheme{catalog.HTTPS, catalog.HTTP}, nil
	}
	return nil, usagef("--scheme %q: want https, http or all", o.Scheme)
}

func (o *Options) families() (dns.Families, error) {
	switch o.Family {
	case "":
		return dns.Both, nil
	case "4":
		return dns.OnlyIPv4, nil
	case "6":
		return dns.OnlyIPv6, nil
	}
	return dns.Both, usagef("--family %q: want 4 or 6", o.Family)
}

// check refuses values and combinations that cannot be meant.
func (o *Options) check() error {
	switch {
	case o.Timeout <= 0:
		return usagef("--timeout %s: want more than 0", o.Timeout)
	case o.Concurrency < 1 || o.Concurrency > 10_000:
		return usagef("--concurrency %d: want 1 to 10000", o.Concurrency)
	case len(o.Faults) > 0 && !o.Sandbox:
		return usagef("--fault needs --sandbox: faults are made by the built-in cloud")
	case o.Latency != "" && !o.Sandbox:
		return usagef("--latency needs --sandbox: delays are made by the built-in cloud")
	case o.Sandbox && len(o.Resolvers) > 0:
		return usagef("--resolver and --sandbox exclude each other: the sandbox has resolvers of its own")
	case o.Sandbox && o.World != "":
		return usagef("--world and --sandbox exclude each other: the sandbox is a world of its own")
	case o.AllowPrivate && o.World != "":
		return usagef("--allow-private and --world exclude each other: a closed world has no other addresses to permit")
	case o.Sandbox && o.CAFile != "":
		return usagef("--ca-file and --sandbox exclude each other: the sandbox has an authority of its own")
	}
	return nil
}

// Select returns the endpoints of c that the options select.
func (o *Options) Select(c *catalog.Catalog) ([]catalog.Endpoint, error) {
	selected, err := c.Select(o.selection())
	if err != nil {
		return nil, &UsageError{err}
	}
	return selected, nil
}

func (o *Options) selection() catalog.Selection {
	networks := []string(o.Networks)
	if len(networks) == 0 {
		networks = []string{string(catalog.Public)}
		if o.AllNetworks || o.Sandbox {
			networks = []string{catalog.All}
		}
	}
	return catalog.Selection{Products: o.Products, Regions: o.Regions, Networks: networks}
}

// inside returns the question whether the prober stands in the private network of a
// region. In the sandbox it stands in all of them.
func (o *Options) inside(c *catalog.Catalog) (func(string) bool, error) {
	in := o.Inside
	if len(in) == 0 && o.Sandbox {
		in = List{catalog.All}
	}
	known := map[string]bool{}
	for _, e := range c.Endpoints {
		known[e.Region] = true
	}
	for _, r := range in {
		if r != catalog.All && !known[r] {
			return nil, usagef("--inside %q: no endpoint has that region; \"prober endpoints list\" shows them", r)
		}
	}
	return func(region string) bool { return slices.Contains(in, catalog.All) || slices.Contains(in, region) }, nil
}

// resolvers parses the resolvers that were named. The port is 53 where none is given.
func (o *Options) resolvers() ([]netip.AddrPort, error) {
	var out []netip.AddrPort
	for _, s := range o.Resolvers {
		if a, err := netip.ParseAddrPort(s); err == nil {
			out = append(out, a)
			continue
		}
		a, err := netip.ParseAddr(strings.Trim(s, "[]"))
		if err != nil {
			return nil, usagef("--resolver %q: want an IP address with or without a port, as 192.0.2.1:53 or [2001:db8::1]:53", s)
		}
		out = append(out, netip.AddrPortFrom(a, 53))
	}
	return out, nil
}
