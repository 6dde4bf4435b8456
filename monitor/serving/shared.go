package serving

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"prober/limit"
)

// Shared serves what takes time to render and may be a moment old: the status page and the JSON. A
// rendering is shared by all who ask for the same while it is fresh; one is made at a time; and a
// bounded number of clients is written to at once. So a crowd costs the prober little more than one
// visitor.
type Shared struct {
	shelf     *Shelf
	now       func() time.Time
	lanes     Lanes
	rendering chan struct{} // a token for the one rendering that is under way
}

// NewShared serves renderings from a shelf, and tells their age by now.
func NewShared(s *Shelf, now func() time.Time) *Shared {
	return &Shared{shelf: s, now: now, lanes: make(Lanes, limit.WebPages), rendering: make(chan struct{}, 1)}
}

// Rendering is what a handler wants to be shared.
type Rendering struct {
	key         string // the same for all who are shown the same
	contentType string
	status      int // 0: 200
	write       func(io.Writer) error
}

// WithStatus is the rendering under another status than 200.
func (x Rendering) WithStatus(status int) Rendering {
	x.status = status
	return x
}

// ErrBusy says that no turn came in time.
var ErrBusy = errors.New("too many ask at once")

// Serve answers with the rendering x.
func (p *Shared) Serve(w http.ResponseWriter, r *http.Request, x Rendering) {
	ctx, cancel := context.WithTimeout(r.Context(), limit.WebPageWait)
	defer cancel()
	b, err := p.render(ctx, x, AcceptsGzip(r))
	if err == nil {
		err = p.shelf.Send(ctx, p.lanes, w, r, b, p.now(), func() {})
	}
	switch {
	case errors.Is(err, ErrBusy):
		Busy(w)
	case err != nil:
		Say(w, http.StatusInternalServerError, "rendering failed")
	}
}

// render returns a fresh rendering of x, made by whoever comes first.
func (p *Shared) render(ctx context.Context, x Rendering, zip bool) (*Body, error) {
	key := x.key
	if zip {
		key = "gzip " + key
	}
	if fresh := p.shelf.find(key, p.now()); fresh != nil {
		return fresh, nil
	}
	select {
	case p.rendering <- struct{}{}:
	case <-ctx.Done():
		if fresh := p.shelf.find(key, p.now()); fresh != nil { // others have made it meanwhile
			return fresh, nil
		}
		return nil, ErrBusy
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
	if fresh := p.shelf.find(key, now); fresh != nil {
		return fresh, nil
	}
	b, err := NewBody(x.contentType, zip, x.write)
	if err != nil {
		return nil, err
	}
	b.status = x.status
	b.key, b.until = key, now.Add(max(limit.WebFresh, 10*time.Since(began)))
	p.shelf.put(b, now)
	return b, nil
}

// AcceptsGzip says whether the client takes a compressed reply.
func AcceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, params, _ := strings.Cut(part, ";")
		if name := strings.TrimSpace(coding); strings.EqualFold(name, "gzip") || name == "*" {
			weight, has := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			return !has || strings.Trim(weight, "0.") != ""
		}
	}
	return false
}

// Busy asks the client to come back.
func Busy(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	Say(w, http.StatusServiceUnavailable, "%v; try again in a second", ErrBusy)
}

// JSON is the rendering as JSON of what value returns. The key is the path.
func JSON(key string, value func() any) Rendering {
	return Rendering{key: key, contentType: "application/json", write: func(out io.Writer) error { return guardedJSON(out, value()) }}
}

// Text is the rendering as text for people of what write writes.
func Text(key, contentType string, write func(io.Writer) error) Rendering {
	return Rendering{key: key, contentType: contentType, write: func(out io.Writer) error { return guardedText(out, write) }}
}
