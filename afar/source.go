package afar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
	"prober/prose"
)

// Source is a server as a source of pages. Make one with [New].
type Source struct {
	server  *Server
	clock   func() time.Time
	created time.Time
	words   string // who speaks
	last    atomic.Pointer[reading]

	mu   sync.Mutex // one question about the past at a time
	kept map[string]any
	of   *reading // the reading that is kept with
}

// New returns a source that speaks as words say, a sentence's part.
func New(s *Server, words string, now func() time.Time) *Source {
	x := &Source{server: s, clock: now, created: now(), words: words}
	x.last.Store(&reading{at: x.created, err: errUnread})
	return x
}

var errUnread = errors.New("it was not asked yet")

// Run reads again and again until ctx ends, and logs when what it cannot tell changes.
func (s *Source) Run(ctx context.Context, log *slog.Logger) {
	said := ""
	tick := time.NewTicker(limit.AfarEvery)
	defer tick.Stop()
	for {
		s.Read(ctx)
		trouble := ""
		if err := s.Ready(); err != nil {
			trouble = err.Error()
		}
		switch {
		case ctx.Err() != nil || trouble == said:
		case trouble != "":
			log.Warn("nothing can be told", "err", trouble)
		default:
			log.Info("the records of all probers are read")
		}
		said = trouble
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Read reads once. What was known before a reading that failed is shown on, as old.
func (s *Source) Read(ctx context.Context) {
	r := s.server.read(ctx, s.clock())
	if before := s.last.Load(); r.err != nil {
		kept := *before
		kept.err = r.err
		r = &kept
	}
	s.last.Store(r)
}

// Ready says why there is nothing to tell; nil: there is.
func (s *Source) Ready() error {
	r := s.last.Load()
	if r.err != nil {
		return fmt.Errorf("the Prometheus server %s does not answer: %s", s.server.URL.Redacted(), prose.Brief(r.err.Error()))
	}
	if r.rules.IsZero() {
		return fmt.Errorf("the Prometheus server %s has no records of a prober", s.server.URL.Redacted())
	}
	return nil
}

// Now implements view.Source.
func (s *Source) Now() time.Time { return s.clock() }

// Standing implements view.Source.
func (s *Source) Standing() view.Standing {
	r, now := s.last.Load(), s.clock()
	h := view.Standing{
		Now: now, Created: s.created, Interval: max(r.interval, limit.AfarEvery), Products: r.products, Afar: true,
		Speaker: s.words + ", from the records of " + s.server.URL.Redacted(), Notes: slices.Clone(r.notes),
	}
	if r.probers > 0 {
		h.Speaker += ", where " + prose.Plural(r.probers, "prober") + " of " + prose.Plural(max(len(r.vantages), 1), "vantage")
		if len(r.vantages) > 1 {
			h.Speaker += " (" + listing(slices.Clone(r.vantages)) + ")"
		}
		h.Speaker += plural(r.probers, " writes", " write")
	}
	h.Cadence = view.Sentence{Words: "the records were read " + r.at.UTC().Format("2006-01-02 15:04:05 UTC"), State: reason.Unknown}
	if !r.rules.IsZero() {
		h.Cadence.Words += ", and made " + r.rules.Format("15:04:05 UTC")
	}
	if r.err != nil {
		h.Cadence.State = reason.Degraded
		n := view.Note{
			What: "The Prometheus server does not answer", Why: prose.Brief(r.err.Error()), Blinds: true,
			Advice: "It is asked again every " + limit.AfarEvery.String() + ". The address is " + s.server.URL.Redacted() + ".",
		}
		if errors.Is(r.err, errUnread) {
			n.What = "The Prometheus server has not answered yet"
		} else if len(r.statuses) > 0 {
			n.Advice += " What is shown of the endpoints is of " + r.at.UTC().Format("15:04:05 UTC") + "."
		}
		h.Notes = append([]view.Note{n}, h.Notes...)
	}
	return h
}

// Statuses implements view.Source.
func (s *Source) Statuses() []view.Status {
	r := s.last.Load()
	all := slices.Clone(r.statuses)
	for i := range all {
		all[i].Stale = r.err != nil || r.old
	}
	return all
}

// Status implements view.Source.
func (s *Source) Status(id string) (view.Status, bool) {
	all := s.Statuses()
	i, found := slices.BinarySearchFunc(all, id, func(x view.Status, id string) int { return strings.Compare(x.ID, id) })
	if !found {
		return view.Status{}, false
	}
	all[i].Results = s.Results([]string{id})[id]
	more := answer(s, "besides "+id, func(r *reading) besides { return s.server.besides(context.Background(), r.keys[id]) })
	all[i].Addresses, all[i].TLSVersions = append(all[i].Addresses, more.addresses...), more.versions
	return all[i], true
}

// ProductName implements view.Source. Probers before prober_product_info tell ids alone.
func (s *Source) ProductName(id string) string {
	r := s.last.Load()
	product := r.keys[id].product
	return cmp.Or(r.called[product], word(product))
}

// Results implements view.Source.
func (s *Source) Results(ids []string) map[string][]view.ResultStatus {
	return answer(s, "results "+strings.Join(ids, " "), func(r *reading) map[string][]view.ResultStatus {
		keys := map[key]string{}
		for _, id := range ids {
			keys[r.keys[id]] = id
		}
		return s.server.results(context.Background(), keys, s.clock())
	})
}

// Past implements view.Source.
func (s *Source) Past(id string, span time.Duration) view.Past {
	if s.last.Load().err != nil {
		return view.Past{Step: history.Step(span / pieces), Caveat: "Of the past nothing can be told while the Prometheus server does not answer."}
	}
	return answer(s, fmt.Sprint("past ", id, span), func(r *reading) view.Past {
		p := s.server.past(context.Background(), r.keys[id], span, s.clock())
		if i := slices.IndexFunc(r.statuses, func(x view.Status) bool { return x.ID == id && !x.Since.IsZero() }); i >= 0 {
			if p.Unseen == 0 {
				p.Since = r.statuses[i].Since // the rules know it better
			}
		}
		return p
	})
}

// answer asks a question unless it was asked since the last reading. A server that does not answer is not asked.
func answer[T any](s *Source, question string, ask func(*reading) T) (x T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.last.Load()
	if s.of != r || len(s.kept) >= limit.AfarKept {
		s.kept, s.of = map[string]any{}, r
	}
	if known, asked := s.kept[question].(T); asked {
		return known
	}
	if r.err != nil {
		return x
	}
	x = ask(r)
	s.kept[question] = x
	return x
}

func quoteRegexp(s string) string { return regexp.QuoteMeta(s) }
