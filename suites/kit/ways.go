package kit

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"

	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

// A way is how a request goes: by its method, its media type, the method of its signature, and whether that is
// made with the customer's key. A hop may treat one otherwise than the others; where none of the questions that
// go so is answered while others are, it is the way that does not work.
const signedWay = "signed with the customer's key"

// byMethod stands before the method of the signature in a way.
const byMethod = ", by "

// wayOf is the way of a request: "POST with application/json, by TC3-HMAC-SHA256, signed with the customer's key".
func wayOf(r cloudapi.Request, needs Need) string {
	way := r.Method
	for _, f := range r.Header {
		if media, _, err := mime.ParseMediaType(f.Value); strings.EqualFold(f.Name, "Content-Type") && err == nil && len(r.Body) > 0 {
			way += " with " + media
		}
	}
	if method := signatureOf(r); method != "" {
		way += byMethod + method
	}
	if needs != Nothing {
		way += ", " + signedWay
	}
	return way
}

// signatureOf is the method by which a request says that it is signed; empty where it says none.
func signatureOf(r cloudapi.Request) string {
	for _, f := range r.Header {
		if method, _, in := strings.Cut(f.Value, " "); in && strings.EqualFold(f.Name, "Authorization") && strings.Contains(method, "-HMAC-") {
			return method
		}
	}
	for _, params := range []string{r.Query, string(r.Body)} {
		if _, method, in := strings.Cut("&"+params, "&SignatureMethod="); in {
			method, _, _ = strings.Cut(method, "&")
			return method
		}
	}
	return ""
}

// ways count what became of questions, by way, and of all signed ones together.
type ways struct {
	mu       sync.Mutex
	all      map[string]*way
	sent     int // how many were sent
	answered int // which of them was answered that was sent last
}

type way struct {
	answered int
	not      []int         // which were not answered
	why      reason.Reason // of one of them
	one      string        // what became of it
}

// sends counts a question that is sent now.
func (w *ways) sends() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent++
	return w.sent
}

// heard notes what became of the n-th question. What says something about us alone is not
// counted.
func (w *ways) heard(n int, a Answer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[string]*way{}
	}
	answered := !a.unanswered() && a.Exchange.Status != 0
	if answered {
		w.answered = max(w.answered, n)
	}
	for _, name := range namesOf(a.Way) {
		of := w.all[name]
		if of == nil {
			of = &way{}
			w.all[name] = of
		}
		switch {
		case a.unanswered():
			of.not, of.why, of.one = append(of.not, n), a.Exchange.Reason, a.summary()
		case answered:
			of.answered++
		}
	}
}

// namesOf are what a way is counted as, the narrowest first: itself, whatever signs it, and all that is signed.
func namesOf(way string) []string {
	names := []string{way}
	if before, after, in := strings.Cut(way, byMethod); in {
		_, key, signed := strings.Cut(after, ", ")
		if signed {
			before += ", " + key
		}
		names = append(names, before)
	}
	if strings.HasSuffix(way, signedWay) {
		names = append(names, signedWay)
	}
	return names
}

// never says how it is known that no question of a way is answered: two were not, and no other
// was. It is empty where that is not known. After silence it takes that one of another way was
// answered which was sent later: the server may have gone away altogether.
func (w *ways) never(way string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range namesOf(way) {
		of := w.all[name]
		if of == nil || of.answered > 0 || len(of.not) < limit.SilencesInPhase {
			continue
		}
		if slices.Sort(of.not); !isSilence(of.why) || w.answered > of.not[limit.SilencesInPhase-1] {
			return fmt.Sprintf("none of %d requests (%s) was answered: one got %s", len(of.not), name, of.one)
		}
	}
	return ""
}

// judgeWays says of each question that was not answered whether that is so of all that go its
// way, or of itself time and again. A server that hangs up on everything by now is no such case: a
// question that was answered before must be answered still. Nor is one question where others failed
// once and not when they were asked again: there twice is chance.
func (s *surveyor) judgeWays(ctx context.Context, t probe.Target, at *asked, questions []*Question) {
	s.mu.Lock()
	never, ask, chance := map[string]string{}, false, len(s.survey.Flaky) > 0
	s.mu.Unlock()
	for _, q := range questions {
		a := s.survey.Answers[q.Name]
		if q.Over != "" || q.Heavy || a.Way == "" || a.Told() == nil {
			continue
		}
		if never[q.Name] = at.ways.never(a.Way); never[q.Name] == "" && a.Twice && !chance {
			never[q.Name] = "asked twice: " + a.summary()
		}
		ask = ask || never[q.Name] != "" && (a.Twice || a.Unasked == nil && !isSilence(a.Exchange.Reason))
	}
	if ask && !s.answersStill(ctx, t, at, questions) {
		return
	}
	for name, how := range never {
		a := s.survey.Answers[name]
		a.Never = how
		s.survey.Answers[name] = a
	}
}

// answersStill reports whether a question that was answered is so when it is asked once more; where
// the run asked none that was, the call of the probe stands in for one.
func (s *surveyor) answersStill(ctx context.Context, t probe.Target, at *asked, questions []*Question) bool {
	still := &asked{addr: at.addr, last: true}
	still.silent.before = ", as it met others" // it is not asked twice then
	for _, q := range questions {
		if a := s.survey.Answers[q.Name]; a.Told() != nil || q.Needs != Nothing || q.Heavy || q.Over != "" || q.After != nil {
			continue
		}
		return s.question(ctx, t, still, q).Told() == nil
	}
	return s.replies(ctx, t, at.addr)
}

// probeCall asks what a probe asks.
func probeCall() *Question {
	return &Question{Name: "probe", Make: func(a *Asking) (cloudapi.Request, error) {
		if !a.Product.APIStyle.IsAPI() {
			return a.Plain(http.MethodGet), nil
		}
		return cloudapi.UnsignedProbe(a.Product, a.Host()), nil
	}}
}
