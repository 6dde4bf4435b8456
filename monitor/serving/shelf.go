package serving

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"prober/limit"
)

// Shelf holds the bodies of replies, so that all who ask for one read the same bytes. What is on it
// has a bound: a body stays while it is fresh or somebody reads it, and when there is too much,
// those who still read the oldest are cut off. So a crowd of slow readers, each of another
// rendering, costs no more than a bounded number of renderings.
type Shelf struct {
	most int // bytes

	mu     sync.Mutex
	bodies []*Body // oldest first
	bytes  int     // of all bodies
}

// NewShelf returns a shelf for so many bytes.
func NewShelf(most int) *Shelf { return &Shelf{most: most} }

// Body is one rendering of one thing.
type Body struct {
	key   string    // by which it is found while it is fresh; empty: never
	until time.Time // fresh

	contentType string
	encoding    string // of the content: gzip or none
	status      int    // 0: 200
	pieces      pieces

	readers map[*reader]struct{} // guarded by the shelf, as what follows
	shelved bool
}

// NewBody is what write writes, compressed if zip says so.
func NewBody(contentType string, zip bool, write func(io.Writer) error) (*Body, error) {
	b := &Body{contentType: contentType}
	if zip {
		b.encoding = "gzip"
	}
	var err error
	b.pieces, err = written(zip, write)
	return b, err
}

// reader is a client to which a body is being written.
type reader struct {
	response *http.ResponseController
	cut      atomic.Bool
}

// cutOff ends the writing from another goroutine.
func (r *reader) cutOff() {
	r.cut.Store(true)
	_ = r.response.SetWriteDeadline(time.Unix(1, 0))
}

// find returns the body with a key if there is one that is fresh at now.
func (s *Shelf) find(key string, now time.Time) *Body {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range slices.Backward(s.bodies) {
		if b.key == key && key != "" {
			if now.Before(b.until) {
				return b
			}
			return nil
		}
	}
	return nil
}

// put adds a body.
func (s *Shelf) put(b *Body, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(b)
	s.tidy(b, now)
}

// add puts b on the shelf. The caller holds s.mu.
func (s *Shelf) add(b *Body) {
	if !b.shelved {
		b.shelved = true
		s.bodies = append(s.bodies, b)
		s.bytes += b.pieces.bytes
	}
}

// tidy drops what nobody needs, and then the oldest until the rest fits; newest stays. The caller
// holds s.mu.
func (s *Shelf) tidy(newest *Body, now time.Time) {
	s.bodies = slices.DeleteFunc(s.bodies, func(b *Body) bool {
		needed := b == newest || len(b.readers) > 0 || b.key != "" && b.key != newest.key && now.Before(b.until)
		if !needed {
			s.forget(b)
		}
		return !needed
	})
	for len(s.bodies) > 1 && (s.bytes > s.most || len(s.bodies) > limit.WebBodies) {
		i := 0
		if s.bodies[0] == newest {
			i = 1
		}
		b := s.bodies[i]
		s.bodies = slices.Delete(s.bodies, i, i+1)
		s.forget(b)
		for r := range b.readers {
			r.cutOff()
		}
	}
}

// forget counts b out. The caller holds s.mu and takes it from the list.
func (s *Shelf) forget(b *Body) {
	b.shelved = false
	s.bytes -= b.pieces.bytes
}

// read marks that r reads b, until done is called.
func (s *Shelf) read(b *Body, r *reader, now time.Time) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.readers == nil {
		b.readers = map[*reader]struct{}{}
	}
	b.readers[r] = struct{}{}
	s.add(b)
	s.tidy(b, now)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(b.readers, r)
		if b.shelved && b.key == "" && len(b.readers) == 0 {
			s.bodies = slices.DeleteFunc(s.bodies, func(x *Body) bool { return x == b })
			s.forget(b)
		}
	}
}

// Send writes b as the reply to a request once there is a lane, for as long as the client takes
// piece after piece. A body of one piece needs no lane. It calls left when it is done, or when the
// client turns out to be slow. The error says that no lane came free until ctx ended; nothing was
// said then.
func (s *Shelf) Send(ctx context.Context, lanes Lanes, w http.ResponseWriter, r *http.Request, b *Body, now time.Time, left func()) error {
	left = sync.OnceFunc(left)
	defer left()
	me := &reader{response: http.NewResponseController(w)}
	defer s.read(b, me, now)()
	parts, place := b.pieces.count(), &lane{of: lanes, left: left}
	if r.Method == http.MethodHead {
		parts = 0
	}
	if parts > 1 {
		if err := place.take(ctx); err != nil {
			return err
		}
		defer place.leave()
	}
	h := w.Header()
	h.Set("Content-Type", b.contentType)
	h.Add("Vary", "Accept-Encoding")
	if b.encoding != "" {
		h.Set("Content-Encoding", b.encoding)
	}
	h.Set("Content-Length", strconv.Itoa(b.pieces.size()))
	if b.status != 0 {
		w.WriteHeader(b.status)
	}
	var room []byte
	if parts == 1 {
		part, _ := b.pieces.at(0, &room) // the first one is not packed
		_, _ = w.Write(part)
		return nil
	}
	whole, cancel := context.WithTimeout(r.Context(), limit.WebWriteTime)
	defer cancel()
	for i := range parts {
		part, err := b.pieces.at(i, &room)
		if err != nil || place.write(whole, func() error { return me.write(whole, w, part) }) != nil {
			break // less than was announced: the connection is closed
		}
	}
	return nil
}

// write writes one piece in the time for one, and before ctx ends.
func (r *reader) write(ctx context.Context, w io.Writer, part []byte) error {
	soon := time.Now().Add(limit.WebPieceTime)
	if end, ok := ctx.Deadline(); ok && soon.After(end) {
		soon = end
	}
	_ = r.response.SetWriteDeadline(soon)
	if r.cut.Load() {
		return errCut
	}
	_, err := w.Write(part)
	return err
}

// errCut says that the bytes of a reply were needed for others.
var errCut = errors.New("cut off")
