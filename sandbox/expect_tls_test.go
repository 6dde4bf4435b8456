package sandbox_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"
)

// tlsError expects a handshake that ends with an error that says so.
func tlsError(part string) expectation {
	return is(func(s seen) bool { return s.tls != nil && strings.Contains(s.tls.Error(), part) })
}

func tlsExpectations() map[string]expectation {
	timeout := is(func(s seen) bool { return isTimeout(s.tls) }).hanging("tls")
	reset := is(func(s seen) bool { return isReset(s.tls) })
	eof := is(func(s seen) bool { return errors.Is(s.tls, io.EOF) || errors.Is(s.tls, io.ErrUnexpectedEOF) })
	tls12 := func(w *witness) { w.versions = [2]uint16{tls.VersionTLS12, tls.VersionTLS12} }
	return map[string]expectation{
		"tls_timeout":                   timeout,
		"tls_timeout_half_flight":       timeout,
		"tls_timeout_slow":              timeout,
		"tls_reset":                     reset,
		"tls_reset_half_flight":         reset,
		"tls_eof":                       eof,
		"tls_eof_on_accept":             eof,
		"tls_eof_half_flight":           eof,
		"plaintext":                     tlsError("first record does not look like a TLS handshake"),
		"plaintext_banner":              tlsError("first record does not look like a TLS handshake"),
		"tls_malformed":                 tlsError("error decoding message"),
		"tls_malformed_oversize":        tlsError("oversized record"),
		"tls_malformed_warnings":        tlsError("too many ignored records"),
		"alert_handshake_failure":       tlsError("remote error: tls: handshake failure"),
		"alert_internal_error":          tlsError("remote error: tls: internal error"),
		"alert_unrecognized_name":       tlsError("remote error: tls: unrecognized name"),
		"alert_no_application_protocol": tlsError("remote error: tls: no application protocol"),
		"alert_access_denied":           tlsError("remote error: tls: access denied"),
		"alert_inappropriate_fallback":  tlsError("remote error: tls: inappropriate fallback"),
		"alert_other":                   tlsError("remote error: tls: insufficient security level"),
		"client_cert_required": is(func(s seen) bool {
			return s.tls == nil && s.end != nil && strings.Contains(s.end.Error(), "certificate required")
		}),
		"client_cert_required_tls12": tlsError("remote error: tls:"),
		"hello_intolerant":           is(func(s seen) bool { return errors.Is(s.tls, io.EOF) && smallHelloAnswered(s.by) }),
		"http_unsupported":           tlsError("remote error: tls: no application protocol"),
		"weak_cipher": is(func(s seen) bool { return s.tls == nil && s.state.CipherSuite == tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA }).with(func(w *witness) {
			tls12(w)
			w.suites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}
		}),
		"weak_renegotiation":      overOldSuite,
		"tls_malformed_extension": overOldSuite,
		"version_old":             is(func(s seen) bool { return s.state.Version == tls.VersionTLS11 }),
		"tls_unsupported":         tlsError("remote error: tls: handshake failure"),
		"version":                 tlsError("protocol version not supported"),
		"version_sslv2_only":      tlsError("protocol version not supported"),
		"version_sslv3_only":      tlsError("unsupported protocol version 300"),
		"version_missing": is(func(s seen) bool { return s.tls == nil && s.state.Version == tls.VersionTLS11 }).with(func(w *witness) {
			w.versions = [2]uint16{tls.VersionTLS10, tls.VersionTLS12}
		}),
		"version_missing_old_only":   tlsError("").with(tls12),
		"version_missing_tls10_only": is(func(s seen) bool { return s.state.Version == tls.VersionTLS10 }),
	}
}

// overOldSuite is a whole reply by a handshake that crypto/tls takes.
var overOldSuite = is(func(s seen) bool {
	return s.tls == nil && errors.Is(s.end, io.EOF) && s.state.Version == tls.VersionTLS12 && s.state.CipherSuite == tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
})

func versionExpectations() map[string]expectation {
	later := func() time.Time { return time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) }
	old := is(func(s seen) bool { return s.tls == nil && s.state.Version == tls.VersionTLS10 }).with(func(w *witness) {
		w.versions = [2]uint16{tls.VersionTLS10, tls.VersionTLS10}
	})
	old.now = later
	return map[string]expectation{
		"version_accepted": sslExpectation(helloSSLv3(), func(answer []byte) bool {
			return bytes.HasPrefix(answer, []byte{22, 3, 0}) && bytes.Equal(answer[5:6], []byte{2}) && bytes.Equal(answer[9:11], []byte{3, 0})
		}),
		"version_accepted_sslv2": sslExpectation(helloSSLv2(), func(answer []byte) bool {
			return len(answer) > 7 && answer[0]&0x80 != 0 && bytes.Equal(answer[2:3], []byte{4}) && bytes.Equal(answer[5:7], []byte{0, 2})
		}),
		"version_accepted_tls10": old,
		"version_low": is(func(s seen) bool { return s.tls == nil && s.state.Version == tls.VersionTLS11 }).with(func(w *witness) {
			w.versions = [2]uint16{tls.VersionTLS11, tls.VersionTLS11}
		}),
		"cert_ends_soon": is(func(s seen) bool {
			return healthy(s) == "" && time.Until(s.state.PeerCertificates[0].NotAfter) < 7*24*time.Hour
		}),
	}
}

