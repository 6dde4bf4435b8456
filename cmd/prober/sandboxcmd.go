package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/command"
	"prober/prose"
	"prober/sandbox"
	"prober/session"
)

// sandboxOptions are the flags of the sandbox command.
type sandboxOptions struct {
	session.Options
	dir          string
	listFaults   bool
	listBreaches bool
	listVariants bool
	output       output
}

func (a *app) sandboxCommand() *cobra.Command {
	o := &sandboxOptions{}
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the loopback cloud by itself, for clients of any kind",
		Long: `Runs the loopback cloud: DNS servers, an authority, HTTPS and HTTP listeners that
imitate the three APIs for every endpoint of the list, and a management API for faults.
Runs until SIGINT or SIGTERM, and then ends with 0. SIGHUP reads the file of --endpoints again:
what stays the same keeps its ports and its fault. Everything is on loopback.

The first line that it prints is the URL of the management API. With that as URL, these
set a fault, show it, clear it, and clear all:

  curl -X PUT -d cert_expired URL/endpoints/kms/cn-hangzhou/public/fault
  curl URL/endpoints/kms/cn-hangzhou/public/fault
  curl -X DELETE URL/endpoints/kms/cn-hangzhou/public/fault
  curl -X POST URL/reset`,
		Example: `  prober sandbox --dir /tmp/cloud
  prober sandbox --latency first_byte=200ms \
    --fault 'kms/cn-hangzhou/public=cert_expired'
  prober sandbox --list-faults`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.listFaults:
				return a.printFaults(o, func(c *catalog.Catalog) []sandbox.Fault { return slices.Concat(sandbox.Faults(c), sandbox.Outages(c)) })
			case o.listBreaches:
				return a.printFaults(o, sandbox.Breaches)
			case o.listVariants:
				return a.printFaults(o, sandbox.Variants)
			}
			return a.runSandbox(cmd.Context(), o)
		},
	}
	addFlags(cmd, func(fs *flag.FlagSet) {
		o.BindOnly(fs, "endpoints", "fault", "latency")
		fs.Var((*session.Given)(&o.dir), "dir", "write endpoints.json, with ports, and ca.pem into this `DIR`")
	})
	f := cmd.Flags()
	f.BoolVar(&o.listFaults, "list-faults", false, "list the faults and what each must be reported as")
	f.BoolVar(&o.listBreaches, "list-breaches", false, "list the faults that break a requirement of the suites and show in no single probe")
	f.BoolVar(&o.listVariants, "list-variants", false, "list the harmless variants, which must pass")
	outputFlag(cmd, &o.output)
	return a.configurable(cmd, &configFile{})
}

func (a *app) runSandbox(ctx context.Context, o *sandboxOptions) error {
	o.Sandbox = true
	choice, err := session.Choose(o.Options, a.environment())
	if err != nil {
		return fail(err)
	}
	if o.dir != "" {
		if err := canWrite(o.dir); err != nil {
			return usage("--dir %s: %w", o.dir, err)
		}
	}
	s, err := choice.Open()
	if err != nil {
		return fail(err)
	}
	defer s.Close() //nolint:errcheck // the process ends
	if o.dir != "" {
		if err := s.Sandbox.WriteDir(o.dir); err != nil {
			return usage("--dir: %w", err)
		}
	}
	if err := a.printSandbox(describe(s.Sandbox, o.dir), o.output); err != nil {
		return err
	}
	defer onHangup(func() { a.reloadSandbox(s, o.dir) })()
	<-ctx.Done()
	return nil
}

// reloadSandbox serves the list that the file holds now, and says so, or why the old one stays.
func (a *app) reloadSandbox(s *session.Session, dir string) {
	if _, _, err := s.Reload(nil); err != nil {
		a.say("reload failed, the old list is still served: %v", err)
		return
	}
	served := prose.Plural(len(s.Sandbox.Endpoints()), "endpoint")
	if dir == "" {
		a.say("reloaded: %s", served)
		return
	}
	if err := s.Sandbox.WriteDir(dir); err != nil {
		a.say("reloaded: %s, which %s does not tell: %v", served, dir, err)
		return
	}
	a.say("reloaded: %s; %s has their ports", served, filepath.Join(dir, "endpoints.json"))
}

// sandboxJSON is what a client of the sandbox needs to know.
type sandboxJSON struct {
	Resolvers []netip.AddrPort `json:"resolvers"`
	// Controls are for --control: NAME:PORT that takes connections as long as no fault breaks the
	// whole sandbox.
	Controls      []string `json:"controls"`
	CAFile        string   `json:"ca_file"`
	EndpointsFile string   `json:"endpoints_file"`
	Management    string   `json:"management"`
	// Endpoints are as [sandbox.Sandbox.Endpoints] tells them, which the management API does too.
	Endpoints   []sandbox.EndpointInfo `json:"endpoints"`
	Credentials sandbox.Credentials    `json:"credentials"`
	// KMSKeyID is an encryption key that the credentials may use, for --kms-key-id.
	KMSKeyID string `json:"kms_key_id"`
	// Try is a command that probes the sandbox from another process; empty without a folder.
	Try string `json:"try,omitempty"`
}

