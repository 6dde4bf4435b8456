package monitor

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"prober/probe"
	"prober/probe/reason"
)

// lived is a Monitor that has been at work for a month, with an endpoint that is down now and was
// before, and one that is always well. It has more to show than any one answer holds.
func lived(t testing.TB, change func(*Config)) (*Monitor, *clock) {
	t.Helper()
	list := []probe.Target{
		target("ecs/cn-hangzhou/public", "ecs.cn-hangzhou.example.com"),
		target("kms/cn-hangzhou/public", "kms.cn-hangzhou.example.com"),
	}
	m, c := monitorOf(t, list, func(c *Config) {
		c.Speaker = Speaker{Host: "web-3", Vantage: "Frankfurt", Sandbox: true}
		c.Interval = 5 * time.Minute
		if change != nil {
			change(c)
		}
	})
	const month = 30 * 24 * time.Hour
	for ago := month; ago >= 0; {
		at := epoch.Add(month - ago)
		c.Advance(at.Sub(c.Now()))
		feed(t, m, withVersions(okObservation(list[1], at)))
		feed(t, m, told(list[0], at, ago))
		if ago > 24*time.Hour {
			ago -= 2 * time.Hour
		} else {
			ago -= 5 * time.Minute
		}
	}
	c.Advance(30 * time.Second)
	return m, c
}

// told is what became of an endpoint some time before the end of the story.
func told(x probe.Target, at time.Time, ago time.Duration) probe.Observation {
	within := func(from, to time.Duration) bool { return ago <= from && ago > to }
	switch {
	case within(15*time.Minute, -1):
		return reproducible(badObservation(x, at, reason.TLSCertExpired))
	case within(20*time.Hour, 19*time.Hour), ago > 24*time.Hour && int(ago/(2*time.Hour))%29 == 0:
		return reproducible(badObservation(x, at, reason.ConnectTimeout))
	case within(15*time.Hour, 14*time.Hour):
		return badObservation(x, at, reason.HeadersBareLF)
	case within(10*time.Hour, 9*time.Hour+30*time.Minute):
		return badObservation(x, at, reason.ProberPrivateNetwork)
	}
	o := okObservation(x, at)
	p := &o.Addresses[0].Phases
	wave := 1 + math.Sin(float64(ago)/float64(4*time.Hour))
	p.TLS += time.Duration(wave * float64(30*time.Millisecond))
	if ago/(5*time.Minute)%17 == 0 {
		p.Headers += 180 * time.Millisecond
	}
	p.Total = p.Resolve + p.Connect + p.TLS + p.Request + p.Headers + p.Body
	second := o.Addresses[0]
	second.Address = netip.MustParseAddr("2001:db8::1")
	o.Addresses = append(o.Addresses, second)
	return o
}

// reproducible gives a result the command that a real one has.
func reproducible(o probe.Observation) probe.Observation {
	o.Reproduce = "openssl s_client -connect 192.0.2.1:443 -servername " + o.Endpoint.Host + " </dev/null"
	return o
}
