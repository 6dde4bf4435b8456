package limit

import "time"

// What a list of somebody's own says of healthy endpoints, and what is read to judge it.
const (
	Expectations   = 64        // of one endpoint, of each kind
	ExpectedBytes  = 4 << 10   // of one text or pattern that is expected
	QueryBytes     = 500       // of a JSONPath or a JSON pointer
	QueriedValues  = 50_000    // of a JSON reply that queries are asked of
	RequestHeaders = 32        // that a list gives a request
	RequestBytes   = 256 << 10 // of the body of a request, and of a file that it is in
	SecretBytes    = 16 << 10  // of a variable or file that a request's text is in
	Followed       = 20        // redirects that a list may have followed
	LongestLimit   = time.Hour // that a list may grant a phase
)

func checks() []Limit {
	const refused = "the list is refused, with the limit named"
	return []Limit{
		{Of: "expectations of one kind of an endpoint", Value: Expectations, Unit: Count, Met: refused},
		{Of: "text or pattern that is expected of a reply", Value: ExpectedBytes, Unit: Bytes, Met: refused},
		{Of: "JSONPath or JSON pointer", Value: QueryBytes, Unit: Bytes, Met: refused},
		{Of: "values of a JSON reply that is expected to have members", Value: QueriedValues, Unit: Count, Met: "what depends on its members is unknown (prober/limit)"},
		{Of: "header fields that a list gives a request", Value: RequestHeaders, Unit: Count, Met: refused},
		{Of: "body that a list gives a request, and the file that it is in", Value: RequestBytes, Unit: Bytes, Met: refused},
		{Of: "variable or file in which a text of a request is", Value: SecretBytes, Unit: Bytes, Met: "a usage error that names it"},
		{Of: "redirects that a list may have followed", Value: Followed, Unit: Count, Met: refused},
		{Of: "bound that a list may set on a time", Value: int64(LongestLimit / time.Second), Unit: Seconds, Met: refused},
	}
}
