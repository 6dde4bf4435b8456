package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"regexp"
	"slices"

	"prober/probe/hello"
	"prober/probe/reason"
)

// oldVersion says that a server chose a version that most clients refuse, of all that were offered.
func oldVersion(chosen uint16) reason.Finding {
	if chosen >= tls.VersionTLS12 {
		return reason.Finding{}
	}
	return reason.TLSVersionOld.Found(fmt.Sprintf("the server chose %s although TLS 1.2 and 1.3 were offered; OpenSSL, browsers and most other clients refuse that", versionName(chosen)))
}

// weakRenegotiation says that a server of TLS 1.2 or less does not say that it renegotiates as RFC 5746 has it, which
// crypto/tls always asks for.
func weakRenegotiation(h *handshake) reason.Finding {
	if h.state.Version >= tls.VersionTLS13 || !hello.LacksRenegotiationInfo(h.greeting) {
		return reason.Finding{}
	}
	return reason.TLSWeakRenegotiation.Found(fmt.Sprintf("the ServerHello of %s lacks the extension renegotiation_info, which was asked for (RFC 5746); OpenSSL 3, and curl and much else with it, refuses that as unsafe legacy renegotiation, while browsers and GnuTLS do not", versionName(h.state.Version)))
}

// strangeExtension says that a ServerHello has an extension that may not be there, which crypto/tls passes over.
func strangeExtension(h *handshake) reason.Finding {
	name := hello.Forbidden(h.greeting)
	if name == "" {
		return reason.Finding{}
	}
	return reason.TLSMalformed.Found(fmt.Sprintf("the ServerHello of %s has the extension %s, which was not asked for or has no place there; OpenSSL and GnuTLS end the handshake at it", versionName(h.state.Version), name))
}

// weakSuite matches the suites of crypto/tls that common clients no longer offer.
var weakSuite = regexp.MustCompile(`_RC4_|_3DES_`)

// weakCipher adds that a server which chose such a suite refuses a handshake without them. It may only
// have preferred it.
func (p *Prober) weakCipher(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	if !t.Diagnose || r.TLS == nil || !weakSuite.MatchString(r.TLS.Cipher) {
		return v
	}
	cfg := p.tls.Clone()
	cfg.CipherSuites = slices.DeleteFunc(suites(), func(id uint16) bool { return weakSuite.MatchString(tls.CipherSuiteName(id)) })
	h := p.shakeAgain(ctx, t, r, cfg)
	if h == nil {
		return v
	}
	alert, refused := remoteAlert(h.err)
	if !refused {
		return v
	}
	return v.and(verdict{Finding: reason.TLSWeakCipher.Found(fmt.Sprintf("the server chose %s, and refuses a handshake without RC4 and 3DES: %s", r.TLS.Cipher, alertFinding(alert, false).Detail))})
}
