// Package run runs the suites: it turns flags into a plan, surveys the selected endpoints
// and hands Ginkgo the specs. The doors, which are the few lines of test code beside each
// suite, call [Bind] and [Door]:
//
//	var options = run.Bind(flag.CommandLine)
//
//	func TestKMS(t *testing.T) { run.Door(t, options, "KMS", kms.Register, ginkgo.RunSpecs) }
//
// Without flags the suites run against the sandbox. With any selection flag one of --live
// and --sandbox must say where, so that nobody measures the internet by accident, or the
// sandbox while believing it is the internet.
package run

import (
	"flag"
	"fmt"
	"time"

	"prober/session"
)

// Options are the flags of the suites.
type Options struct {
	session.Options
	Live bool
	AsOf string

	flags *flag.FlagSet
}

// Bind defines the flags of the suites on fs, which is parsed later.
func Bind(fs *flag.FlagSet) *Options {
	o := &Options{flags: flag.NewFlagSet("", flag.ContinueOnError)}
	o.AllNetworks = true
	o.Options.Bind(o.flags) //nolint:staticcheck // Bind of the embedded options, not of this package
	o.flags.BoolVar(&o.Live, "live", false, "run against the real services")
	o.flags.StringVar(&o.AsOf, "as-of", "", "judge dated rules as of this `DATE` (2006-01-02)")
	o.flags.VisitAll(func(f *flag.Flag) { fs.Var(f.Value, f.Name, f.Usage) })
	o.flags = fs
	return o
}

// resolve decides between the sandbox and the real services.
func (o *Options) resolve() error {
	switch {
	case o.Live && o.Sandbox:
		return fmt.Errorf("--live and --sandbox exclude each other")
	case o.Live || o.Sandbox:
		return nil
	}
	for _, name := range []string{
		"endpoints", "product", "region", "network", "resolver", "ca-file", "family", "allow-private", "inside", "fault", "latency",
	} {
		given := false
		o.flags.Visit(func(f *flag.Flag) { given = given || f.Name == name })
		if given {
			return fmt.Errorf("--%s needs --live or --sandbox, to say which endpoints it is about", name)
		}
	}
	o.Sandbox = true
	return nil
}

// judgeDate is the date that dated rules are judged by: today, unless --as-of names one.
func (o *Options) judgeDate(now time.Time) (time.Time, error) {
	if o.AsOf == "" {
		return now, nil
	}
	at, err := time.Parse(time.DateOnly, o.AsOf)
	if err != nil {
		return at, fmt.Errorf("--as-of %q: want a date such as 2026-12-02", o.AsOf)
	}
	return at, nil
}
