package sandbox

import (
	"net/http"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
)

// Way is how the requests go that a fault is about, when it leaves all others alone. What is zero
// in it may be anything; the zero Way is that of every request.
type Way struct {
	Carrier Carrier `json:"carrier,omitempty"`
	// Signature is the name of the method, as the API has it: "HmacSHA1".
	Signature string `json:"signature,omitempty"`
	Key       Key    `json:"key,omitempty"`
}

// Carrier is what the parameters of a call travel in.
type Carrier string

// The carriers.
const (
	AnyCarrier   Carrier = ""
	CarrierQuery Carrier = "query" // of a GET
	CarrierForm  Carrier = "form"  // a POST
	CarrierJSON  Carrier = "json"  // a POST
)

// Key is whose key a request names.
type Key string

// The keys.
const (
	AnyKey       Key = ""
	CustomersKey Key = "customer" // one that the sandbox knows
	OtherKey     Key = "other"    // one that nobody owns, or none
)

// String is the way as names of faults end: "form_hmacsha1_signed".
func (w Way) String() string {
	var words []string
	if w.Carrier != AnyCarrier {
		words = append(words, string(w.Carrier))
	}
	if w.Signature != "" && w.Carrier != CarrierJSON { // which one method alone signs
		words = append(words, strings.ToLower(w.Signature))
	}
	switch w.Key {
	case CustomersKey:
		words = append(words, "signed")
	case OtherKey:
		words = append(words, "other_key")
	}
	return strings.Join(words, "_")
}

// What is the way in words: "in a form signed with HmacSHA1, with the customer's key".
func (w Way) What() string {
	text := map[Carrier]string{CarrierQuery: "in a query", CarrierForm: "in a form", CarrierJSON: "in JSON"}[w.Carrier]
	if w.Signature != "" && w.Carrier != CarrierJSON {
		text += " signed with " + w.Signature
	}
	switch w.Key {
	case CustomersKey:
		text += ", with the customer's key"
	case OtherKey:
		text += ", without the customer's key"
	}
	return strings.TrimPrefix(text, ", ")
}

// is tells whether a request goes this way.
func (w Way) is(x *exchange) bool {
	switch w.Carrier {
	case CarrierQuery:
		if x.req.Method != http.MethodGet {
			return false
		}
	case CarrierForm:
		if x.req.Method != http.MethodPost || !hasMediaType(x, cloudapi.FormType) {
			return false
		}
	case CarrierJSON:
		if x.req.Method != http.MethodPost || !hasMediaType(x, "application/json") {
			return false
		}
	}
	return (w.Signature == "" || w.Signature == x.signature()) && (w.Key == AnyKey || withKey(x) == (w.Key == CustomersKey))
}

// signature is the method by which a request says that it is signed, or would be if it named a key.
func (x *exchange) signature() string {
	if method, _, in := strings.Cut(x.req.Header.Get("Authorization"), " "); in {
		return method
	}
	if x.req.Header.Get("X-TC-Action") != "" || x.req.Header.Get("X-TC-Version") != "" { // version 1 has them in parameters
		return cloudapi.TC3Algorithm
	}
	return x.parameters().Get("SignatureMethod")
}

// with is the way, with a key.
func (w Way) with(k Key) Way {
	w.Key = k
	return w
}

func byQuery() Way { return Way{Carrier: CarrierQuery} }

func byForm() Way { return Way{Carrier: CarrierForm} }

func byJSON() Way { return Way{Carrier: CarrierJSON} }

func signed() Way { return Way{Key: CustomersKey} }

// family is what APIs have in common by their style.
type family struct {
	prefix string // of the names of its faults by way
	at     scope
	ways   []Way // all that calls go
}

func alibabaFamily() family { return family{"", alibabaAPI(), []Way{byQuery(), byForm()}} }

func tencentFamily() family {
	sha1, sha256, tc3 := cloudapi.HmacSHA1.String(), cloudapi.HmacSHA256.String(), cloudapi.TC3Algorithm
	return family{"tc3_", ofStyle(catalog.StyleTencent3), []Way{
		byQuery(), // whichever method signs it
		{CarrierQuery, sha1, AnyKey},
		{CarrierQuery, sha256, AnyKey},
		{CarrierQuery, tc3, AnyKey},
		{CarrierForm, sha1, AnyKey},
		{CarrierForm, sha256, AnyKey},
		{CarrierJSON, tc3, AnyKey},
	}}
}

// by are those of the ways that one of some carriers is for.
func (f family) by(carriers ...Carrier) []Way {
	var some []Way
	for _, w := range f.ways {
		for _, c := range carriers {
			if w.Carrier == c {
				some = append(some, w)
			}
		}
	}
	return some
}

// byKey are all ways, each with the customer's key and without.
func (f family) byKey() []Way {
	var all []Way
	for _, w := range f.ways {
		all = append(all, w.with(OtherKey), w.with(CustomersKey))
	}
	return all
}
