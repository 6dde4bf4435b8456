package session

import (
	"flag"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
	"prober/probe/dns"
	"prober/suggest"
)

// Options are the flags that every command shares which touches the network. To add one, give
// it a field here and a line in flags; [Choose] is where it takes effect.
type Options struct {
	Endpoints          Lists
	Products           List
	Regions            List
	Networks           List
	Resolvers          List
	Controls           List
	CAFile             string
	Scheme             string
	Family             string
	Timeout            time.Duration
	Concurrency        int
	ConnectionsPerHost int
	AllowPrivate       bool
	World              string // a closed world, as [probe.Guard] has it; see [ParseWorld]
	Inside             List
	PostQuantum        bool
	Sandbox            bool
	Faults             Verbatim
	Latency            string

	// AllNetworks makes both networks the default selection, as the suites want it. Set it
	// before [Options.Bind], whose help names the default.
	AllNetworks bool
	// BothSchemes is for a command that looks at both schemes by itself: [Options.Bind] then
	// offers no --scheme, which would change nothing. Set it before.
	BothSchemes bool
}

// Defaults are the options of a run without flags: on the internet, over HTTPS.
func Defaults() Options {
	return Options{Scheme: "https", Timeout: limit.Timeout, Concurrency: 64, ConnectionsPerHost: probe.DefaultConnectionsPerHost}
}

// A use is what a flag is about, besides what it does.
type use uint8

const (
	where     use = 1 << iota // which endpoints are looked at, or what stands for them: see [Options.Where]
	again                     // another run that is to see the same of an endpoint needs it: see [Choice.Reach]
	each                      // as again, but a flag for each value
	sandboxed                 // it needs --sandbox, except where there is nothing but a sandbox
)

// option is a flag: the field that it sets, its name, its use and its help.
type option struct {
	field any // pointer
	name  string
	use   use
	help  string
}

// define adds the flag to fs.
func (f option) define(fs *flag.FlagSet) {
	switch field := f.field.(type) {
	case *bool:
		fs.BoolVar(field, f.name, *field, f.help)
	case *int:
		fs.IntVar(field, f.name, *field, f.help)
	case *string:
		fs.StringVar(field, f.name, *field, f.help)
	case *time.Duration:
		fs.DurationVar(field, f.name, *field, f.help)
	case flag.Value:
		fs.Var(field, f.name, f.help)
	}
}

// text is the value of the flag as it would be given.
func (f option) text() string {
	var fs flag.FlagSet
	f.define(&fs)
	return fs.Lookup(f.name).Value.String()
}

// flags are the flags of the options, in the order in which [Choice.Reach] writes them.
func (o *Options) flags() []option {
	networks := "default public; all with --sandbox"
	if o.AllNetworks {
		networks = "default all"
	}
	return []option{
		{&o.Endpoints, "endpoints", where | again, "list of endpoints instead of the built-in one: a `FILE` (JSON, YAML or Prometheus' file_sd), a folder of them, or builtin (repeatable: all in one)"},
		{&o.Products, "product", where, "only this `PRODUCT` (repeatable)"},
		{&o.Regions, "region", where, "only this `REGION` (repeatable)"},
		{&o.Networks, "network", where, "only this `NETWORK`: public, vpc or all (" + networks + ")"},
		{&o.Sandbox, "sandbox", again, "run against the built-in loopback cloud"},
		{&o.Faults, "fault", where | again | sandboxed, "give an endpoint a fault: `ENDPOINT=FAULT` (globs; repeatable)"},
		{(*Given)(&o.Latency), "latency", where | again | sandboxed, "delay phases: `PHASE=TIME` for dns, tls, first_byte and body, as dns=200ms,first_byte=200ms"},
		{&o.Resolvers, "resolver", where | each, "DNS resolver `HOST:PORT` instead of the system's (repeatable: the next one answers when one is silent)"},
		{&o.Controls, "control", each, "host `NAME` that resolvers are sure to know, or NAME:PORT that takes connections (nothing is sent), to tell a broken resolver or network by (repeatable)"},
		{(*Given)(&o.CAFile), "ca-file", where | again, "trust the authorities in this PEM `FILE` instead of the system's"},
		{(*Given)(&o.Scheme), "scheme", 0, "`SCHEME` to probe: https, http or all"},
		{(*Given)(&o.Family), "family", where | again, "only addresses of this `FAMILY`: 4 or 6"},
		{&o.Timeout, "timeout", again, "bound on one exchange, one ClientHello, one DNS question"},
		{&o.Concurrency, "concurrency", 0, "probes at once"},
		{&o.ConnectionsPerHost, "connections-per-host", again, "connections at once to one host: 1 to 64"},
		{&o.AllowPrivate, "allow-private", where | again, "permit loopback and private addresses, but no metadata service"},
		{(*Given)(&o.World), "world", where | again, "dial only these `PREFIXES`, and take each for what it is called: public=127.0.0.0/24,private=127.1.0.0/16"},
		{&o.Inside, "inside", where | again, "the prober is inside the private network of this `REGION`, or of all (repeatable)"},
		{&o.PostQuantum, "post-quantum", again, "offer a post-quantum key exchange as well: a larger ClientHello, more CPU"},
	}
}

// Bind defines the flags on fs.
func (o *Options) Bind(fs *flag.FlagSet) {
	o.bind(fs, func(f *option) bool {
		if f.use&sandboxed != 0 {
			f.help = "with --sandbox, " + f.help
		}
		return f.name != "scheme" || !o.BothSchemes
	})
}

