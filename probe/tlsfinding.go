package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"regexp"
	"strings"
	"syscall"

	"prober/errno"
	"prober/limit"
	"prober/probe/certs"
	"prober/probe/exchange"
	"prober/probe/hello"
	"prober/probe/reason"
)

// alerts are the TLS alerts that have a reason of their own (RFC 8446, section 6).
var alerts = map[uint8]reason.Reason{
	40: reason.TLSAlertHandshakeFailure, 49: reason.TLSAlertAccessDenied, alertProtocolVersion: reason.TLSVersion, 80: reason.TLSAlertInternalError,
	86: reason.TLSAlertInappropriateFallback, 112: reason.TLSAlertUnrecognizedName, 116: reason.TLSClientCertRequired,
	120: reason.TLSAlertNoApplicationProtocol,
}

const alertProtocolVersion = 70

// handshakeFinding says why a handshake failed.
func handshakeFinding(ctx context.Context, h *handshake) reason.Finding {
	err := h.err
	if alert, ok := remoteAlert(err); ok {
		return alertFinding(alert, asked(h.certAsked))
	}
	if alert, ok := fatalAmong(h.firstBytes); ok {
		return alertFinding(alert, asked(h.certAsked))
	}
	var weak x509.InsecureAlgorithmError
	small := insecureKey.FindStringSubmatch(err.Error())
	switch {
	case canceled(ctx):
		return reason.ProberCanceled.Found("the probe was cut short")
	case errors.As(err, new(noTurn)):
		return reason.ProberTLSUnsupported.Found(fmt.Sprintf("the server sent more than %d bytes for its handshake, and this program, which works at few such handshakes at once, did not come to it in time", limit.HeavyHandshake))
	case strings.Contains(err.Error(), tooLargeForAll):
		return oversize
	case strings.Contains(err.Error(), "handshake message of length"):
		return reason.ProberTLSUnsupported.Found("this program does not read handshakes of this size: " + trimTLS(err))
	case strings.Contains(err.Error(), "helloRequestMsg when waiting"):
		return reason.ProberTLSUnsupported.Found("the server sent a HelloRequest in the middle of the handshake, which this program does not pass over, as RFC 5246, section 7.4.1.1, has it and OpenSSL does")
	case strings.Contains(err.Error(), "unexpected quic_transport_parameters"):
		return reason.ProberTLSUnsupported.Found("the server sent an extension of QUIC that was not asked for, which this program does not pass over, as OpenSSL and GnuTLS do")
	case isTimeout(err):
		return h.delivery.Explain(reason.TLSTimeout.Found("the handshake did not end in time" + afterBytes(h)))
	case asked(h.certAsked) && (errors.Is(err, io.EOF) || errno.Is(err, syscall.ECONNRESET) || errno.Is(err, syscall.EPIPE)):
		return reason.TLSClientCertRequired.Found("the server asked for a client certificate and hung up without one")
	case exchange.GoneBy(err) != 0, errno.Is(err, syscall.EPIPE):
		return reason.TLSReset.Found("the connection was reset during the handshake" + afterBytes(h))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return reason.TLSEOF.Found("the server closed the connection during the handshake " + lastWords(h) + afterBytes(h))
	case speaksOldVersion(h.firstBytes):
		return reason.TLSVersion.Found("the server answers with a version below TLS 1.0: first bytes " + hello.InHex(h.firstBytes))
	case len(h.firstBytes) >= 4 && !hello.IsText(h.firstBytes) && exchange.Foreign(h.firstBytes) != "":
		return reason.TLSPlaintext.Found("the server answered without TLS, with " + exchange.Foreign(h.firstBytes))
	case len(h.firstBytes) >= 4 && hello.IsText(h.firstBytes):
		line, _, _ := strings.Cut(string(h.firstBytes), "\n")
		return reason.TLSPlaintext.Found(fmt.Sprintf("the server answered in plain text: %q", strings.TrimRight(line, "\r")))
	case strings.Contains(err.Error(), "failed to parse certificate"), strings.Contains(err.Error(), "unsupported type of public key"):
		return reason.TLSCertMalformed.Found(trimTLS(err))
	case strings.Contains(err.Error(), "public exponent too large"), strings.Contains(err.Error(), "RSA key larger than"):
		return reason.ProberTLSUnsupported.Found("this program cannot verify a handshake with the server's key: " + trimTLS(err))
	case small != nil:
		return reason.TLSWeakKey.Found(fmt.Sprintf("the server's certificate has the key RSA-%s, too small a one for a handshake", small[1]))
	case errors.As(err, &weak):
		return reason.TLSWeakKey.Found(trimTLS(err))
	}
	return reason.TLSMalformed.Found(trimTLS(err) + afterBytes(h))
}

