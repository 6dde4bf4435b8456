package sandbox

import (
	"fmt"
	"strings"
	"time"
)

// Latency is how long the sandbox waits before it answers, by phase. The zero value
// answers at once.
type Latency struct {
	DNS       time.Duration // before each DNS answer
	TLS       time.Duration // between the ClientHello and its answer
	FirstByte time.Duration // between a request and the first byte of the reply
	Body      time.Duration // between the header section and the body of the reply
}

// maxLatency bounds each part, so that a slip of the keyboard shows at once.
const maxLatency = 10 * time.Minute

// ParseLatency reads "dns=200ms,tls=1s,first_byte=200ms,body=50ms": any of the four
// parts, each at most once, each a duration as time.ParseDuration reads it, from 0 to 10
// minutes. The empty string is no latency.
func ParseLatency(s string) (Latency, error) {
	var l Latency
	if strings.TrimSpace(s) == "" {
		return l, nil
	}
	parts := map[string]*time.Duration{"dns": &l.DNS, "tls": &l.TLS, "first_byte": &l.FirstByte, "body": &l.Body}
	given := make(map[string]bool)
	for part := range strings.SplitSeq(s, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return Latency{}, fmt.Errorf("latency %q: want PART=DURATION, as in dns=200ms", part)
		}
		target, known := parts[name]
		if !known {
			return Latency{}, fmt.Errorf("latency %q: unknown part %q; the parts are dns, tls, first_byte, body", s, name)
		}
		if given[name] {
			return Latency{}, fmt.Errorf("latency %q: %s is given twice", s, name)
		}
		given[name] = true
		d, err := time.ParseDuration(value)
		if err != nil {
			return Latency{}, fmt.Errorf("latency %q: %w", part, err)
		}
		if d < 0 || d > maxLatency {
			return Latency{}, fmt.Errorf("latency %q: want 0 to %v", part, maxLatency)
		}
		*target = d
	}
	return l, nil
}

// plus adds two latencies part by part.
func (l Latency) plus(m Latency) Latency {
	return Latency{l.DNS + m.DNS, l.TLS + m.TLS, l.FirstByte + m.FirstByte, l.Body + m.Body}
}
