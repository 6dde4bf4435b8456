package render

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"prober/catalog"
	"prober/report"
)

// textfile writes r in the text format of Prometheus, for the textfile collector of the
// node exporter. The number of series is bounded: one for each product, region, network,
// level and outcome, and one for each failure; nothing that was read from the wire becomes
// a label.
func textfile(v *view) ([]byte, error) {
	r := v.Report
	results := gauge("results", "Results by outcome. Those of endpoints that are closed or doubtful are left out.")
	failure := gauge("failure", "One for each broken requirement of an active endpoint; absent when it is kept. known is true when the baseline shows it too.")
	for _, g := range v.groups() {
		for _, o := range report.Outcomes() {
			results.add(float64(g.counts.Of(o)), append(g.labels(), "outcome", string(o))...)
		}
	}
	names := namesOf(r.Endpoints)
	for _, row := range v.rows {
		if row.Outcome == report.Fail && row.E.Active() {
			failure.add(1, "product", row.E.Product, "region", row.E.Region, "network", string(row.E.Network), "host", row.E.Host,
				"name", names[row.E.ID].Name, "requirement", row.Q.ID, "level", string(row.Q.Level), "phase", row.Reason.Phase().String(), "reason", row.Reason.Word(),
				"known", strconv.FormatBool(row.Known))
		}
	}
	var b bytes.Buffer
	for _, f := range []*family{
		gauge("info", "What ran: the value is always 1.").add(1, "version", r.Tool.Version, "suite", r.Suite.Version,
			"catalogue", r.Catalogue.Digest, "mode", string(r.Environment.Mode), "vantage", r.Environment.Vantage),
		gauge("started_timestamp_seconds", "When the run began.").add(seconds(r.Started)),
		gauge("finished_timestamp_seconds", "When the run ended.").add(seconds(r.Finished)),
		gauge("as_of_timestamp_seconds", "The instant that dated rules were judged by.").add(seconds(r.AsOf)),
		gauge("exit_code", "What the run comes to: 0 no failure counts, 1 a binding requirement is broken, 3 undecided.").add(float64(v.judged.ExitCode)),
		results, failure,
	} {
		if len(f.Metric) == 0 { // expfmt refuses it; a reader of the file wants to see that there are none
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", f.GetName(), f.GetHelp(), f.GetName())
			continue
		}
		if _, err := expfmt.MetricFamilyToText(&b, &f.MetricFamily); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// namesOf tells endpoints of one host apart, which differ in what a report does not hold: their ports.
func namesOf(endpoints []report.Endpoint) map[string]catalog.Apart {
	return catalog.TellApart(func(yield func(catalog.Endpoint, catalog.Scheme) bool) {
		for _, e := range endpoints {
			if !yield(catalog.Endpoint{ID: e.ID, Product: e.Product, Region: e.Region, Network: e.Network, Host: e.Host}, catalog.HTTPS) {
				return
			}
		}
	})
}

// family is one metric and its samples, in the order in which they were added.
type family struct{ dto.MetricFamily }

func gauge(name, help string) *family {
	name = "prober_conformance_" + name
	return &family{dto.MetricFamily{Name: &name, Help: &help, Type: dto.MetricType_GAUGE.Enum()}}
}

// add adds a sample; labels are names and values in turn. A label without a value is left
// out, which Prometheus takes for the same.
func (f *family) add(value float64, labels ...string) *family {
	m := &dto.Metric{Gauge: &dto.Gauge{Value: &value}}
	for i := 0; i+1 < len(labels); i += 2 {
		if text := labels[i+1]; text != "" {
			m.Label = append(m.Label, &dto.LabelPair{Name: &labels[i], Value: &text})
		}
	}
	f.Metric = append(f.Metric, m)
	return f
}

// group is the results of active endpoints that share their labels.
type group struct {
	product, region, network string
	level                    report.Level
	counts                   report.Counts
}

func (g group) labels() []string {
	return []string{"product", g.product, "region", g.region, "network", g.network, "level", string(g.level)}
}

// groups counts the results of active endpoints, in the order in which they first appear.
func (v *view) groups() []group {
	place := map[group]int{}
	var out []group
	for _, row := range v.rows {
		if !row.E.Active() {
			continue
		}
		key := group{product: row.E.Product, region: row.E.Region, network: string(row.E.Network), level: row.Q.Level}
		i, known := place[key]
		if !known {
			i = len(out)
			place[key] = i
			out = append(out, key)
		}
		out[i].counts.Add(row.Outcome)
	}
	return out
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1e3 }