// alertFinding maps a fatal alert of the server's.
func alertFinding(alert uint8, certAsked bool) reason.Finding {
	name := "alert " + strings.TrimPrefix(hello.Alert{Level: 2, Description: alert}.String(), "fatal ")
	switch {
	case certAsked && exchange.MeansNoCertificate(alert):
		return reason.TLSClientCertRequired.Found(fmt.Sprintf("the server asked for a client certificate and answered with %s without one", name))
	case alerts[alert] != reason.None:
		return alerts[alert].Found(name)
	}
	return reason.TLSAlertOther.Found(name)
}

// remoteAlert returns the number of a fatal alert that the server sent. crypto/tls wraps
// it in a net.OpError and keeps its type to itself, so the number is read by kind.
func remoteAlert(err error) (uint8, bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return 0, false
	}
	if v := reflect.ValueOf(op.Err); v.Kind() == reflect.Uint8 {
		return uint8(v.Uint()), true //nolint:gosec // the kind is uint8
	}
	return 0, false
}

// speaksOldVersion reports whether the first bytes are an SSLv2 message or an SSLv3
// handshake record.
func speaksOldVersion(b []byte) bool {
	switch {
	case len(b) >= 5 && b[0] == 0x80 && b[1] == 3 && b[2] == 0: // ERROR of SSLv2, with its code
		return true
	case len(b) >= 7 && b[0]&0x80 != 0 && b[2] == 4: // SERVER-HELLO of SSLv2, with its version
		return b[5] == 0 && b[6] == 2
	case len(b) >= 11 && b[0] == 22 && b[5] == 2:
		return b[9] == 3 && b[10] == 0
	}
	return false
}

// lastWords are the alerts by which a server closed: close_notify and warnings, which say that it does but not why. Of
// those that are encrypted, close_notify shows in that the stream did not end.
func lastWords(h *handshake) string {
	words := ""
	for b := h.firstBytes; len(b) >= 7 && b[0] == 21 && b[3] == 0 && b[4] == 2; b = b[7:] {
		if words != "" {
			words += " and "
		}
		words += hello.Alert{Level: b[5], Description: b[6]}.String()
	}
	switch {
	case words != "":
		return "with the alert " + words
	case len(h.firstBytes) == 0:
		return "without an alert"
	case h.rec != nil && !h.rec.ended:
		return "with the alert close_notify (0)"
	}
	return "without an alert that says why"
}

// fatalAmong returns the fatal alert in the first bytes that a server sent, where they are nothing but alerts: up to TLS
// 1.2 there may be several in a record, and one in several (RFC 5246, section 6.2.1). crypto/tls takes neither.
func fatalAmong(b []byte) (uint8, bool) {
	var alerts []byte
	for len(b) > 5 && b[0] == 21 && b[1] == 3 && b[3] == 0 {
		n := min(int(b[4]), len(b)-5)
		alerts, b = append(alerts, b[5:5+n]...), b[5+n:]
	}
	for ; len(alerts) >= 2; alerts = alerts[2:] {
		if alerts[0] == 2 {
			return alerts[1], true
		}
	}
	return 0, false
}

func afterBytes(h *handshake) string {
	if len(h.firstBytes) == 0 {
		return ", before it sent a byte"
	}
	return ", after it sent " + hello.InHex(h.firstBytes)
}

// trimTLS is what crypto/tls says, in words.
func trimTLS(err error) string {
	s := strings.ReplaceAll(exchange.TLSWords(err), "unsupported type of public key: <nil>", "unsupported type of public key")
	return certs.Cut(strings.ReplaceAll(s, "*dsa.PublicKey", "DSA")) // it may quote a certificate
}

// tooLargeForAll is what crypto/tls says of a Certificate message beyond its bound, which is above that of others.
var tooLargeForAll = fmt.Sprintf("exceeds maximum of %d bytes", limit.CertificateMessage)

// insecureKey matches what crypto/tls says of keys that are too small.
var insecureKey = regexp.MustCompile(`(\d+)-bit keys are insecure`)

// versionName is the name that the project gives a version of crypto/tls.
func versionName(v uint16) string {
	for _, known := range hello.Versions() {
		if known.Wire() == v {
			return known.String()
		}
	}
	return ""
}

// versionNamed is the version that has a name; the zero Version where none has it.
func versionNamed(name string) hello.Version {
	for _, known := range hello.Versions() {
		if known.String() == name {
			return known
		}
	}
	return hello.SSLv2
}
