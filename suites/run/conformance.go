package run

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
	"prober/session"
	"prober/suites"
	"prober/suites/kit"
)

// ConformanceOptions are the flags of the program's conformance command.
type ConformanceOptions struct {
	Options
	Filter  Filter
	Waivers string          // file; empty: none
	Vantage session.Vantage // what the report calls the place that was measured from
}

// BindConformance defines the flags of the conformance command on fs.
func (o *ConformanceOptions) BindConformance(fs *flag.FlagSet) {
	o.bind(fs)
	o.Filter.bind(fs)
	fs.Var((*session.Given)(&o.Waivers), "waivers", "`FILE` with failures that somebody has decided to live with, each until a date")
	fs.Var(&o.Vantage, "vantage", "`NAME` of the place that is measured from, for the report")
}

// Environment is what a run takes from its process.
type Environment struct {
	session.Environment
	Talk io.Writer // notes; nil: stderr
	// Progress is told how many specs are judged, and of how many; nil: nobody is.
	Progress func(done, total int)
	Tool     report.Tool
	Command  string // the command line that makes the same run again
}

// List returns the specs that a run with these options would judge, and the waivers of their failures.
func List(o *ConformanceOptions, env Environment) ([]kit.Spec, report.Waivers, error) {
	_, plan, specs, err := o.prepare(env)
	if err == nil {
		o.remark(env, plan, specs)
	}
	return specs.wanted, specs.waivers, err
}

// Conformance judges the selected endpoints. The specs are those of [Test]; here they are
// judged one after the other, without Ginkgo's tree, console and flags.
//
// An error that is a *session.UsageError is one of whoever chose the options; a
// [*NothingFailedError] says that there is nothing to judge again. ctx cuts the run short:
// what was not surveyed by then comes out inconclusive.
func Conformance(ctx context.Context, o *ConformanceOptions, env Environment) (*report.Report, error) {
	choice, plan, chosen, err := o.prepare(env)
	if err != nil {
		return nil, err
	}
	waivers := chosen.waivers
	fmt.Fprintf(stderr(env.Talk), "prober: judging conformance %s\n", o.where())
	for _, line := range choice.Remarks() {
		env.note("%s", line)
	}
	o.remark(env, plan, chosen)
	specs := chosen.wanted
	started := plan.Now()
	s, err := choice.Open()
	if err != nil {
		return nil, err
	}
	plan.Alibaba, plan.Tencent = s.Config.Alibaba, s.Config.Tencent
	defer s.Close() //nolint:errcheck // the report is made by then
	targets := s.TargetsOf(endpointsOf(specs, s.Catalog))
	surveying, stop := context.WithCancel(ctx)
	defer stop()
	plan.Look(specs)
	plan.Survey(surveying, s.Prober, targets, o.Concurrency)

	redact := cloudapi.NewRedactor(plan.Alibaba, plan.Tencent).Redact
	rec := report.NewRecorder(o.beginning(plan, s, specs, started, env), redact)
	rec.Waive(waivers)
	if err := judgeAll(ctx, specs, plan, rec, env.Progress); err != nil {
		return nil, err
	}
	if text := waivers.Unneeded(); text != "" {
		env.note("%s", text)
	}
	var observations []probe.Observation
	for _, t := range targets {
		survey := plan.Surveys.Of(ctx, t.Endpoint.ID)
		if survey == nil {
			continue
		}
		observations = append(observations, survey.HTTPS)
		for _, o := range []probe.Observation{survey.HTTPS, survey.HTTP} {
			if o.Scheme == "" { // nobody looked
				continue
			}
			if _, err := rec.Observed(o); err != nil {
				return nil, err
			}
		}
	}
	r, err := rec.Report(plan.Now())
	if err != nil {
		return nil, err
	}
	r.Headline = report.Headline(s.Catalog, observations)
	return r, nil
}

func judgeAll(ctx context.Context, specs []kit.Spec, plan *kit.Plan, rec *report.Recorder, progress func(done, total int)) error {
	seen := map[string]bool{}
	for i, spec := range specs {
		if progress != nil {
			progress(i, len(specs))
		}
		survey := plan.Surveys.Of(ctx, spec.Endpoint.ID)
		e := kit.NewEntry(spec, spec.Judge(survey), survey)
		for _, x := range e.Exchanges {
			if seen[x.ID] { // several specs rest on it
				continue
			}
			seen[x.ID] = true
			if err := rec.AddEvidence(x); err != nil {
				return err
			}
		}
		e.Result.Duration = reason.Seconds(spec.Took(survey))
		rec.Add(e.Result)
	}
	return nil
}

// chosen are the specs that are wanted, of so many, and the waivers of their failures.
type chosen struct {
	wanted  []kit.Spec
	of      int
	waivers report.Waivers
}

