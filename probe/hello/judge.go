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
	q.checkShaken(&t)
	q.checkSentinels(&t)
	q.noteRoundTrip(&t)
	q.noteIntolerance(&t)
	return t
}

// tries counts the connections behind answers.
func tries(answers []Answer) int {
	n := 0
	for _, a := range answers {
		if a.Kind != Stopped {
			n++
		}
	}
	return n
}

// result judges v, without regard to what the answers about other versions prove by
// their sentinels.
func (q *inquiry) result(v Version) Result {
	answers := q.answers[v]
	last := answers[len(answers)-1]
	r := Result{Version: v, Evidence: last.Evidence, Suite: last.Suite, Tries: tries(answers), RTT: last.RTT, Note: last.Note}
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
		if q.control == lost && q.controlled == v {
			r.addNote(q.controlLost)
		}
		return Accepted
	case refused:
		return Rejected
	case wrongName:
		r.addNote("the alert is about the server name and says nothing about the version")
		return Inconclusive
	case declined, broken:
		if a := q.withoutName[v]; a != nil && a.chosen() {
			r.addNote("the version is accepted without a server name: the refusal is about the name")
			return Inconclusive
		}
		if q.control == lost && q.doubtful[v] {
			r.addNote("the refusal may be about the server's state or its limits, for an accepted version no longer was; " + q.controlLost)
			return Inconclusive
		}
		if _, _, served := q.controlVersion(); !served {
			if q.scanner.Shaken != SSLv2 {
				r.addNote(q.alike())
				return Inconclusive
			}
			r.addNote("no version was accepted at this address, so the alerts may have another cause")
		}
		return Rejected
	case dropped:
		switch q.control {
		case held:
			return Rejected
		case lost:
			r.addNote("a dropped connection proves nothing, for an accepted version no longer was; " + q.controlLost)
		default:
			if q.scanner.Shaken != SSLv2 {
				r.addNote(q.alike())
				break
			}
			r.addNote("no version was accepted at this address, so a dropped connection proves nothing")
		}
	}
	return Inconclusive
}

// alike says why a refusal proves nothing where a handshake chose a version and no hello of the table is answered.
func (q *inquiry) alike() string {
	return fmt.Sprintf("no hello of the table is answered, for %s neither, which a whole handshake chose: the refusal may be about something else in the hello", q.scanner.Shaken)
}

// checkShaken takes the word of a whole handshake for the version that it chose.
func (q *inquiry) checkShaken(t *Table) {
	v := q.scanner.Shaken
	if v == SSLv2 || t[v].Verdict == Accepted {
		return
	}
	met := t[v].Evidence
	t[v].Verdict, t[v].Evidence, t[v].Note = Accepted, "a whole handshake", ""
	t[v].addNote("the hellos of the table met: " + met)
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
	if has13 != nil && t[TLS13].Verdict != Accepted {
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

// noteIntolerance notes on TLS 1.1 and 1.2 that the server broke off in place of answering
// with a lower version it has, as RFC 5246 appendix E.1 asks of it.
func (q *inquiry) noteIntolerance(t *Table) {
	for _, v := range []Version{TLS11, TLS12} {
		answers := q.answers[v]
		if t[v].Verdict != Rejected || answers[len(answers)-1].ServerHello() {
			continue
		}
		for lower := v - 1; lower >= SSLv3; lower-- {
			if t[lower].Verdict == Accepted {
				t[v].addNote(fmt.Sprintf("the server breaks off although it could answer with %s (RFC 5246 appendix E.1)", lower))
				break
			}
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
