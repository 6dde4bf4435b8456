package hello

import "time"

// retryWait is how long a version waits after a reset or a close before it is asked about
// again, so that a server's limit on connections can recover.
const retryWait = 350 * time.Millisecond

// standing is what the answers about one version amount to, before those about the
// other versions are looked at.
type standing uint8

const (
	// unsettled: they prove nothing.
	unsettled standing = iota
	// chosen: the server chose the version.
	chosen
	// refused: the server spoke TLS and refused the version in so many words.
	refused
	// declined: every hello met with an alert about what can be negotiated.
	declined
	// broken: every hello met with an alert, some with one that a server also sends when it
	// is overloaded or has no certificate for the name. It is a refusal unless the server
	// turns out to answer like this in general.
	broken
	// dropped: the server ended every connection, some without a word. It is a refusal only
	// if the server answers others.
	dropped
	// wrongName: the server refused the server name.
	wrongName
)

// weight is how much a single answer says.
type weight uint8

const (
	final    weight = iota // nothing more is to be asked
	open                   // ask with another hello
	onceMore               // worth one more try, and proves nothing
)

// weigh says how much an answer about v settles, and as what.
func weigh(v Version, a Answer) (weight, standing) {
	switch a.Kind {
	case Chosen, Retry:
		return final, chosen
	case Lower, Higher:
		if a.UnofferedSuite {
			return open, refused
		}
		return final, refused
	case SSLv2Refusal:
		return final, refused
	case Alerted:
		return weighAlert(v, a.Alert)
	case WarningOnly:
		if aboutName(a.Alert) {
			return final, wrongName
		}
		return open, dropped
	case Reset, Closed:
		return open, dropped
	case Silence, Partial, Flood, Malformed:
		return onceMore, unsettled
	}
	return final, unsettled
}

// weighAlert weighs a fatal alert or a close_notify. An SSLv2 hello is answered with an alert
// only by a server that takes it for TLS.
func weighAlert(v Version, alert Alert) (weight, standing) {
	switch {
	case v == SSLv2, alert.Description == alertProtocolVersion:
		return final, refused
	case aboutName(alert):
		return final, wrongName
	}
	switch alert.Description {
	case alertHandshakeFailure, alertInsufficientSecurity:
		return open, declined
	case alertInternalError, alertDecodeError, alertIllegalParameter, alertUnexpectedMessage,
		alertMissingExtension, alertCloseNotify:
		return open, broken
	}
	return onceMore, unsettled // says nothing about the version, whatever it is about
}

func aboutName(a Alert) bool {
	return a.Description == alertUnrecognizedName || a.Description == alertAccessDenied
}

// next says which hello to send after these answers about v, and how long to wait before
// it; more is false if nothing more is to be asked.
func next(v Version, answers []Answer) (variant Variant, wait time.Duration, more bool) {
	order := variantsToTry(v)
	if len(answers) == 0 {
		return order[0], 0, true
	}
	if len(answers) == len(order) {
		return 0, 0, false
	}
	last := answers[len(answers)-1]
	switch w, _ := weigh(v, last); w {
	case final:
		return 0, 0, false
	case onceMore:
		for _, earlier := range answers[:len(answers)-1] {
			if w, _ := weigh(v, earlier); w == onceMore {
				return 0, 0, false
			}
		}
	case open:
		switch last.Kind {
		case Reset, Closed, WarningOnly:
			wait = retryWait
		case Lower, Higher:
			if len(answers) == 2 {
				return 0, 0, false
			}
		}
	}
	return order[len(answers)], wait, true
}

// stand sums up all answers about v. Refusals of different kinds add up to the weakest of
// them; one answer that proves nothing leaves the version unsettled, unless a final answer
// came after it.
func stand(v Version, answers []Answer) standing {
	sum := unsettled
	for i, a := range answers {
		w, s := weigh(v, a)
		switch {
		case w == final && s != unsettled:
			return s
		case w != open:
			return unsettledUnlessLater(v, answers[i+1:])
		}
		sum = max(sum, s)
	}
	return sum
}

func unsettledUnlessLater(v Version, later []Answer) standing {
	for _, a := range later {
		if w, s := weigh(v, a); w == final {
			return s
		}
	}
	return unsettled
}
