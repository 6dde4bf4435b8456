package monitor

import (
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/proto"

	"prober/probe"
)

// endpointLabels are the labels that all metrics of an endpoint or a group share, sorted
// by name. They are made once and then shared by every exposition, so they must never be
// written to.
type endpointLabels []*dto.LabelPair

// labelPool makes labels whose values many endpoints have in common, each once: in a long
// list they would take more memory than all else that is kept.
type labelPool map[[2]string]*dto.LabelPair

func (p labelPool) label(name, value string) *dto.LabelPair {
	key := [2]string{name, value}
	if p[key] == nil {
		p[key] = label(name, value)
	}
	return p[key]
}

func (p labelPool) endpoint(t *probe.Target) endpointLabels {
	e := &t.Endpoint
	return endpointLabels{
		label("host", e.Host), p.label("network", string(e.Network)),
		p.label("product", e.Product), p.label("region", e.Region),
	}
}

func (p labelPool) group(k groupKey) endpointLabels {
	return endpointLabels{p.label("network", string(k.network)), p.label("product", k.product), p.label("region", k.region)}
}

// label makes a label. A value that is not UTF-8 would make the whole scrape fail, so it
// is mended.
func label(name, value string) *dto.LabelPair {
	return &dto.LabelPair{Name: proto.String(name), Value: proto.String(strings.ToValidUTF8(value, "\uFFFD"))}
}

// with returns the labels with others added, in a new slice that is sorted too.
func (l endpointLabels) with(others ...*dto.LabelPair) endpointLabels {
	out := make(endpointLabels, 0, len(l)+len(others))
	out = append(append(out, l...), others...)
	slices.SortFunc(out, func(a, b *dto.LabelPair) int { return strings.Compare(a.GetName(), b.GetName()) })
	return out
}
