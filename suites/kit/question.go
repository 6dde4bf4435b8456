package kit

import (
	"cmp"
	"io"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
)

// Question is one request beyond the probe, as data: what a requirement needs answered. A
// pointer to it is the handle by which judgements name it, so that a wrong name does not
// compile. A survey asks what the requirements of the run look at, each question once.
type Question struct {
	Name  string // "unknown-action"; unique within a product
	Needs Need
	Heavy bool // large: see [Plan.Heavy]
	// Over is the scheme; empty for HTTPS. What needs a key is never asked over another.
	Over catalog.Scheme
	// After is a question that must have been answered before; nil for none.
	After *Question
	// Everywhere: it is asked of every address of the name, and not of one alone.
	Everywhere bool
	// Make makes the request.
	Make func(a *Asking) (cloudapi.Request, error)
}

// round is how many questions must have been answered before this one, one after the other.
func (q *Question) round() int {
	if q.After == nil {
		return 0
	}
	return 1 + q.After.round()
}

// Need is what a question needs beyond a connection.
type Need uint8

// The needs.
const (
	Nothing       Need = iota
	Credentials        // a customer's key of the provider
	EncryptionKey      // that, and an encryption key
)

// Asking is what a request is made of.
type Asking struct {
	Endpoint catalog.Endpoint
	Product  catalog.Product
	// Target and Authority are the path, the query and the Host of the request of an endpoint of style
	// none.
	Target, Authority string
	Alibaba           cloudapi.AlibabaKey // the customer's
	Tencent           cloudapi.TencentKey
	KMSKeyID          string
	Now               time.Time
	Random            io.Reader
	// Earlier is the answer to the question that this one comes after.
	Earlier Answer
	// Kept is for whoever judges the answer: the string to sign, a nonce.
	Kept string
}

// Host is the bare host of the endpoint.
func (a *Asking) Host() string { return a.Endpoint.Host }

// Plain is the request of an endpoint of style none, by a method.
func (a *Asking) Plain(method string) cloudapi.Request {
	path, query, _ := strings.Cut(cmp.Or(a.Target, "/"), "?")
	return cloudapi.Request{Method: method, Host: cmp.Or(a.Authority, bracketed(a.Endpoint.Host)), Path: path, Query: query}
}

// bracketed is a host as a request names it.
func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// Nonce returns a fresh signature nonce.
func (a *Asking) Nonce() (string, error) { return cloudapi.NewUUID(a.Random) }

// Answer is what a question brought.
type Answer struct {
	Name     string // of the question
	Exchange probe.Exchange
	Kept     string
	// Unasked says why the question was not asked; nil when it was.
	Unasked *Verdict
	// Way is how the request went: "POST with application/json, by TC3-HMAC-SHA256, signed with the customer's key".
	Way string
	// Twice: no whole reply came, and none when it was asked again.
	Twice bool
	// GivenUp: none came while the endpoint was waited for, which was less than a timeout.
	GivenUp bool
	// Never says how it is known that no question that goes so is answered; empty where it is not.
	Never string
	// Elsewhere is what came from other addresses than the first, of a question that is asked of
	// every one.
	Elsewhere []Answer
	// Reproduce is a command that asks the question again; empty when it would hold a key.
	Reproduce string
	// Dated: that command holds the time of the request, which the API takes for minutes only.
	Dated bool
}

func unasked(why error) Answer { return Answer{Unasked: new(undecided(why))} }

// Told says why an answer cannot be judged: the question was not asked, or brought no reply
// of a server that was willing to answer. It is nil when the answer can be.
func (a Answer) Told() error {
	x := a.Exchange
	switch {
	case a.Unasked != nil:
		return *a.Unasked
	case x.Outcome == reason.Unknown && x.Status == 0:
		return cannotTell("the question %q got no answer: %s: %s", a.Name, x.Reason, x.Detail)
	case x.Status == 0, x.Reason.Transient():
		return cannotTell("the question %q broke off: %s: %s", a.Name, x.Reason, x.Detail)
	case x.Outcome.Worse(reason.Degraded) && x.API == nil && x.APIProblem == "":
		return cannotTell("the answer to the question %q could not be read: %s: %s", a.Name, x.Reason, x.Detail)
	case a.Throttled():
		return cannotTell("the question %q was throttled", a.Name)
	}
	return nil
}

// unanswered reports whether a question that was asked brought no whole reply, for a reason of
// the network.
func (a Answer) unanswered() bool {
	x := a.Exchange
	return a.Unasked == nil && x.Outcome != reason.Unknown && x.Reason.Transient()
}

// silentAgain reports whether a question that met silence met it again when it was asked once more.
func (a Answer) silentAgain() bool { return a.unanswered() || a.GivenUp }

// mayPass reports whether what came of a question may be gone when it is asked again: nothing did,
// or a failure that the API has no word in.
func (a Answer) mayPass() bool {
	x := a.Exchange
	return x.Reason.Transient() || a.Unasked == nil && x.API == nil && x.Status >= 500
}

// serviceFailed reports whether the API says that the service itself failed, which may be over when it is
// asked again.
func (a Answer) serviceFailed() bool {
	return a.Unasked == nil && a.Exchange.API != nil && (a.Exchange.Class == cloudapi.ServerError || a.Exchange.Status >= 500)
}

// HungUp reports whether the server ended the connection instead of answering.
func (a Answer) HungUp() bool {
	switch a.Exchange.Reason {
	case reason.RequestReset, reason.RequestEOF, reason.HeadersReset, reason.HeadersEOF:
		return a.Unasked == nil && a.Exchange.Status == 0
	}
	return false
}

// dated reports whether a request holds the time at which it was made.
func dated(r cloudapi.Request) bool {
	for _, f := range r.Header {
		if strings.EqualFold(f.Name, "X-TC-Timestamp") {
			return true
		}
	}
	return strings.Contains(r.Query, "Timestamp=") || strings.Contains(string(r.Body), "Timestamp=")
}
