package run

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"prober/files"
	"prober/prose"
	"prober/report"
	"prober/session"
	"prober/suggest"
	"prober/suites/kit"
)

// Filter narrows the specs of a run. The zero Filter keeps all of them.
type Filter struct {
	Groups       session.List
	Requirements session.List
	Levels       session.List
	Labels       string // in the language of Ginkgo's --label-filter
	RerunFailed  string // a report, whose broken and undecided results are judged again
}

func (f *Filter) bind(fs *flag.FlagSet) {
	fs.Var(&f.Groups, "group", "only this `GROUP`: dns, tls, protocol or charset (repeatable)")
	fs.Var(&f.Requirements, "requirement", "only this `ID`, such as KMS-TLS-02 (repeatable)")
	fs.Var(&f.Levels, "level", "only this `LEVEL`: MUST, SHOULD or REPORT (repeatable)")
	fs.StringVar(&f.Labels, "label-filter", "", "only specs with labels that match, as \"level:MUST && !heavy\"")
	fs.Var((*session.Given)(&f.RerunFailed), "rerun-failed", "only what failed, or could not be decided, in this `REPORT`")
}

// String is the filter as a report shows it.
func (f *Filter) String() string {
	var parts []string
	for _, p := range []struct {
		key    report.LabelKey
		values []string
	}{{report.GroupLabel, f.Groups}, {report.RequirementLabel, f.Requirements}, {report.LevelLabel, f.Levels}} {
		if len(p.values) > 0 {
			parts = append(parts, fmt.Sprintf("%s: containsAny {%s}", p.key, strings.Join(p.values, ", ")))
		}
	}
	if f.Labels != "" {
		parts = append(parts, "("+f.Labels+")")
	}
	return strings.Join(parts, " && ")
}

// apply returns the specs that the filter keeps. A word that no spec of any suite has is an
// error.
func (f *Filter) apply(specs []kit.Spec, requirements []kit.Requirement, from files.Reader) ([]kit.Spec, error) {
	if err := f.checkLabels(); err != nil {
		return nil, fmt.Errorf("--label-filter %q: %w", f.Labels, err)
	}
	if err := f.check(requirements); err != nil {
		return nil, err
	}
	again, err := f.failed(from)
	if err != nil {
		return nil, err
	}
	matches, err := types.ParseLabelFilter(f.String())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(specs, func(s kit.Spec) bool {
		return !matches(s.Labels()) || again != nil && !again[[2]string{s.Endpoint.ID, s.Requirement.ID}]
	}), nil
}

// checkLabels refuses a label filter that cannot be read, by itself or among others. By itself Ginkgo lets a regular expression
// go on to the end of the filter; among others it would take what follows.
func (f *Filter) checkLabels() error {
	if _, err := types.ParseLabelFilter(f.Labels); err != nil {
		return errors.New(inPlainWords(err))
	}
	_, err := types.ParseLabelFilter("(" + f.Labels + ")")
	if err == nil || f.Labels == "" {
		return nil
	}
	if _, closed := types.ParseLabelFilter("(" + f.Labels + "/)"); closed == nil {
		return errors.New("a regular expression stands between two slashes, and the second one is missing")
	}
	return errors.New(inPlainWords(err))
}

// check refuses words that nothing has.
func (f *Filter) check(requirements []kit.Requirement) error {
	var ids []string
	for _, q := range requirements {
		ids = append(ids, q.ID)
	}
	return errors.Join(
		anyOf("--group", f.Groups, report.Groups()),
		anyOf("--level", f.Levels, []string{string(report.Must), string(report.Should), string(report.Info)}),
		anyOf("--requirement", f.Requirements, ids),
	)
}

func anyOf(flag string, given, all []string) error {
	for _, g := range given {
		if !slices.ContainsFunc(all, func(a string) bool { return strings.EqualFold(a, g) }) {
			if len(all) > 8 {
				return fmt.Errorf("%s %q: there is none of this name%s; --list shows them", flag, g, suggest.Hint(g, all))
			}
			return fmt.Errorf("%s %q: want one of %s%s", flag, g, strings.Join(all, ", "), suggest.Hint(g, all))
		}
	}
	return nil
}

// NothingFailedError says that a report, which names what to judge again, has no failures.
type NothingFailedError struct{ Report string }

// Error says so in one line.
func (e *NothingFailedError) Error() string {
	return e.Report + " has no failures: nothing to judge again"
}

// failed returns what broke or could not be decided in the report to run again; nil
// without one. When there is none of that it returns a [*NothingFailedError].
func (f *Filter) failed(from files.Reader) (map[[2]string]bool, error) {
	if f.RerunFailed == "" {
		return nil, nil
	}
	r, err := report.ReadFile(from, f.RerunFailed)
	if err != nil {
		return nil, fmt.Errorf("--rerun-failed: %w", err)
	}
	again := map[[2]string]bool{}
	for _, res := range r.Results {
		if res.Outcome == report.Fail || res.Outcome == report.Inconclusive {
			again[[2]string{res.Endpoint, res.Requirement}] = true
		}
	}
	if len(again) == 0 {
		return nil, &NothingFailedError{f.RerunFailed}
	}
	return again, nil
}

// inPlainWords says what is wrong with a label filter, without the colours, the repeated
// filter and the link of Ginkgo's message for a console.
func inPlainWords(err error) string {
	var ge types.GinkgoError
	if !errors.As(err, &ge) {
		return prose.OneLine(err.Error())
	}
	said := strings.TrimSpace(ge.Message)
	return prose.OneLine(said[strings.LastIndex(said, "\n")+1:])
}

// Labels reads a label filter in the language of Ginkgo's --label-filter, as a
// [report.LabelFilter] does.
func Labels(filter string) (func(labels []string) bool, error) { return types.ParseLabelFilter(filter) }
