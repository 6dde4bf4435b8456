package run

import (
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
	"prober/report"
	"prober/session"
	"prober/suites/ecs"
	"prober/suites/gaap"
	"prober/suites/kit"
	"prober/suites/kms"
)

// Suites returns the suites of the project, in the order of the catalogue.
func Suites() []kit.Suite { return []kit.Suite{ecs.Suite(), kms.Suite(), gaap.Suite()} }

// ConformanceOptions are the flags of the program's conformance command.
type ConformanceOptions struct {
	Options
	Filter  Filter
	Waivers string // file; empty: none
}

// BindConformance defines the flags of the conformance command on fs.
func (o *ConformanceOptions) BindConformance(fs *flag.FlagSet) {
	o.bind(fs)
	o.Filter.bind(fs)
	fs.Var((*session.Given)(&o.Waivers), "waivers", "`FILE` with failures that somebody has decided to live with, each until a date")
}

// Surroundings is what a run takes from its process.
type Surroundings struct {
	session.Surroundings
	Talk    io.Writer // progress; nil: stderr
	TTY     bool      // Talk is a terminal
	Tool    report.Tool
	Command string // the command line that makes the same run again
}

// List returns the specs that a run with these options would judge.
func List(o *ConformanceOptions, around Surroundings) ([]kit.Spec, error) {
	_, specs, err := o.prepare(around)
	return specs, err
}

// Run is a run that is over. Nobody has judged its report yet.
type Run struct {
	Report *report.Report
	// Expired are the failures whose waiver is over. They are to fail the run whatever a
	// policy excuses: else nobody would look at the waiver again.
	Expired []report.Result
}

// Judge concludes the report as [report.Report.Judge] does, except that a failure whose waiver
// is over is never excused for having been there before.
func (r *Run) Judge(p report.Policy) (report.Verdict, error) {
	if p.Baseline != nil && len(r.Expired) > 0 {
		earlier := *p.Baseline
		earlier.Results = slices.DeleteFunc(slices.Clone(earlier.Results), func(was report.Result) bool {
			return slices.ContainsFunc(r.Expired, func(is report.Result) bool {
				return was.Endpoint == is.Endpoint && was.Requirement == is.Requirement
			})
		})
		p.Baseline = &earlier
	}
	return r.Report.Judge(p)
}

// Conformance judges the selected endpoints. The specs are those of the doors; here they are
// judged one after the other, without Ginkgo's tree, console and flags.
//
// An error that is a *session.UsageError is one of whoever chose the options; a
// [*NothingFailedError] says that there is nothing to judge again. ctx cuts the run short:
// what was not surveyed by then comes out inconclusive.
func Conformance(ctx context.Context, o *ConformanceOptions, around Surroundings) (*Run, error) {
	plan, specs, err := o.prepare(around)
	if err != nil {
		return nil, err
	}
	waivers, err := readWaivers(o.Waivers, plan)
	if err != nil {
		return nil, err
	}
	started := plan.Now()
	s, err := o.open(plan, around.Surroundings)
	if err != nil {
		return nil, err
	}
	defer s.Close() //nolint:errcheck // the report is made by then
	targets := s.TargetsOf(endpointsOf(specs, s.Catalog))
	surveying, stop := context.WithCancel(ctx)
	defer stop()
	plan.Only(specs)
	plan.Surveys.Start(surveying, s.Prober, targets, o.Concurrency)

	redact := redactor(s.Config.Alibaba, s.Config.Tencent)
	rec := report.NewRecorder(o.beginning(plan, s, specs, started, around), redact)
	expired, err := judgeAll(ctx, specs, plan, waivers, rec, newProgress(stderr(around.Talk), around.TTY, len(specs)))
	if err != nil {
		return nil, err
	}
	if text := waivers.unneeded(); text != "" {
		around.note("%s", text)
	}
	r, err := rec.Report(plan.Now())
	return &Run{Report: r, Expired: expired}, err
}

// judgeAll judges specs as the surveys come in, and returns the failures whose waiver is over.
func judgeAll(ctx context.Context, specs []kit.Spec, plan *kit.Plan, waivers waivers, rec *report.Recorder, progress *progress) (expired []report.Result, err error) {
	defer progress.stop()
	seen := map[string]bool{}
	for _, spec := range specs {
		survey := plan.Surveys.Of(ctx, spec.Endpoint.ID)
		if err := observe(rec, survey, spec.Endpoint.ID, seen); err != nil {
			return nil, err
		}
		e := kit.NewEvidence(spec, spec.Judge(survey), survey, plan.Reach)
		for _, x := range e.Exchanges {
			if seen[x.ID] { // several specs rest on it
				continue
			}
			seen[x.ID] = true
			if err := rec.AddEvidence(x); err != nil {
				return nil, err
			}
		}
		e.Result.Duration = took(spec.Basis, survey)
		result, over := waivers.apply(e.Result)
		if over {
			expired = append(expired, result)
		}
		rec.Add(result)
		progress.step()
	}
	return expired, nil
}

