package webport

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"prober/limit"
)

// Sparing returns a handler that passes on a bounded number of lines a minute: each connection of a
// stranger can make the server write one, and a disk is soon full. The next line that passes says how
// many did not.
func Sparing(next slog.Handler, now func() time.Time) slog.Handler {
	return &sparing{Handler: next, now: now, spent: &spent{}}
}

type sparing struct {
	slog.Handler
	now func() time.Time
	*spent
}

// spent is what was passed on since the minute began, and what was not.
type spent struct {
	mu      sync.Mutex
	began   time.Time
	lines   int
	dropped int
}

// Handle implements slog.Handler.
func (s *sparing) Handle(ctx context.Context, r slog.Record) error {
	s.mu.Lock()
	if now := s.now(); now.Sub(s.began) >= time.Minute {
		s.began, s.lines = now, 0
	}
	if s.lines >= limit.WebLogLines {
		s.dropped++
		s.mu.Unlock()
		return nil
	}
	s.lines++
	if s.dropped > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("lines_left_out_before", s.dropped))
		s.dropped = 0
	}
	s.mu.Unlock()
	return s.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (s *sparing) WithAttrs(a []slog.Attr) slog.Handler {
	return &sparing{s.Handler.WithAttrs(a), s.now, s.spent}
}

// WithGroup implements slog.Handler.
func (s *sparing) WithGroup(name string) slog.Handler {
	return &sparing{s.Handler.WithGroup(name), s.now, s.spent}
}
