package run

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
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
	"prober/report"
	"prober/session"
	"prober/suites/kit"
)

// Door is how "go test" and the ginkgo command get at one suite, or at those of a list's own products. In a parallel run every process
// makes a choice and a plan, and only the first goes on to open a session and to survey.
type Door struct {
	Options
	name    string // "KMS"
	example string // the list that is judged when nobody says which; empty: the built-in one
	of      func(c *catalog.Catalog) []kit.Suite
	choice  *session.Choice
	plan    *kit.Plan
}

// suites are those that the door leads to.
func (d *Door) suites() []kit.Suite { return d.of(d.plan.Catalog) }

// isAbout reports whether a suite of the door is about a product.
func (d *Door) isAbout(product string) bool {
	return slices.ContainsFunc(d.suites(), func(s kit.Suite) bool { return s.Product == product })
}

// Specs are those of the suite. The test file beside it hands them to Ginkgo, in a container that
// "ginkgo outline" can see.
func (d *Door) Specs() {
	for _, s := range d.suites() {
		d.plan.Add(s)
	}
}

// Test runs the specs. What Ginkgo prints first, the suite's name, says whether it runs against
// the sandbox or the real services. runSpecs is ginkgo.RunSpecs: the ginkgo command takes a
// package for a suite of its own, with its flags and parallel processes, only if a test file of
// the package imports Ginkgo.
func (d *Door) Test(t *testing.T, runSpecs func(t ginkgo.GinkgoTestingT, description string, args ...any) bool) {
	t.Helper()
	if err := d.resolve(); err != nil {
		t.Fatal(err)
	}
	d.unhurried()
	if err := d.find(); err != nil {
		t.Fatal(err)
	}
	var err error
	if d.choice, d.plan, err = d.choose(session.Environment{Embedded: endpoints.Endpoints(), Getenv: os.Getenv}); err != nil {
		t.Fatal(err)
	}
	gomega.RegisterFailHandler(ginkgo.Fail)
	d.hooks(t)
	var labels ginkgo.Labels
	for _, s := range d.suites() {
		labels = append(labels, report.ProductLabel.Of(s.Product))
	}
	runSpecs(t, d.name+" "+d.where(), labels)
}

// handover is what process 1 gives the others of a parallel run.
type handover struct {
	Fingerprint string
	Surveys     map[string]*kit.Survey
}

func (d *Door) hooks(t *testing.T) {
	ginkgo.SynchronizedBeforeSuite(func() []byte {
		// Containers run while RunSpecs builds the tree: what is wrong with the specs is known now.
		if err := d.plan.Err(); err != nil {
			ginkgo.AbortSuite(err.Error())
		}
		if err := d.survey(t); err != nil {
			ginkgo.AbortSuite(err.Error())
		}
		h := handover{Fingerprint: d.fingerprint()}
		if suite, _ := ginkgo.GinkgoConfiguration(); suite.ParallelTotal > 1 {
			h.Surveys = d.plan.Surveys.All(context.Background())
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
		if got := d.fingerprint(); got != h.Fingerprint {
			ginkgo.AbortSuite(fmt.Sprintf("this process plans other specs than the first (%s, not %s): do all read the same catalogue?", got, h.Fingerprint))
		}
		if h.Surveys != nil {
			d.plan.Surveys.Load(h.Surveys)
		}
	})
	ginkgo.ReportAfterSuite("what was verified", func(r types.Report) {
		s := d.summarize(r.SpecReports)
		ginkgo.AddReportEntry("summary", s, ginkgo.ReportEntryVisibilityAlways)
		if s.Nothing != "" {
			ginkgo.Fail("nothing was verified: " + s.Nothing)
		}
	})
}

func (d *Door) survey(t *testing.T) error {
	s, err := d.choice.Open()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(func() {
		stop()
		_ = s.Close()
	})
	d.plan.Alibaba, d.plan.Tencent = s.Config.Alibaba, s.Config.Tencent
	mine := slices.DeleteFunc(slices.Clone(s.Endpoints), func(e catalog.Endpoint) bool { return !d.isAbout(e.Product) })
	targets := s.TargetsOf(mine)
	if err := s.Options.FitsFamily(targets); err != nil {
		return err
	}
	d.plan.Survey(ctx, s.Prober, targets, s.Options.Concurrency)
	return nil
}

// fingerprint identifies the plan: parallel processes share nothing but a counter, and
// would run specs twice or never if their trees differed.
func (d *Door) fingerprint() string {
	var ids []string
	for _, e := range d.plan.Endpoints {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	h := sha256.New()
	fmt.Fprintln(h, d.plan.Catalog.Digest(), d.plan.At.Format(time.DateOnly), strings.Join(ids, " "))
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
