package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"prober/bench/load"
)

// report is everything that a comparison measured.
type report struct {
	Go       string    `json:"go"` // version that built it
	CPUs     int       `json:"cpus"`
	Settings settings  `json:"settings"`
	Loops    []loop    `json:"loops"`
	Ratios   []outcome `json:"ratios"`
}

// loop is what one variant cost, round by round.
type loop struct {
	variant
	Results []load.Result `json:"results"`
	CPU     time.Duration `json:"cpu_ns_per_probe"` // median of the rounds
}

// outcome is how one comparison ended: the ratio of each round, their median and extremes.
type outcome struct {
	comparison
	Rounds []float64 `json:"rounds"`
	Median float64   `json:"median"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
}

// newReport works out medians and ratios. Every variant of list was measured in every
// round.
func newReport(s settings, list []comparison, measured map[variant][]load.Result) *report {
	rep := &report{Go: runtime.Version(), CPUs: runtime.NumCPU(), Settings: s}
	for _, v := range variantsOf(list) {
		var cpu []float64
		for _, r := range measured[v] {
			cpu = append(cpu, float64(r.PerProbe()))
		}
		rep.Loops = append(rep.Loops, loop{v, measured[v], time.Duration(median(cpu))})
	}
	for _, c := range list {
		o := outcome{comparison: c}
		for i, r := range measured[c.Subject] {
			o.Rounds = append(o.Rounds, float64(r.PerProbe())/float64(max(1, measured[c.Floor][i].PerProbe())))
		}
		o.Median, o.Min, o.Max = median(o.Rounds), slices.Min(o.Rounds), slices.Max(o.Rounds)
		rep.Ratios = append(rep.Ratios, o)
	}
	return rep
}

// check returns an error if the ratio that the project promises is above limit; 0 means
// that there is none.
func (r *report) check(limit float64) error {
	for _, o := range r.Ratios {
		if o.headline && limit > 0 && o.Median > limit {
			return fmt.Errorf("a probe costs %.2f of the bare loop, more than %g", o.Median, limit)
		}
	}
	return nil
}

// table prints r for people.
func (r *report) table(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "CPU time of a probe in ms (%s, %d processors, %d probes a run)\n\n", r.Go, r.CPUs, r.Settings.Probes)
	fmt.Fprint(t, "loop\tmedian")
	for i := range r.Settings.Rounds {
		fmt.Fprintf(t, "\tround %d", i+1)
	}
	fmt.Fprint(t, "\tprobes/s\tallocations\tkB\n")
	for _, l := range r.Loops {
		fmt.Fprintf(t, "%s\t%.3f", l.variant, milliseconds(l.CPU))
		var rates, mallocs, kilobytes []float64
		for _, m := range l.Results {
			fmt.Fprintf(t, "\t%.3f", milliseconds(m.PerProbe()))
			rates = append(rates, m.PerSecond())
			mallocs = append(mallocs, float64(m.Mallocs)/float64(m.Probes))
			kilobytes = append(kilobytes, float64(m.Bytes)/float64(m.Probes)/1000)
		}
		fmt.Fprintf(t, "\t%.0f\t%.0f\t%.1f\n", median(rates), median(mallocs), median(kilobytes))
	}
	fmt.Fprint(t, "\nratio\tmedian\tlowest\thighest\tof\tto\n")
	for _, o := range r.Ratios {
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%s\t%s\n", o.Name, o.Median, o.Min, o.Max, o.Subject, o.Floor)
	}
	return t.Flush()
}

// median returns the middle value, or the mean of the two middle ones; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