func certificateExpectations() map[string]expectation {
	invalid := func(why x509.InvalidReason, dates func(*x509.Certificate) bool) expectation {
		return is(func(s seen) bool {
			var e x509.CertificateInvalidError
			return errors.As(s.verified, &e) && e.Reason == why && (dates == nil || dates(e.Cert))
		})
	}
	hostname := is(func(s seen) bool { return errors.As(s.verified, new(x509.HostnameError)) })
	unknown := func(ok func(chain []*x509.Certificate) bool) expectation {
		return is(func(s seen) bool {
			return errors.As(s.verified, new(x509.UnknownAuthorityError)) && ok(s.state.PeerCertificates)
		})
	}
	bits := func(position int) expectation {
		return is(func(s seen) bool {
			key, ok := s.state.PeerCertificates[position].PublicKey.(*rsa.PublicKey)
			return s.verified == nil && ok && key.Size() == 1024/8
		})
	}
	return map[string]expectation{
		"cert_expired": invalid(x509.Expired, func(c *x509.Certificate) bool { return c.NotAfter.Before(time.Now()) }),
		"cert_expired_second": invalid(x509.Expired, func(c *x509.Certificate) bool { _, ok := c.PublicKey.(*rsa.PublicKey); return ok }).with(func(w *witness) {
			w.versions, w.suites = [2]uint16{tls.VersionTLS12, tls.VersionTLS12}, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
		}),
		"cert_not_yet_valid":     invalid(x509.Expired, func(c *x509.Certificate) bool { return c.NotBefore.After(time.Now()) }),
		"cert_hostname":          hostname,
		"cert_hostname_cn_only":  hostname,
		"cert_common_name":       hostname,
		"cert_hostname_wildcard": hostname,
		"cert_self_signed": unknown(func(chain []*x509.Certificate) bool {
			return len(chain) == 1 && bytes.Equal(chain[0].RawIssuer, chain[0].RawSubject)
		}),
		"cert_untrusted": unknown(func(chain []*x509.Certificate) bool { return len(chain) == 2 }),
		"cert_incomplete_chain": unknown(func(chain []*x509.Certificate) bool {
			return len(chain) == 1 && chain[0].Issuer.CommonName == "Sandbox Issuing CA"
		}),
		"cert_usage":                 invalid(x509.IncompatibleUsage, nil),
		"cert_usage_not_ca":          unknown(func(chain []*x509.Certificate) bool { return len(chain) == 3 && !chain[1].IsCA && chain[2].IsCA }),
		"cert_usage_name_constraint": invalid(x509.CANotAuthorizedForThisName, nil),
		"cert_revoked": is(func(s seen) bool {
			r, err := ocsp.ParseResponse(s.state.OCSPResponse, s.state.PeerCertificates[1])
			return s.verified == nil && err == nil && r.Status == ocsp.Revoked &&
				r.SerialNumber.Cmp(s.state.PeerCertificates[0].SerialNumber) == 0
		}),
		"cert_malformed": unknown(func(chain []*x509.Certificate) bool { return chain[0].CheckSignatureFrom(chain[1]) != nil }),
		"cert_incomplete_chain_wrong_issuer": unknown(func(chain []*x509.Certificate) bool {
			return len(chain) == 2 && bytes.Equal(chain[0].RawIssuer, chain[1].RawSubject) && chain[0].CheckSignatureFrom(chain[1]) != nil
		}),
		"cert_key_usage": is(func(s seen) bool {
			return s.verified == nil && s.state.PeerCertificates[0].KeyUsage == x509.KeyUsageKeyAgreement
		}),
		"cert_key_id_decoy": is(func(s seen) bool {
			chain := s.state.PeerCertificates
			return s.verified == nil && len(chain) == 3 && bytes.Equal(chain[1].RawSubject, chain[2].RawSubject) &&
				bytes.Equal(chain[1].SubjectKeyId, chain[2].SubjectKeyId) && chain[0].CheckSignatureFrom(chain[1]) != nil
		}),
		"cert_key_id": is(func(s seen) bool {
			return s.verified == nil && bytes.Equal(s.state.PeerCertificates[0].AuthorityKeyId, []byte{1})
		}),
		"staple_missing": is(func(s seen) bool {
			return s.verified == nil && s.state.OCSPResponse == nil && slices.ContainsFunc(s.state.PeerCertificates[0].Extensions, func(e pkix.Extension) bool {
				return e.Id.String() == "1.3.6.1.5.5.7.1.24"
			})
		}),
		"staple_invalid": is(func(s seen) bool {
			r, err := ocsp.ParseResponse(s.state.OCSPResponse, s.state.PeerCertificates[1])
			return s.verified == nil && err == nil && r.Status == ocsp.Good && r.NextUpdate.Before(time.Now())
		}),
		"cert_unsupported": is(func(s seen) bool {
			return errors.As(s.verified, new(x509.UnhandledCriticalExtension)) && len(s.state.PeerCertificates[1].PermittedDNSDomains) == 1
		}),
		"cert_malformed_der":    tlsError("failed to parse certificate"),
		"weak_key":              bits(0),
		"weak_key_intermediate": bits(1),
		"weak_signature": is(func(s seen) bool {
			return s.verified != nil && s.state.PeerCertificates[0].SignatureAlgorithm == x509.ECDSAWithSHA1
		}),
	}
}
