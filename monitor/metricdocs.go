package monitor

import (
	"fmt"
	"io"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// MetricDoc documents one metric. The exposition takes names, types and help texts from
// here, so it cannot say anything else.
type MetricDoc struct {
	Name   string
	Type   dto.MetricType
	Labels []string // of each series with DetailEndpoint, sorted
	// RegionLabels are the labels with DetailRegion; nil when they are the same, empty
	// when the metric is then left out.
	RegionLabels []string
	Unit         string // of the values; empty for counts and flags
	Help         string // one sentence, shown at each scrape
	Absent       string // when there is no series, or more to know; a sentence
}

// metric numbers the metrics by their place in metricDocs.
type metric int

// The metrics, sorted by name, as an exposition must be.
const (
	addressUp metric = iota
	addresses
	certChainNotAfter
	certNotAfter
	certNotBefore
	certVerified
	degradations
	failures
	endpointInfo
	lastDuration
	lastProbe
	phaseDuration
	probeDuration
	probes
	tlsVersionAccepted
	unknowns
	endpointUp
	buildInfo
	reloadTimestamp
	reloadSuccessful
	endpointsListed
	probeInterval
	turnsMissed
	turnsOverrun
	inFlight
	queued
	scheduleLateness
	vantageOffline
	workersMax
	numMetrics
)

var (
	perEndpoint = []string{"host", "network", "product", "region"}
	perGroup    = []string{"network", "product", "region"}
	leftOut     = []string{}
)

func and(labels []string, more ...string) []string {
	all := make(endpointLabels, 0, len(labels))
	for _, name := range labels {
		all = append(all, label(name, ""))
	}
	for _, name := range more {
		all = all.with(label(name, ""))
	}
	names := make([]string, len(all))
	for i, l := range all {
		names[i] = l.GetName()
	}
	return names
}

var metricDocs = [numMetrics]MetricDoc{
	addressUp: {
		Name: "endpoint_address_up", Type: dto.MetricType_GAUGE,
		Labels: and(perEndpoint, "address", "family"), RegionLabels: leftOut,
		Help:   "Whether the last probe found this address of the endpoint up (ok or degraded 1, fail 0).",
		Absent: "Absent while unknown. At most 16 addresses of an endpoint are shown; `family` is 4 or 6.",
	},
	addresses: {
		Name: "endpoint_addresses", Type: dto.MetricType_GAUGE, Labels: perEndpoint, RegionLabels: leftOut,
		Help:   "Number of addresses that the last probe looked at.",
		Absent: "Absent until the first result.",
	},
	certChainNotAfter: {
		Name: "endpoint_certificate_chain_not_after_timestamp_seconds", Type: dto.MetricType_GAUGE,
		Labels: perEndpoint, RegionLabels: leftOut, Unit: "seconds since 1970",
		Help:   "Earliest end of validity of all certificates that the endpoint last sent, intermediate ones included.",
		Absent: "As endpoint_certificate_not_after_timestamp_seconds.",
	},
	certNotAfter: {
		Name: "endpoint_certificate_not_after_timestamp_seconds", Type: dto.MetricType_GAUGE, Labels: perEndpoint,
		Unit:   "seconds since 1970",
		Help:   "Earliest end of validity of the server certificates that the endpoint's addresses last showed, good or bad.",
		Absent: "Absent until a handshake has shown a certificate; keeps its value while handshakes fail.",
	},
	certNotBefore: {
		Name: "endpoint_certificate_not_before_timestamp_seconds", Type: dto.MetricType_GAUGE,
		Labels: perEndpoint, RegionLabels: leftOut, Unit: "seconds since 1970",
		Help:   "Latest start of validity of the server certificates that the endpoint's addresses last showed.",
		Absent: "As endpoint_certificate_not_after_timestamp_seconds.",
	},
	certVerified: {
		Name: "endpoint_certificate_verified", Type: dto.MetricType_GAUGE, Labels: perEndpoint,
		Help:   "Whether the certificates last shown led to a trusted root, for this host and then, at every address (1) or not (0).",
		Absent: "As endpoint_certificate_not_after_timestamp_seconds.",
	},
	degradations: {
		Name: "endpoint_degradations_total", Type: dto.MetricType_COUNTER,
		Labels: and(perEndpoint, "phase", "reason"), RegionLabels: and(perGroup, "phase", "reason"),
		Help:   "Probes that came out degraded, by the phase and the reason of the first defect.",
		Absent: "A series appears with the first such probe.",
	},
	failures: {
		Name: "endpoint_failures_total", Type: dto.MetricType_COUNTER,
		Labels: and(perEndpoint, "phase", "reason"), RegionLabels: and(perGroup, "phase", "reason"),
		Help:   "Probes that failed, by the phase and the reason of the failure.",
		Absent: "A series appears with the first such probe.",
	},
	endpointInfo: {
		Name: "endpoint_info", Type: dto.MetricType_GAUGE, Labels: and(perEndpoint, "lifecycle", "scheme"),
		Help:   "What the list says about the endpoint; always 1. Alerts leave out the lifecycles closed and doubtful.",
		Absent: "Never absent for a listed endpoint.",
	},
	lastDuration: {
		Name: "endpoint_last_probe_duration_seconds", Type: dto.MetricType_GAUGE, Labels: perEndpoint, Unit: "seconds",
		Help:   "Time of the last probe from the first DNS question to its end, at the slowest address.",
		Absent: "Absent until the first result.",
	},
	lastProbe: {
		Name: "endpoint_last_probe_timestamp_seconds", Type: dto.MetricType_GAUGE, Labels: perEndpoint,
		Unit:   "seconds since 1970",
		Help:   "When the last probe that counted was started.",
		Absent: "Absent until the first result.",
	},
	phaseDuration: {
		Name: "endpoint_phase_duration_seconds", Type: dto.MetricType_HISTOGRAM,
		Labels: and(perEndpoint, "phase"), RegionLabels: and(perGroup, "phase"), Unit: "seconds",
		Help: "Time of each phase of a probe that was completed, per address: resolve, connect, tls, request, headers or body.",
		Absent: "Absent until a probe has completed the phase; plain HTTP has no tls. Classic buckets and, in the protobuf " +
			"format, a native histogram.",
	},
	probeDuration: {
		Name: "endpoint_probe_duration_seconds", Type: dto.MetricType_HISTOGRAM,
		Labels: perEndpoint, RegionLabels: perGroup, Unit: "seconds",
		Help:   "Time from the first DNS question to the end of the reply, per address that answered in full.",
		Absent: "Absent until an address has answered. Failures are not in it: their time says how patient the prober is.",
	},
	probes: {
		Name: "endpoint_probes_total", Type: dto.MetricType_COUNTER, Labels: and(perEndpoint, "outcome"),
		Help:   "Probes by outcome: ok, degraded, fail or unknown. Unknown ones count neither for nor against the endpoint.",
		Absent: "Never absent for a listed endpoint: all four outcomes begin at 0.",
	},
	tlsVersionAccepted: {
		Name: "endpoint_tls_version_accepted", Type: dto.MetricType_GAUGE,
		Labels: and(perEndpoint, "version"), RegionLabels: leftOut,
		Help: "Whether the endpoint accepts this protocol version: the share of its addresses that do, so 1 is accepted and 0 rejected.",
		Absent: "Absent until the version table was taken, which happens at a slower pace than probes, and while the last " +
			"table is inconclusive about the version.",
	},
	unknowns: {
		Name: "endpoint_unknown_total", Type: dto.MetricType_COUNTER,
		Labels: and(perEndpoint, "reason"), RegionLabels: and(perGroup, "reason"),
		Help:   "Probes that could decide nothing, by the reason, which lies with the prober or its network.",
		Absent: "A series appears with the first such probe.",
	},
	endpointUp: {
		Name: "endpoint_up", Type: dto.MetricType_GAUGE, Labels: perEndpoint,
		Help:   "Whether the last probe found the endpoint up (ok or degraded 1, fail 0).",
		Absent: "Absent until the first result and while the last one is unknown.",
	},
	buildInfo: {
		Name: "prober_build_info", Type: dto.MetricType_GAUGE, Labels: []string{"goversion", "revision", "version"},
		Help: "Version of the program; always 1.",
	},
	reloadTimestamp: {
		Name: "prober_config_last_reload_success_timestamp_seconds", Type: dto.MetricType_GAUGE, Unit: "seconds since 1970",
		Help: "When the list of endpoints was last read successfully.",
	},
	reloadSuccessful: {
		Name: "prober_config_last_reload_successful", Type: dto.MetricType_GAUGE,
		Help: "Whether the last attempt to read the list of endpoints succeeded (1) or the old list is still in use (0).",
	},
	endpointsListed: {
		Name: "prober_endpoints", Type: dto.MetricType_GAUGE, Labels: []string{"lifecycle"},
		Help:   "Number of endpoints that this prober probes, by lifecycle.",
		Absent: "Never absent for active, closed and doubtful.",
	},
	probeInterval: {
		Name: "prober_interval_seconds", Type: dto.MetricType_GAUGE, Unit: "seconds",
		Help: "Time from one turn of an endpoint to the next.",
	},
	turnsMissed: {
		Name: "prober_missed_turns_total", Type: dto.MetricType_COUNTER,
		Help: "Turns of endpoints that were missed because the whole prober stood still for an interval or longer.",
	},
	turnsOverrun: {
		Name: "prober_overruns_total", Type: dto.MetricType_COUNTER,
		Help: "Turns of endpoints that were left out because the endpoint's previous probe had not ended.",
	},
	inFlight: {
		Name: "prober_probes_in_flight", Type: dto.MetricType_GAUGE,
		Help: "Number of scheduled probes that are running.",
	},
	queued: {
		Name: "prober_probes_queued", Type: dto.MetricType_GAUGE,
		Help: "Number of probes whose turn has come and that wait for a worker.",
	},
	scheduleLateness: {
		Name: "prober_schedule_lateness_seconds", Type: dto.MetricType_HISTOGRAM, Unit: "seconds",
		Help: "How much later than planned probes were started; high values mean that the prober is short of workers or processor time.",
	},
	vantageOffline: {
		Name: "prober_vantage_offline", Type: dto.MetricType_GAUGE,
		Help: "Whether the prober's own network is suspected, because every active endpoint is silent in the same way (1), or not (0).",
	},
	workersMax: {
		Name: "prober_workers", Type: dto.MetricType_GAUGE,
		Help: "Number of scheduled probes that may run at once.",
	},
}

// MetricDocs returns the documentation of every metric that [Monitor.Gather] shows of its
// own, sorted by name. Those of Config.Gatherer come besides.
func MetricDocs() []MetricDoc {
	docs := metricDocs
	return docs[:]
}

// WriteMetricsDoc writes the documentation of every metric as Markdown.
func WriteMetricsDoc(w io.Writer) error {
	var b strings.Builder
	b.WriteString(metricsDocHead)
	for _, d := range metricDocs {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n", d.Name, d.Help)
		fmt.Fprintf(&b, "- Type: %s\n", strings.ToLower(d.Type.String()))
		if d.Unit != "" {
			fmt.Fprintf(&b, "- Unit: %s\n", d.Unit)
		}
		if d.RegionLabels == nil {
			fmt.Fprintf(&b, "- Labels: %s\n", codeList(d.Labels))
		} else {
			fmt.Fprintf(&b, "- Labels with detail `endpoint`: %s\n", codeList(d.Labels))
			if len(d.RegionLabels) == 0 {
				b.WriteString("- Left out with detail `region`\n")
			} else {
				fmt.Fprintf(&b, "- Labels with detail `region`: %s\n", codeList(d.RegionLabels))
			}
		}
		if d.Absent != "" {
			fmt.Fprintf(&b, "- %s\n", d.Absent)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const metricsDocHead = `# Metrics

What ` + "`prober serve`" + ` shows at ` + "`/metrics`" + `, besides the metrics of its process.

Detail ` + "`endpoint`" + ` is the default for lists of up to 1,000 endpoints; in longer ones, or with
` + "`--metrics.detail region`" + `, latencies and reasons are shown by product, region and network, and an
endpoint has ten series. ` + "`phase`" + ` and ` + "`reason`" + ` are those of docs/reasons.md.
`

func codeList(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