// BindOnly defines only the flags of these names, for a command that has no use for the
// others.
func (o *Options) BindOnly(fs *flag.FlagSet, names ...string) {
	o.bind(fs, func(f *option) bool { return slices.Contains(names, f.name) })
}

func (o *Options) bind(fs *flag.FlagSet, wanted func(*option) bool) {
	defaults := Defaults()
	defaults.AllNetworks, defaults.BothSchemes = o.AllNetworks, o.BothSchemes
	*o = defaults
	for _, f := range o.flags() {
		if wanted(&f) {
			f.define(fs)
		}
	}
}

// Where returns the name of a flag that was given in fs and says which endpoints are looked
// at, or what stands for them; "" when there is none.
func (o *Options) Where(fs *flag.FlagSet) string {
	name := ""
	fs.Visit(func(given *flag.Flag) {
		if name == "" && slices.ContainsFunc(o.flags(), func(f option) bool { return f.name == given.Name && f.use&where != 0 }) {
			name = given.Name
		}
	})
	return name
}

// schemes returns the schemes to probe.
func (o *Options) schemes() ([]catalog.Scheme, error) {
	schemes, ok := map[string][]catalog.Scheme{
		"": {catalog.HTTPS}, "https": {catalog.HTTPS}, "http": {catalog.HTTP}, "all": {catalog.HTTPS, catalog.HTTP},
	}[o.Scheme]
	if !ok {
		return nil, Usagef("--scheme %q: want https, http or all", o.Scheme)
	}
	return schemes, nil
}

func (o *Options) families() (dns.Families, error) {
	families, ok := map[string]dns.Families{"": dns.Both, "4": dns.OnlyIPv4, "6": dns.OnlyIPv6}[o.Family]
	if !ok {
		return families, Usagef("--family %q: want 4 or 6", o.Family)
	}
	return families, nil
}

// check refuses values and combinations that cannot be meant.
func (o *Options) check() error {
	switch {
	case o.Timeout <= 0:
		return Usagef("--timeout %s: want more than 0", o.Timeout)
	case o.Concurrency < 1 || o.Concurrency > 10_000:
		return Usagef("--concurrency %d: want 1 to 10000", o.Concurrency)
	case o.ConnectionsPerHost < 1 || o.ConnectionsPerHost > 64:
		return Usagef("--connections-per-host %d: want 1 to 64", o.ConnectionsPerHost)
	case len(o.Faults) > 0 && !o.Sandbox:
		return Usagef("--fault needs --sandbox: faults are made by the built-in cloud")
	case o.Latency != "" && !o.Sandbox:
		return Usagef("--latency needs --sandbox: delays are made by the built-in cloud")
	case o.Sandbox && len(o.Resolvers) > 0:
		return Usagef("--resolver and --sandbox exclude each other: the sandbox has resolvers of its own")
	case o.Sandbox && o.World != "":
		return Usagef("--world and --sandbox exclude each other: the sandbox is a world of its own")
	case o.AllowPrivate && o.World != "":
		return Usagef("--allow-private and --world exclude each other: a closed world has no other addresses to permit")
	case o.Sandbox && o.CAFile != "":
		return Usagef("--ca-file and --sandbox exclude each other: the sandbox has an authority of its own")
	}
	return nil
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
	var regions []string
	for _, e := range c.Endpoints {
		regions = append(regions, e.Region)
	}
	for _, r := range in {
		if r != catalog.All && !slices.Contains(regions, r) {
			return nil, Usagef("--inside %q: no endpoint has that region%s; \"prober endpoints list\" shows them", r, suggest.Hint(r, regions))
		}
	}
	return func(region string) bool { return slices.Contains(in, catalog.All) || slices.Contains(in, region) }, nil
}

// controls parses the controls: names, and hosts with a port. A host with a port is a name as well.
func (o *Options) controls() (names []string, reaches []probe.Reach, err error) {
	for _, text := range o.Controls {
		host, port, err := net.SplitHostPort(text)
		if err != nil {
			host, port = text, "none"
		}
		_, notAddress := netip.ParseAddr(host)
		problem := catalog.HostProblem(host)
		number, badPort := strconv.ParseUint(port, 10, 16)
		switch {
		case notAddress == nil && port == "none":
			return nil, nil, Usagef("--control %q: an address needs a port, as 192.0.2.1:443", text)
		case notAddress != nil && problem != "":
			return nil, nil, Usagef("--control %q: want a host name, or one with a port, as example.org or example.org:443: %s", text, problem)
		case port != "none" && (badPort != nil || number == 0):
			return nil, nil, Usagef("--control %q: want a port from 1 to 65535, as example.org:443", text)
		}
		if notAddress != nil && !slices.Contains(names, host) {
			names = append(names, host)
		}
		if port != "none" {
			reaches = append(reaches, probe.Reach{Host: host, Port: uint16(number)})
		}
	}
	return names, reaches, nil
}

// resolvers reads the resolvers that were named.
func (o *Options) resolvers() ([]netip.AddrPort, error) {
	var out []netip.AddrPort
	for _, s := range o.Resolvers {
		a, ok := catalog.ParseResolver(s)
		if !ok {
			return nil, Usagef("--resolver %q: want an IP address with or without a port, as 192.0.2.1:53 or [2001:db8::1]:53", s)
		}
		out = append(out, a)
	}
	return out, nil
}
