package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// scale is what long lists are measured by, one run of the prober after the other.
type scale struct {
	prober     string
	runs       []scaleRun
	cycles     int
	rows       int
	regions    int
	processors string
	late       time.Duration
}

// scaleRun is a list and its interval, written as 50000@1m.
type scaleRun struct {
	endpoints int
	interval  time.Duration
}

// scaleCommand measures a prober of long lists: what it costs, how late it is, and what a scrape takes.
func scaleCommand(ctx context.Context, args []string, out, talk io.Writer) error {
	s := scale{}
	fs := flag.NewFlagSet("scale", flag.ContinueOnError)
	fs.StringVar(&s.prober, "prober", "", "the `PROGRAM` to run; go build makes it")
	runs := fs.String("runs", "1000@1m 10000@1m 50000@1m 100000@2m", "how many endpoints at which interval, with spaces between")
	fs.IntVar(&s.cycles, "cycles", 10, "intervals that are measured, after the first")
	fs.IntVar(&s.rows, "rows", 1, "rows that a run is told in, each about a part of its time")
	fs.IntVar(&s.regions, "regions", 100, "regions that the endpoints are spread over")
	fs.StringVar(&s.processors, "processors", "0,1", "those of the prober, as taskset has them")
	fs.DurationVar(&s.late, "late", 0, "fail if a hundredth of the probes is later than this, or any turn is skipped; 0: never")
	if err := parse(fs, args, talk); err != nil {
		return err
	}
	for text := range strings.FieldsSeq(*runs) {
		r, err := readRun(text)
		if err != nil {
			return usageError{err}
		}
		s.runs = append(s.runs, r)
	}
	if s.prober == "" || s.cycles < 1 || s.rows < 1 || s.regions < 1 || len(s.runs) == 0 {
		return usageError{errors.New("-prober PROGRAM is missing, or a number is not positive")}
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "endpoints\tinterval\tprobes\tms CPU a probe\tlate p99, ms\tskipped\tnot ok\tresident, MB\tgoroutines\tdescriptors\tscrape, s\tMB\tgzip, s\tMB\tresident after, MB")
	var errs []error
	for _, r := range s.runs {
		errs = append(errs, s.run(ctx, r, t, talk))
	}
	return errors.Join(append(errs, t.Flush())...)
}

func readRun(text string) (scaleRun, error) {
	count, interval, _ := strings.Cut(text, "@")
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 {
		return scaleRun{}, fmt.Errorf("run %q: want a number of endpoints and an interval, as 50000@1m", text)
	}
	d, err := time.ParseDuration(interval)
	if err != nil || d <= 0 {
		return scaleRun{}, fmt.Errorf("run %q: want an interval behind the @, as 1m", text)
	}
	return scaleRun{n, d}, nil
}

// run measures one list and writes its rows.
func (s *scale) run(ctx context.Context, r scaleRun, out *tabwriter.Writer, talk io.Writer) error {
	self, err := ownProgram(talk)
	if err != nil {
		return err
	}
	w, stop, err := self.serve(ctx, r.endpoints)
	if err != nil {
		return err
	}
	defer stop()
	dir, err := os.MkdirTemp("", "scale")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // temporary
	address, end, err := startOn(ctx, s.processors, s.prober, w, s.regions, dir, io.Discard, "--interval", r.interval.String())
	if err != nil {
		return err
	}
	return errors.Join(s.rowsOf(ctx, r, address, out), end())
}

func (s *scale) rowsOf(ctx context.Context, r scaleRun, address string, out *tabwriter.Writer) error {
	before, err := condition(ctx, address)
	if err != nil {
		return err
	}
	var errs []error
	for range s.rows {
		select {
		case <-time.After(r.interval * time.Duration(s.cycles) / time.Duration(s.rows)):
		case <-ctx.Done():
			return ctx.Err()
		}
		now, err := condition(ctx, address)
		if err != nil {
			return err
		}
		text, textBytes, err := timed(ctx, address, "identity")
		if err != nil {
			return err
		}
		zipped, zippedBytes, err := timed(ctx, address, "gzip")
		if err != nil {
			return err
		}
		then, err := condition(ctx, address)
		if err != nil {
			return err
		}
		probes, late := now.started-before.started, now.lateness.less(before.lateness).quantile(0.99)
		skipped, notOK := now.skipped-before.skipped, now.notOK-before.notOK
		fmt.Fprintf(out, "%d\t%v\t%.0f\t%.3f\t%.1f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.2f\t%.1f\t%.2f\t%.2f\t%.0f\n", r.endpoints, r.interval, probes,
			1e3*(now.cpu-before.cpu)/probes, late*1e3, skipped, notOK, now.resident/1e6, now.goroutines, now.descriptors,
			text.Seconds(), float64(textBytes)/1e6, zipped.Seconds(), float64(zippedBytes)/1e6, then.resident/1e6)
		_ = out.Flush() // a long run tells what it knows
		if s.late > 0 && (late > s.late.Seconds() || skipped > 0) {
			errs = append(errs, fmt.Errorf("%d endpoints at %v: a hundredth of the probes was later than %.1f ms, and %.0f turns were skipped", r.endpoints, r.interval, late*1e3, skipped))
		}
		before = then
	}
	return errors.Join(errs...)
}