func describe(s *sandbox.Sandbox, dir string) sandboxJSON {
	d := sandboxJSON{
		Resolvers: s.Resolvers(), Controls: s.Controls(), Management: s.Management(), Credentials: s.Credentials(), KMSKeyID: sandbox.KMSKeyID, Endpoints: s.Endpoints(),
	}
	if dir != "" {
		d.CAFile, d.EndpointsFile = filepath.Join(dir, "ca.pem"), filepath.Join(dir, "endpoints.json")
		words := []string{
			"prober", "check", "--endpoints", d.EndpointsFile, "--ca-file", d.CAFile, "--network", "all", "--inside", "all",
			"--world", session.WorldOf(s.Public(), s.Private()),
		}
		for _, r := range d.Resolvers {
			words = append(words, "--resolver", r.String())
		}
		for _, c := range d.Controls {
			words = append(words, "--control", c)
		}
		d.Try = command.Line(words...)
	}
	return d
}

func (a *app) printSandbox(d sandboxJSON, form output) error {
	if form == outputJSON {
		text, err := json.Marshal(d)
		_, bad := fmt.Fprintf(a.exact.out, "%s\n", prose.JSON(text))
		return fail(cmp.Or(err, bad))
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "management\t%s\n", d.Management)
	for _, r := range d.Resolvers {
		fmt.Fprintf(w, "resolver\t%s\n", r)
	}
	for _, c := range d.Controls {
		fmt.Fprintf(w, "control\t%s\n", c)
	}
	if d.CAFile != "" {
		fmt.Fprintf(w, "authority\t%s\ncatalogue\t%s\n", d.CAFile, d.EndpointsFile)
		fmt.Fprintf(w, "try\t%s\n", d.Try)
	} else {
		fmt.Fprintf(w, "hint\t--dir DIR writes the authority and a catalogue with these ports\n")
	}
	fmt.Fprintf(w, "keys\tshown with --output json; for %s, %s, %s and %s\n",
		cloudapi.EnvAlibabaID, cloudapi.EnvAlibabaSecret, cloudapi.EnvTencentID, cloudapi.EnvTencentSecret)
	fmt.Fprintf(w, "encryption key\t%s, for --kms-key-id\n\n", d.KMSKeyID)
	if err := w.Flush(); err != nil {
		return fail(err)
	}
	whole, narrow := [][]string{{"ENDPOINT", "HOST", "HTTPS", "HTTP"}}, [][]string{{"ENDPOINT", "HTTPS", "HTTP"}}
	for _, e := range d.Endpoints {
		secured, plain := e.HTTPS.String(), e.HTTP.String()
		if e.Kind != "" { // at the port of HTTPS, and at no other
			secured, plain = fmt.Sprintf("%s (%s)", secured, e.Kind), orDash("")
		}
		whole = append(whole, []string{e.ID, e.Host, secured, plain})
		narrow = append(narrow, []string{e.ID, secured, plain})
	}
	_, err := io.WriteString(a.out, prose.Fitting(a.columns(a.terminal.out), whole, narrow, "Hosts"))
	return fail(err)
}

// printFaults lists faults or variants. A fault that breaks a rule only from some day on is
// listed from that day on: before, there is nothing to report.
func (a *app) printFaults(o *sandboxOptions, list func(*catalog.Catalog) []sandbox.Fault) error {
	c, err := catalogue(a.files, o.Endpoints...)
	if err != nil {
		return err
	}
	faults := slices.DeleteFunc(list(c), func(f sandbox.Fault) bool {
		return f.Needs == sandbox.NeedLater && !datedRuleInForce(c, a.now())
	})
	return a.print(o.output, faults, func(out io.Writer) error {
		whole, narrow := [][]string{{"FAULT", "REPORTED AS", "REQUIREMENT", "PRODUCTS", "WHAT IT DOES"}}, [][]string{{"FAULT", "WHAT IT DOES"}}
		for _, f := range faults {
			whole = append(whole, []string{f.Name, orDash(f.Reason.String()), orDash(f.Requirement), orDash(strings.Join(f.Products, ",")), f.Description})
			narrow = append(narrow, []string{f.Name, f.Description})
		}
		_, err := io.WriteString(out, prose.Fitting(a.columns(a.terminal.out), whole, narrow, "Reasons, requirements and products"))
		return err
	})
}

// datedRuleInForce reports whether a rule that came with a date holds by now.
func datedRuleInForce(c *catalog.Catalog, now time.Time) bool {
	for _, p := range c.Products {
		for _, rule := range p.Rules.TLS {
			if rule.From != nil && !now.Before(*rule.From) {
				return true
			}
		}
	}
	return false
}

func orDash(s string) string { return cmp.Or(s, "-") }
