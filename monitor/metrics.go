package monitor

import (
	"slices"
	"time"

	"prober/catalog"
	"prober/history"
	"prober/limit"
	"prober/monitor/exposition"
	"prober/monitor/view"
	"prober/probe/reason"
	"prober/suspicion"
)

// metrics lists every metric that [Monitor.Gather] shows of its own, sorted by name. Those
// of Config.Collectors come besides. To add a metric, add it here; docs/metrics.md is
// written from this list.
func metrics() []metric {
	return []metric{
		{
			Name: "blackbox_exporter_config_last_reload_successful", Type: exposition.Gauge,
			Help:     "prober_config_last_reload_successful under the name that alerts on blackbox_exporter ask for.",
			ofProber: func(v *vitals, s exposition.Series) { s.Flag(v.reload.successful) },
		},
		{
			Name: "endpoint_address_up", Type: exposition.Gauge, Labels: []string{"address", "family"},
			Help:     "Whether this address of the endpoint is up by the last probe (ok or degraded 1, fail 0); a failure of the endpoint shows once it is confirmed.",
			Absent:   "Absent while unknown. At most 16 addresses of an endpoint are shown; `family` is 4 or 6.",
			detailed: true,
			ofEndpoint: func(e *endpoint, s exposition.Series) {
				for _, a := range e.last.addresses {
					if a.Outcome != reason.Unknown {
						s.Flag(view.Up(a.Outcome), a.Address.String(), family(a.Address))
					}
				}
			},
		},
		{
			Name: "endpoint_addresses", Type: exposition.Gauge,
			Help: "Number of addresses that the last probe looked at.",
			Absent: "Absent until the first result, and where endpoint_certificate_path_not_before_timestamp_seconds takes its place: while that is shown, and each address has a series of " +
				"endpoint_address_up, so that `count without (address, family) (endpoint_address_up)` is the same.",
			detailed: true,
			ofEndpoint: func(e *endpoint, s exposition.Series) {
				if e.last.probed() && (!e.ageing() || !e.last.addressesShown()) {
					s.Add(float64(len(e.last.addresses)))
				}
			},
		},
		{
			Name: "endpoint_certificate_chain_not_after_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:   "Earliest end of validity of all certificates that the endpoint last sent, also of those that no verified path needs.",
			Absent: "As endpoint_certificate_not_after_timestamp_seconds, and while endpoint_maintenance is shown, which takes its place. For alerts take endpoint_certificate_path_not_after_timestamp_seconds.",
			ofEndpoint: func(e *endpoint, s exposition.Series) {
				if c, any := e.cert.status(); any && !e.inMaintenance {
					s.Time(c.ChainNotAfter)
				}
			},
		},
		{
			Name: "endpoint_certificate_not_after_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:       "Earliest end of validity of the server certificates that the endpoint's addresses last showed, good or bad.",
			Absent:     "Absent until a handshake has shown a certificate; keeps its value while handshakes fail. Where a server has a second certificate, with another kind of key, the earlier one counts.",
			ofEndpoint: ofCertificate(func(c *view.CertificateStatus, s exposition.Series) { s.Time(c.NotAfter) }),
		},
		{
			Name: "endpoint_certificate_not_before_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:     "Latest start of validity of the server certificates that the endpoint's addresses last showed, where it was still to come.",
			Absent:   "Absent where every certificate had begun to be valid when it was seen.",
			detailed: true,
			ofEndpoint: ofCertificate(func(c *view.CertificateStatus, s exposition.Series) {
				if c.NotBefore.After(c.Seen) && c.PathNotAfter.IsZero() {
					s.Time(c.NotBefore)
				}
			}),
		},
		{
			Name: "endpoint_certificate_path_not_after_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:   "Earliest end of validity along the verified paths from the certificates that the endpoint's addresses last showed to trusted roots.",
			Absent: "Absent until a handshake has shown a certificate, and where no path was verified at some address.",
			ofEndpoint: ofCertificate(func(c *view.CertificateStatus, s exposition.Series) {
				if !c.PathNotAfter.IsZero() {
					s.Time(c.PathNotAfter)
				}
			}),
		},
		{
			Name: "endpoint_certificate_path_not_before_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help: "Start of validity of the certificate whose end endpoint_certificate_path_not_after_timestamp_seconds shows, in the second half of its life and in its last 42 days.",
			Absent: "Absent where that is, and before: who asks what share of a certificate's life is left asks late in it, and of one that lives for a few days its life is asked from the first. " +
				"While it is shown, one reason fewer is with detail `endpoint`.",
			ofEndpoint: ofCertificate(func(c *view.CertificateStatus, s exposition.Series) {
				if ageing(c) {
					s.Time(c.PathNotBefore)
				}
			}),
		},
		{
			Name: "endpoint_certificate_verified", Type: exposition.Gauge,
			Help:       "Whether the certificates last shown led to a trusted root, for this host and then, at every address (1) or not (0).",
			Absent:     "As endpoint_certificate_not_after_timestamp_seconds.",
			ofEndpoint: ofCertificate(func(c *view.CertificateStatus, s exposition.Series) { s.Flag(c.Verified) }),
		},
		{
			Name: "endpoint_degradations_total", Type: exposition.Counter, Labels: []string{"phase", "reason"},
			Help:    "Probes that came out degraded, by the phase and the reason of the first defect.",
			Absent:  reasonsAbsent,
			ofTally: ofReasons(reason.Degraded),
		},
		{
			Name: "endpoint_duration_seconds", Type: exposition.Summing, Unit: "seconds",
			Help:       "Time from the first DNS question to the end of the reply, per address that answered in full: how many and their sum.",
			Absent:     "Never absent for a listed endpoint. With detail `endpoint`, endpoint_probe_duration_seconds has the same count and sum.",
			brief:      true,
			ofEndpoint: func(e *endpoint, s exposition.Series) { s.Sum(e.answers.count, e.answers.sum) },
		},
		{
			Name: "endpoint_failures_total", Type: exposition.Counter, Labels: []string{"phase", "reason"},
			Help: "Probes that failed, by the phase and the reason of the failure.",
			Absent: reasonsAbsent + " So that `increase()` misses no first failure, alert on endpoint_phase_failures_total or " +
				"endpoint_probes_total, and take the reason from here.",
			ofTally: ofReasons(reason.Fail),
		},
		{
			Name: "endpoint_info", Type: exposition.Gauge, Labels: []string{"id", "scheme"},
			Help:     "What the list says about the endpoint; always 1. Alerts leave out the lifecycles closed and doubtful.",
			Absent:   "Never absent for a listed endpoint. The `labels` that a list gives its endpoints are labels here, and of no other metric: join by the labels of the endpoint. `region_name` is what the list calls the region, where it does. `id` is the endpoint's in its list, and in the links of pages.",
			ofListed: func(l *list, e *endpoint, s exposition.Series) { s.Add(1, l.saidOf(e.target)...) },
		},
		{
			Name: "endpoint_last_probe_duration_seconds", Type: exposition.Gauge, Unit: "seconds",
			Help:       "Time of the last probe from the first DNS question to its end, at the slowest address.",
			Absent:     "Absent until the first result.",
			ofEndpoint: ofLast(func(l *summary, s exposition.Series) { s.Add(l.total.Seconds()) }),
		},
		{
			Name: "endpoint_last_probe_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:       "When the last probe that has a result was started, confirmations included.",
			Absent:     "Absent until the first result.",
			ofEndpoint: ofLast(func(l *summary, s exposition.Series) { s.Time(l.started) }),
		},
		{
			Name: "endpoint_maintenance", Type: exposition.Gauge,
			Help:   "Whether the endpoint is in a time of maintenance that its list names; always 1. What fails meanwhile is unknown, and counts neither way.",
			Absent: "Absent outside of such times.",
			ofEndpoint: func(e *endpoint, s exposition.Series) {
				if e.inMaintenance {
					s.Flag(true)
				}
			},
		},
		{
			Name: "endpoint_phase_duration_seconds", Type: exposition.Histogram, Labels: []string{"phase"}, Unit: "seconds",
			Help:   "Time of each phase of a probe that was completed, per address: resolve, connect, tls, request, headers or body.",
			Absent: "Absent until a probe has completed the phase; plain HTTP has no tls. " + nativeOnly,
			ofTally: func(t toldTally, s exposition.Series) {
				for p, h := range t.phases {
					s.Histogram(h, reason.Phase(p).String())
				}
			},
		},
		{
			Name: "endpoint_phase_failures_total", Type: exposition.Counter, Labels: []string{"phase"},
			Help:   "Probes that failed, by the phase of the failure: resolve, connect, tls, request, headers, body or verify.",
			Absent: "Never absent: every phase begins at 0 when the endpoint is listed.",
			ofTally: func(t toldTally, s exposition.Series) {
				for p := reason.Resolve; p <= reason.Verify; p++ {
					s.Add(float64(t.failures[p]), p.String())
				}
			},
		},
		{
			Name: "endpoint_probe_duration_seconds", Type: exposition.Histogram, Unit: "seconds",
			Help: "Time from the first DNS question to the end of the reply, per address that answered in full.",
			Absent: "Absent until an address has answered. Failures are not in it: their time says how patient the prober is. " + nativeOnly +
				" With detail `region`, endpoint_duration_seconds has the count and the sum of each endpoint.",
			ofTally: func(t toldTally, s exposition.Series) { s.Histogram(t.total) },
		},
		{
			Name: "endpoint_probes_total", Type: exposition.Counter, Labels: []string{"outcome"},
			Help:   "Probes by outcome: ok, degraded, fail or unknown. Unknown ones count neither for nor against the endpoint.",
			Absent: "Never absent for a listed endpoint: all four outcomes begin at 0.",
			ofEndpoint: func(e *endpoint, s exposition.Series) {
				for o, n := range e.outcomes {
					s.Add(float64(n), reason.Outcome(o).String())
				}
			},
		},
		{
			Name: "endpoint_tls_version_accepted", Type: exposition.Gauge, Labels: []string{"version"},
			Help: "Whether the endpoint accepts this protocol version: the share of its addresses that do, so 1 is accepted and 0 rejected.",
			Absent: "Absent until the version table was taken, which happens at a slower pace than probes, and while the last " +
				"table is inconclusive about the version. Two are shown: TLS 1.3, and the oldest that some address accepts, or TLS 1.2 where that is none before it.",
			detailed: true,
			ofEndpoint: func(e *endpoint, s exposition.Series) {
				for _, v := range e.shownVersions() {
					s.Add(e.versions[v].Share(), string(catalog.TLSVersions()[v]))
				}
			},
		},
		{
			Name: "endpoint_unknown_total", Type: exposition.Counter, Labels: []string{"reason"},
			Help:    "Probes that could decide nothing, by the reason, which lies with the prober or its network.",
			Absent:  reasonsAbsent,
			ofTally: ofReasons(reason.Unknown),
		},
		{
			Name: "endpoint_up", Type: exposition.Gauge,
			Help:   "Whether the endpoint is up by the last probe (ok or degraded 1, fail 0); a failure shows once it is confirmed.",
			Absent: "Absent until the first result, while the last one is unknown, and when the last one is older than three intervals: it says nothing of now, and prober_endpoints_stale counts it.",
			ofEndpoint: ofLast(func(l *summary, s exposition.Series) {
				if l.outcome != reason.Unknown && !l.stale {
					s.Flag(view.Up(l.outcome))
				}
			}),
		},
		{
			Name: "prober_build_info", Type: exposition.Gauge, Labels: []string{"goversion", "revision", "version"},
			Help: "Version of the program; always 1.",
			ofProber: func(v *vitals, s exposition.Series) {
				s.Add(1, v.config.Build.GoVersion, v.config.Build.Revision, v.config.Build.Version)
			},
		},
		{
			Name: "prober_config_last_reload_success_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:     "When the list of endpoints was last read successfully.",
			ofProber: func(v *vitals, s exposition.Series) { s.Time(v.reload.at) },
		},
		{
			Name: "prober_config_last_reload_successful", Type: exposition.Gauge,
			Help:     "Whether the last attempt to read the list of endpoints succeeded (1) or the old list is still in use (0).",
			ofProber: func(v *vitals, s exposition.Series) { s.Flag(v.reload.successful) },
		},
		{
			Name: "prober_confirmations_total", Type: exposition.Counter, Labels: []string{"result"},
			Help:   "Probes made soon after a failure to see whether it lasts. They are counted here and nowhere else.",
			Absent: "Never absent. `result` is `confirmed`: it failed again, and the state changed; `refuted`: it did not, and the state stayed; `undecided`: it was unknown, and is asked again, up to three times.",
			ofProber: func(v *vitals, s exposition.Series) {
				for c, n := range v.counts.confirmations {
					s.Add(float64(n), confirmation(c).String())
				}
			},
		},
		{
			Name: "prober_endpoints", Type: exposition.Gauge, Labels: []string{"lifecycle"},
			Help:   "Number of endpoints that this prober probes, by lifecycle.",
			Absent: "Never absent for active, closed and doubtful.",
			ofProber: func(v *vitals, s exposition.Series) {
				for _, l := range catalog.Lifecycles() {
					s.Add(float64(v.listed[l]), string(l))
				}
			},
		},
		{
			Name: "prober_endpoints_stale", Type: exposition.Gauge,
			Help:     "Number of endpoints whose last result is older than three intervals, so that endpoint_up is absent. endpoint_last_probe_timestamp_seconds tells how old each is.",
			ofProber: func(v *vitals, s exposition.Series) { s.Add(float64(v.stale)) },
		},
		{
			Name: "prober_history_dropped_total", Type: exposition.Counter,
			Help:     "Results that could not be written to the history one by one; what they add up to is written later.",
			Absent:   "Absent without --state-dir.",
			ofProber: ofHistory(func(c *history.Condition, s exposition.Series) { s.Add(float64(c.Dropped)) }),
		},
		{
			Name: "prober_history_errors_total", Type: exposition.Counter, Labels: []string{"reason"},
			Help: "Times that the history could not be read or written, by what was wrong.",
			Absent: "Absent without --state-dir. `reason` is `corrupt`: what was read is no history; `denied`: it may not be read or written; `full`: no space is left; " +
				"`io`: whatever else the system says; `newer`: a later version wrote it, which this one cannot read.",
			ofProber: ofHistory(func(c *history.Condition, s exposition.Series) {
				for _, k := range history.Kinds() {
					s.Add(float64(c.Errors[k]), string(k))
				}
			}),
		},
		{
			Name: "prober_history_last_write_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:   "When the history was last written.",
			Absent: "Absent without --state-dir, and until it was written for the first time.",
			ofProber: ofHistory(func(c *history.Condition, s exposition.Series) {
				if !c.Written.IsZero() {
					s.Time(c.Written)
				}
			}),
		},
		{
			Name: "prober_history_ok", Type: exposition.Gauge,
			Help:     "Whether the history is kept over restarts (1), or is in memory only because of trouble with its folder (0).",
			Absent:   "Absent without --state-dir.",
			ofProber: ofHistory(func(c *history.Condition, s exposition.Series) { s.Flag(c.OK) }),
		},
		{
			Name: "prober_history_size_bytes", Type: exposition.Gauge, Unit: "bytes",
			Help:     "Size of the history on the disk.",
			Absent:   "Absent without --state-dir.",
			ofProber: ofHistory(func(c *history.Condition, s exposition.Series) { s.Add(float64(c.Bytes)) }),
		},
		{
			Name: "prober_interval_seconds", Type: exposition.Gauge, Unit: "seconds",
			Help:     "Time from one turn of an endpoint to the next.",
			ofProber: func(v *vitals, s exposition.Series) { s.Add(v.config.Interval.Seconds()) },
		},
		{
			Name: "prober_missed_turns_total", Type: exposition.Counter,
			Help:     "Turns of endpoints that were missed because the whole prober stood still for an interval or longer.",
			ofProber: func(v *vitals, s exposition.Series) { s.Add(float64(v.counts.missed)) },
		},
		{
			Name: "prober_overloaded", Type: exposition.Gauge,
			Help:     "Whether probes of the last interval began late, were skipped for want of a worker, or could not be judged for want of processor time (1), or not (0).",
			ofProber: func(v *vitals, s exposition.Series) { s.Flag(v.loaded) },
		},
		{
			Name: "prober_overruns_total", Type: exposition.Counter,
			Help:     "Turns of endpoints that were left out because the endpoint's previous probe had not ended.",
			ofProber: func(v *vitals, s exposition.Series) { s.Add(float64(v.counts.overruns)) },
		},
		{
			Name: "prober_probes_in_flight", Type: exposition.Gauge,
			Help:     "Number of scheduled probes that are running.",
			ofProber: func(v *vitals, s exposition.Series) { s.Add(float64(v.counts.inFlight)) },
		},
		{
			Name: "prober_probes_queued", Type: exposition.Gauge,
			Help:     "Number of probes whose turn has come and that wait for a worker.",
			ofProber: func(v *vitals, s exposition.Series) { s.Add(float64(v.queued)) },
		},
		{
			Name: "prober_product_info", Type: exposition.Gauge, Labels: []string{"name", "product"},
			Help:   "What people call a product of the list; always 1.",
			Absent: "Absent for a product that has no other name than its id.",
			ofProber: func(v *vitals, s exposition.Series) {
				for id, name := range v.products {
					s.Add(1, name, id)
				}
			},
		},
		{
			Name: "prober_resolver_endpoints", Type: exposition.Gauge, Labels: []string{"outcome", "resolver"},
			Help:   "Endpoints by what this resolver made of their names when each resolver was last asked: ok, degraded, fail or unknown.",
			Absent: "Absent where it would be 0, where only one resolver is in use, and until each was asked, which happens about once an hour for an endpoint.",
			ofProber: func(v *vitals, s exposition.Series) {
				for resolver, outcomes := range v.slow.resolvers {
					for o, n := range outcomes {
						if n > 0 {
							s.Add(float64(n), reason.Outcome(o).String(), resolver.String())
						}
					}
				}
			},
		},
		{
			Name: "prober_schedule_lateness_seconds", Type: exposition.Histogram, Unit: "seconds",
			Help:     "How much later than planned probes were started; high values mean that the prober is short of workers or processor time.",
			ofProber: func(v *vitals, s exposition.Series) { s.Histogram(v.lateness) },
		},
		{
			Name: "prober_shards", Type: exposition.Gauge,
			Help:   "Number of probers that the list is divided among, of which this is one.",
			Absent: "Absent without --shard.",
			ofProber: func(v *vitals, s exposition.Series) {
				if n := v.config.Shard.Count; n > 0 {
					s.Add(float64(n))
				}
			},
		},
		{
			Name: "prober_slow_look_next_timestamp_seconds", Type: exposition.Gauge, Unit: "seconds since 1970",
			Help:   "About when the next endpoint is looked at deeper: TLS versions, a second certificate, a name that must not exist, every resolver.",
			Absent: "Absent where no endpoint is listed. Each endpoint has its turn about once an hour; the JSON has its own times.",
			ofProber: func(v *vitals, s exposition.Series) {
				if !v.slow.next.IsZero() {
					s.Time(v.slow.next)
				}
			},
		},
		{
			Name: "prober_slow_look_oldest_timestamp_seconds", Type: exposition.Gauge, Labels: []string{"look"}, Unit: "seconds since 1970",
			Help: "When the oldest result that stands of a slow look was taken, over all endpoints that have one.",
			Absent: "Absent until there is a result. `look` is `tls_versions`: endpoint_tls_version_accepted; `certificates`: a second certificate, " +
				"which counts in endpoint_certificate_not_after_timestamp_seconds; `resolvers`: prober_resolver_endpoints.",
			ofProber: func(v *vitals, s exposition.Series) {
				for l, at := range v.slow.oldest {
					if !at.IsZero() {
						s.Add(float64(at.UnixMilli())/1e3, slowLook(l).String())
					}
				}
			},
		},
		{
			Name: "prober_vantage_offline", Type: exposition.Gauge,
			Help:     "Whether the prober's own network is suspected, because everything that can tell fails at once, each control of --control NAME:PORT too if there is any (1), or not (0).",
			ofProber: func(v *vitals, s exposition.Series) { s.Flag(v.offline != suspicion.None) },
		},
		{
			Name: "prober_vantage_suspicion", Type: exposition.Gauge, Labels: []string{"reason"},
			Help:   "Whether the prober's own network is suspected for this reason (1) or not (0).",
			Absent: "Never absent. `reason` is `resolver`: no name resolves; `silence`: nothing answers; `reset`: every connection is refused or reset; `interception`: one answers in place of all; `clock`: no certificate is good at the time that the prober's clock shows; `mixed`: more than one of these.",
			ofProber: func(v *vitals, s exposition.Series) {
				for _, c := range suspicion.Causes() {
					s.Flag(v.offline == c, string(c))
				}
			},
		},
		{
			Name: "prober_workers", Type: exposition.Gauge,
			Help:     "Number of scheduled probes that may run at once.",
			ofProber: func(v *vitals, s exposition.Series) { s.Add(float64(v.config.Concurrency)) },
		},
	}
}

