package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"prober/limit"
	"prober/report"
	"prober/report/render"
	"prober/suites/run"
)

func (a *app) reportCommand() *cobra.Command {
	return group("report", "Render and compare the reports of conformance runs", a.renderCommand(), a.compareCommand())
}

// readReport reads a report, however large one may be. The garbage of large ones is collected more
// often: half of what a process would use is that.
func (a *app) readReport(file string) (*report.Report, error) {
	debug.SetMemoryLimit(limit.ReportMemory)
	r, err := report.ReadFile(a.files, file)
	if err != nil {
		return nil, usage("%w", err)
	}
	return r, nil
}

func (a *app) renderCommand() *cobra.Command {
	var format, file string
	cmd := &cobra.Command{
		Use:   "render REPORT",
		Short: "Write a report in another format",
		Example: `  prober report render report.json --format html --file report.html
  prober report render report.json --format annotations`,
		Args: argsBetween(1, 1, "render takes one report"),
		RunE: func(_ *cobra.Command, args []string) error {
			f, err := render.ParseFormat(format)
			if err != nil {
				return usage("--format: %w", err)
			}
			r, err := a.readReport(args[0])
			if err != nil {
				return err
			}
			if file != "" {
				return fail(render.WriteFile(file, r, f))
			}
			return fail(render.Write(a.exact.out, r, f))
		},
	}
	cmd.Flags().StringVar(&format, "format", string(render.Markdown), fmt.Sprintf("one of %v", render.Formats()))
	cmd.Flags().StringVar(&file, "file", "", "write to this `FILE` instead of stdout")
	return cmd
}

func (a *app) compareCommand() *cobra.Command {
	var onlyNew bool
	var form output
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Say what differs between two reports",
		Long: `Says what differs between two reports: newly failing, fixed, newly skipped, removed, flaky. Exit code 1 when something fails in the new one that
did not in the old one.`,
		Args: argsBetween(2, 2, "compare takes an old and a new report"),
		RunE: func(_ *cobra.Command, args []string) error {
			older, err := a.readReport(args[0])
			if err != nil {
				return err
			}
			newer, err := a.readReport(args[1])
			if err != nil {
				return err
			}
			c := report.Compare(older, newer, run.Labels)
			failing := c.OnlyNew()
			if onlyNew {
				c = failing
			}
			if err := a.print(form, c, func(w io.Writer) error { return render.Comparison(w, c) }); err != nil {
				return err
			}
			if len(failing.Changes) > 0 {
				return &exitError{code: report.ExitFail}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&onlyNew, "only-new", false, "show only what fails now and did not before")
	outputFlag(cmd, &form)
	return cmd
}
