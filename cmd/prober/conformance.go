package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prober/probe/command"
	"prober/probe/reason"
	"prober/prose"
	"prober/report"
	"prober/report/render"
	"prober/session"
	"prober/suites/run"
)

// conformanceOptions are the flags of the conformance command.
type conformanceOptions struct {
	run.ConformanceOptions
	reportDir   string
	metricsFile string
	baseline    string
	onlyNew     bool
	sinceLast   bool
	failOn      string
	list        bool
	output      output
}

func (a *app) conformanceCommand() *cobra.Command {
	o := &conformanceOptions{}
	cmd := &cobra.Command{
		Use:   "conformance",
		Short: "Judge endpoints by their documented rules, and write a report",
		Long: `Judges every selected endpoint by the requirements that the documents state, live unless
--sandbox is given, and prints what is broken. The report holds the evidence of every
verdict. Closed and doubtful endpoints are judged and shown but change no exit code.

Exit code: 0 something was verified and nothing failed; 1 a MUST or SHOULD is broken;
2 wrong usage; 3 nothing was decided, or something could not be decided.`,
		Example: `  prober conformance --sandbox
  prober conformance --product kms --region cn-hangzhou --report-dir out
  prober conformance --sandbox --label-filter 'level:MUST && group:tls'
  prober conformance --sandbox --as-of 2026-12-02
  prober conformance --baseline last/report.json --only-new
  prober conformance --report-dir out --since-last`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.conformance(cmd.Context(), o) },
	}
	addFlags(cmd, func(fs *flag.FlagSet) {
		o.BindConformance(fs)
		fs.Var((*session.Given)(&o.reportDir), "report-dir", "write report.json, junit.xml, report.md and report.html into this `DIR`")
		fs.Var((*session.Given)(&o.metricsFile), "metrics-file", "write metrics for the node exporter's textfile collector into this `FILE`")
		fs.Var((*session.Given)(&o.baseline), "baseline", "compare with this earlier `REPORT`")
	})
	f := cmd.Flags()
	f.BoolVar(&o.onlyNew, "only-new", false, "with --baseline, fail only for what did not fail before")
	f.BoolVar(&o.sinceLast, "since-last", false, "fail only for what did not fail in the report that --report-dir holds from the run before, if it holds one")
	f.StringVar(&o.failOn, "fail-on", "should", "least binding `LEVEL` whose failures count: must or should")
	f.BoolVar(&o.list, "list", false, "list what would be judged, and stop")
	outputFlag(cmd, &o.output)
	return a.configurable(cmd, &configFile{})
}

func (a *app) conformance(ctx context.Context, o *conformanceOptions) error {
	policy, err := a.policy(o)
	if err != nil {
		return err
	}
	if o.list {
		return a.listSpecs(o)
	}
	if err := o.writable(); err != nil {
		return err
	}
	env := a.runEnvironment()
	_, isTerminal := terminalOf(a.terminal.err)
	progress := newProgress(a.terminal.err, isTerminal)
	env.Progress = progress.step
	r, err := run.Conformance(ctx, &o.ConformanceOptions, env)
	progress.stop()
	if err != nil {
		return a.unlessNothingFailed(err)
	}
	if s := a.interrupted(); s != nil {
		return &exitError{signalled(s), fmt.Errorf("cut short by %s", s)}
	}
	verdict, err := r.Judge(policy)
	if err != nil {
		return usage("%w", err)
	}
	// What was found out is said before anything can go wrong with the files.
	if r.Headline != "" && o.output == outputTable {
		fmt.Fprintln(a.out, prose.Brief(r.Headline))
	}
	err = errors.Join(a.printReport(r, policy.Baseline, o.output), o.write(r))
	a.mentionPrivate(o.Options.Options, slices.ContainsFunc(r.Results, func(res report.Result) bool {
		return res.Reason == reason.ProberAddressRefused || res.Reason == reason.ResolveBogon
	}))
	if o.Sandbox && o.output == outputTable {
		var commands []string
		for _, res := range r.Results {
			commands = append(commands, res.Reproduce)
		}
		a.mentionEnd(commands)
	}
	code := verdict.ExitCode
	switch {
	case code == report.ExitFail:
	case len(r.Expired) > 0:
		expired := fmt.Errorf("the waiver of %s expired, as shown above: mend what fails, or renew the waiver", prose.Plural(len(r.Expired), "failure"))
		code, err = report.ExitFail, errors.Join(expired, err)
	case err != nil:
		code = report.ExitUndecided
	}
	if code == report.ExitPass {
		return nil
	}
	return &exitError{code, err}
}

