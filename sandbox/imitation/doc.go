// Package imitation plays the APIs of Alibaba Cloud ECS and KMS and of Tencent Cloud GAAP:
// requests in, replies out, with signatures checked for real against given keys.
//
// It has no listener and no faults of its own, apart from text that can be mangled on the
// way in and out (see [API.Mangled]); package sandbox puts it on the network and breaks
// it. What is imitated is what a careful client can tell: which check comes before which,
// the code, status and wording of each refusal, the header fields, the string to sign that
// a mismatch quotes back, region names in several languages.
//
// The codes come from the error rules of the product, the first of each, so that a
// catalogue and its imitation agree; a product without rules gets the codes that public
// sources show. Where no public source shows what the real API does, one plausible answer
// is given and a comment says so.
//
// A product is played by its API style, with the read-only action, version, methods and
// rules that the catalogue gives it: that action lists regions. What a product has beyond
// that (other actions, other defaults, wordings of its own) is its sandbox data, and stands
// in products.go.
package imitation
