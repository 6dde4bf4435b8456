package monitor

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"

	"prober/probe"
	"prober/probe/reason"
)

// sceneOfEverything is a scene in which there is a value for each metric.
func sceneOfEverything(t *testing.T, detail Detail) *Monitor {
	t.Helper()
	m := scene(t, func(c *Config) { c.Detail, c.History, c.Shard = detail, keptIn(t, t.TempDir(), c.Now), Shard{1, 1} })
	later := epoch.Add(5 * time.Minute)
	feed(t, m, notYetValid(target("kms/cn-hangzhou/vpc", "kms-vpc.cn-hangzhou.example.com"), later))
	feed(t, m, eachAsked(withVersions(okObservation(target("ecs/cn-hangzhou/public", "ecs.cn-hangzhou.example.com"), later))))
	e := m.list.Load().byID["ecs/cn-hangzhou/public"]
	x := e.target.whole()
	x.Own = upkept().Own
	packed := new(entries).of(&x)
	e.target = &packed
	m.History().Flush()
	return m
}

// Whatever is shown must be documented with exactly its type and its labels.
func TestDocsSayWhatIsShown(t *testing.T) {
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		m := sceneOfEverything(t, detail)
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]*dto.MetricFamily{}
		for _, f := range families {
			shown[f.GetName()] = f
		}
		for _, d := range metrics() {
			labels, documented := d.labels(&list{detail: detail})
			slices.Sort(labels)
			f := shown[d.Name]
			delete(shown, d.Name)
			if documented != (f != nil) {
				t.Errorf("detail %s: %s is shown: %v, want %v", detail, d.Name, f != nil, documented)
			}
			if f == nil {
				continue
			}
			if f.GetType() != d.Type || f.GetHelp() != d.Help {
				t.Errorf("detail %s: %s is shown as %v %q", detail, d.Name, f.GetType(), f.GetHelp())
			}
			for _, m := range f.Metric {
				var names []string
				for _, l := range m.Label {
					if l.GetName() != regionLabel { // where the list calls the region anything
						names = append(names, l.GetName())
					}
				}
				if !slices.Equal(names, labels) {
					t.Errorf("detail %s: %s has the labels %v, documented are %v", detail, d.Name, names, labels)
					break
				}
			}
		}
		for name := range shown {
			t.Errorf("detail %s: %s is shown and not documented", detail, name)
		}
	}
}

// notYetValid is a result with a certificate that begins to be valid an hour later.
func notYetValid(t probe.Target, at time.Time) probe.Observation {
	o := badObservation(t, at, reason.ProberPrivateNetwork) // one that waits for no judgement
	o.Addresses[0].TLS.Path, o.Addresses[0].TLS.Certificates[0].NotBefore = nil, at.Add(time.Hour)
	return o
}

func TestDocsKeepTheConventions(t *testing.T) {
	docs := metrics()
	taken := map[string]bool{}
	for i, d := range docs {
		if taken[d.Name] || i > 0 && d.Name <= docs[i-1].Name {
			t.Errorf("%s is there twice or out of order", d.Name)
		}
		taken[d.Name] = true
		foreign := d.Name == "blackbox_exporter_config_last_reload_successful" // which alerts ask for
		if !strings.HasPrefix(d.Name, "endpoint_") && !strings.HasPrefix(d.Name, "prober_") && !foreign {
			t.Errorf("%s has another prefix", d.Name)
		}
		if (d.Type == dto.MetricType_COUNTER) != strings.HasSuffix(d.Name, "_total") {
			t.Errorf("%s: only counters end in _total", d.Name)
		}
		if strings.Contains(d.Unit, "seconds") != strings.HasSuffix(d.Name, "_seconds") {
			t.Errorf("%s: the name does not say the unit %q", d.Name, d.Unit)
		}
		if !strings.HasSuffix(d.Help, ".") {
			t.Errorf("%s: the help is no sentence", d.Name)
		}
		labels, _ := d.labels(&list{detail: DetailEndpoint})
		for _, l := range labels {
			if slices.Contains([]string{"service", "endpoint", "pod", "namespace", "job", "instance"}, l) {
				t.Errorf("%s has the label %s, which Prometheus sets", d.Name, l)
			}
		}
	}
}

// docs/metrics.md says what the code says.
func TestDocs(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(metricsDocHead)
	for _, m := range metrics() {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n- Type: %s\n", m.Name, m.Help, strings.ToLower(m.Type.String()))
		if m.Unit != "" {
			fmt.Fprintf(&b, "- Unit: %s\n", m.Unit)
		}
		labels, _ := m.labels(&list{detail: DetailEndpoint})
		inRegion, shownInRegion := m.labels(&list{detail: DetailRegion})
		_, shown := m.labels(&list{detail: DetailEndpoint})
		switch {
		case !shownInRegion:
			fmt.Fprintf(&b, "- Labels with detail `endpoint`: %s\n- Left out with detail `region`\n", codeList(labels))
		case !shown:
			fmt.Fprintf(&b, "- Labels with detail `region`: %s\n- Left out with detail `endpoint`\n", codeList(inRegion))
		case len(inRegion) != len(labels):
			fmt.Fprintf(&b, "- Labels with detail `endpoint`: %s\n- Labels with detail `region`: %s\n", codeList(labels), codeList(inRegion))
		default:
			fmt.Fprintf(&b, "- Labels: %s\n", codeList(labels))
		}
		if m.Absent != "" {
			fmt.Fprintf(&b, "- %s\n", m.Absent)
		}
	}
	golden(t, filepath.Join("..", "..", "docs", "metrics.md"), b.Bytes())
}

const metricsDocHead = `# Metrics

What ` + "`prober serve`" + ` shows at ` + "`/metrics`" + `, besides the metrics of its process. With ` + "`--otlp.endpoint URL`" + ` the same is pushed over OTLP, once a
minute and at the end, and the counter ` + "`prober_otlp_pushes_total`" + ` with the label ` + "`result`" + ` (success or failure) says how that goes.

Detail ` + "`endpoint`" + ` is the default for lists of up to 1,000 endpoints: at most 45 samples an endpoint in the text format, and one for
each of its addresses. In longer lists, or with ` + "`--metrics.detail region`" + `, the latencies of phases and the failures by phase and reason are
shown by product, region and network, and an endpoint has at most 15 samples. ` + "`phase`" + ` and ` + "`reason`" + ` are those of docs/reasons.md.

Histograms are native ones: a Prometheus server reads them with the line ` + "`scrape_native_histograms: true`" + ` in its job. Versions before 3.8 refuse
that line; they are started with ` + "`--enable-feature=native-histograms`" + ` instead. Whoever can do neither takes ` + "`--metrics.classic-histograms`" + `.

` + "`lifecycle`" + ` is active, closed or doubtful; alerts leave out the last two. Where a list has several endpoints with the same product,
region, network and host, these have ` + "`port`" + `, ` + "`scheme`" + ` or ` + "`name`" + ` (the last part of the id) besides: the first of these that is enough.

A failure that a broken network of the prober's own could have caused is counted once other endpoints, or a control, show
which it is: within seconds as a rule, and at the latest when each has had its turn.

A failure is counted at once. ` + "`endpoint_up`" + `, and all else that tells the state of an endpoint, changes when a further probe, 5 s
or a third of the interval later, has found it failing too (` + "`--confirm`" + `); until then it is what it was. The further probe is
counted in ` + "`prober_confirmations_total`" + ` alone, so that an outage is not counted double.
`

func codeList(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(slices.Sorted(slices.Values(names)), "`, `") + "`"
}