// state is what a prober says of itself, exactly: lateness in native buckets, which grow by a tenth.
type state struct {
	lateness                                                        buckets
	started, skipped, notOK, cpu, resident, goroutines, descriptors float64
}

// buckets are those of a native histogram, by their upper bounds.
type buckets map[float64]float64

func (b buckets) less(other buckets) buckets {
	rest := buckets{}
	for bound, n := range b {
		rest[bound] = n - other[bound]
	}
	return rest
}

// quantile is the bound below which that share was.
func (b buckets) quantile(share float64) float64 {
	sum := 0.0
	for _, n := range b {
		sum += n
	}
	best := math.Inf(1)
	for bound := range b {
		below := 0.0
		for other, n := range b {
			if other <= bound {
				below += n
			}
		}
		if below >= share*sum {
			best = min(best, bound)
		}
	}
	return best
}

// condition asks a prober how it is, in the format that has native histograms.
func condition(ctx context.Context, address string) (state, error) {
	names := []string{
		"prober_schedule_lateness_seconds", "prober_missed_turns_total", "prober_overruns_total", "endpoint_probes_total",
		"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "go_goroutines",
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics?name[]="+strings.Join(names, "&name[]="), nil)
	if err != nil {
		return state{}, err
	}
	r.Header.Set("Accept", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return state{}, fmt.Errorf("scraping the prober: %w", err)
	}
	body, err := io.ReadAll(reply.Body)
	if err := errors.Join(err, reply.Body.Close()); err != nil {
		return state{}, fmt.Errorf("scraping the prober: %w", err)
	}
	return readState(expfmt.NewDecoder(bytes.NewReader(body), expfmt.ResponseFormat(reply.Header)))
}

func readState(in expfmt.Decoder) (state, error) {
	s := state{lateness: buckets{}}
	for {
		var f dto.MetricFamily
		switch err := in.Decode(&f); {
		case errors.Is(err, io.EOF):
			return s, nil
		case err != nil:
			return s, fmt.Errorf("reading what the prober says of itself: %w", err)
		}
		for _, m := range f.GetMetric() {
			s.add(f.GetName(), m)
		}
	}
}

func (s *state) add(name string, m *dto.Metric) {
	value := cmp.Or(m.GetCounter().GetValue(), m.GetGauge().GetValue())
	switch name {
	case "prober_schedule_lateness_seconds":
		s.started = float64(m.GetHistogram().GetSampleCount())
		s.lateness = nativeBuckets(m.GetHistogram())
	case "prober_missed_turns_total", "prober_overruns_total":
		s.skipped += value
	case "process_cpu_seconds_total":
		s.cpu = value
	case "process_resident_memory_bytes":
		s.resident = value
	case "process_open_fds":
		s.descriptors = value
	case "go_goroutines":
		s.goroutines = value
	case "endpoint_probes_total":
		for _, l := range m.GetLabel() {
			if l.GetName() == "outcome" && l.GetValue() != "ok" {
				s.notOK += value
			}
		}
	}
}

func nativeBuckets(h *dto.Histogram) buckets {
	b := buckets{0: float64(h.GetZeroCount())}
	index, at, count := int32(0), 0, int64(0)
	for _, span := range h.GetPositiveSpan() {
		index += span.GetOffset()
		for range span.GetLength() {
			count += h.GetPositiveDelta()[at]
			b[math.Exp2(float64(index)*math.Exp2(-float64(h.GetSchema())))] = float64(count)
			index, at = index+1, at+1
		}
	}
	return b
}

// timed is how long a scrape of everything takes, and how large it is on the wire.
func timed(ctx context.Context, address, encoding string) (time.Duration, int64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return 0, 0, err
	}
	r.Header.Set("Accept-Encoding", encoding)
	began := time.Now()
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, 0, fmt.Errorf("scraping the prober: %w", err)
	}
	n, err := io.Copy(io.Discard, reply.Body)
	if err := errors.Join(err, reply.Body.Close()); err != nil {
		return 0, 0, fmt.Errorf("scraping the prober: %w", err)
	}
	if reply.StatusCode != http.StatusOK {
		return 0, 0, fmt.Errorf("scraping the prober: status %d", reply.StatusCode)
	}
	return time.Since(began), n, nil
}
