package kit

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
)

// mute is a cloud that is silent to some requests, or to all once some are.
type mute struct {
	*picky
	takes time.Duration // an answer
}

func (m mute) Ask(ctx context.Context, t probe.Target, at netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	x := m.picky.Ask(ctx, t, at, named, r)
	takes := m.takes
	if isSilence(x.Reason) {
		takes = aTimeout
	}
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		x.Outcome, x.Reason = reason.Unknown, reason.ProberCanceled
	}
	return x
}

// Questions that meet silence together are asked again together: silence to one signature of forms is
// told in two time-outs, though other forms are answered. A server that went away is left alone, and
// one that answers at last was unlucky.
func TestSilentTogether(t *testing.T) {
	for name, test := range map[string]struct {
		silent   func(n int, isForm, before bool) bool // before: a form of those was sent
		timeouts int
		want     report.Outcome
	}{
		"to some forms":       {func(_ int, isForm, _ bool) bool { return isForm }, 2, report.Fail},
		"to some forms, once": {func(n int, isForm, _ bool) bool { return isForm && n < 7 }, 1, report.Flaky},
		"to all from then on": {func(_ int, _, before bool) bool { return before }, 2, report.Inconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := false
				says := func(n int, r cloudapi.Request, _ netip.Addr) probe.Exchange {
					isForm := strings.Contains(string(r.Body), "f")
					before = before || isForm
					if test.silent(n, isForm, before) {
						return failedAs(reason.RequestTimeout)
					}
					return answered()
				}
				questions := []*Question{ask("q1", nil), ask("q2", nil), form("f1", nil), form("f2", nil), form("f3", nil), form("f4", nil), form("g", nil)}
				began := time.Now()
				s := surveyed(t, mute{picky: &picky{cloud: &cloud{}, says: says}}, &Plan{Retries: 1, AtOnce: 4}, questions...)
				if took := time.Since(began); took > within(test.timeouts) {
					t.Errorf("took %s, want %s at most", took, within(test.timeouts))
				}
				if v := judged(Reply(questions[2], BeAnswered()), s); v.Outcome != test.want {
					t.Errorf("%s, want %s: %s", v.Outcome, test.want, v.Message)
				}
			})
		})
	}
}

// halfMute is a cloud of two addresses, of which the second is silent.
type halfMute struct {
	many
	mute
}

func (b halfMute) Probe(ctx context.Context, t probe.Target) probe.Observation {
	return b.many.Probe(ctx, t)
}

func (b halfMute) Ask(ctx context.Context, t probe.Target, at netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	return b.mute.Ask(ctx, t, at, named, r)
}

func (b halfMute) Command(probe.Target, netip.Addr, cloudapi.Request, reason.Finding) string {
	return ""
}

// The address that replies is asked while the silent one is looked at again.
func TestAskedBesideSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		says := func(int, cloudapi.Request, netip.Addr) probe.Exchange { return answered() }
		c := &cloud{}
		b := halfMute{
			many{cloud: c, silent: 1, replying: 1, phase: reason.ConnectTimeout, dials: 1, slots: make(chan struct{}, 4)},
			mute{picky: &picky{cloud: c, says: says}, takes: aTimeout / 5},
		}
		var questions []*Question
		for i := range 16 {
			questions = append(questions, ask(fmt.Sprintf("q%02d", i), nil))
		}
		began := time.Now()
		s := surveyed(t, b, &Plan{Retries: 1, Timeout: aTimeout}, questions...)
		if took := time.Since(began); took > within(2) || !silentAnywhere(s.HTTPS) {
			t.Errorf("took %s, want %s at most; %+v", took, within(2), s.HTTPS.Addresses)
		}
		for _, q := range questions {
			if a := s.answer(q.Name); a.Told() != nil {
				t.Errorf("%s: %v", q.Name, a.Told())
			}
		}
	})
}

// A long run at the documented rate leaves no time for two time-outs behind it: the second address is asked beside the
// first, and what it is silent to is told within three time-outs.
func TestSilentElsewhereInALongRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		second := netip.AddrFrom4([4]byte{192, 0, 2, 2})
		says := func(_ int, r cloudapi.Request, at netip.Addr) probe.Exchange {
			if at == second && r.Method == "POST" {
				return failedAs(reason.RequestTimeout)
			}
			return answered()
		}
		c := &cloud{}
		b := halfMute{many{cloud: c, replying: 2, dials: 1, slots: make(chan struct{}, 4)}, mute{picky: &picky{cloud: c, says: says}, takes: aTimeout / 16}}
		everywhere := func(q *Question) { q.Everywhere = true }
		questions := []*Question{ask("a", everywhere), form("f", everywhere), form("g", everywhere), form("h", everywhere)}
		for i := range 120 {
			questions = append(questions, ask(fmt.Sprintf("q%03d", i), nil))
		}
		began := time.Now()
		s := surveyed(t, b, &Plan{Retries: 1, Timeout: aTimeout, AtOnce: 4}, questions...)
		if took := time.Since(began); took > within(limit.SilencesInAll) {
			t.Errorf("took %s, want %s at most", took, within(limit.SilencesInAll))
		}
		if v := judged(EachReply(questions, BeAnswered()), s); v.Outcome != report.Fail || !strings.Contains(v.Message, "192.0.2.2: asked twice") {
			t.Errorf("%s, want %s: %s", v.Outcome, report.Fail, v.Message)
		}
	})
}

// One address of two may be silent to what the other answers. That is told within two time-outs, and an address that
// went away altogether, or was unlucky, is told from it.
func TestSilentElsewhere(t *testing.T) {
	second := netip.AddrFrom4([4]byte{192, 0, 2, 2})
	for name, test := range map[string]struct {
		fails    func(isForm bool, before int) bool // at the second address; before: how many failed there
		as       reason.Reason
		timeouts int
		want     report.Outcome
	}{
		"to forms":            {func(isForm bool, _ int) bool { return isForm }, reason.RequestTimeout, 2, report.Fail},
		"hangs up on forms":   {func(isForm bool, _ int) bool { return isForm }, reason.RequestEOF, 0, report.Fail},
		"to forms, once":      {func(isForm bool, before int) bool { return isForm && before == 0 }, reason.RequestTimeout, 1, report.Flaky},
		"to all from then on": {func(isForm bool, before int) bool { return isForm || before > 0 }, reason.RequestTimeout, 2, report.Inconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				failed := 0
				says := func(_ int, r cloudapi.Request, at netip.Addr) probe.Exchange {
					if at == second && test.fails(r.Method == "POST", failed) {
						failed++
						return failedAs(test.as)
					}
					return answered()
				}
				c := &cloud{}
				b := halfMute{many{cloud: c, replying: 2, dials: 1, slots: make(chan struct{}, 4)}, mute{picky: &picky{cloud: c, says: says}}}
				everywhere := func(q *Question) { q.Everywhere = true }
				questions := []*Question{ask("a", everywhere), form("f", everywhere)}
				began := time.Now()
				s := surveyed(t, b, &Plan{Retries: 1, Timeout: aTimeout}, questions...)
				if took := time.Since(began); took > within(test.timeouts) {
					t.Errorf("took %s, want %s at most", took, within(test.timeouts))
				}
				if v := judged(EachReply(questions, BeAnswered()), s); v.Outcome != test.want || v.Outcome == report.Fail && !strings.Contains(v.Message, "192.0.2.2: asked twice") {
					t.Errorf("%s, want %s: %s", v.Outcome, test.want, v.Message)
				}
			})
		})
	}
}
