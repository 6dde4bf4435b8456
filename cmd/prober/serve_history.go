package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/spf13/pflag"

	"prober/history"
	"prober/history/disk"
	"prober/limit"
)

// historyOptions are the flags of serve about what it remembers.
type historyOptions struct {
	dir       string
	retention days
	size      size
}

func (o *historyOptions) bind(f *pflag.FlagSet) {
	o.retention, o.size = days(history.DefaultRetention), defaultStateSize
	f.StringVar(&o.dir, "state-dir", "", "keep history and counters in `DIR` over restarts (default: in memory)")
	f.Var(&o.retention, "state.retention", fmt.Sprintf("how long history is kept, in days, at most %d", limit.HistoryRetention))
	f.Var(&o.size, "state.size", "how much of the disk history may take; the oldest goes first")
}

// defaultStateSize and leastStateSize bound the file of a history.
const (
	defaultStateSize = 1 << 30
	leastStateSize   = 1 << 20
)

// open returns what remembers, and a function that keeps the rest of it and takes no longer than it
// is given. That it cannot be kept is no error, unless another process is keeping its own there.
func (o *historyOptions) open(now func() time.Time, log *slog.Logger) (h *history.History, end func(time.Duration), err error) {
	c := history.Config{Retention: time.Duration(o.retention), Now: now, Logger: log}
	if o.dir == "" {
		return history.New(c), func(time.Duration) {}, nil
	}
	open := func() (history.Store, error) { return disk.Open(o.dir, int64(o.size), now) }
	d, err := open()
	switch {
	case errors.Is(err, disk.ErrInUse):
		return nil, nil, usage("--state-dir %s: %w; name another folder", o.dir, err)
	case err != nil:
		h = history.Unkept(c, o.dir, err, open)
	default:
		h = history.Open(c, d, o.dir)
	}
	keeping, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.Keep(keeping)
	}()
	return h, func(within time.Duration) {
		stop()
		select {
		case <-done:
		case <-time.After(within):
			log.Warn("the last of the history was not written in time", "dir", o.dir)
		}
	}, nil
}

// days is a flag: a duration that is shown and may be given in days.
type days time.Duration

func (d *days) String() string { return model.Duration(*d).String() }

func (d *days) Type() string { return "duration" }

func (d *days) Set(s string) error {
	const day = 24 * time.Hour
	v, err := model.ParseDuration(s)
	switch {
	case err != nil:
		return errors.New("want a number of days, as 90d")
	case time.Duration(v) < day || time.Duration(v) > limit.HistoryRetention*day:
		return fmt.Errorf("want 1d to %dd", limit.HistoryRetention)
	}
	*d = days(v)
	return nil
}

// size is a flag: a number of bytes.
type size int64

// units are those that a size may be given in, the largest first.
var units = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}}

func (b *size) String() string {
	for _, u := range units {
		if int64(*b)%u.bytes == 0 {
			return strconv.FormatInt(int64(*b)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(*b), 10)
}

func (b *size) Type() string { return "size" }

func (b *size) Set(s string) error {
	times := int64(1)
	number := s
	for _, u := range units {
		if n, ok := strings.CutSuffix(s, u.name); ok {
			number, times = n, u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	switch {
	case err != nil || n < 0 || n > math.MaxInt64/times:
		return errors.New("want a number of bytes, as 1GiB or 500MB")
	case n*times < leastStateSize:
		return errors.New("want 1MiB at least")
	}
	*b = size(n * times)
	return nil
}
