package monitor

import (
	"prober/catalog"
	"prober/probe/reason"
)

// metrics lists every metric that [Monitor.Gather] shows of its own, sorted by name. Those
// of Config.Collectors come besides. To add a metric, add it here; docs/metrics.md is
// written from this list.
func metrics() []metric {
	return []metric{
		{
			Name: "blackbox_exporter_config_last_reload_successful", Type: gauge,
			Help:     "prober_config_last_reload_successful under the name that alerts on blackbox_exporter ask for.",
			ofProber: func(v *vitals, s series) { s.flag(v.reload.successful) },
		},
		{
			Name: "endpoint_address_up", Type: gauge, Labels: []string{"address", "family"},
			Help:     "Whether the last probe found this address of the endpoint up (ok or degraded 1, fail 0).",
			Absent:   "Absent while unknown. At most 16 addresses of an endpoint are shown; `family` is 4 or 6.",
			detailed: true,
			ofEndpoint: func(e *endpoint, s series) {
				for _, a := range e.last.addresses {
					if a.Outcome != reason.Unknown {
						s.flag(up(a.Outcome), a.Address.String(), family(a.Address))
					}
				}
			},
		},
		{
			Name: "endpoint_addresses", Type: gauge,
			Help:       "Number of addresses that the last probe looked at.",
			Absent:     "Absent until the first result.",
			detailed:   true,
			ofEndpoint: ofLast(func(l *summary, s series) { s.add(float64(len(l.addresses))) }),
		},
		{
			Name: "endpoint_certificate_chain_not_after_timestamp_seconds", Type: gauge, Unit: "seconds since 1970",
			Help:       "Earliest end of validity of all certificates that the endpoint last sent, intermediate ones included.",
			Absent:     "As endpoint_certificate_not_after_timestamp_seconds.",
			detailed:   true,
			ofEndpoint: ofCertificate(func(c *CertificateStatus, s series) { s.time(c.ChainNotAfter) }),
		},
		{
			Name: "endpoint_certificate_not_after_timestamp_seconds", Type: gauge, Unit: "seconds since 1970",
			Help:       "Earliest end of validity of the server certificates that the endpoint's addresses last showed, good or bad.",
			Absent:     "Absent until a handshake has shown a certificate; keeps its value while handshakes fail.",
			ofEndpoint: ofCertificate(func(c *CertificateStatus, s series) { s.time(c.NotAfter) }),
		},
		{
			Name: "endpoint_certificate_not_before_timestamp_seconds", Type: gauge, Unit: "seconds since 1970",
			Help:       "Latest start of validity of the server certificates that the endpoint's addresses last showed.",
			Absent:     "As endpoint_certificate_not_after_timestamp_seconds.",
			detailed:   true,
			ofEndpoint: ofCertificate(func(c *CertificateStatus, s series) { s.time(c.NotBefore) }),
		},
		{
			Name: "endpoint_certificate_verified", Type: gauge,
			Help:       "Whether the certificates last shown led to a trusted root, for this host and then, at every address (1) or not (0).",
			Absent:     "As endpoint_certificate_not_after_timestamp_seconds.",
			ofEndpoint: ofCertificate(func(c *CertificateStatus, s series) { s.flag(c.Verified) }),
		},
		{
			Name: "endpoint_degradations_total", Type: counter, Labels: []string{"phase", "reason"},
			Help:    "Probes that came out degraded, by the phase and the reason of the first defect.",
			Absent:  "A series appears with the first such probe.",
			ofTally: ofReasons(reason.Degraded),
		},
		{
			Name: "endpoint_failures_total", Type: counter, Labels: []string{"phase", "reason"},
			Help:    "Probes that failed, by the phase and the reason of the failure.",
			Absent:  "A series appears with the first such probe.",
			ofTally: ofReasons(reason.Fail),
		},
		{
			Name: "endpoint_info", Type: gauge, Labels: []string{"lifecycle", "scheme"},
			Help:       "What the list says about the endpoint; always 1. Alerts leave out the lifecycles closed and doubtful.",
			Absent:     "Never absent for a listed endpoint.",
			ofEndpoint: func(e *endpoint, s series) { s.add(1, string(lifecycleOf(e.target)), string(schemeOf(e.target))) },
		},
		{
			Name: "endpoint_last_probe_duration_seconds", Type: gauge, Unit: "seconds",
			Help:       "Time of the last probe from the first DNS question to its end, at the slowest address.",
			Absent:     "Absent until the first result.",
			ofEndpoint: ofLast(func(l *summary, s series) { s.add(l.total.Seconds()) }),
		},
		{
			Name: "endpoint_last_probe_timestamp_seconds", Type: gauge, Unit: "seconds since 1970",
			Help:       "When the last probe that counted was started.",
			Absent:     "Absent until the first result.",
			ofEndpoint: ofLast(func(l *summary, s series) { s.time(l.started) }),
		},
		{
			Name: "endpoint_phase_duration_seconds", Type: histogram, Labels: []string{"phase"}, Unit: "seconds",
			Help: "Time of each phase of a probe that was completed, per address: resolve, connect, tls, request, headers or body.",
			Absent: "Absent until a probe has completed the phase; plain HTTP has no tls. Classic buckets and, in the protobuf " +
				"format, a native histogram.",
			ofTally: func(t *tally, s series) {
				for p, h := range t.phases {
					s.histogram(h, reason.Phase(p).String())
				}
			},
		},
		{
			Name: "endpoint_probe_duration_seconds", Type: histogram, Unit: "seconds",
			Help:    "Time from the first DNS question to the end of the reply, per address that answered in full.",
			Absent:  "Absent until an address has answered. Failures are not in it: their time says how patient the prober is.",
			ofTally: func(t *tally, s series) { s.histogram(t.total) },
		},
		{
			Name: "endpoint_probes_total", Type: counter, Labels: []string{"outcome"},
			Help:   "Probes by outcome: ok, degraded, fail or unknown. Unknown ones count neither for nor against the endpoint.",
			Absent: "Never absent for a listed endpoint: all four outcomes begin at 0.",
			ofEndpoint: func(e *endpoint, s series) {
				for o, n := range e.outcomes {
					s.add(float64(n), reason.Outcome(o).String())
				}
			},
		},
		{
			Name: "endpoint_tls_version_accepted", Type: gauge, Labels: []string{"version"},
			Help: "Whether the endpoint accepts this protocol version: the share of its addresses that do, so 1 is accepted and 0 rejected.",
			Absent: "Absent until the version table was taken, which happens at a slower pace than probes, and while the last " +
				"table is inconclusive about the version.",
			detailed: true,
			ofEndpoint: func(e *endpoint, s series) {
				for v, name := range catalog.TLSVersions() {
					if votes := e.versions[v]; votes != (Votes{}) {
						s.add(votes.share(), string(name))
					}
				}
			},
		},
		{
			Name: "endpoint_unknown_total", Type: counter, Labels: []string{"reason"},
			Help:    "Probes that could decide nothing, by the reason, which lies with the prober or its network.",
			Absent:  "A series appears with the first such probe.",
			ofTally: ofReasons(reason.Unknown),
		},
		{
			Name: "endpoint_up", Type: gauge,
			Help:   "Whether the last probe found the endpoint up (ok or degraded 1, fail 0).",
			Absent: "Absent until the first result and while the last one is unknown.",
			ofEndpoint: ofLast(func(l *summary, s series) {
				if l.outcome != reason.Unknown {
					s.flag(up(l.outcome))
				}
			}),
		},
		{
			Name: "prober_build_info", Type: gauge, Labels: []string{"goversion", "revision", "version"},
			Help: "Version of the program; always 1.",
			ofProber: func(v *vitals, s series) {
				s.add(1, v.config.Build.GoVersion, v.config.Build.Revision, v.config.Build.Version)
			},
		},
		{
			Name: "prober_config_last_reload_success_timestamp_seconds", Type: gauge, Unit: "seconds since 1970",
			Help:     "When the list of endpoints was last read successfully.",
			ofProber: func(v *vitals, s series) { s.time(v.reload.at) },
		},
		{
			Name: "prober_config_last_reload_successful", Type: gauge,
			Help:     "Whether the last attempt to read the list of endpoints succeeded (1) or the old list is still in use (0).",
			ofProber: func(v *vitals, s series) { s.flag(v.reload.successful) },
		},
		{
			Name: "prober_endpoints", Type: gauge, Labels: []string{"lifecycle"},
			Help:   "Number of endpoints that this prober probes, by lifecycle.",
			Absent: "Never absent for active, closed and doubtful.",
			ofProber: func(v *vitals, s series) {
				for _, l := range catalog.Lifecycles() {
					s.add(float64(v.listed[l]), string(l))
				}
			},
		},
		{
			Name: "prober_interval_seconds", Type: gauge, Unit: "seconds",
			Help:     "Time from one turn of an endpoint to the next.",
			ofProber: func(v *vitals, s series) { s.add(v.config.Interval.Seconds()) },
		},
		{
			Name: "prober_missed_turns_total", Type: counter,
			Help:     "Turns of endpoints that were missed because the whole prober stood still for an interval or longer.",
			ofProber: func(v *vitals, s series) { s.add(float64(v.counts.missed)) },
		},
		{
			Name: "prober_overloaded", Type: gauge,
			Help:     "Whether probes of the last interval began late, were skipped for want of a worker, or could not be judged for want of processor time (1), or not (0).",
			ofProber: func(v *vitals, s series) { s.flag(v.loaded) },
		},
		{
			Name: "prober_overruns_total", Type: counter,
			Help:     "Turns of endpoints that were left out because the endpoint's previous probe had not ended.",
			ofProber: func(v *vitals, s series) { s.add(float64(v.counts.overruns)) },
		},
		{
			Name: "prober_probes_in_flight", Type: gauge,
			Help:     "Number of scheduled probes that are running.",
			ofProber: func(v *vitals, s series) { s.add(float64(v.counts.inFlight)) },
		},
		{
			Name: "prober_probes_queued", Type: gauge,
			Help:     "Number of probes whose turn has come and that wait for a worker.",
			ofProber: func(v *vitals, s series) { s.add(float64(v.queued)) },
		},
		{
			Name: "prober_schedule_lateness_seconds", Type: histogram, Unit: "seconds",
			Help:     "How much later than planned probes were started; high values mean that the prober is short of workers or processor time.",
			ofProber: func(v *vitals, s series) { s.histogram(v.lateness) },
		},
		{
			Name: "prober_vantage_offline", Type: gauge,
			Help:     "Whether the prober's own network is suspected, because everything that can tell fails at once, controls included (1), or not (0).",
			ofProber: func(v *vitals, s series) { s.flag(v.offline != noCause) },
		},
		{
			Name: "prober_vantage_suspicion", Type: gauge, Labels: []string{"reason"},
			Help:   "Whether the prober's own network is suspected for this reason (1) or not (0).",
			Absent: "Never absent. `reason` is `resolver`: no name resolves; `silence`: nothing answers; `reset`: every connection is refused or reset; `interception`: one answers in place of all; `clock`: no certificate is good at the time that the prober's clock shows; `mixed`: more than one of these.",
			ofProber: func(v *vitals, s series) {
				for _, c := range causes() {
					s.flag(v.offline == c, string(c))
				}
			},
		},
		{
			Name: "prober_workers", Type: gauge,
			Help:     "Number of scheduled probes that may run at once.",
			ofProber: func(v *vitals, s series) { s.add(float64(v.config.Concurrency)) },
		},
	}
}

// ofLast shows something of the last result, once there is one.
func ofLast(show func(*summary, series)) func(*endpoint, series) {
	return func(e *endpoint, s series) {
		if e.last.probed() {
			show(&e.last, s)
		}
	}
}

// ofCertificate shows something of the certificates last seen, once there are some.
func ofCertificate(show func(*CertificateStatus, series)) func(*endpoint, series) {
	return func(e *endpoint, s series) {
		if !e.cert.Seen.IsZero() {
			show(&e.cert, s)
		}
	}
}

// ofReasons shows how many probes came out one way, by the reason; only those that are
// about the endpoint have a phase worth telling.
func ofReasons(outcome reason.Outcome) func(*tally, series) {
	return func(t *tally, s series) {
		for _, c := range t.reasons {
			switch {
			case c.outcome != outcome:
			case outcome == reason.Unknown:
				s.add(float64(c.count), c.reason.Word())
			default:
				s.add(float64(c.count), c.reason.Phase().String(), c.reason.Word())
			}
		}
	}
}