// What is said of several metrics.
const (
	reasonsAbsent = "A series appears with the first such probe. With detail `endpoint` an endpoint shows the two reasons that came last " +
		"in all three metrics that have them, or the last one while endpoint_certificate_path_not_before_timestamp_seconds is shown; one that is left out for another comes back with its count."
	nativeOnly = "A native histogram, which the protobuf format has whole and the text format as its count and sum; " +
		"`--metrics.classic-histograms` adds classic buckets."
)

// shownVersions are those of the protocol versions that the metrics of an endpoint show, by their place in
// [catalog.TLSVersions]: the newest, and the oldest that is accepted, or the last but one where no older
// one is. The caller holds e.mu.
func (e *endpoint) shownVersions() (shown []int) {
	newest := len(e.versions) - 1
	oldest := slices.IndexFunc(e.versions[:newest-1], func(v view.Votes) bool { return v.Accepted > 0 })
	if oldest < 0 {
		oldest = newest - 1
	}
	return slices.DeleteFunc([]int{oldest, newest}, func(v int) bool { return e.versions[v] == view.Votes{} })
}

// ofHistory shows something of how the history is kept, where it was asked for.
func ofHistory(show func(*history.Condition, exposition.Series)) func(*vitals, exposition.Series) {
	return func(v *vitals, s exposition.Series) {
		if v.history.Asked {
			show(&v.history, s)
		}
	}
}