// unlessNothingFailed says on stderr that there was nothing to judge again, which is well, and
// gives any other error its exit code.
func (a *app) unlessNothingFailed(err error) error {
	var none *run.NothingFailedError
	if errors.As(err, &none) {
		a.say("%s", none)
		return nil
	}
	return fail(err)
}

// policy reads what the verdict is strict about.
func (a *app) policy(o *conformanceOptions) (report.Policy, error) {
	p := report.Policy{OnlyNew: o.onlyNew, FailOn: report.Level(strings.ToUpper(o.failOn))}
	if p.FailOn != report.Must && p.FailOn != report.Should {
		return p, usage("--fail-on %q: want must or should", o.failOn)
	}
	switch {
	case o.sinceLast && o.baseline != "":
		return p, usage("--since-last and --baseline exclude each other: each names the report to compare with")
	case o.sinceLast && o.reportDir == "":
		return p, usage("--since-last needs --report-dir, where the run before left its report")
	case o.sinceLast:
		p.Baseline = a.lastReport(filepath.Join(o.reportDir, "report.json"))
		p.OnlyNew = p.Baseline != nil
		return p, nil
	case o.onlyNew && o.baseline == "":
		return p, usage("--only-new needs --baseline or --since-last, to tell what is new")
	}
	if o.baseline != "" {
		earlier, err := report.ReadFile(a.files, o.baseline)
		if err != nil {
			return p, usage("--baseline: %w", err)
		}
		p.Baseline = earlier
	}
	return p, nil
}

// lastReport is the report of the run before. There is none at first; and one that cannot be read
// excuses nothing, but keeps no run from being made.
func (a *app) lastReport(file string) *report.Report {
	r, err := report.ReadFile(a.files, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		a.say("--since-last: %v: all that fails counts as new", err)
		return nil
	}
	return r
}

// writable refuses files that cannot be written: a verdict should not be lost on them.
func (o *conformanceOptions) writable() error {
	if o.reportDir != "" {
		if err := canWrite(o.reportDir); err != nil {
			return usage("--report-dir %s: %w", o.reportDir, err)
		}
	}
	if o.metricsFile != "" {
		if err := canReplace(o.metricsFile); err != nil {
			return usage("--metrics-file %s: %w", o.metricsFile, err)
		}
	}
	return nil
}

// write writes the files that were asked for, as many as can be.
func (o *conformanceOptions) write(r *report.Report) error {
	var dir, metrics error
	if o.reportDir != "" {
		dir = render.WriteDir(o.reportDir, r)
	}
	if o.metricsFile != "" {
		metrics = render.WriteFile(o.metricsFile, r, render.Prometheus)
	}
	return errors.Join(dir, metrics)
}

// runEnvironment is what the suites take from this process.
func (a *app) runEnvironment() run.Environment {
	return run.Environment{
		Environment: a.environment(), Talk: a.err,
		Tool: report.Tool{Name: "prober", Version: builtFrom().Version, Go: runtime.Version()}, Command: command.Line(append([]string{"prober"}, a.args...)...),
	}
}

// printReport prints the report, or what needs attention in it, and how it compares with an
// earlier one.
func (a *app) printReport(r, earlier *report.Report, form output) error {
	if form == outputJSON {
		return render.Write(a.exact.out, r, render.JSON)
	}
	var compared *report.Comparison
	if earlier != nil {
		c := report.Compare(earlier, r, run.Labels)
		compared = &c
	}
	return render.Console(a.out, r, compared)
}
