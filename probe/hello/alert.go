package hello

import (
	"cmp"
	"fmt"
)

// Alert is a TLS alert (RFC 8446 section 6). The zero value stands for no alert.
type Alert struct {
	Level       uint8 // 1 warning, 2 fatal
	Description uint8
}

// Alert levels.
const (
	levelWarning = 1
	levelFatal   = 2
)

// Alert descriptions that are judged by name (IANA, TLS Alerts).
const (
	alertCloseNotify          = 0
	alertUnexpectedMessage    = 10
	alertHandshakeFailure     = 40
	alertIllegalParameter     = 47
	alertAccessDenied         = 49
	alertDecodeError          = 50
	alertProtocolVersion      = 70
	alertInsufficientSecurity = 71
	alertInternalError        = 80
	alertMissingExtension     = 109
	alertUnrecognizedName     = 112
)

// String returns level, name and number, as in "fatal protocol_version (70)"; empty for
// the zero Alert.
func (a Alert) String() string {
	if a.Level == 0 {
		return ""
	}
	level := "fatal"
	if a.Level == levelWarning {
		level = "warning"
	}
	return fmt.Sprintf("%s %s (%d)", level, cmp.Or(alertNames[a.Description], "undefined_alert"), a.Description)
}

// alertNames are the names of alert descriptions in the IANA registry.
var alertNames = map[uint8]string{
	0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed", 22: "record_overflow",
	30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate", 42: "bad_certificate",
	43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
	47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error", 51: "decrypt_error",
	60: "export_restriction", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
	86: "inappropriate_fallback", 90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension",
	110: "unsupported_extension", 111: "certificate_unobtainable", 112: "unrecognized_name",
	113: "bad_certificate_status_response", 115: "unknown_psk_identity", 116: "certificate_required",
	120: "no_application_protocol", 121: "ech_required",
}
