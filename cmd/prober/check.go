package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
	"prober/prose"
	"prober/report"
	"prober/session"
	"prober/suspicion"
)

// checkOptions are the flags of check alone.
type checkOptions struct {
	session.Options
	versions bool
	signed   bool
	strict   bool
	address  string
	output   output
	narrow   catalog.Selection // of what the arguments name: the flags that stand beside them
}

func (a *app) checkCommand() *cobra.Command {
	o, file := &checkOptions{}, &configFile{}
	cmd := &cobra.Command{
		Use:   "check [ENDPOINT|URL|HOST ...]",
		Short: "Probe endpoints once and say what is wrong",
		Long: `Probes endpoints once: those of the list that the flags select, those that the
arguments name (id, host or pattern) and the flags beside them select, or any URL; another
host, with a dot or a port, stands for https://HOST. One connection and one request for each
address; no retry, no redirect, no proxy. Where a handshake is refused or breaks, ten or so
other ClientHellos, thirty at most, look for why.

When a name fails, its resolver is asked about control names: com, example.com and
example.net, the name's zone, made-up names below these, other selected hosts, and those
of --control. If it can tell nothing about these either, the name's outcome is unknown.
Where nothing can be reached, --control NAME:PORT is connected to, and nothing is sent: if
that fails too, it is this machine's network, and the outcome is unknown. So it is where
everything that can tell fails at once, at two providers or more.

Exit code: 0 something was verified and nothing failed; 1 an endpoint fails (or is
degraded, with --strict); 2 wrong usage; 3 nothing was decided, or something stayed
unknown. Closed and doubtful endpoints never change it.`,
		Example: `  prober check --sandbox
  prober check --product kms --region cn-hangzhou --tls-versions
  prober check 'gaap/*' --output json
  prober check https://api.example.test:8443 --address 127.0.0.1 \
    --allow-private --ca-file ca.pem`,
		ValidArgsFunction: offered(endpointIDs, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			for name, of := range map[string]struct {
				from session.List
				to   *[]string
			}{"product": {o.Products, &o.narrow.Products}, "region": {o.Regions, &o.narrow.Regions}, "network": {o.Networks, &o.narrow.Networks}} {
				if file.onTheLine(cmd, name) {
					*of.to = of.from
				}
			}
			return a.check(cmd.Context(), o, args)
		},
	}
	addFlags(cmd, o.Bind)
	f := cmd.Flags()
	f.BoolVar(&o.versions, "tls-versions", false, "add the table of accepted protocol versions, SSLv2 to TLS 1.3")
	f.BoolVar(&o.signed, "signed", false, "make the request a signed read-only call with non-ASCII text (keys from the vendors' environment variables)")
	f.BoolVar(&o.strict, "strict", false, "exit with 1 for degraded endpoints too")
	addFlags(cmd, func(fs *flag.FlagSet) {
		fs.Var((*session.Given)(&o.address), "address", "probe this `IP` under the endpoint's name, without DNS")
	})
	outputFlag(cmd, &o.output)
	return a.configurable(cmd, file)
}

// check opens a session, probes every target and prints what was found.
func (a *app) check(ctx context.Context, o *checkOptions, args []string) error {
	address, err := parseAddress(o.address)
	if err != nil {
		return err
	}
	if family := map[bool]string{true: "4", false: "6"}[address.Unmap().Is4()]; address.IsValid() && o.Family != "" && o.Family != family {
		return usage("--address %s and --family %s exclude each other: the address is of the other family", address, o.Family)
	}
	s, err := a.open(o.Options)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // the results are out by then
	targets, err := checkTargets(s, args, o.narrow)
	if err != nil {
		return err
	}
	if err := o.FitsFamily(targets); err != nil && !address.IsValid() {
		return fail(err)
	}
	if address.IsValid() && len(targets) != 1 {
		return usage("--address probes one endpoint over one scheme, %d are selected; name one", len(targets))
	}
	a.mentionIdleFaults(s, endpointsOf(targets))
	s.Prober.Among(session.Hosts(targets))
	for i := range targets {
		t := &targets[i]
		t.Address, t.TLSVersions, t.Canary, t.EachResolver, t.Diagnose, t.BothKinds = address, o.versions, true, true, true, true
	}
	if o.signed {
		signing(targets)
	}
	if o.signed && !slices.ContainsFunc(targets, func(t probe.Target) bool { return t.Signed }) {
		return usage("--signed: no endpoint that is named has an API whose calls can be signed")
	}
	observations := probeAll(ctx, s.Prober, targets, s.Options.Concurrency)
	excuse(targets, observations)
	err = a.print(o.output, observations, func(w io.Writer) error {
		if line := report.Headline(s.Catalog, observations); line != "" {
			fmt.Fprintf(w, "%s\n\n", prose.Brief(line))
		}
		if a.colour() {
			return writeTable(a.coloured, observations, true)
		}
		return writeTable(w, observations, false)
	})
	if err != nil {
		return err
	}
	a.mentionPrivate(o.Options, spared(observations))
	if s.Sandbox != nil && o.output == outputTable {
		var commands []string
		for _, o := range observations {
			commands = append(commands, o.Reproduce)
		}
		a.mentionEnd(commands)
	}
	if s := a.interrupted(); s != nil {
		return &exitError{signalled(s), fmt.Errorf("cut short by %s", s)}
	}
	return a.checkVerdict(observations, o.strict)
}

// mentionPrivate says how addresses that are not public are probed, where some were not.
func (a *app) mentionPrivate(o session.Options, some bool) {
	if some && !o.AllowPrivate && !o.Sandbox && o.World == "" {
		a.say("note: addresses of a private network, and of this machine, are probed with --allow-private")
	}
}

// spared reports whether addresses were not probed that are with --allow-private.
func spared(observations []probe.Observation) bool {
	permitted := probe.Guard{AllowPrivate: true}
	return slices.ContainsFunc(observations, func(o probe.Observation) bool {
		return slices.ContainsFunc(o.Addresses, func(r probe.AddressResult) bool {
			return r.Reason == reason.ProberAddressRefused && permitted.Named(r.Address, o.Endpoint.Network) == reason.None ||
				r.Reason == reason.ResolveBogon && permitted.Answer(r.Address, o.Endpoint.Network) == reason.None
		})
	})
}

// excuse takes back what failed where everything that can tell did, across providers.
func excuse(targets []probe.Target, observations []probe.Observation) {
	var seen suspicion.Once
	var families suspicion.Families
	for i := range observations {
		seen.See(targets[i].Product.Provider, &observations[i])
		families.See(targets[i].Product.Provider, &observations[i], 0)
	}
	for i := range observations {
		families.Excuse(&observations[i], time.Time{})
	}
	if seen.Cause() == suspicion.None {
		return
	}
	for i := range observations {
		suspicion.Excuse(&observations[i])
	}
}

// endpointsOf returns the endpoints of targets.
func endpointsOf(targets []probe.Target) []catalog.Endpoint {
	out := make([]catalog.Endpoint, len(targets))
	for i, t := range targets {
		out[i] = t.Endpoint
	}
	return out
}

// probeAll probes the targets, so many at once, and returns the observations in their order.
func probeAll(ctx context.Context, p *probe.Prober, targets []probe.Target, atOnce int) []probe.Observation {
	out := make([]probe.Observation, len(targets))
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i := range targets {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			out[i] = p.Probe(ctx, targets[i])
		})
	}
	wg.Wait()
	return out
}
