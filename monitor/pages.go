package monitor

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"prober/limit"
)

// pages serves what takes time to render and may be a moment old: the status page and the JSON. A
// rendering is shared by all who ask for the same while it is fresh; one is made at a time; and a
// bounded number of clients is written to at once. So a crowd costs the prober little more than one
// visitor.
type pages struct {
	shelf     *shelf
	now       func() time.Time
	lanes     lanes
	rendering chan struct{} // a token for the one rendering that is under way
}

func newPages(s *shelf, now func() time.Time) *pages {
	return &pages{shelf: s, now: now, lanes: make(lanes, limit.WebPages), rendering: make(chan struct{}, 1)}
}

// rendered is what a handler wants to be shared.
type rendered struct {
	key         string // the same for all who are shown the same
	contentType string
	write       func(io.Writer) error
}

// errBusy says that no turn came in time.
var errBusy = errors.New("too many ask at once")

// serve answers with the rendering x.
func (p *pages) serve(w http.ResponseWriter, r *http.Request, x rendered) {
	ctx, cancel := context.WithTimeout(r.Context(), limit.WebPageWait)
	defer cancel()
	b, err := p.render(ctx, x, acceptsGzip(r))
	if err == nil {
		err = p.shelf.send(ctx, p.lanes, w, r, b, p.now(), func() {})
	}
	switch {
	case errors.Is(err, errBusy):
		busy(w)
	case err != nil:
		say(w, http.StatusInternalServerError, "rendering failed")
	}
}

// render returns a fresh rendering of x, made by whoever comes first.
func (p *pages) render(ctx context.Context, x rendered, zip bool) (*body, error) {
	b := &body{key: x.key, contentType: x.contentType}
	if zip {
		b.key, b.encoding = "gzip "+x.key, "gzip"
	}
	if fresh := p.shelf.find(b.key, p.now()); fresh != nil {
		return fresh, nil
	}
	select {
	case p.rendering <- struct{}{}:
	case <-ctx.Done():
		if fresh := p.shelf.find(b.key, p.now()); fresh != nil { // others have made it meanwhile
			return fresh, nil
		}
		return nil, errBusy
	}
	began := time.Now()
	defer func() { // the next one waits as long as this one took: rendering takes half the processor at most
		release := func() { <-p.rendering }
		if rest := asLong(time.Since(began)); rest > 0 {
			time.AfterFunc(rest, release)
		} else {
			release()
		}
	}()
	now := p.now()
	if fresh := p.shelf.find(b.key, now); fresh != nil {
		return fresh, nil
	}
	var err error
	if b.pieces, err = written(zip, x.write); err != nil {
		return nil, err
	}
	b.until = now.Add(max(limit.WebFresh, 10*time.Since(began)))
	p.shelf.put(b, now)
	return b, nil
}

// acceptsGzip says whether the client takes a compressed reply.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, params, _ := strings.Cut(part, ";")
		if name := strings.TrimSpace(coding); strings.EqualFold(name, "gzip") || name == "*" {
			weight, has := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			return !has || strings.Trim(weight, "0.") != ""
		}
	}
	return false
}

// busy asks the client to come back.
func busy(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	say(w, http.StatusServiceUnavailable, "%v; try again in a second", errBusy)
}
