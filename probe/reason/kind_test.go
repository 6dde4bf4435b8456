package reason_test

import (
	"strings"
	"testing"

	"prober/probe/reason"
)

// What kind each reason is of, which may be gone at the next attempt, and what shows it:
// suites retry, excuse and skip by these sets.
func TestKinds(t *testing.T) {
	for k, want := range map[reason.Kind]string{
		reason.Naming:       "resolve/nxdomain resolve/nodata resolve/servfail resolve/refused resolve/filtered resolve/formerr resolve/notimp resolve/bad_rcode resolve/referral resolve/timeout resolve/truncated resolve/mismatch resolve/bad_answer resolve/malformed resolve/cname_loop resolve/cname_dangling resolve/cname_too_long resolve/bogon resolve/not_private resolve/hijacked",
		reason.Connection:   "connect/refused connect/timeout connect/unreachable connect/reset tls/timeout tls/lost tls/reset tls/eof tls/plaintext tls/malformed tls/version tls/alert_handshake_failure tls/alert_internal_error tls/alert_unrecognized_name tls/alert_no_application_protocol tls/alert_access_denied tls/alert_inappropriate_fallback tls/alert_other tls/client_cert_required tls/hello_intolerant",
		reason.Certificate:  "tls/cert_expired tls/cert_not_yet_valid tls/cert_hostname tls/cert_self_signed tls/cert_untrusted tls/cert_incomplete_chain tls/cert_usage tls/cert_revoked tls/cert_malformed tls/cert_wildcard tls/cert_common_name tls/cert_key_usage tls/cert_key_id tls/staple_missing tls/staple_invalid tls/cert_ends_soon",
		reason.Strength:     "tls/weak_key tls/weak_signature tls/weak_cipher tls/version_old tls/weak_renegotiation tls/version_accepted tls/version_missing tls/version_low",
		reason.Interruption: "request/timeout request/write_timeout request/lost request/reset request/eof headers/timeout headers/lost headers/reset headers/eof body/timeout body/lost body/reset",
		reason.Framing:      "headers/too_large headers/too_many_informational headers/bad_status headers/malformed headers/bare_lf headers/bad_length headers/conflicting_length headers/protocol body/truncated body/too_large body/bad_encoding body/bad_chunking verify/surplus_bytes verify/smuggling_ambiguous verify/lax_syntax",
		reason.Content:      "verify/redirect verify/charset verify/bom verify/invalid_utf8 verify/mangled_text verify/not_api verify/wrong_shape verify/server_error verify/bad_status verify/request_id_mismatch verify/plain_http_served verify/call_refused verify/unparseable verify/unexpected_status verify/header_mismatch verify/content_type_mismatch verify/body_mismatch verify/body_size verify/json_mismatch verify/slow verify/unexpected_bytes verify/unexpected_rcode verify/unexpected_records",
		reason.Ours:         "prober/resolver_unavailable prober/resolvers_disagree prober/address_refused prober/redirect_refused prober/private_network prober/vantage_no_ipv6 prober/vantage_no_ipv4 prober/vantage_offline prober/tls_unsupported prober/cert_unsupported prober/http_unsupported prober/fd_exhausted prober/ports_exhausted prober/rate_limited prober/credentials prober/clock prober/limit prober/stalled prober/maintenance prober/canceled prober/internal",
	} {
		checkList(t, k.String(), reason.OfKind(k), want)
	}
}

func TestTransient(t *testing.T) {
	checkList(t, "transient", matching(reason.Reason.Transient), "resolve/servfail resolve/timeout connect/refused connect/timeout connect/unreachable connect/reset tls/timeout tls/lost tls/reset tls/eof request/timeout request/write_timeout request/lost request/reset request/eof headers/timeout headers/lost headers/reset headers/eof body/timeout body/lost body/reset body/truncated prober/stalled")
}

func TestTools(t *testing.T) {
	for tool, want := range map[reason.Tool]string{
		reason.NoTool:       "prober/address_refused prober/fd_exhausted prober/ports_exhausted prober/credentials prober/clock prober/stalled prober/maintenance prober/canceled prober/internal",
		reason.Dig:          "resolve/nxdomain resolve/nodata resolve/servfail resolve/refused resolve/filtered resolve/formerr resolve/notimp resolve/bad_rcode resolve/referral resolve/timeout resolve/truncated resolve/mismatch resolve/bad_answer resolve/malformed resolve/cname_loop resolve/cname_dangling resolve/cname_too_long resolve/bogon resolve/not_private resolve/hijacked verify/unexpected_rcode verify/unexpected_records prober/resolver_unavailable prober/resolvers_disagree prober/private_network",
		reason.OpenSSL:      "tls/timeout tls/lost tls/reset tls/eof tls/malformed tls/alert_handshake_failure tls/alert_internal_error tls/alert_unrecognized_name tls/alert_no_application_protocol tls/alert_access_denied tls/alert_inappropriate_fallback tls/alert_other tls/client_cert_required tls/cert_expired tls/cert_not_yet_valid tls/cert_hostname tls/cert_self_signed tls/cert_untrusted tls/cert_incomplete_chain tls/cert_usage tls/cert_revoked tls/cert_malformed tls/cert_wildcard tls/cert_common_name tls/cert_key_usage tls/cert_key_id tls/staple_missing tls/staple_invalid tls/weak_key tls/weak_signature tls/weak_cipher tls/hello_intolerant tls/version_old tls/weak_renegotiation tls/version_accepted tls/version_missing tls/version_low tls/cert_ends_soon prober/tls_unsupported prober/cert_unsupported prober/http_unsupported",
		reason.Curl:         "connect/refused connect/timeout connect/unreachable connect/reset request/timeout request/write_timeout request/lost request/reset request/eof headers/timeout headers/lost headers/reset headers/eof body/timeout body/lost body/reset body/truncated body/too_large body/bad_encoding verify/redirect verify/charset verify/not_api verify/wrong_shape verify/server_error verify/bad_status verify/request_id_mismatch verify/plain_http_served verify/unexpected_status verify/header_mismatch verify/content_type_mismatch verify/body_mismatch verify/body_size verify/json_mismatch verify/slow prober/redirect_refused prober/rate_limited prober/limit",
		reason.RawBytes:     "tls/plaintext headers/too_large headers/too_many_informational headers/bad_status headers/malformed headers/bare_lf headers/bad_length headers/conflicting_length headers/protocol body/bad_chunking verify/surplus_bytes verify/smuggling_ambiguous verify/lax_syntax verify/bom verify/invalid_utf8 verify/unparseable verify/unexpected_bytes",
		reason.Ping:         "prober/vantage_no_ipv6 prober/vantage_no_ipv4 prober/vantage_offline",
		reason.ProberItself: "tls/version verify/mangled_text verify/call_refused",
	} {
		checkList(t, tool.String(), matching(func(r reason.Reason) bool { return r.Tool() == tool }), want)
	}
}

func matching(is func(reason.Reason) bool) []reason.Reason {
	var list []reason.Reason
	for _, r := range reason.All() {
		if is(r) {
			list = append(list, r)
		}
	}
	return list
}

func checkList(t *testing.T, what string, list []reason.Reason, want string) {
	t.Helper()
	var got []string
	for _, r := range list {
		got = append(got, r.String())
	}
	if text := strings.Join(got, " "); text != want {
		t.Errorf("%s:\n%s\nwant\n%s", what, text, want)
	}
}
