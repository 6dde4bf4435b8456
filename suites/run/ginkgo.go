package run

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	endpoints "prober"
	"prober/catalog"
	reports "prober/report"
	"prober/session"
	"prober/suites"
	"prober/suites/kit"
)

// Runner is ginkgo.RunSpecs. Test files pass it on, because the ginkgo command takes a package
// for a suite of its own, with its flags and parallel processes, only if a test file of the
// package imports Ginkgo.
type Runner func(t ginkgo.GinkgoTestingT, description string, args ...any) bool

// Test runs the specs of one suite under "go test" and the ginkgo command. What Ginkgo prints
// first, the suite's name, says whether it runs against the sandbox or the real services. labels,
// written in the test file, are what "ginkgo labels" can see.
func Test(t *testing.T, o *Options, name string, suite kit.Suite, runSpecs Runner, labels ...any) {
	t.Helper()
	if err := o.resolve(); err != nil {
		t.Fatal(err)
	}
	o.unhurried()
	choice, plan, err := o.choose(session.Environment{Embedded: endpoints.Endpoints(), Getenv: os.Getenv})
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{t: t, choice: choice, plan: plan}
	gomega.RegisterFailHandler(ginkgo.Fail)
	// Containers run while the tree is built, which RunSpecs does: what is wrong with the
	// registered specs is known once it has been.
	ginkgo.Describe(name, func() { plan.Add(suite) })
	r.hooks(name)
	runSpecs(t, name+" "+o.where(), labels...)
}

// runner is one run of the suites in this process. In a parallel run every process makes a
// choice and a plan, and only the first goes on to open a session and to survey.
type runner struct {
	t      *testing.T
	choice *session.Choice
	plan   *kit.Plan
}

// handover is what process 1 gives the others of a parallel run.
type handover struct {
	Fingerprint string
	Surveys     map[string]*kit.Survey
}

// hooks adds what runs before the first spec and after the last.
func (r *runner) hooks(name string) {
	ginkgo.SynchronizedBeforeSuite(func() []byte {
		if err := r.plan.Err(); err != nil {
			ginkgo.AbortSuite(err.Error())
		}
		if err := r.survey(name); err != nil {
			ginkgo.AbortSuite(err.Error())
		}
		h := handover{Fingerprint: r.fingerprint()}
		if suite, _ := ginkgo.GinkgoConfiguration(); suite.ParallelTotal > 1 {
			h.Surveys = r.plan.Surveys.All(context.Background())
		}
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(h); err != nil {
			ginkgo.AbortSuite("handing over the surveys: " + err.Error())
		}
		return b.Bytes()
	}, func(data []byte) {
		var h handover
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&h); err != nil {
			ginkgo.AbortSuite("taking over the surveys: " + err.Error())
		}
		if got := r.fingerprint(); got != h.Fingerprint {
			ginkgo.AbortSuite(fmt.Sprintf("this process plans other specs than the first (%s, not %s): do all read the same catalogue?", got, h.Fingerprint))
		}
		if h.Surveys != nil {
			r.plan.Surveys.Load(h.Surveys)
		}
	})
	ginkgo.ReportAfterSuite("what was verified", func(report types.Report) {
		if why := r.nothing(report, name); why != "" {
			ginkgo.Fail("nothing was verified: " + why)
		}
	})
}

// survey starts the surveys of the endpoints of the suite.
func (r *runner) survey(name string) error {
	s, err := r.choice.Open()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	r.t.Cleanup(func() {
		stop()
		_ = s.Close()
	})
	r.plan.Alibaba, r.plan.Tencent = s.Config.Alibaba, s.Config.Tencent
	mine := slices.DeleteFunc(slices.Clone(s.Endpoints), func(e catalog.Endpoint) bool { return e.Product != strings.ToLower(name) })
	r.plan.Survey(ctx, s.Prober, s.TargetsOf(mine), s.Options.Concurrency)
	return nil
}

// fingerprint identifies the plan: parallel processes share nothing but a counter, and
// would run specs twice or never if their trees differed.
func (r *runner) fingerprint() string {
	var ids []string
	for _, e := range r.plan.Endpoints {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	h := sha256.New()
	fmt.Fprintln(h, r.plan.Catalog.Digest(), r.plan.At.Format(time.DateOnly), strings.Join(ids, " "))
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// nothing says why no spec came to a verdict; empty if one did. A product without a selected
// endpoint is skipped, visibly, where other suites of the same run have some.
func (r *runner) nothing(report types.Report, name string) string {
	why := "every spec was skipped"
	for _, s := range report.SpecReports {
		switch {
		case s.LeafNodeType != types.NodeTypeIt:
		case s.State == types.SpecStatePassed || s.State.Is(types.SpecStateFailureStates):
			return ""
		case strings.HasPrefix(s.Failure.Message, string(reports.NotSelected)):
			if r.amongOthers() {
				return ""
			}
			why = "no endpoint of " + name + " is selected"
		}
	}
	return why
}

// amongOthers reports whether other suites may run too, at selected endpoints. The ginkgo command
// asks each of several suites for one line, unless it is to be verbose; "go test" runs and judges
// every package by itself.
func (r *runner) amongOthers() bool {
	byGinkgo := false
	flag.Visit(func(f *flag.Flag) { byGinkgo = byGinkgo || f.Name == "ginkgo.seed" })
	_, c := ginkgo.GinkgoConfiguration()
	return byGinkgo && (c.Succinct || c.Verbose || c.VeryVerbose) && slices.ContainsFunc(suites.All(), func(s kit.Suite) bool {
		return slices.ContainsFunc(r.plan.Endpoints, func(e catalog.Endpoint) bool { return e.Product == s.Product })
	})
}
