package session

import (
	"net/netip"
	"strings"
	"time"

	"prober/catalog"
)

// Reach returns the flags that put another run of the program into the same surroundings as
// far as an endpoint of c goes: catalogue, resolvers, authorities, or the sandbox with the
// endpoint's fault. Selections, and what a run does with what it finds, are no part of it.
func (o *Options) Reach(c *catalog.Catalog) func(e catalog.Endpoint) []string {
	faults, _ := ParseFaults(c, o.Faults) // [Open] says what is wrong with them
	return func(e catalog.Endpoint) []string {
		var flags []string
		add := func(name, value string) {
			if value != "" {
				flags = append(flags, name, value)
			}
		}
		set := func(name string, on bool) {
			if on {
				flags = append(flags, name)
			}
		}
		add("--endpoints", o.EndpointsFile)
		set("--sandbox", o.Sandbox)
		if name := faults[e.ID]; name != "" {
			add("--fault", e.ID+"="+name)
		}
		add("--latency", o.Latency)
		for _, r := range o.Resolvers {
			add("--resolver", r)
		}
		add("--ca-file", o.CAFile)
		add("--family", o.Family)
		if o.Timeout > 0 && o.Timeout != defaultTimeout {
			add("--timeout", o.Timeout.String())
		}
		set("--allow-private", o.AllowPrivate)
		add("--world", o.World)
		add("--inside", strings.Join(o.Inside, ","))
		set("--post-quantum", o.PostQuantum)
		return flags
	}
}

// defaultTimeout bounds one exchange, one ClientHello, one DNS question.
const defaultTimeout = 5 * time.Second

// self returns the arguments of "prober check" that probe one address of an endpoint as
// this session does. In a sandbox, which ends with the session, addresses mean nothing.
func (s *Session) self(e catalog.Endpoint, addr netip.Addr) []string {
	words := []string{e.ID}
	if !s.Options.Sandbox {
		words = append(words, "--address", addr.String())
	}
	return append(words, s.reach(e)...)
}
