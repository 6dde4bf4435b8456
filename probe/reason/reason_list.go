package reason

// Reason is one entry of the closed list of what can be wrong. The zero value is None.
type Reason uint8

// The reasons, by phase. [Reason.Doc] gives the documentation of each.
const (
	// None: nothing is wrong.
	None Reason = iota

	ResolveNXDomain      // resolve/nxdomain
	ResolveNoData        // resolve/nodata
	ResolveServFail      // resolve/servfail
	ResolveRefused       // resolve/refused
	ResolveFiltered      // resolve/filtered
	ResolveFormErr       // resolve/formerr
	ResolveNotImp        // resolve/notimp
	ResolveBadRCode      // resolve/bad_rcode
	ResolveReferral      // resolve/referral
	ResolveTimeout       // resolve/timeout
	ResolveTruncated     // resolve/truncated
	ResolveMismatch      // resolve/mismatch
	ResolveBadAnswer     // resolve/bad_answer
	ResolveMalformed     // resolve/malformed
	ResolveCNAMELoop     // resolve/cname_loop
	ResolveCNAMEDangling // resolve/cname_dangling
	ResolveCNAMETooLong  // resolve/cname_too_long
	ResolveBogon         // resolve/bogon
	ResolveNotPrivate    // resolve/not_private
	ResolveHijacked      // resolve/hijacked

	ConnectRefused     // connect/refused
	ConnectTimeout     // connect/timeout
	ConnectUnreachable // connect/unreachable
	ConnectReset       // connect/reset

	TLSTimeout                    // tls/timeout
	TLSLost                       // tls/lost
	TLSReset                      // tls/reset
	TLSEOF                        // tls/eof
	TLSPlaintext                  // tls/plaintext
	TLSMalformed                  // tls/malformed
	TLSVersion                    // tls/version
	TLSAlertHandshakeFailure      // tls/alert_handshake_failure
	TLSAlertInternalError         // tls/alert_internal_error
	TLSAlertUnrecognizedName      // tls/alert_unrecognized_name
	TLSAlertNoApplicationProtocol // tls/alert_no_application_protocol
	TLSAlertAccessDenied          // tls/alert_access_denied
	TLSAlertInappropriateFallback // tls/alert_inappropriate_fallback
	TLSAlertOther                 // tls/alert_other
	TLSClientCertRequired         // tls/client_cert_required
	TLSCertExpired                // tls/cert_expired
	TLSCertNotYetValid            // tls/cert_not_yet_valid
	TLSCertHostname               // tls/cert_hostname
	TLSCertSelfSigned             // tls/cert_self_signed
	TLSCertUntrusted              // tls/cert_untrusted
	TLSCertIncompleteChain        // tls/cert_incomplete_chain
	TLSCertUsage                  // tls/cert_usage
	TLSCertRevoked                // tls/cert_revoked
	TLSCertMalformed              // tls/cert_malformed
	TLSCertWildcard               // tls/cert_wildcard
	TLSCertCommonName             // tls/cert_common_name
	TLSCertKeyUsage               // tls/cert_key_usage
	TLSCertKeyID                  // tls/cert_key_id
	TLSStapleMissing              // tls/staple_missing
	TLSStapleInvalid              // tls/staple_invalid
	TLSWeakKey                    // tls/weak_key
	TLSWeakSignature              // tls/weak_signature
	TLSWeakCipher                 // tls/weak_cipher
	TLSHelloIntolerant            // tls/hello_intolerant
	TLSVersionOld                 // tls/version_old
	TLSWeakRenegotiation          // tls/weak_renegotiation
	TLSVersionAccepted            // tls/version_accepted
	TLSVersionMissing             // tls/version_missing
	TLSVersionLow                 // tls/version_low
	TLSCertEndsSoon               // tls/cert_ends_soon

	RequestTimeout      // request/timeout
	RequestWriteTimeout // request/write_timeout
	RequestLost         // request/lost
	RequestReset        // request/reset
	RequestEOF          // request/eof

	HeadersTimeout              // headers/timeout
	HeadersLost                 // headers/lost
	HeadersReset                // headers/reset
	HeadersEOF                  // headers/eof
	HeadersTooLarge             // headers/too_large
	HeadersTooManyInformational // headers/too_many_informational
	HeadersBadStatus            // headers/bad_status
	HeadersMalformed            // headers/malformed
	HeadersBareLF               // headers/bare_lf
	HeadersBadLength            // headers/bad_length
	HeadersConflictingLength    // headers/conflicting_length
	HeadersProtocol             // headers/protocol

	BodyTimeout     // body/timeout
	BodyLost        // body/lost
	BodyReset       // body/reset
	BodyTruncated   // body/truncated
	BodyTooLarge    // body/too_large
	BodyBadEncoding // body/bad_encoding
	BodyBadChunking // body/bad_chunking

	VerifySurplusBytes       // verify/surplus_bytes
	VerifySmugglingAmbiguous // verify/smuggling_ambiguous
	VerifyLaxSyntax          // verify/lax_syntax
	VerifyRedirect           // verify/redirect
	VerifyCharset            // verify/charset
	VerifyBOM                // verify/bom
	VerifyInvalidUTF8        // verify/invalid_utf8
	VerifyMangledText        // verify/mangled_text
	VerifyNotAPI             // verify/not_api
	VerifyWrongShape         // verify/wrong_shape
	VerifyServerError        // verify/server_error
	VerifyBadStatus          // verify/bad_status
	VerifyRequestID          // verify/request_id_mismatch
	VerifyPlainHTTPServed    // verify/plain_http_served
	VerifyCallRefused        // verify/call_refused
	VerifyUnparseable        // verify/unparseable
	VerifyUnexpectedStatus   // verify/unexpected_status
	VerifyHeaderMismatch     // verify/header_mismatch
	VerifyContentType        // verify/content_type_mismatch
	VerifyBodyMismatch       // verify/body_mismatch
	VerifyBodySize           // verify/body_size
	VerifyJSONMismatch       // verify/json_mismatch
	VerifySlow               // verify/slow
	VerifyUnexpectedBytes    // verify/unexpected_bytes
	VerifyUnexpectedRCode    // verify/unexpected_rcode
	VerifyUnexpectedRecords  // verify/unexpected_records

	ProberResolverUnavailable // prober/resolver_unavailable
	ProberResolversDisagree   // prober/resolvers_disagree
	ProberAddressRefused      // prober/address_refused
	ProberRedirectRefused     // prober/redirect_refused
	ProberPrivateNetwork      // prober/private_network
	ProberVantageNoIPv6       // prober/vantage_no_ipv6
	ProberVantageNoIPv4       // prober/vantage_no_ipv4
	ProberVantageOffline      // prober/vantage_offline
	ProberTLSUnsupported      // prober/tls_unsupported
	ProberCertUnsupported     // prober/cert_unsupported
	ProberHTTPUnsupported     // prober/http_unsupported
	ProberFDExhausted         // prober/fd_exhausted
	ProberPortsExhausted      // prober/ports_exhausted
	ProberRateLimited         // prober/rate_limited
	ProberCredentials         // prober/credentials
	ProberClock               // prober/clock
	ProberLimit               // prober/limit
	ProberStalled             // prober/stalled
	ProberMaintenance         // prober/maintenance
	ProberCanceled            // prober/canceled
	ProberInternal            // prober/internal
	end
)
