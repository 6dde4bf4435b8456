package exposition

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/serving"
)

// Piece is a part of a metric: the library's message, or what is collected to be text.
type Piece struct {
	Family *dto.MetricFamily
	text   *Collected
}

// Parts yields the wanted metrics by name, a long one in several parts, or what is wrong with one.
//
// use tells what becomes of each part before the next is asked for.
type Parts func(wanted func(name string) bool, use Use) iter.Seq2[Piece, error]

// Whole puts parts together.
func Whole(parts Parts) ([]*dto.MetricFamily, error) {
	var all []*dto.MetricFamily
	var errs []error
	for part, err := range parts(func(string) bool { return true }, Kept) {
		last := len(all) - 1
		switch {
		case err != nil:
			errs = append(errs, err)
		case last >= 0 && all[last].GetName() == part.Family.GetName():
			all[last].Metric = append(all[last].Metric, part.Family.Metric...)
		default:
			all = append(all, part.Family)
		}
	}
	return all, errors.Join(errs...)
}

// scrapes answers for /metrics. Those who ask for the same form at the same time share one text,
// never one that was begun before they asked; so any number of scrapers costs little more than two
// do. The library's own sharing hands out what was gathered for an earlier request for as long as
// somebody still reads it.
type scrapes struct {
	shelf *serving.Shelf
	lanes serving.Lanes
	now   func() time.Time
	parts Parts
	runs  *serving.Batches[form, *serving.Body]
	one   chan struct{} // a token for the gathering that is under way
}

// NewScrapes answers for /metrics with what parts yield.
func NewScrapes(s *serving.Shelf, now func() time.Time, parts Parts) http.Handler {
	return &scrapes{
		shelf: s, lanes: make(serving.Lanes, limit.WebScrapes), now: now, parts: parts,
		runs: serving.NewBatches[form, *serving.Body](limit.WebFormHold), one: make(chan struct{}, 1),
	}
}

// form is a way of writing the metrics down.
type form struct {
	format expfmt.Format
	zip    bool
	names  string // of the only ones that are wanted, each with a line end; empty: all
}

// formOf is the form that a request asks for.
func formOf(r *http.Request) form {
	f := form{format: expfmt.NegotiateAccept(r.Header, expfmt.DefaultOpenMetricsAcceptedFormats()...), zip: serving.AcceptsGzip(r)}
	if names := slices.Sorted(slices.Values(r.URL.Query()["name[]"])); len(names) > 0 {
		f.names = strings.Join(slices.Compact(names), "\n") + "\n"
	}
	return f
}

func (f form) wants(name string) bool {
	return f.names == "" || strings.Contains("\n"+f.names, "\n"+name+"\n")
}

// ServeHTTP implements http.Handler.
func (x *scrapes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), limit.WebScrapeTime)
	defer cancel()
	f := formOf(r)
	b, release, err := x.runs.Do(ctx, f, func(ctx context.Context) (*serving.Body, error) { return x.render(ctx, f) })
	if err == nil {
		w.Header().Add("Vary", "Accept")
		err = x.shelf.Send(ctx, x.lanes, w, r, b, x.now(), release)
	} else {
		release()
	}
	switch {
	case err == nil:
	case errors.Is(err, serving.ErrBusy) || ctx.Err() != nil:
		serving.Busy(w)
	default:
		serving.Say(w, http.StatusInternalServerError, "gathering the metrics failed: %s", phrase.Clean(err.Error()))
	}
}

// render gathers the metrics and writes them down, one form at a time.
func (x *scrapes) render(ctx context.Context, f form) (*serving.Body, error) {
	select {
	case x.one <- struct{}{}:
		defer func() { <-x.one }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return serving.NewBody(string(f.format), f.zip, func(out io.Writer) error { return x.write(out, f) })
}

// write writes what is wanted, part by part.
func (x *scrapes) write(out io.Writer, f form) error {
	enc := expfmt.NewEncoder(out, f.format)
	inText := f.format.FormatType() == expfmt.TypeTextPlain || f.format.FormatType() == expfmt.TypeOpenMetrics
	text := &textForm{out: out, open: f.format.FormatType() == expfmt.TypeOpenMetrics}
	binary, delimited := &protoForm{out: out}, f.format.FormatType() == expfmt.TypeProtoDelim
	var whole *dto.MetricFamily // of another format that needs a metric in one piece
	flush := func() error {
		if whole == nil {
			return binary.flush()
		}
		defer func() { whole = nil }()
		return enc.Encode(whole)
	}
	use := Kept
	switch {
	case inText:
		use = Text
	case delimited:
		use = Passing
	}
	for part, err := range x.parts(f.wants, use) {
		switch {
		case err != nil:
		case part.text != nil:
			err = text.write(part.text)
		case delimited:
			err = binary.write(part.Family)
		case whole.GetName() == part.Family.GetName():
			whole.Metric = append(whole.Metric, part.Family.Metric...)
		default:
			err = flush()
			if whole = part.Family; inText {
				err = errors.Join(err, flush())
			}
		}
		if err != nil {
			return err
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if c, ok := enc.(expfmt.Closer); ok {
		return c.Close() // the end mark of OpenMetrics
	}
	return nil
}
