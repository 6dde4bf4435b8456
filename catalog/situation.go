package catalog

import (
	"slices"
	"strings"
)

// Situation is a kind of request that an API answers with an error.
type Situation string

// The situations. Each request is otherwise well formed.
const (
	// Bare: no parameter at all.
	Bare Situation = "bare"
	// UnknownAction: the operation does not exist.
	UnknownAction Situation = "unknown-action"
	// UnknownVersion: the API version does not exist.
	UnknownVersion Situation = "unknown-version"
	// MissingKey: a known operation without the caller's key id, or with an empty one.
	// An unsigned call is in this situation.
	MissingKey Situation = "missing-key"
	// MissingParameter: a common parameter other than the key id is missing.
	MissingParameter Situation = "missing-parameter"
	// UnknownParameter: a parameter that the operation does not have.
	UnknownParameter Situation = "unknown-parameter"
	// UnknownKey: a key id that nobody owns.
	UnknownKey Situation = "unknown-key"
	// InactiveKey: a key id that its owner has disabled.
	InactiveKey Situation = "inactive-key"
	// BadAuthorization: an Authorization header that cannot be read.
	BadAuthorization Situation = "bad-authorization"
	// BadSignature: the signature does not fit the request.
	BadSignature Situation = "bad-signature"
	// BadSignatureMethod: a signature method that does not exist.
	BadSignatureMethod Situation = "bad-signature-method"
	// BadToken: a session token that is not valid.
	BadToken Situation = "bad-token"
	// ExpiredTimestamp: a time too far from the server's.
	ExpiredTimestamp Situation = "expired-timestamp"
	// MalformedTimestamp: a time that cannot be read.
	MalformedTimestamp Situation = "malformed-timestamp"
	// ReplayedNonce: a nonce that was used before.
	ReplayedNonce Situation = "replayed-nonce"
	// BadFormat: a reply format that does not exist.
	BadFormat Situation = "bad-format"
	// UnsupportedMethod: an HTTP method that is not served.
	UnsupportedMethod Situation = "unsupported-method"
	// PlainHTTP: a request without TLS, where TLS is demanded.
	PlainHTTP Situation = "plain-http"
	// TooLarge: a request above the size limit of its method.
	TooLarge Situation = "too-large"
	// TooLargeHMAC: a POST request above the limit of HmacSHA1 and HmacSHA256.
	TooLargeHMAC Situation = "too-large-hmac"
	// UnsupportedRegion: a region that this host does not serve.
	UnsupportedRegion Situation = "unsupported-region"
	// Throttled: too many requests. It says nothing about the health of the service.
	Throttled Situation = "throttled"
	// Forbidden: a known key without the permission.
	Forbidden Situation = "forbidden"
	// ServerError: the service itself failed.
	ServerError Situation = "server-error"
)

// Situations lists the situations.
func Situations() []Situation {
	return []Situation{
		Bare, UnknownAction, UnknownVersion, MissingKey, MissingParameter, UnknownParameter,
		UnknownKey, InactiveKey, BadAuthorization, BadSignature, BadSignatureMethod, BadToken,
		ExpiredTimestamp, MalformedTimestamp, ReplayedNonce, BadFormat, UnsupportedMethod,
		PlainHTTP, TooLarge, TooLargeHMAC, UnsupportedRegion, Throttled, Forbidden, ServerError,
	}
}

// ErrorRule lists the documented error codes of one situation, the one to expect first.
// The first is a whole code; a later one that ends in "*" stands for all codes that
// begin with the rest of it.
type ErrorRule struct {
	Rule
	Situation Situation `json:"situation"`
	Codes     []string  `json:"codes"`
	Statuses  []int     `json:"statuses,omitempty"` // the one to expect first; empty: the sources do not say
	// PerSecond is how many requests a second are documented to go without this error; 0: the
	// sources do not say. It is for [Throttled] alone.
	PerSecond int `json:"per_second,omitempty"`
}

// Matches reports whether code is one of the rule's.
func (r ErrorRule) Matches(code string) bool {
	return slices.ContainsFunc(r.Codes, func(c string) bool {
		if prefix, ok := strings.CutSuffix(c, "*"); ok {
			return strings.HasPrefix(code, prefix)
		}
		return c == code
	})
}

// MatchesStatus reports whether the HTTP status is one of the rule's, or the rule names
// none.
func (r ErrorRule) MatchesStatus(status int) bool {
	return len(r.Statuses) == 0 || slices.Contains(r.Statuses, status)
}

// ErrorRule returns the rule of p for a situation; false when nothing is documented.
func (p Product) ErrorRule(s Situation) (ErrorRule, bool) {
	for _, r := range p.Rules.Errors {
		if r.Situation == s {
			return r, true
		}
	}
	return ErrorRule{}, false
}
