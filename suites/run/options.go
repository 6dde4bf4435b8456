// Package run runs the suites: it turns flags into a plan, surveys the selected endpoints
// and hands Ginkgo the specs. There are two ways in:
//
// The doors, which are the few lines of test code beside each suite, call [Bind] and [Door]:
//
//	var options = run.Bind(flag.CommandLine)
//
//	func TestKMS(t *testing.T) { run.Door(t, options, "KMS", kms.Suite(), ginkgo.RunSpecs) }
//
// The program calls [Conformance], which needs no Go toolchain, runs all suites at once and
// returns a report.
//
// Through a door and without flags the suites run against the sandbox. With any selection
// flag one of --live and --sandbox must say where, so that nobody measures the internet by
// accident, or the sandbox while believing it is the internet.
package run

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/session"
	"prober/suites/kit"
)

// Options are the flags of the suites.
type Options struct {
	session.Options
	Live     bool
	AsOf     string
	Heavy    bool
	KMSKeyID string
	Retries  int

	flags *flag.FlagSet
}

// Bind defines the flags of the doors on fs, which is parsed later.
func Bind(fs *flag.FlagSet) *Options {
	o := &Options{}
	o.bind(fs)
	fs.BoolVar(&o.Live, "live", false, "run against the real services")
	o.flags = fs
	return o
}

// bind defines the flags that the doors and the program share.
func (o *Options) bind(fs *flag.FlagSet) {
	o.AllNetworks, o.BothSchemes = true, true // a survey looks at plain HTTP by itself
	o.Options.Bind(fs)                        //nolint:staticcheck // Bind of the embedded options, not of this package
	fs.Var((*session.Given)(&o.AsOf), "as-of", "judge dated rules, and waivers, as of this `DATE`, such as 2026-12-02")
	fs.BoolVar(&o.Heavy, "heavy", false, "send the requests of up to 10 MB to the real services too")
	fs.StringVar(&o.KMSKeyID, "kms-key-id", "", "`ID` of an encryption key for the round trip through Encrypt and Decrypt")
	fs.IntVar(&o.Retries, "retries", 1, "how often a failing network observation is asked again")
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
		"endpoints", "product", "region", "network", "resolver", "ca-file", "family", "allow-private", "world", "inside", "fault", "latency",
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

// plan reads the catalogue and makes the selection, which shapes the tree of specs. It
// opens no connection.
func (o *Options) plan(embedded []byte, now time.Time) (*kit.Plan, error) {
	at, err := o.judgeDate(now)
	if err != nil {
		return nil, err
	}
	c, err := session.LoadCatalog(o.EndpointsFile, embedded)
	if err != nil {
		return nil, err
	}
	selected, err := o.Select(c)
	if err != nil {
		return nil, err
	}
	if err := o.check(c, selected); err != nil {
		return nil, err
	}
	retries := o.Retries
	if retries == 0 {
		retries = -1 // the plan's zero means the default
	}
	return &kit.Plan{
		Catalog: c, Endpoints: selected, At: at, Surveys: &kit.Surveys{},
		Live: o.Live, PrivateAllowed: o.AllowPrivate, Heavy: o.Heavy, KMSKeyID: o.KMSKeyID, Retries: retries, Reach: o.reach(c),
	}, nil
}

// check refuses values that nothing would come of.
func (o *Options) check(c *catalog.Catalog, selected []catalog.Endpoint) error {
	if o.Retries < 0 {
		return fmt.Errorf("--retries %d: want 0 or more", o.Retries)
	}
	if _, err := session.ParseFaults(c, o.Faults); err != nil {
		return err
	}
	if note := session.NoteIdleFaults(session.IdleFaults(c, o.Faults, selected)); note != "" {
		return errors.New(note)
	}
	return nil
}

// reach returns the flags that judge an endpoint of c again in the same way.
func (o *Options) reach(c *catalog.Catalog) kit.Reach {
	shared := o.Reach(c)
	return func(e catalog.Endpoint) []string {
		flags := shared(e)
		if o.AsOf != "" {
			flags = append(flags, "--as-of", o.AsOf)
		}
		if o.KMSKeyID != "" {
			flags = append(flags, "--kms-key-id", o.KMSKeyID)
		}
		if o.Heavy {
			flags = append(flags, "--heavy")
		}
		return flags
	}
}

// open opens the session that the surveys of a plan go through.
func (o *Options) open(p *kit.Plan, around session.Surroundings) (*session.Session, error) {
	s, err := session.Open(o.Options, around)
	if err != nil {
		return nil, err
	}
	p.Alibaba, p.Tencent = s.Config.Alibaba, s.Config.Tencent
	return s, nil
}

// redactor removes the keys of a run from text.
func redactor(a cloudapi.AlibabaKey, t cloudapi.TencentKey) func(string) string {
	return cloudapi.NewRedactor(a, t).Redact
}

// stderr is where talk goes when nobody says otherwise.
func stderr(w io.Writer) io.Writer {
	if w == nil {
		return os.Stderr
	}
	return w
}
