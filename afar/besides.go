package afar

import (
	"context"
	"math"
	"net/netip"
	"slices"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
)

// besides is what metrics tell of one endpoint that the page of all does not show.
type besides struct {
	addresses []view.AddressStatus
	versions  map[catalog.TLSVersion]view.Votes
}

// besides asks for it. Probers with detail "region" write neither; then it is empty.
func (s *Server) besides(ctx context.Context, k key) (b besides) {
	ctx, stop := context.WithTimeout(ctx, limit.AfarTime)
	defer stop()
	a := &asking{ctx: ctx, server: s}
	this := "{" + k.selector() + "}"
	// Up from every place that has a result of it, down where one has not reached it: a place by itself is in the table of those.
	for _, x := range a.ask("avg by (address) (endpoint_address_up" + this + ")") {
		address, err := netip.ParseAddr(x.labels["address"])
		if err != nil {
			continue
		}
		outcome := reason.Degraded // from some places
		switch x.points[0].value {
		case 0:
			outcome = reason.Fail
		case 1:
			outcome = reason.OK
		}
		b.addresses = append(b.addresses, view.AddressStatus{Address: address, Outcome: outcome})
	}
	slices.SortFunc(b.addresses, func(a, b view.AddressStatus) int { return a.Address.Compare(b.Address) })
	addresses := 1.0
	for _, x := range a.ask("max(endpoint_addresses" + this + " or count without (address, family) (endpoint_address_up" + this + "))") { // which takes its place
		addresses = max(x.points[0].value, 1)
	}
	b.versions = map[catalog.TLSVersion]view.Votes{}
	for _, x := range a.ask("min by (version) (endpoint_tls_version_accepted" + this + ")") {
		version := catalog.TLSVersion(x.labels["version"])
		accepted := x.points[0].value * addresses
		if slices.Contains(catalog.TLSVersions(), version) && accepted >= 0 && accepted <= addresses && math.Abs(accepted-math.Round(accepted)) < 0.01 {
			b.versions[version] = view.Votes{Accepted: uint16(math.Round(accepted)), Rejected: uint16(addresses - math.Round(accepted))}
		}
	}
	return b
}
