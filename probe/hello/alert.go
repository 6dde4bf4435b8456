package hello

import "fmt"

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
	return fmt.Sprintf("%s %s (%d)", level, alertName(a.Description), a.Description)
}

// alertName returns the name of an alert description in the IANA registry.
func alertName(description uint8) string {
	switch description {
	case alertCloseNotify:
		return "close_notify"
	case alertUnexpectedMessage:
		return "unexpected_message"
	case 20:
		return "bad_record_mac"
	case 21:
		return "decryption_failed"
	case 22:
		return "record_overflow"
	case 30:
		return "decompression_failure"
	case alertHandshakeFailure:
		return "handshake_failure"
	case 41:
		return "no_certificate"
	case 42:
		return "bad_certificate"
	case 43:
		return "unsupported_certificate"
	case 44:
		return "certificate_revoked"
	case 45:
		return "certificate_expired"
	case 46:
		return "certificate_unknown"
	case alertIllegalParameter:
		return "illegal_parameter"
	case 48:
		return "unknown_ca"
	case alertAccessDenied:
		return "access_denied"
	case alertDecodeError:
		return "decode_error"
	case 51:
		return "decrypt_error"
	case 60:
		return "export_restriction"
	case alertProtocolVersion:
		return "protocol_version"
	case alertInsufficientSecurity:
		return "insufficient_security"
	case alertInternalError:
		return "internal_error"
	case 86:
		return "inappropriate_fallback"
	case 90:
		return "user_canceled"
	case 100:
		return "no_renegotiation"
	case alertMissingExtension:
		return "missing_extension"
	case 110:
		return "unsupported_extension"
	case 111:
		return "certificate_unobtainable"
	case alertUnrecognizedName:
		return "unrecognized_name"
	case 113:
		return "bad_certificate_status_response"
	case 115:
		return "unknown_psk_identity"
	case 116:
		return "certificate_required"
	case 120:
		return "no_application_protocol"
	case 121:
		return "ech_required"
	}
	return "undefined_alert"
}
