package kit

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

// firstInterval is that between questions once an API has complained. It is doubled whenever it
// does. Answers make it shorter again: a few in a row undo a doubling, as an API needs that
// throttles now and then, whatever the rate.
const (
	firstInterval = 250 * time.Millisecond
	shorter, than = 5, 7
)

// documentedInterval is what keeps questions to a product a tenth below its documented rate;
// none where no rate is documented.
func documentedInterval(p catalog.Product) time.Duration {
	if rule, _ := p.ErrorRule(catalog.Throttled); rule.PerSecond > 0 {
		return time.Second / time.Duration(rule.PerSecond) * 11 / 10
	}
	return 0
}

// throttle slows down what is asked of an endpoint: to the rate that is documented, and further
// when its API says that it is asked too often, for as long as it says so.
type throttle struct {
	pause func(ctx context.Context, d time.Duration) error
	least time.Duration // the documented interval

	mu            sync.Mutex
	interval      time.Duration
	turn          time.Time     // of the next question
	waited, since time.Duration // in all, and since the last answer
	pace          int           // how often the interval has grown
	first         string        // what was throttled first since the last answer
	asked, denied int           // how many in all, and of them throttled
	wants         time.Duration // what the API asks to wait for, where that is more than is left
	wanted        string        // what was asked when it said so
}

// wait waits for the turn of a question, and returns the pace at which that was.
func (t *throttle) wait(ctx context.Context) (pace int, err error) {
	t.mu.Lock()
	pace, interval, now := t.pace, max(t.interval, t.least), time.Now()
	if interval == 0 && !t.turn.After(now) {
		t.mu.Unlock()
		return pace, nil
	}
	if t.turn.Before(now) {
		t.turn = now
	}
	t.turn = t.turn.Add(interval)
	t.waited, t.since = t.waited+interval, t.since+interval
	d := t.turn.Sub(now)
	t.mu.Unlock()
	return pace, t.pause(ctx, d)
}

// heard notes whether what was asked at a pace was throttled. Questions that were under way
// together are one complaint.
func (t *throttle) heard(what string, c complaint, pace int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked++
	if !c.made {
		t.since, t.first = 0, ""
		if t.interval = t.interval * shorter / than; t.interval < firstInterval/4 {
			t.interval = 0
		}
		return
	}
	t.denied++
	t.first = cmp.Or(t.first, what)
	if pace != t.pace {
		return
	}
	t.interval = min(max(firstInterval, 2*t.interval, 2*t.least), limit.ThrottledPause*time.Second)
	t.pace++
	// A pause that is asked for counts like one of ours: an API that asks for one after another and
	// answers nothing is not waited for longer than a silent one.
	if c.after > min(limit.ThrottledInAll*time.Second-t.waited, limit.ThrottledFor*time.Second-t.since) {
		t.wants, t.wanted = c.after, what
	} else if until := time.Now().Add(c.after); until.After(t.turn) {
		t.turn, t.waited, t.since = until, t.waited+c.after, t.since+c.after
	}
}

// enough says why no more is asked: the API throttles whatever comes, or so much that the time
// is up. It is nil when it does not.
func (t *throttle) enough() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.wants > 0:
		wants := t.wants.String()
		if t.wants == longestWait {
			wants = "years"
		}
		return cannotTell("not asked: the API throttled %s and asks to wait for %s, longer than this run waits", t.wanted, wants)
	case t.since > 0 && t.since+max(t.interval, t.least) > limit.ThrottledFor*time.Second: // the next pause would end too late
		return cannotTell("not asked: the API throttled %s and what came after it, for %s", t.first, t.since.Round(time.Second))
	case t.waited >= limit.ThrottledInAll*time.Second:
		return cannotTell("not asked: the API throttled %d of %d requests, and waiting for it took %s", t.denied, t.asked, t.waited.Round(time.Second))
	}
	return nil
}

// complaint is what an API says of being asked too often: that it is, and when to come again; 0
// where it does not say.
type complaint struct {
	made  bool
	after time.Duration
}

// longestWait stands for any that is as long, or longer.
const longestWait = math.MaxInt32 * time.Second

// complains reads a reply for a complaint: a code of the API's, or the status of a proxy in
// front of it. With a time to come again 503 is one too. Such a time is seconds, however many, or a
// date, which is by the clock that the reply has in its Date; now is ours, for one without. What is neither, as
// what is negative, and a date that is over say nothing.
func complains(throttled bool, status int, retryAfter string, date, now time.Time) complaint {
	c := complaint{made: throttled || status == http.StatusServiceUnavailable && retryAfter != ""}
	if !date.IsZero() {
		now = date
	}
	if seconds, err := strconv.ParseUint(retryAfter, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		c.after = min(longestWait, time.Duration(seconds)*time.Second)
	} else if at, err := http.ParseTime(retryAfter); err == nil {
		c.after = min(longestWait, max(0, at.Sub(now)))
	}
	return c
}

// complaint is that of an answer.
func (a Answer) complaint(now time.Time) complaint {
	x := a.Exchange
	throttled := x.Class == cloudapi.Throttled || x.API == nil && x.Status == http.StatusTooManyRequests
	date, _ := http.ParseTime(x.Header.Get("Date"))
	return complains(throttled, x.Status, x.Header.Get("Retry-After"), date, now)
}

// Throttled reports whether the API, or a proxy in front of it, says that it is asked too
// often.
func (a Answer) Throttled() bool { return a.complaint(time.Time{}).made }

// complainsAt is the complaint of an address about a probe.
func complainsAt(a probe.AddressResult, now time.Time) complaint {
	var status int
	var after string
	var date time.Time
	if a.HTTP != nil {
		status, after, date = a.HTTP.Status, a.HTTP.RetryAfter, a.HTTP.Date
	}
	return complains(a.Reason == reason.ProberRateLimited, status, after, date, now)
}
