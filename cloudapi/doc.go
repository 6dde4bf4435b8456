// Package cloudapi builds, signs and reads the requests and replies of two API
// families: Alibaba Cloud's RPC style and Tencent Cloud API 3.0.
//
// It opens no connection, reads no clock and draws no random numbers. A request is
// a value that the caller sends in its own way, so that a probe can measure each
// phase and look at the raw bytes of the answer; vendors' client libraries hide
// status codes, retry and encode again, and are of no use for that.
//
// The cheapest question to an API is a read-only call without credentials. Its
// expected answer is a well-formed error: an API that refuses in its own words has
// proved name, route, TLS, HTTP and itself.
//
// The signers are pure functions of what they sign. Each keeps what it computed on
// the way (canonical request, string to sign), because a signature that does not
// match is explained by comparing those with the server's.
//
// # Secrets
//
// Signed requests carry key ids, signatures and tokens, and error replies quote
// them back. [Redact] removes them from any text; the key types and [Request] never
// print them whatever the format verb. Error values of this package are already
// redacted. [Reply] holds the message as it came, because [EchoedStringToSign]
// needs it; it prints redacted.
package cloudapi
