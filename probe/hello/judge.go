package hello

import (
	"fmt"
	"strings"
	"time"
)

// judge makes the table of all that was answered.
func (q *inquiry) judge() Table {
	var t Table
	for _, v := range Versions() {
		t[v] = q.result(v)
	}
	q.checkSentinels(&t)
	q.noteRoundTrip(&t)
	return t
}

// result judges v, without regard to what the answers about other versions prove by
// their sentinels.
func (q *inquiry) result(v Version) Result {
	answers := q.answers[v]
	last := answers[len(answers)-1]
	r := Result{Version: v, Evidence: last.Evidence, Tries: len(answers), RTT: last.RTT, Note: last.Note}
	if last.ServerHello() {
		r.Suite = last.Suite
	}
	repeated := 1
	for _, a := range answers[:len(answers)-1] {
		if a.Evidence == last.Evidence {
			repeated++
		} else {
			r.addNote("an earlier answer was: " + a.Evidence)
		}
	}
	if repeated > 1 {
		r.Evidence = fmt.Sprintf("%s, %d times", r.Evidence, repeated)
	}
	r.Verdict = q.verdict(v, &r)
	if v <= SSLv3 && sniName(q.serverName) != "" && r.Verdict != Inconclusive {
		r.addNote(fmt.Sprintf("about the default host of the address: %s has no server name", v))
	}
	return r
}

// verdict says what the standing of v and the control amount to, and notes on r why a
// refusal proves nothing.
func (q *inquiry) verdict(v Version, r *Result) Verdict {
	s := stand(v, q.answers[v])
	if a := q.withoutName[v]; a != nil {
		r.WithoutSNI = alone(v, *a)
	}
	switch s {
	case chosen:
		return Accepted
	case refused:
		return Rejected
	case wrongName:
		r.addNote("the server refuses the server name, which says nothing about the version")
		return Inconclusive
	case declined, broken:
		if a := q.withoutName[v]; a != nil && (a.Kind == Chosen || a.Kind == Retry) {
			r.addNote("the version is accepted without a server name: the refusal is about the name")
			return Inconclusive
		}
		if q.control == lost && q.doubtful[v] {
			r.addNote("a version accepted before was then refused as well: the refusal may be about the server's state or its limits")
			return Inconclusive
		}
		return Rejected
	case dropped:
		switch q.control {
		case held:
			return Rejected
		case lost:
			r.addNote("a version accepted before was then dropped as well: the server limits connections or is failing")
		default:
			r.addNote("no version was accepted at this address, so a dropped connection proves nothing")
		}
	}
	return Inconclusive
}

// alone says in one line what a single answer about v means by itself.
func alone(v Version, a Answer) string {
	verdict := Inconclusive
	switch w, s := weigh(v, a); {
	case w == final && s == chosen:
		verdict = Accepted
	case w == final && s == refused:
		verdict = Rejected
	}
	return fmt.Sprintf("%s: %s", verdict, a.Evidence)
}

// checkSentinels takes back rejections that a downgrade sentinel contradicts: the server
// has the version on, so something else (a middlebox, another server behind the same
// address, the suites) kept it from being chosen.
func (q *inquiry) checkSentinels(t *Table) {
	has13, has12or13 := q.sentinel(SentinelTLS12), q.sentinel(SentinelTLS11)
	if has13 != nil && t[TLS13].Verdict == Rejected {
		t[TLS13].takeBack(fmt.Sprintf("a %s carries the downgrade sentinel of a server that has TLS 1.3", has13.Evidence))
	}
	if has12or13 != nil && t[TLS12].Verdict == Rejected && t[TLS13].Verdict == Rejected {
		why := fmt.Sprintf("a %s carries the downgrade sentinel of a server that has TLS 1.2 or 1.3", has12or13.Evidence)
		t[TLS12].takeBack(why)
		t[TLS13].takeBack(why)
	}
}

// sentinel returns an answer that carries s, or nil.
func (q *inquiry) sentinel(s Sentinel) *Answer {
	for _, answers := range q.answers {
		for i := range answers {
			if answers[i].Sentinel == s {
				return &answers[i]
			}
		}
	}
	return nil
}

// noteRoundTrip notes on silent versions how fast an accepted one answered: a server that
// answers others in milliseconds does not owe its silence to the network.
func (q *inquiry) noteRoundTrip(t *Table) {
	v, _, ok := q.controlVersion()
	if !ok {
		return
	}
	for i := range t {
		answers := q.answers[i]
		if answers[len(answers)-1].Kind == Silence {
			t[i].addNote(fmt.Sprintf("%s was answered in %s", v, t[v].RTT.Round(time.Millisecond/10)))
		}
	}
}

func (r *Result) takeBack(why string) {
	r.Verdict = Inconclusive
	r.addNote(why)
}

// addNote adds a sentence to the note, once.
func (r *Result) addNote(text string) {
	switch {
	case strings.Contains(r.Note, text):
	case r.Note == "":
		r.Note = text
	default:
		r.Note += "; " + text
	}
}
