package kit

import (
	"prober/catalog"
	"prober/probe"
)

// Survey is everything that was collected about one endpoint. It is data: a parallel run
// hands it from one process to another.
type Survey struct {
	// HTTPS is the endpoint over HTTPS, with the version table of each address and the DNS
	// canary.
	HTTPS probe.Observation
	// HTTP is the endpoint over plain HTTP.
	HTTP probe.Observation
	// Answers are those to questions, by name. They were asked of the first address that
	// replied over HTTPS.
	Answers map[string]Answer
	// Flaky says what failed at first and not when asked again, by the name of a [Look].
	Flaky map[string]string
}

// over returns the observation over a scheme.
func (s *Survey) over(scheme catalog.Scheme) probe.Observation {
	if scheme == catalog.HTTP {
		return s.HTTP
	}
	return s.HTTPS
}

// answer returns the answer to a question; one that says so when it was never asked.
func (s *Survey) answer(name string) Answer {
	a, ok := s.Answers[name]
	if !ok {
		a = unasked(cannotTell("the question %q was not asked", name))
		a.Name = name
	}
	return a
}

// flaked says what of several looks was flaky; "" when nothing.
func (s *Survey) flaked(looks []Look) string {
	for _, l := range looks {
		if text := s.Flaky[l.Name()]; text != "" {
			return text
		}
	}
	return ""
}
