package monitor

import (
	"strings"
	"testing"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// What fails now and then is told from one outage that is over, and from what could not be told.
func TestIntermittent(t *testing.T) {
	of := map[rune]result{
		'+': {outcome: reason.OK}, '~': {outcome: reason.Degraded, reason: reason.HeadersBareLF},
		'-': {outcome: reason.Fail, reason: reason.ConnectTimeout}, '=': {outcome: reason.Fail, reason: reason.ConnectRefused},
		'?': {outcome: reason.Unknown, reason: reason.ProberLimit},
	}
	for _, tt := range []struct {
		name, results     string
		times, failed, of int
		cause             reason.Reason
		last              uint32
	}{
		{"nothing", "", 0, 0, 0, reason.None, 0},
		{"well", "++++++++", 0, 0, 0, reason.None, 0},
		{"one outage", "+++-----+++", 0, 0, 0, reason.None, 0},
		{"two", "+-+--++", 0, 0, 0, reason.None, 0},
		{"three", "+-+--++=+", 3, 4, 9, reason.ConnectRefused, 7},
		{"down again", "-+-~-", 3, 3, 5, reason.ConnectTimeout, 4},
		{"what could not be told lies between", "-?-?-?-", 0, 0, 0, reason.None, 0},
		{"and counts for nothing", "-?+-+?-+", 3, 3, 6, reason.ConnectTimeout, 6},
		{"long ago", "-+-+-+" + strings.Repeat("+", intermittentResults), 0, 0, 0, reason.None, 0},
	} {
		var all results
		for i, r := range tt.results {
			x := of[r]
			x.at = uint32(i)
			all.add(x, limit.HistoryRecent)
		}
		got := all.intermittent()
		switch {
		case tt.times == 0 && got == nil:
		case got == nil || tt.times == 0:
			t.Errorf("%s: %+v", tt.name, got)
		case got.Times != tt.times || got.Failed != tt.failed || got.Of != tt.of || got.Cause != tt.cause || got.Words != tt.cause.Words() || got.Last != time.Unix(int64(tt.last), 0).UTC():
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// Whoever is called because a budget is spent finds on the page what spends it, though all are up by their last results.
func TestWhatFailsNowAndThenIsTold(t *testing.T) {
	list := targets(3)
	m, c := monitorOf(t, list, func(c *Config) { c.Confirm = true })
	round := func(r reason.Reason) {
		for i, x := range list {
			o := okObservation(x, c.Now())
			if i == 1 && r != reason.None {
				o = badObservation(x, c.Now(), r)
			}
			feed(t, m, o)
		}
		c.Advance(time.Minute)
	}
	id := list[1].Endpoint.ID
	for n := range intermittentTimes {
		if headline, causes := toldBy(t, m, "/"); n > 0 && (headline != "● All 3 active endpoints are up" || strings.Contains(causes, "now and then")) {
			t.Errorf("after %d failures: %s", n, headline)
		}
		round(reason.ConnectTimeout)
		round(reason.None)
	}
	headline, causes := toldBy(t, m, "/")
	if want := "▲ All 3 active endpoints are up; 1 fails now and then"; headline != want {
		t.Errorf("the headline is %q, want %q", headline, want)
	}
	for _, want := range []string{
		"What fails now and then", "▲ " + id + ": connect/timeout", "Usually the network path's fault.",
		id + " failed 3 separate times since 2026-03-01 08:00:00 UTC (3 of 6 results); the last at 2026-03-01 08:04:00 UTC.",
	} {
		if !strings.Contains(causes, want) {
			t.Errorf("%q is not in\n%s", want, causes)
		}
	}
	if n := strings.Count(get(t, m, "/").Body.String(), `<span class="tag">fails now and then</span>`); n != 1 {
		t.Errorf("%d rows say so", n)
	}
	if _, causes := toldBy(t, m, "/?text="+list[0].Endpoint.ID); strings.Contains(causes, "What fails now and then") {
		t.Error("a filter that leaves it out does not")
	}
	headline, _ = toldBy(t, m, "/endpoints/"+id)
	body := withoutTags(get(t, m, "/endpoints/"+id).Body.String())
	if want := id + " is up, and fails now and then"; headline != "● "+want || !strings.Contains(body, "Now and then it fails: it failed 3 separate times since") {
		t.Errorf("its own page says %q, want %q", headline, want)
	}
	if badge := get(t, m, "/badges/state.svg").Body.String(); !strings.Contains(badge, "3 of 3 up, 1 fails now and then") || strings.Contains(badge, `fill="#116329"`) {
		t.Errorf("the badge is\n%s", badge)
	}
	if other := get(t, m, "/badges/"+list[0].Endpoint.ID+"/state.svg").Body.String(); strings.Contains(other, "now and then") {
		t.Errorf("the badge of another one is\n%s", other)
	}
}

// A page names as many as fit, and says how many it leaves out; what does not count is not told.
func TestOfManyThatFailNowAndThenSomeAreNamed(t *testing.T) {
	list := targets(limit.WebNamed + 3)
	list[0].Endpoint.Lifecycle = "closed"
	m, c := monitorOf(t, list, nil)
	for n := range 2*intermittentTimes + 1 {
		for i, x := range list {
			o := okObservation(x, c.Now())
			if n < 2*intermittentTimes && (i+n)%2 == 0 { // half of them at a time: all at once would be the prober's own network
				o = badObservation(x, c.Now(), reason.ConnectTimeout)
			}
			feed(t, m, o)
		}
		c.Advance(time.Minute)
	}
	headline, causes := toldBy(t, m, "/")
	if !strings.HasSuffix(headline, "are up; 12 fail now and then") || !strings.Contains(causes, "▲ 12 endpoints: connect/timeout") || !strings.Contains(causes, " 2 more do, too; the JSON has all") {
		t.Errorf("%s\n%s", headline, causes)
	}
	if strings.Contains(causes, list[0].Endpoint.ID+" failed") {
		t.Error("a closed one is named")
	}
	feed(t, m, badObservation(list[1], c.Now(), reason.ConnectTimeout)) // it is down now, and told so
	feed(t, m, okObservation(list[2], c.Now()))
	if headline, _ := toldBy(t, m, "/"); !strings.HasPrefix(headline, "■ 1 of 12 active endpoints is down") || !strings.HasSuffix(headline, "; 11 fail now and then") {
		t.Errorf("%s", headline)
	}
}
