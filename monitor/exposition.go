package monitor

import (
	"time"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// exposition collects the series of one scrape. Series are carved from blocks: a scrape of
// 10,000 endpoints makes 100,000 of them, and that many small allocations would take
// longer than all the rest.
type exposition struct {
	series   [numMetrics][]*dto.Metric
	metrics  []dto.Metric
	gauges   []dto.Gauge
	counters []dto.Counter
	values   []float64
	times    []timestamppb.Timestamp
	labels   []*dto.LabelPair
}

const blockSize = 1024

// carve returns the next item of a block, beginning a new block when it is used up.
func carve[T any](block *[]T) *T {
	if len(*block) == cap(*block) {
		*block = make([]T, 0, blockSize)
	}
	*block = (*block)[:len(*block)+1]
	return &(*block)[len(*block)-1]
}

func (x *exposition) add(id metric, labels endpointLabels) *dto.Metric {
	m := carve(&x.metrics)
	m.Label = labels
	x.series[id] = append(x.series[id], m)
	return m
}

func (x *exposition) value(v float64) *float64 {
	p := carve(&x.values)
	*p = v
	return p
}

func (x *exposition) timestamp(t time.Time) *timestamppb.Timestamp {
	p := carve(&x.times)
	p.Seconds, p.Nanos = t.Unix(), int32(t.Nanosecond())
	return p
}

// gauge adds a series of a gauge.
func (x *exposition) gauge(id metric, labels endpointLabels, v float64) {
	g := carve(&x.gauges)
	g.Value = x.value(v)
	x.add(id, labels).Gauge = g
}

// flag adds a series of a gauge that is 1 or 0.
func (x *exposition) flag(id metric, labels endpointLabels, on bool) {
	v := 0.0
	if on {
		v = 1
	}
	x.gauge(id, labels, v)
}

// counter adds a series of a counter that began at 0 when created says.
func (x *exposition) counter(id metric, labels endpointLabels, v uint64, created *timestamppb.Timestamp) {
	c := carve(&x.counters)
	c.Value, c.CreatedTimestamp = x.value(float64(v)), created
	x.add(id, labels).Counter = c
}

// histogram adds a series of a histogram, unless it is empty.
func (x *exposition) histogram(id metric, labels endpointLabels, h *histogram, bounds []float64, created *timestamppb.Timestamp) {
	if h.count > 0 {
		x.add(id, labels).Histogram = h.proto(bounds, created)
	}
}

// with returns labels and one more, sorted, carved from a block.
func (x *exposition) with(labels endpointLabels, more *dto.LabelPair) endpointLabels {
	need := len(labels) + 1
	if cap(x.labels)-len(x.labels) < need {
		x.labels = make([]*dto.LabelPair, 0, max(need, 4*blockSize))
	}
	start := len(x.labels)
	placed := false
	for _, l := range labels {
		if !placed && more.GetName() < l.GetName() {
			x.labels = append(x.labels, more)
			placed = true
		}
		x.labels = append(x.labels, l)
	}
	if !placed {
		x.labels = append(x.labels, more)
	}
	return endpointLabels(x.labels[start:len(x.labels):len(x.labels)])
}

// families returns what was collected, sorted by name, without the metrics that have no series.
func (x *exposition) families() []*dto.MetricFamily {
	families := make([]*dto.MetricFamily, 0, numMetrics)
	for id := range numMetrics {
		if len(x.series[id]) == 0 {
			continue
		}
		d := &metricDocs[id]
		families = append(families, &dto.MetricFamily{
			Name: &d.Name, Help: &d.Help, Type: d.Type.Enum(), Metric: x.series[id],
		})
	}
	return families
}