// took is how long the measurements took that a spec rests on. Several specs may rest on the
// same: they share its time, and do not add up to that of the run.
func took(basis kit.Basis, survey *kit.Survey) report.Seconds {
	if survey == nil {
		return 0
	}
	var sum time.Duration
	for _, name := range basis.On {
		switch name {
		case kit.OverHTTPS:
			sum += survey.HTTPS.Duration.Duration()
		case kit.OverHTTP:
			sum += survey.HTTP.Duration.Duration()
		default:
			sum += survey.Answer(name).Exchange.Phases.Total
		}
	}
	return report.Seconds(sum)
}

// observe hands the observations of an endpoint to the report, once.
func observe(rec *report.Recorder, survey *kit.Survey, id string, seen map[string]bool) error {
	if survey == nil || seen[id] {
		return nil
	}
	seen[id] = true
	if _, err := rec.Observed(survey.HTTPS); err != nil {
		return err
	}
	if survey.HTTP.Scheme == "" {
		return nil
	}
	_, err := rec.Observed(survey.HTTP)
	return err
}

// prepare makes the plan and the specs that are wanted, and notes which products are left
// out. It opens no connection.
func (o *ConformanceOptions) prepare(around Surroundings) (*kit.Plan, []kit.Spec, error) {
	now := around.Now
	if now == nil {
		now = time.Now
	}
	o.Live = !o.Sandbox
	plan, err := o.plan(around.Embedded, now())
	if err != nil {
		return nil, nil, &session.UsageError{Err: err}
	}
	plan.Now = now
	var all []kit.Spec
	for _, suite := range Suites() {
		if _, ok := plan.Catalog.Product(suite.Product); !ok {
			continue // a catalogue of the user's own need not have every product
		}
		plan.Use(suite)
		specs, err := suite.Specs(plan, plan.Endpoints)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, specs...)
	}
	wanted, err := o.Filter.apply(all)
	var none *NothingFailedError
	switch {
	case errors.As(err, &none):
		return nil, nil, err
	case err != nil:
		return nil, nil, &session.UsageError{Err: err}
	case len(wanted) == 0:
		around.note("nothing is judged: %s", o.nothing(plan, len(all)))
		return plan, wanted, nil
	}
	if len(o.Filter.Requirements) == 0 && o.Filter.RerunFailed == "" { // who names requirements knows which products they are of
		for _, absent := range o.absent(plan) {
			around.note("%s: nothing of it was judged", absent)
		}
	}
	return plan, wanted, nil
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
func (o *ConformanceOptions) beginning(p *kit.Plan, s *session.Session, specs []kit.Spec, started time.Time, around Surroundings) report.Report {
	mode := report.Live
	if o.Sandbox {
		mode = report.Sandbox
	}
	var resolvers []string
	for _, r := range s.Config.Resolvers {
		resolvers = append(resolvers, r.String())
	}
	file := o.EndpointsFile
	if file == "" {
		file = "endpoints.json"
	}
	lines, _ := report.EndpointLines(file, s.Source) // a catalogue that was decoded can be read
	return report.Report{
		Tool: around.Tool,
		Environment: report.Environment{
			Mode: mode, OS: runtime.GOOS, Arch: runtime.GOARCH, Resolvers: resolvers, Inside: o.Inside, Faults: o.Faults, Command: around.Command,
		},
		Catalogue: report.Catalogue{File: file, Digest: p.Catalog.Digest(), Endpoints: len(p.Catalog.Endpoints)},
		Suite:     report.Suite{Name: "conformance", Version: around.Tool.Version},
		Selection: report.Selection{Products: o.Products, Regions: o.Regions, Networks: o.Networks, LabelFilter: o.Filter.String(), Rerun: o.Filter.RerunFailed},
		AsOf:      p.At, Started: started,
		Requirements: requirementsOf(p.Catalog, specs),
		Endpoints:    report.EndpointsOf(p.Catalog, endpointsOf(specs, p.Catalog), lines),
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
		source, _ := c.Source(q.Source)
		title := source.Title
		if title == "" {
			title = q.Source
		}
		out = append(out, report.Requirement{
			ID: q.ID, Level: report.Level(q.Level), Group: q.Group(), Text: q.Text,
			Source: title, Section: q.Section, URL: source.URL, Revision: source.Note, Rules: q.Rules, Since: q.Since, Rationale: q.Rationale,
		})
	}
	slices.SortFunc(out, func(a, b report.Requirement) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// ErrUnknownRequirement is wrapped by [Explain] when no suite states a requirement.
var ErrUnknownRequirement = errors.New("no suite states this requirement")

// Explain returns the requirement of an id, which may be written in any case.
func Explain(id string) (kit.Requirement, error) {
	q, _, err := stated(id)
	return q, err
}

// stated returns the requirement of an id, and the product that it is about.
func stated(id string) (kit.Requirement, string, error) {
	for _, s := range Suites() {
		for _, q := range s.Requirements {
			if strings.EqualFold(q.ID, id) {
				return q, s.Product, nil
			}
		}
	}
	return kit.Requirement{}, "", fmt.Errorf("%q: %w", id, ErrUnknownRequirement)
}
