package sandbox

import (
	"crypto/tls"
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/clienthello"
	"prober/sandbox/pki"
)

func tlsFaults() []spec {
	alert := func(r reason.Reason, description byte, says string) spec {
		return faultOf(r, "", "the ClientHello is answered with the fatal alert "+says, behaviour{hello: fatalAlert(description)})
	}
	return []spec{
		faultOf(reason.TLSTimeout, "", "the ClientHello is never answered", behaviour{hello: thenHello((*connection).hold)}),
		faultOf(reason.TLSTimeout, "half_flight", "the server's first flight stops after 100 bytes, as when large packets get lost", behaviour{wrap: endAfter(100, nil)}),
		faultOf(reason.TLSTimeout, "slow", "the server's first flight comes at a byte a second", behaviour{wrap: dripping(time.Second)}),
		faultOf(reason.TLSReset, "", "the connection is reset after the ClientHello", behaviour{hello: thenHello((*connection).reset)}),
		faultOf(reason.TLSReset, "half_flight", "the connection is reset inside the server's first flight", behaviour{wrap: endAfter(100, (*connection).reset)}),
		faultOf(reason.TLSEOF, "", "the connection is closed after the ClientHello", behaviour{hello: thenHello((*connection).drain)}),
		faultOf(reason.TLSEOF, "on_accept", "the connection is closed as soon as it stands", behaviour{accept: (*connection).drain}),
		faultOf(reason.TLSEOF, "half_flight", "the connection is closed inside the server's first flight", behaviour{wrap: endAfter(100, (*connection).drain)}),
		faultOf(reason.TLSPlaintext, "", "the ClientHello is answered with a plain HTTP reply", behaviour{hello: thenHello(plainReply)}),
		faultOf(reason.TLSPlaintext, "banner", "the server greets in plain text, as SMTP and SSH servers do", behaviour{accept: banner}),
		faultOf(reason.TLSMalformed, "", "the ClientHello is answered with a ServerHello whose lengths are wrong", behaviour{hello: sendRecord(recordHandshake, brokenServerHello())}),
		faultOf(reason.TLSMalformed, "oversize", "the answer is a record of 65,535 bytes, more than TLS allows", behaviour{hello: oversizeRecord}),
		faultOf(reason.TLSMalformed, "warnings", "warning alerts come without end", behaviour{hello: warningFlood}),
		alert(reason.TLSAlertHandshakeFailure, 40, "handshake_failure"),
		alert(reason.TLSAlertInternalError, 80, "internal_error"),
		alert(reason.TLSAlertUnrecognizedName, 112, "unrecognized_name"),
		alert(reason.TLSAlertNoApplicationProtocol, 120, "no_application_protocol"),
		alert(reason.TLSAlertAccessDenied, 49, "access_denied"),
		alert(reason.TLSAlertInappropriateFallback, 86, "inappropriate_fallback"),
		alert(reason.TLSAlertOther, 71, "insufficient_security"),
		faultOf(reason.TLSClientCertRequired, "", "a client certificate is demanded; in TLS 1.3 that shows after the handshake",
			behaviour{tls: func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }}),
		faultOf(reason.TLSClientCertRequired, "tls12", "a client certificate is demanded in TLS 1.2",
			behaviour{tls: func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }}),
		faultOf(reason.ProberTLSUnsupported, "", "only TLS 1.2 with DHE_RSA is spoken, which the prober cannot complete and others can", behaviour{hello: onlyDHE}).needing(NeedDiagnosis),
		faultOf(reason.ProberHTTPUnsupported, "", "only HTTP/2 is spoken, which the prober does not and others do",
			behaviour{hello: onlyHTTP2, tls: func(c *tls.Config) { c.NextProtos = []string{"h2"} }}).needing(NeedDiagnosis),
		faultOf(reason.TLSWeakCipher, "", "RC4 is the only cipher",
			behaviour{tls: func(c *tls.Config) {
				c.CipherSuites, c.MaxVersion = []uint16{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA}, tls.VersionTLS12
			}}).needing(NeedDiagnosis),
		faultOf(reason.TLSHelloIntolerant, "", "a ClientHello of more than 230 bytes, or one that offers TLS 1.3, gets no answer; smaller ones do",
			behaviour{hello: intolerant, versions: []clienthello.Version{clienthello.TLS10, clienthello.TLS11, clienthello.TLS12}}).needing(NeedDiagnosis),
	}
}

