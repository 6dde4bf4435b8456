// Package common holds the requirements that any endpoint can be judged by, one file a
// requirement group: dns.go, tls.go, http.go and charset.go. What distinguishes one product's
// requirements from another's are arguments: where its rules stand ([Document]), what is asked
// of it ([Questions]), and what one product says otherwise than the others ([Version],
// [PlainHTTP]).
//
// A shared requirement has the same number in every product: KMS-TLS-07 says of KMS what
// ECS-TLS-07 says of ECS.
package common
