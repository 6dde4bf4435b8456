package catalog

import (
	"cmp"
	"slices"
)

// APIStyle is the family of request and reply formats that an endpoint speaks.
type APIStyle string

// The API styles.
const (
	// StyleNone: plain HTTP; healthy is a 2xx or 3xx status.
	StyleNone APIStyle = "none"
	// StyleAlibabaRPC: Alibaba Cloud's RPC style: parameters in the query or a form body,
	// signed with HMAC-SHA1, errors with a 4xx or 5xx status, JSON or XML.
	StyleAlibabaRPC APIStyle = "alibaba-rpc"
	// StyleTencent3: Tencent Cloud API 3.0: JSON replies, errors with status 200.
	StyleTencent3 APIStyle = "tencent-3"
)

// APIStyles lists the API styles.
func APIStyles() []APIStyle { return []APIStyle{StyleNone, StyleAlibabaRPC, StyleTencent3} }

// IsAPI reports whether s is the style of an API, which answers in a notation of its own.
func (s APIStyle) IsAPI() bool { return s == StyleAlibabaRPC || s == StyleTencent3 }

// SignatureMethods lists the names of the signature methods of the style, as requests
// carry them; none for [StyleNone].
func (s APIStyle) SignatureMethods() []string {
	return map[APIStyle][]string{
		StyleAlibabaRPC: {"HMAC-SHA1"},
		StyleTencent3:   {"TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"},
	}[s]
}

// Product is a service with one API and one set of documented rules.
type Product struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Provider   string   `json:"provider"`
	APIStyle   APIStyle `json:"api_style"`
	APIVersion string   `json:"api_version,omitempty"` // "2016-01-20"; empty for StyleNone
	// ReadOnlyAction is an action that changes nothing and needs no parameter, for probes
	// to call; empty for that of the API style, see [Product.Action].
	ReadOnlyAction string `json:"read_only_action,omitempty"`
	// Signature is how calls are signed; empty for the first of [APIStyle.Signatures].
	Signature Signature `json:"signature,omitempty"`
	// Own is how all endpoints of the product are probed.
	*Own
	// Check is what healthy means for all endpoints of the product.
	Check *Check `json:"check,omitempty"`
	Rules Rules  `json:"rules,omitzero"`
}

// Action returns the action that a probe calls: the product's own, or else the one that
// most products of its API style have; empty for [StyleNone].
func (p Product) Action() string {
	usual := map[APIStyle]string{StyleAlibabaRPC: "DescribeRegions", StyleTencent3: "DescribeAccessRegions"}
	return cmp.Or(p.ReadOnlyAction, usual[p.APIStyle])
}

// Refuses reports whether the documents of p say that scheme s is not served.
func (p Product) Refuses(s Scheme) bool {
	return p.Rules.Schemes != nil && slices.Contains(p.Rules.Schemes.Refused, s)
}

// Signature is a way to sign a call.
type Signature string

// The signatures that a list can choose.
const (
	// SignatureRPC signs the parameters, and travels among them: Alibaba Cloud's version 1.0.
	SignatureRPC Signature = "HMAC-SHA1"
	// SignatureACS3 signs the whole request, and travels in the header Authorization: Alibaba Cloud's version 3.
	SignatureACS3 Signature = "ACS3-HMAC-SHA256"
)

// Signatures lists those that a list can choose for an API of the style, the usual one first.
func (s APIStyle) Signatures() []Signature {
	if s == StyleAlibabaRPC {
		return []Signature{SignatureRPC, SignatureACS3}
	}
	return nil
}