// prepare makes the choice, the plan and the specs that are wanted. It opens no connection, and says
// nothing.
func (o *ConformanceOptions) prepare(env Environment) (*session.Choice, *kit.Plan, chosen, error) {
	choice, plan, err := o.choose(env.Environment)
	if err != nil {
		return nil, nil, chosen{}, err
	}
	var all []kit.Spec
	for _, suite := range suites.Of(plan.Catalog) {
		specs, err := suite.Specs(plan, plan.Endpoints)
		if err != nil {
			return nil, nil, chosen{}, err
		}
		all = append(all, specs...)
	}
	wanted, err := o.Filter.apply(all, Requirements(plan.Catalog), env.Files)
	var none *NothingFailedError
	if errors.As(err, &none) {
		return nil, nil, chosen{}, err
	} else if err != nil {
		return nil, nil, chosen{}, &session.UsageError{Err: err}
	}
	waivers, err := readWaivers(env.Files, o.Waivers, plan)
	if err != nil {
		return nil, nil, chosen{}, err
	}
	if err := o.FitsFamily(choice.TargetsOf(endpointsOf(wanted, choice.Catalog))); err != nil {
		return nil, nil, chosen{}, err
	}
	return choice, plan, chosen{wanted, len(all), waivers}, nil
}

// remark notes that nothing is judged, which products are left out, and which rules nobody judges.
func (o *ConformanceOptions) remark(env Environment, plan *kit.Plan, specs chosen) {
	switch {
	case len(specs.wanted) == 0:
		env.note("nothing is judged: %s", o.nothing(plan, specs.of))
	case len(o.Filter.Requirements) == 0 && o.Filter.RerunFailed == "": // who names requirements knows which products they are of
		for _, absent := range o.absent(plan) {
			env.note("%s: nothing of it was judged", absent)
		}
		for _, line := range suites.Unread(plan.Catalog) {
			env.note("%s", line)
		}
	}
}

// endpointsOf returns the endpoints that specs are about, as c has them.
func endpointsOf(specs []kit.Spec, c *catalog.Catalog) []catalog.Endpoint {
	var out []catalog.Endpoint
	for _, s := range specs {
		if len(out) == 0 || out[len(out)-1].ID != s.Endpoint.ID {
			e, _ := c.Endpoint(s.Endpoint.ID)
			out = append(out, e)
		}
	}
	return out
}

// beginning is what is known of the report before the first verdict.
func (o *ConformanceOptions) beginning(p *kit.Plan, s *session.Session, specs []kit.Spec, started time.Time, env Environment) report.Report {
	mode := report.Live
	if o.Sandbox {
		mode = report.Sandbox
	}
	var resolvers []string
	for _, r := range s.Config.Resolvers {
		resolvers = append(resolvers, r.String())
	}
	return report.Report{
		Tool: env.Tool,
		Environment: report.Environment{
			Mode: mode, Vantage: string(o.Vantage), OS: runtime.GOOS, Arch: runtime.GOARCH, Resolvers: resolvers, Inside: o.Inside, Faults: o.Faults, Command: env.Command,
		},
		Catalogue: report.Catalogue{File: cmp.Or(strings.Join(o.Endpoints, ", "), "endpoints.json"), Digest: p.Catalog.Digest(), Endpoints: len(p.Catalog.Endpoints)},
		Suite:     report.Suite{Name: "conformance", Version: env.Tool.Version},
		Selection: report.Selection{Products: o.Products, Regions: o.Regions, Networks: o.Networks, LabelFilter: o.Filter.String(), Rerun: o.Filter.RerunFailed},
		AsOf:      p.At, Started: started,
		Requirements: requirementsOf(p.Catalog, specs),
		Endpoints:    report.EndpointsOf(p.Catalog, endpointsOf(specs, p.Catalog)),
	}
}

// requirementsOf describes the requirements that specs judge, each once.
func requirementsOf(c *catalog.Catalog, specs []kit.Spec) []report.Requirement {
	known := map[string]bool{}
	var out []report.Requirement
	for _, s := range specs {
		q := s.Requirement
		if known[q.ID] {
			continue
		}
		known[q.ID] = true
		source, _ := c.Source(q.In.Source)
		out = append(out, report.Requirement{
			ID: q.ID, Level: q.Level, Group: q.Group(), Text: q.Text,
			Source: cmp.Or(source.Title, q.In.Source), Section: q.In.Section, URL: source.URL, Revision: source.Note, Rules: q.Rules, Since: q.In.Since, Rationale: q.Rationale,
		})
	}
	slices.SortFunc(out, func(a, b report.Requirement) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Requirements returns the requirements of the suites of documented products, and of those that a list
// has beside them; nil: no list.
func Requirements(c *catalog.Catalog) []kit.Requirement {
	var all []kit.Requirement
	for _, s := range known(c) {
		all = append(all, s.Statements()...)
	}
	return all
}

// known are the suites of documented products, which can be named whatever list is looked at, and those
// of a list's own.
func known(c *catalog.Catalog) []kit.Suite {
	if c == nil {
		return suites.All()
	}
	own := suites.OwnOf(c)
	documented := slices.DeleteFunc(suites.All(), func(s kit.Suite) bool {
		return slices.ContainsFunc(own, func(o kit.Suite) bool { return o.Product == s.Product })
	})
	return slices.Concat(documented, own)
}

// Requirement returns the requirement of an id, which may be written in any case, and the
// product that it is about. Those of a list's own are known where a list is given.
func Requirement(c *catalog.Catalog, id string) (_ kit.Requirement, product string, _ error) {
	for _, s := range known(c) {
		for _, q := range s.Statements() {
			if strings.EqualFold(q.ID, id) {
				return q, s.Product, nil
			}
		}
	}
	return kit.Requirement{}, "", fmt.Errorf("%q: no suite states this requirement", id)
}
