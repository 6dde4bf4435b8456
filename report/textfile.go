package report

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// textfile writes r in the text format of Prometheus, for the textfile collector of the
// node exporter. The number of series is bounded: one for each product, region, network,
// level and outcome, and one for each failure; nothing that was read from the wire becomes
// a label.
func textfile(r *Report) []byte {
	m := &metrics{}
	v := r.judged()

	m.family("prober_conformance_info", "What ran: the value is always 1.")
	m.sample(1, "version", r.Tool.Version, "suite", r.Suite.Version, "catalogue", r.Catalogue.Digest, "mode", string(r.Environment.Mode), "vantage", r.Environment.Vantage)
	m.family("prober_conformance_started_timestamp_seconds", "When the run began.")
	m.sample(seconds(r.Started))
	m.family("prober_conformance_finished_timestamp_seconds", "When the run ended.")
	m.sample(seconds(r.Finished))
	m.family("prober_conformance_as_of_timestamp_seconds", "The instant that dated rules were judged by.")
	m.sample(seconds(r.AsOf))
	m.family("prober_conformance_exit_code", "What the run comes to: 0 no failure counts, 1 a binding requirement is broken, 3 undecided.")
	m.sample(float64(v.ExitCode))

	m.family("prober_conformance_results", "Results by outcome. Those of endpoints that are closed or doubtful are left out.")
	for _, g := range r.groups() {
		for _, o := range Outcomes() {
			m.sample(float64(g.counts.Of(o)), append(g.labels(), "outcome", string(o))...)
		}
	}
	m.family("prober_conformance_failure", "One for each broken requirement of an active endpoint; absent when it is kept. known is true when the baseline shows it too.")
	endpoints, requirements := r.endpointIndex(), r.requirementIndex()
	for _, res := range r.Results {
		e, q := r.Endpoints[endpoints[res.Endpoint]], r.Requirements[requirements[res.Requirement]]
		if res.Outcome != Fail || !e.Active() {
			continue
		}
		m.sample(1, "product", e.Product, "region", e.Region, "network", string(e.Network), "host", e.Host,
			"requirement", q.ID, "level", string(q.Level), "phase", res.Reason.Phase().String(), "reason", res.Reason.Word(),
			"known", strconv.FormatBool(res.Known))
	}
	return m.b.Bytes()
}

// group is the results of active endpoints that share their labels.
type group struct {
	product, region, network string
	level                    Level
	counts                   Counts
}

func (g group) labels() []string {
	return []string{"product", g.product, "region", g.region, "network", g.network, "level", string(g.level)}
}

// groups counts the results of active endpoints, in the order in which they first appear.
func (r *Report) groups() []group {
	endpoints, requirements := r.endpointIndex(), r.requirementIndex()
	place := map[group]int{}
	var out []group
	for _, res := range r.Results {
		e, q := r.Endpoints[endpoints[res.Endpoint]], r.Requirements[requirements[res.Requirement]]
		if !e.Active() {
			continue
		}
		key := group{product: e.Product, region: e.Region, network: string(e.Network), level: q.Level}
		i, known := place[key]
		if !known {
			i = len(out)
			place[key] = i
			out = append(out, key)
		}
		out[i].counts.add(res.Outcome)
	}
	return out
}

// metrics writes gauges in the text format, version 0.0.4.
type metrics struct {
	b    bytes.Buffer
	name string
}

func (m *metrics) family(name, help string) {
	m.name = name
	fmt.Fprintf(&m.b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
}

// sample writes one sample of the family; labels are names and values in turn. A label
// without a value is left out, which Prometheus takes for the same.
func (m *metrics) sample(value float64, labels ...string) {
	var pairs []string
	for i := 0; i+1 < len(labels); i += 2 {
		if labels[i+1] != "" {
			pairs = append(pairs, labels[i]+`="`+escapeLabel(labels[i+1])+`"`)
		}
	}
	m.b.WriteString(m.name)
	if len(pairs) > 0 {
		m.b.WriteString("{" + strings.Join(pairs, ",") + "}")
	}
	m.b.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

// escapeLabel writes a label value as the text format wants it.
func escapeLabel(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(strings.ToValidUTF8(s, "\uFFFD"))
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1e3 }
