package exchange

import (
	"net"
	"testing"
	"time"

	"prober/probe/reason"
)

// What was lost is told from what was not answered by what the kernel knows, and not where it knows nothing.
func TestDelivery(t *testing.T) {
	const rto = 800 * time.Millisecond // after it ran out twice
	for name, tt := range map[string]struct {
		is   Delivery
		lost bool
		says string
	}{
		"nothing known":                     {Delivery{}, false, ""},
		"taken and not answered":            {Delivery{known: true, rto: rto}, false, "; all that was sent was acknowledged"},
		"not acknowledged":                  {Delivery{known: true, unacked: 517, again: 2, silence: rto, rto: rto}, true, "; 517 bytes were sent and not acknowledged, nor when sent again (2 times)"},
		"of that a byte":                    {Delivery{known: true, unacked: 1, again: 1, silence: rto, rto: rto}, true, "; 1 byte was sent and not acknowledged, nor when sent again (once)"},
		"on its way":                        {Delivery{known: true, unacked: 517, silence: time.Hour, rto: rto}, false, ""},
		"sent again a moment ago":           {Delivery{known: true, unacked: 517, again: 1, silence: rto / 2, rto: rto}, false, ""},
		"not taken, and something else was": {Delivery{known: true, unacked: 517, again: 5, silence: rto / 2, rto: rto}, false, ""},
		"no more is taken":                  {Delivery{known: true, unsent: 9, rto: rto}, false, "; all that was sent was acknowledged, and the other side takes no more: 9 bytes were not sent"},
		"a hole in what came":               {Delivery{known: true, gap: true, unheard: rto, rto: rto}, true, "; what came last follows something that was lost on the way and never came"},
		"a hole of a moment":                {Delivery{known: true, gap: true, unheard: rto / 2, rto: rto}, false, ""},
	} {
		if got := tt.is.Lost(); got != tt.lost {
			t.Errorf("%s: lost %t, want %t", name, got, tt.lost)
		}
		for why, lost := range map[reason.Reason]reason.Reason{
			reason.TLSTimeout: reason.TLSLost, reason.RequestTimeout: reason.RequestLost, reason.RequestWriteTimeout: reason.RequestLost,
			reason.HeadersTimeout: reason.HeadersLost, reason.BodyTimeout: reason.BodyLost,
		} {
			if !tt.lost {
				lost = why
			}
			if got := tt.is.Explain(why.Found("time was up")); got.Reason != lost || got.Detail != "time was up"+tt.says {
				t.Errorf("%s, %s: %s %q, want %s %q", name, why, got.Reason, got.Detail, lost, "time was up"+tt.says)
			}
		}
		if got := tt.is.Explain(reason.RequestReset.Found("reset")); got != reason.RequestReset.Found("reset") {
			t.Errorf("%s: a reset became %s %q", name, got.Reason, got.Detail)
		}
	}
}

// Of what is no socket nothing is known.
func TestDeliveryOfAPipe(t *testing.T) {
	a, b := net.Pipe()
	defer hangUp(a)
	defer hangUp(b)
	if got := DeliveryOf(a); got != (Delivery{}) {
		t.Errorf("%+v", got)
	}
}
