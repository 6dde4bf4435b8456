package common

import (
	"net/http"
	"slices"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// BeyondASCII is a text of two, three and four bytes a character.
const BeyondASCII = "é华北1（青岛）😀"

// ProbeText names a parameter that no action has: it is signed, and otherwise ignored.
const ProbeText = "ProbeText"

// Questions are what the shared requirements ask of an API. An API family makes them, each
// situation by every way in which a call can be made: what travels in a query, in a form and
// in JSON, and by each signature method.
type Questions struct {
	// Get and Post call an operation with a key that nobody owns, in every documented way.
	Get, Post []*kit.Question
	// UnknownKey are such calls in ASCII; BeyondASCII have a parameter beyond it, in the same
	// order of ways.
	UnknownKey, BeyondASCII []*kit.Question
	// UnknownKeyInXML are such calls that ask for a reply in XML; none where there is no other format.
	UnknownKeyInXML               []*kit.Question
	NoParameters                  []*kit.Question // a request without any
	UnknownAction, UnknownVersion []*kit.Question
	// OtherCase spell an Action in lower case; none where no source says that this matters.
	OtherCase                    []*kit.Question
	MissingKey, MissingParameter []*kit.Question
	Without                      []*kit.Question // a required parameter each
	Methods                      []*kit.Question // with an HTTP method each that is refused
	PlainPost                    []*kit.Question // over plain HTTP, and without a key
	// Anybody are all that the API itself answers to anybody, with a refusal.
	Anybody []*kit.Question
	// SignedCall shows whether the customer's key is good: a read-only call in ASCII.
	// Everything that needs the key rests on it. SignedCalls are those by every way, and
	// SignedPosts the ones by POST among them.
	SignedCall                       *kit.Question
	SignedCalls, SignedPosts         []*kit.Question
	WrongSignature, ExpiredTimestamp []*kit.Question
	// MissingSigned lack a common parameter and are signed with the customer's key: an API that looks at
	// the key first says nothing else of a key that nobody owns.
	MissingSigned []*kit.Question
	// Tampered are calls that are not what was signed, by each way.
	Tampered []Compared
	// Signed are all that need the key, but for large ones.
	Signed []*kit.Question
}

// Compared are calls that go by one way, and Plain the one that is in order and goes by the same.
type Compared struct {
	Plain *kit.Question
	Calls []*kit.Question
}

// Tampering is what becomes of a call between its signature and its way.
type Tampering uint8

// The ways to tamper with a call.
const (
	Untouched Tampering = iota
	// Changed: something is added to what was signed, or a second to its time, which means the same call.
	Changed
	// ForOtherMethod: it was signed for GET and goes by POST, or the other way round.
	ForOtherMethod
	// ForOtherHost: it was signed for a host that there is not, where hosts are signed.
	ForOtherHost
	// Unsigned: it names its key, and the signature is left out.
	Unsigned
)

// Tamperings are those that a family's signatures show, by the names of questions about them.
func Tamperings(hosts bool) map[string]Tampering {
	all := map[string]Tampering{"changed-after-signing": Changed, "signed-for-another-method": ForOtherMethod, "without-signature": Unsigned}
	if hosts {
		all["signed-for-another-host"] = ForOtherHost
	}
	return all
}

// OtherMethod is GET for POST, and POST for any other.
func OtherMethod(method string) string {
	if method == http.MethodPost {
		return http.MethodGet
	}
	return http.MethodPost
}

// Everywhere has questions asked of every address of a name: those by each way, signed and not.
func Everywhere(lists ...[]*kit.Question) {
	for _, q := range slices.Concat(lists...) {
		q.Everywhere = true
	}
}

// OfAPI demands something of every reply of the API itself, whatever was asked: those to requests
// without a key, and of those with one where there is one.
func OfAPI(q Questions, judge func(questions []*kit.Question) kit.Judgement) kit.Judgement {
	return kit.All(judge(q.Anybody), kit.WherePossible(judge(q.Signed)))
}

// ofEveryReply demands something of every reply, one to a method that is refused among them: a
// front end may give that before the API does.
func ofEveryReply(q Questions, judge func(questions []*kit.Question) kit.Judgement) kit.Judgement {
	return kit.All(OfAPI(q, judge), kit.WherePossible(judge(q.Methods)))
}

// Required returns the parameters that every request to a product must have: by its rule,
// or the Action where there is none.
func Required(p catalog.Product) []string {
	if r := p.Rules.Parameters; r != nil && len(r.Required) > 0 {
		return r.Required
	}
	return []string{"Action"}
}

// Request makes a request, as [kit.Question] wants it.
type Request = func(*kit.Asking) (cloudapi.Request, error)

// RefusedMethods are questions with each HTTP method that the rules of a product refuse.
func RefusedMethods(p catalog.Product, by func(method string) Request) []*kit.Question {
	var all []*kit.Question
	if p.Rules.Methods != nil {
		for _, m := range p.Rules.Methods.Refused {
			all = append(all, &kit.Question{Name: "method-" + strings.ToLower(m), Make: by(m)})
		}
	}
	return all
}

// served are the signed calls by the ways that the rules state to be served.
func served(p catalog.Product, q Questions) []*kit.Question {
	if m := p.Rules.Methods; m == nil || slices.Contains(m.Served, http.MethodPost) {
		return q.SignedCalls
	}
	return slices.DeleteFunc(slices.Clone(q.SignedCalls), func(call *kit.Question) bool { return slices.Contains(q.SignedPosts, call) })
}

// demandedBy are the questions with a method where the rules say that it is served, or that
// it works by other public sources; none otherwise.
func demandedBy(p catalog.Product, method string, questions []*kit.Question) []*kit.Question {
	m := p.Rules.Methods
	if m == nil || !slices.Contains(m.Served, method) && !slices.Contains(m.Allowed, method) {
		return nil
	}
	if u := p.Rules.Parameters; method == http.MethodGet && u != nil && !u.InURL {
		return nil
	}
	return questions
}
