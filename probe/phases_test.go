package probe

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
)

// ticking is a clock that goes on by a millisecond whenever it is read, so that every
// interval that is left out of a sum shows.
func ticking() Clock {
	var mu sync.Mutex
	at := now
	return Clock{ElapsedFunc: unstalled, NowFunc: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(time.Millisecond)
		return at
	}}
}

func TestPhasesAddUp(t *testing.T) {
	p := newPKI()
	good := serveTLS(t, serverConfig(p), replying(okReply))
	hangsUp := serve(t, readHello)
	plain := serve(t, replying(okReply))
	for _, tt := range []struct {
		name    string
		scheme  catalog.Scheme
		port    uint16
		dial    Dialer
		reached reason.Phase
	}{
		{"whole", catalog.HTTPS, good.Port(), nil, reason.Body},
		{"without TLS", catalog.HTTP, plain.Port(), nil, reason.Body},
		{"broken handshake", catalog.HTTPS, hangsUp.Port(), nil, reason.TLS},
		{"no connection", catalog.HTTPS, 1, refusing(os.ErrDeadlineExceeded), reason.Connect},
		{"no reply", catalog.HTTP, 1, answeredBy(nil, io.EOF), reason.Request},
		{"part of the headers", catalog.HTTP, 1, answeredBy([]byte("HTTP/1.1 200 OK\r\nX"), io.EOF), reason.Headers},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := onLoopback(p)
			cfg.Clock, cfg.DNS, cfg.Dial = ticking(), answering("127.0.0.1", "127.0.0.1"), tt.dial
			o := New(cfg).Probe(t.Context(), target(goodHost, tt.scheme, tt.port))
			for _, a := range o.Addresses {
				ph := a.Phases
				if ph.Reached != tt.reached {
					t.Errorf("reached %s, want %s", ph.Reached, tt.reached)
				}
				if sum := ph.Resolve + ph.Connect + ph.TLS + ph.Request + ph.Headers + ph.Body; sum != ph.Total || sum == 0 {
					t.Errorf("phases %+v add up to %s", ph, sum)
				}
				if ph.Resolve != 3*time.Millisecond {
					t.Errorf("resolve %s, want that of the lookup for each address", ph.Resolve)
				}
				for _, p := range TimedPhases() {
					if d, reached := ph.Took(p); reached != (p <= tt.reached && d > 0) {
						t.Errorf("%s took %s, reached %t", p, d, reached)
					}
				}
				var back Phases
				if text, err := json.Marshal(ph); err != nil || json.Unmarshal(text, &back) != nil || back != ph {
					t.Errorf("%+v comes back from %s as %+v, %v", ph, text, back, err)
				}
			}
			if o.Duration <= 0 {
				t.Errorf("duration %s", o.Duration)
			}
		})
	}
}
