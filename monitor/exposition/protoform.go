package exposition

import (
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/s2"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/proto"
)

// protoForm writes metrics as protobuf messages with their length before them, as common/expfmt does. A message
// is a metric with all its series, which may be hundreds of thousands: what is kept of it until its length is known is not the
// library's messages, but their bytes, packed, a twentieth of them.
type protoForm struct {
	out    io.Writer
	about  *dto.MetricFamily // the metric that is written, without its series; nil: none
	series [][]byte          // of each part, packed
	bytes  int               // of all of them, unpacked

	plain, packed []byte // room
}

// write writes a part of a metric.
func (w *protoForm) write(f *dto.MetricFamily) error {
	if w.about.GetName() != f.GetName() {
		if err := w.flush(); err != nil {
			return err
		}
		w.about = &dto.MetricFamily{Name: f.Name, Help: f.Help, Type: f.Type, Unit: f.Unit}
	}
	var err error
	if w.plain, err = (proto.MarshalOptions{}).MarshalAppend(w.plain[:0], &dto.MetricFamily{Metric: f.Metric}); err != nil {
		return err
	}
	w.packed = s2.Encode(w.packed[:cap(w.packed)], w.plain)
	w.series = append(w.series, append([]byte(nil), w.packed...))
	w.bytes += len(w.plain)
	return nil
}

// flush writes the metric of which all parts were written. One message is its fields one behind the other, by their numbers.
func (w *protoForm) flush() error {
	if w.about == nil {
		return nil
	}
	unit := &dto.MetricFamily{Unit: w.about.Unit}
	w.about.Unit = nil
	head, err := proto.Marshal(w.about)
	if err != nil {
		return err
	}
	tail, err := proto.Marshal(unit)
	if err != nil {
		return err
	}
	if _, err := w.out.Write(append(binary.AppendUvarint(nil, uint64(len(head)+w.bytes+len(tail))), head...)); err != nil {
		return err
	}
	for _, part := range w.series {
		if w.plain, err = s2.Decode(w.plain[:cap(w.plain)], part); err != nil {
			return err
		}
		if _, err := w.out.Write(w.plain); err != nil {
			return err
		}
	}
	w.about, w.series, w.bytes = nil, w.series[:0], 0
	_, err = w.out.Write(tail)
	return err
}
