// Package blackbox answers /probe as blackbox_exporter does, so that its dashboards, alerts and scrape jobs go on working:
// it probes an endpoint of a monitor's list when it is asked, and tells the result in that program's metrics.
// docs/blackbox.md says where the two differ and why.
package blackbox