// ofLast shows something of the last result, once there is one.
func ofLast(show func(*summary, exposition.Series)) func(*endpoint, exposition.Series) {
	return func(e *endpoint, s exposition.Series) {
		if e.last.probed() {
			show(&e.last, s)
		}
	}
}

// ofCertificate shows something of the certificates last seen, once there are some.
func ofCertificate(show func(*view.CertificateStatus, exposition.Series)) func(*endpoint, exposition.Series) {
	return func(e *endpoint, s exposition.Series) {
		if c, any := e.cert.status(); any {
			show(&c, s)
		}
	}
}

// lifeAsked is of what length the life of a certificate is asked by alerts that count in days: of a shorter one less is early.
const lifeAsked = 42 * 24 * time.Hour

// ageing says that somebody may ask how long the certificate lives which ends first on the verified paths: in the second half of
// that, or while it may be a short life.
func ageing(c *view.CertificateStatus) bool {
	left := c.PathNotAfter.Sub(c.Seen)
	return !c.PathNotAfter.IsZero() && (left < c.PathNotAfter.Sub(c.PathNotBefore)/2 || left < lifeAsked)
}

// ageing says so of the certificate last seen, which has a sample more then. The caller holds e.mu.
func (e *endpoint) ageing() bool {
	c, any := e.cert.status()
	return any && ageing(&c)
}

// addressesShown says that each address has a sample of its own, and that there are some.
func (s *summary) addressesShown() bool {
	return len(s.addresses) > 0 && !slices.ContainsFunc(s.addresses, func(a view.AddressStatus) bool { return a.Outcome == reason.Unknown })
}

// reasonsShown is how many of an endpoint's own reasons there is room for in [limit.EndpointSamples]. The caller holds e.mu.
func (e *endpoint) reasonsShown() int {
	if e.ageing() {
		return limit.EndpointReasons - 1
	}
	return limit.EndpointReasons
}

// ofReasons shows how many probes came out one way, by the reason; only those that are
// about the endpoint have a phase worth telling.
func ofReasons(outcome reason.Outcome) func(toldTally, exposition.Series) {
	return func(t toldTally, s exposition.Series) {
		for _, c := range t.reasons[max(0, len(t.reasons)-t.latest):] {
			switch {
			case c.outcome != outcome:
			case outcome == reason.Unknown:
				s.Add(float64(c.count), c.reason.Word())
			default:
				s.Add(float64(c.count), c.reason.Phase().String(), c.reason.Word())
			}
		}
	}
}
