// Package run runs the suites: it turns flags into a plan, surveys the selected endpoints
// and hands over the specs. There are two ways in:
//
// "go test" and the ginkgo command find a few lines of test code beside each suite, which call
// [Bind] and [Door.Test]; suites/kms/kms_test.go shows them. Without flags the suites then run
// against the sandbox. With any flag that says which endpoints, one of --live and --sandbox
// must say where, so that nobody measures the internet by accident, or the sandbox while
// believing it is the internet.
//
// The program calls [Conformance], which needs no Go toolchain, runs all suites at once and
// returns a report.
package run

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"prober/catalog"
	"prober/sandbox"
	"prober/session"
	"prober/suites"
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

// Bind defines the flags of "go test" and the ginkgo command on fs, which is parsed later, for a
// suite that Ginkgo's tree calls by a name.
func Bind(fs *flag.FlagSet, name string, suite kit.Suite) *Door {
	return bindDoor(fs, &Door{name: name, of: func(*catalog.Catalog) []kit.Suite { return []kit.Suite{suite} }})
}

// BindOwn is [Bind] for the products of whatever list --endpoints names that have no suite of their own.
// Without flags it is the example that is judged, a list beside the test.
func BindOwn(fs *flag.FlagSet, name, example string) *Door {
	return bindDoor(fs, &Door{name: name, example: example, of: suites.OwnOf})
}

func bindDoor(fs *flag.FlagSet, d *Door) *Door {
	d.bind(fs)
	fs.BoolVar(&d.Live, "live", false, "run against the real services")
	d.flags = fs
	return d
}

// bind defines the flags that they share with the program.
func (o *Options) bind(fs *flag.FlagSet) {
	o.AllNetworks, o.BothSchemes = true, true // a survey looks at plain HTTP by itself
	o.Options.Bind(fs)                        //nolint:staticcheck // Bind of the embedded options, not of this package
	fs.Var((*session.Given)(&o.AsOf), "as-of", "judge dated rules, and waivers, as of this `DATE`, such as 2026-12-02")
	fs.BoolVar(&o.Heavy, "heavy", false, "send the requests of up to 10 MB to the real services too")
	fs.StringVar(&o.KMSKeyID, "kms-key-id", "", "`ID` of an encryption key for the round trip through Encrypt and Decrypt")
	fs.IntVar(&o.Retries, "retries", 1, "how often a failing network observation is asked again")
}

// resolve decides between the sandbox and the real services. Words that are no flags are an
// error: whoever writes "-- --live" under "go test" means something by it.
func (o *Options) resolve() error {
	if rest := o.flags.Args(); len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q: flags of the suites stand behind the package under go test, and behind one -- under ginkgo", rest[0])
	}
	if o.Live && o.Sandbox {
		return errors.New("--live and --sandbox exclude each other")
	}
	if o.Live || o.Sandbox {
		return nil
	}
	if name := o.Where(o.flags); name != "" {
		return fmt.Errorf("--%s needs --live or --sandbox, to say which endpoints it is about", name)
	}
	o.Sandbox = true
	return nil
}

// where says what a run is against, for its first line.
func (o *Options) where() string {
	if o.Sandbox {
		return "against the sandbox"
	}
	return "against the real services"
}

// unhurried gives a sandbox in which nothing is silent a minute for each answer, unless somebody
// has said how long: a busy machine is no silent server.
func (o *Options) unhurried() {
	given := !o.Sandbox || len(o.Faults) > 0
	o.flags.Visit(func(f *flag.Flag) { given = given || f.Name == "timeout" })
	if !given {
		o.Timeout = time.Minute
	}
}

// choose makes the choice of a run, and its plan, which shapes the tree of specs. It opens no
// connection. Errors are of type [*session.UsageError].
func (o *Options) choose(env session.Environment) (*session.Choice, *kit.Plan, error) {
	c, err := session.Choose(o.Options, env)
	if err != nil {
		return nil, nil, err
	}
	at := c.Env.Now()
	if o.AsOf != "" {
		if at, err = time.Parse(time.DateOnly, o.AsOf); err != nil {
			return nil, nil, session.Usagef("--as-of %q: want a date such as 2026-12-02", o.AsOf)
		}
	}
	if o.Retries < 0 {
		return nil, nil, session.Usagef("--retries %d: want 0 or more", o.Retries)
	}
	if note := c.Faults.Idle(c.Endpoints); note != "" {
		return nil, nil, session.Usagef("%s", note)
	}
	key := o.KMSKeyID
	if o.Sandbox {
		key = cmp.Or(key, sandbox.KMSKeyID)
	}
	return c, &kit.Plan{
		Catalog: c.Catalog, Endpoints: c.Endpoints, At: at, Surveys: &kit.Surveys{}, Now: c.Env.Now, AtOnce: o.ConnectionsPerHost,
		Live: !o.Sandbox, PrivateAllowed: o.AllowPrivate, Heavy: o.Heavy, KMSKeyID: key, Retries: o.Retries, Timeout: o.Timeout, Reach: o.reach(c),
	}, nil
}

// reach returns the flags that judge an endpoint again in the same way.
func (o *Options) reach(c *session.Choice) kit.Reach {
	return func(e catalog.Endpoint) []string {
		flags := c.Reach(e)
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

// stderr is where talk goes when nobody says otherwise.
func stderr(w io.Writer) io.Writer { return cmp.Or[io.Writer](w, os.Stderr) }