func certificateFaults() []spec {
	shows := func(r reason.Reason, suffix string, k pki.Kind, description string) spec {
		return faultOf(r, suffix, description, behaviour{certificate: k})
	}
	return []spec{
		shows(reason.TLSCertExpired, "", pki.Expired, "the certificate ran out yesterday"),
		faultOf(reason.TLSCertExpired, "second", "a second certificate, which clients of RSA alone get, ran out yesterday", behaviour{second: pki.ExpiredRSA}).needing(NeedBothKinds),
		shows(reason.TLSCertNotYetValid, "", pki.NotYetValid, "the certificate is valid from tomorrow"),
		shows(reason.TLSCertHostname, "", pki.WrongHost, "the certificate is for another name"),
		shows(reason.TLSCertHostname, "cn_only", pki.WrongCommonName, "the certificate has a common name alone, that of another host"),
		shows(reason.TLSCertCommonName, "", pki.CommonNameOnly, "the host is in the subject's common name alone"),
		shows(reason.TLSCertHostname, "wildcard", pki.ShallowWildcard, "a wildcard in the certificate is one label too short for the host"),
		shows(reason.TLSCertSelfSigned, "", pki.SelfSigned, "the certificate is signed by its own key"),
		shows(reason.TLSCertUntrusted, "", pki.UnknownRoot, "the chain leads to a root that is not trusted"),
		shows(reason.TLSCertIncompleteChain, "", pki.Incomplete, "the intermediate certificate is not sent"),
		shows(reason.TLSCertIncompleteChain, "wrong_issuer", pki.WrongIssuer, "another intermediate certificate of the same name is sent, as after a renewal"),
		shows(reason.TLSCertUsage, "", pki.ClientOnly, "the certificate is for client authentication only"),
		shows(reason.TLSCertUsage, "not_ca", pki.IssuerNotCA, "the certificate is signed by one that is no CA"),
		shows(reason.TLSCertUsage, "name_constraint", pki.ConstrainedIssuer, "the intermediate certificate may issue for other domains only"),
		shows(reason.TLSCertRevoked, "", pki.Revoked, "the stapled OCSP response says that the certificate is revoked"),
		shows(reason.TLSCertMalformed, "", pki.BrokenSignature, "a bit of the certificate's signature is flipped"),
		shows(reason.TLSCertMalformed, "der", pki.Unparseable, "the certificate is no certificate"),
		shows(reason.TLSCertKeyUsage, "", pki.NoSigning, "the certificate's key usage permits key agreement and no signatures"),
		shows(reason.TLSCertKeyID, "", pki.WrongKeyID, "the certificate's authority key identifier is that of another key"),
		shows(reason.TLSCertKeyID, "decoy", pki.Decoy, "another certificate with the name and the key identifier of the issuer is sent in front of it"),
		shows(reason.TLSStapleMissing, "", pki.MustStaple, "the certificate demands a stapled OCSP response, and none is sent"),
		shows(reason.TLSStapleInvalid, "", pki.StapledOld, "the stapled OCSP response says that all is well, and ended yesterday"),
		shows(reason.ProberCertUnsupported, "", pki.NameConstrained, "the intermediate certificate has constraints of registered ids, which the prober cannot check"),
		shows(reason.TLSWeakKey, "", pki.WeakRSA, "the certificate has an RSA key of 1024 bits"),
		shows(reason.TLSWeakKey, "intermediate", pki.WeakIntermediate, "the intermediate certificate has an RSA key of 1024 bits"),
		shows(reason.TLSWeakSignature, "", pki.SHA1, "the certificate is signed with SHA-1"),
	}
}

func versionFaults() []spec {
	old := []clienthello.Version{clienthello.TLS10, clienthello.TLS11}
	holed := []clienthello.Version{clienthello.TLS10, clienthello.TLS11, clienthello.TLS13}
	all := []clienthello.Version{clienthello.TLS10, clienthello.TLS11, clienthello.TLS12, clienthello.TLS13}
	needs12 := withTLSRule(catalog.TLS12, catalog.Required)
	return []spec{
		faultOf(reason.TLSVersion, "", "every ClientHello is answered with the fatal alert protocol_version", behaviour{hello: fatalAlert(70)}),
		faultOf(reason.TLSVersion, "sslv2_only", "only SSLv2 is spoken", behaviour{hello: onlySSLv2}),
		faultOf(reason.TLSVersion, "sslv3_only", "every ClientHello but those of SSLv2 is answered with a ServerHello of SSLv3", behaviour{hello: onlySSLv3}),
		faultOf(reason.TLSVersionOld, "", "only TLS 1.0 and 1.1 are spoken, and no document says otherwise", behaviour{versions: old}).at(noAPI()),
		faultOf(reason.TLSMalformed, "extension", "the ServerHello has the extension max_fragment_length, which nobody asked for", behaviour{hello: withExtensions(0xff, 1, 0, 1, 0, 0, 1, 0, 1, 1)}).at(noAPI()),
		faultOf(reason.TLSWeakRenegotiation, "", "only TLS 1.2 is spoken, as servers from before RFC 5746 do: without the extension renegotiation_info", behaviour{hello: withExtensions()}).at(noAPI()),
		faultOf(reason.TLSVersionAccepted, "", "SSLv3 is accepted besides TLS", behaviour{hello: alsoSSLv3}).at(withTLSRule(catalog.SSLv3, catalog.Refused)).needing(NeedVersions),
		faultOf(reason.TLSVersionAccepted, "sslv2", "SSLv2 is accepted besides TLS", behaviour{hello: alsoSSLv2}).at(withTLSRule(catalog.SSLv2, catalog.Refused)).needing(NeedVersions).breaking("KMS-TLS-01"),
		faultOf(reason.TLSVersionAccepted, "tls10", "TLS 1.0 and 1.1 are accepted whatever the date", behaviour{versions: all}).at(withTLSRule(catalog.TLS10, catalog.Refused)).needing(NeedLater).breaking("GAAP-TLS-03"),
		faultOf(reason.TLSVersionMissing, "", "TLS 1.2 is switched off; older versions and TLS 1.3 are on", behaviour{versions: holed}).at(needs12).needing(NeedVersions),
		faultOf(reason.TLSVersionMissing, "old_only", "only TLS 1.0 and 1.1 are spoken", behaviour{versions: old}).at(needs12).needing(NeedVersions),
		faultOf(reason.TLSVersionMissing, "tls10_only", "only TLS 1.0 is spoken", behaviour{versions: old[:1]}).at(needs12).needing(NeedVersions),
	}
}
