package monitor

import (
	"errors"
	"strings"
	"testing"

	"prober/history"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// What is wrong with the prober itself is the first thing that the page says, and what is known of
// the endpoints is said all the same.
func TestNotes(t *testing.T) {
	list := targets(3)
	down := func(t *testing.T, m *Monitor) {
		feed(t, m, okObservation(list[0], epoch))
		feed(t, m, badObservation(list[1], epoch, reason.VerifyServerError))
	}
	tests := []struct {
		name     string
		change   func(*Config)
		do       func(*testing.T, *Monitor)
		headline string
		text     []string
	}{
		{"nothing", nil, nil, "■ 1 of 3 active endpoints is down: kms/region-0-1/public (verify/server_error)", nil},
		{
			"overloaded", nil, func(t *testing.T, m *Monitor) {
				m.mu.Lock()
				defer m.mu.Unlock()
				m.overload(overloadedSkipped)
			},
			"■ The prober is overloaded; 1 of 3 active endpoints is down: kms/region-0-1/public (verify/server_error)",
			[]string{"The prober is overloaded. Turns are skipped, for want of workers or processor time. Lower the number of endpoints, lengthen --interval, or give it more processor time; where the processor has time to spare, raise --concurrency."},
		},
		{
			"the list cannot be read", func(c *Config) {
				c.Load = func() ([]probe.Target, error) { return nil, errors.New("endpoints.json:7: unknown field") }
			}, func(t *testing.T, m *Monitor) {
				if m.Reload() == nil {
					t.Error("reloaded")
				}
			},
			"■ The last reload was refused; 1 of 3 active endpoints is down: kms/region-0-1/public (verify/server_error)",
			[]string{"The last reload was refused. The list of 2026-03-01 08:00:00 UTC is still probed."},
		},
		{
			"others' notes, the one that blinds first", func(c *Config) {
				c.Notes = func() []view.Note {
					return []view.Note{{What: "The history is not kept", Why: "the disk is full", Since: epoch}, {What: "The machine sleeps", Why: "it is night", Blinds: true}}
				}
			}, nil,
			"○ The machine sleeps: it is night, so nothing can be told about 1 endpoint; 1 is down all the same; 1 is up",
			[]string{"The machine sleeps. It is night.", "The history is not kept since 2026-03-01 08:00:00 UTC. The disk is full.", "■ kms/region-0-1/public: verify/server_error"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, _ := monitorOf(t, list, tt.change)
			down(t, m)
			if tt.do != nil {
				tt.do(t, m)
			}
			headline, text := toldBy(t, m, "/")
			if headline != tt.headline {
				t.Errorf("headline %q, want %q", headline, tt.headline)
			}
			for _, want := range tt.text {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in:\n%s", want, text)
				}
			}
		})
	}
}

// headlineWith is the first line of a page of no endpoint, with something that is wrong with the prober.
func headlineWith(t *testing.T, n view.Note) string {
	t.Helper()
	m, _ := monitorOf(t, nil, func(c *Config) { c.Notes = func() []view.Note { return []view.Note{n} } })
	told, _ := toldBy(t, m, "/")
	return strings.TrimLeft(told, "○●▲■ ")
}

// A history that is not kept is told in the first line; one that was put aside, once things go on, below it.
func TestTroubleOfTheHistoryIsTold(t *testing.T) {
	for want, c := range map[string]history.Condition{
		"History cannot be written and is in memory meanwhile; no active endpoint is listed": {Problem: "the disk is full", Written: epoch},
		"No active endpoint is listed": {OK: true, Aside: []string{"history.db.1"}},
	} {
		if h := headlineWith(t, historyNote(&c)); h != want {
			t.Errorf("%q, want %q", h, want)
		}
	}
}

// Once something is known the page does not say that nothing is known yet.
func TestNothingIsKnownOnlyBeforeTheFirstResult(t *testing.T) {
	list := targets(2)
	m, _ := monitorOf(t, list, nil)
	for _, x := range list {
		feed(t, m, badObservation(x, epoch, reason.ProberFDExhausted))
	}
	if headline, text := toldBy(t, m, "/"); headline != "○ Nothing can be told about 2 active endpoints: prober/fd_exhausted" || !strings.Contains(text, "Both endpoints: prober/fd_exhausted") || !strings.Contains(text, "raise the limit") {
		t.Errorf("%q\n%s", headline, text)
	}
}

// The page says who speaks.
func TestSpeaker(t *testing.T) {
	for want, s := range map[string]Speaker{
		"prober version 1.2.3, probing live endpoints, since":                                                                                 {},
		"prober version 1.2.3 on web-3, probing the sandbox, since":                                                                           {Host: "web-3", Sandbox: true},
		"prober version 1.2.3 on web-3, probing the endpoints of shop.json, since":                                                            {Host: "web-3", List: "shop.json"},
		"prober version 1.2.3, probing the built-in endpoints in a closed world (--world), since":                                             {Closed: true},
		"prober version 1.2.3, probing the endpoints of shop.json in a closed world (--world), since":                                         {Closed: true, List: "shop.json"},
		"prober version 1.2.3, probing the built-in endpoints wherever their names lead, private addresses included (--allow-private), since": {Private: true},
		"prober version 1.2.3 on web-3, vantage Frankfurt, rack 7, probing live endpoints, ":                                                  {Host: "web-3", Vantage: "Frankfurt, rack 7"},
	} {
		m, _ := monitorOf(t, targets(1), func(c *Config) { c.Speaker = s })
		if _, text := toldBy(t, m, "/"); !strings.HasPrefix(text, want) {
			t.Errorf("%q, want %q", text[:150], want)
		}
	}
}

// A failure that is not confirmed yet is told, and changes no state.
func TestAFailureThatIsBeingConfirmedIsTold(t *testing.T) {
	list := targets(2)
	m, c := monitorOf(t, list, func(c *Config) { c.Confirm = true })
	feed(t, m, badObservation(list[0], c.Now(), reason.VerifyServerError))
	if headline, _ := toldBy(t, m, "/"); headline != "○ Nothing is confirmed yet about 2 active endpoints; 1 endpoint failed the last probe, which is being confirmed" {
		t.Errorf("%q", headline)
	}
	page := get(t, m, "/endpoints/"+list[0].Endpoint.ID).Body.String()
	if strings.Contains(page, "robed yet") || !strings.Contains(page, " failed its first probe, being confirmed: verify/server_error</h1>") ||
		!strings.Contains(page, "is being confirmed: <code>verify/server_error</code>") {
		t.Errorf("a first failure is told as\n%s", page)
	}
	if b := get(t, m, "/badges/"+list[0].Endpoint.ID+"/state.svg").Body.String(); strings.Contains(b, "not probed yet") || !strings.Contains(b, "failed its first probe, being confirmed (verify/server_error)") {
		t.Errorf("a first failure has the badge %s", b)
	}
	m, c = monitorOf(t, list, func(c *Config) { c.Confirm = true })
	for _, x := range list {
		feed(t, m, okObservation(x, c.Now()))
	}
	feed(t, m, badObservation(list[0], c.Now(), reason.VerifyServerError))
	headline, text := toldBy(t, m, "/")
	body := get(t, m, "/").Body.String()
	if headline != "● All 2 active endpoints are up" || !strings.Contains(text, "1 endpoint failed the last probe, which is being confirmed") ||
		!strings.Contains(body, `<span class="tag">being confirmed</span>`) || !strings.Contains(body, "Failed at 2026-03-01 08:00:00 UTC: <code>verify/server_error</code>") {
		t.Errorf("%q\n%s", headline, body)
	}
}
