module prober/deploy/grafana

go 1.26.0

replace prober => ../..

require (
	github.com/grafana/grafana-foundation-sdk/go v0.0.22
	prober v0.0.0
)
