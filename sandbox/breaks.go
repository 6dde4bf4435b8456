package sandbox

import "prober/probe/reason"

// requirementOf returns the requirement that faults of a reason are made to break; the lists
// name another with [spec.breaking] where one fault differs. It has no product before it:
// the fault breaks that of each product that it can be put on. Faults of web sites and those
// that say something about the client alone break none.
func requirementOf(r reason.Reason) string {
	switch r {
	case reason.ResolveHijacked:
		return "DNS-03"
	case reason.ResolveCNAMELoop, reason.ResolveCNAMEDangling, reason.ResolveCNAMETooLong:
		return "DNS-05"
	case reason.ResolveBogon:
		return "DNS-07"
	case reason.ResolveNotPrivate:
		return "KMS-DNS-08"
	case reason.TLSCertExpired, reason.TLSCertNotYetValid, reason.TLSCertHostname, reason.TLSCertSelfSigned, reason.TLSCertUntrusted,
		reason.TLSCertIncompleteChain, reason.TLSCertUsage, reason.TLSCertRevoked, reason.TLSCertMalformed,
		reason.TLSCertWildcard, reason.TLSCertCommonName, reason.TLSCertKeyUsage, reason.TLSCertKeyID, reason.TLSStapleMissing, reason.TLSStapleInvalid:
		return "TLS-07"
	case reason.TLSWeakKey, reason.TLSWeakSignature, reason.TLSWeakCipher:
		return "TLS-08"
	case reason.TLSVersionAccepted:
		return "KMS-TLS-02"
	case reason.TLSVersionMissing:
		return "TLS-05"
	case reason.HeadersTooLarge, reason.HeadersTooManyInformational, reason.HeadersBadStatus, reason.HeadersMalformed,
		reason.HeadersBareLF, reason.HeadersBadLength, reason.HeadersConflictingLength, reason.HeadersProtocol,
		reason.BodyTruncated, reason.BodyTooLarge, reason.BodyBadEncoding, reason.BodyBadChunking,
		reason.VerifySurplusBytes, reason.VerifySmugglingAmbiguous, reason.VerifyLaxSyntax:
		return "PROTO-03"
	case reason.VerifyCharset, reason.VerifyBOM:
		return "CHARSET-02"
	case reason.VerifyInvalidUTF8:
		return "CHARSET-01"
	case reason.VerifyMangledText:
		return "CHARSET-05"
	case reason.VerifyRequestID:
		return "PROTO-15"
	case reason.VerifyPlainHTTPServed:
		return "PROTO-02"
	case reason.VerifyUnexpectedStatus, reason.VerifyHeaderMismatch, reason.VerifyContentType, reason.VerifyBodyMismatch, reason.VerifyBodySize,
		reason.VerifyJSONMismatch, reason.VerifyUnexpectedBytes, reason.VerifyUnexpectedRCode, reason.VerifyUnexpectedRecords, reason.VerifySlow, reason.TLSCertEndsSoon, reason.TLSVersionLow: // what healthy means is for a list to say
		return ""
	case reason.VerifyBadStatus, reason.TLSVersionOld, reason.TLSWeakRenegotiation:
		return ""
	}
	switch r.Phase() {
	case reason.Resolve:
		return "DNS-01"
	case reason.Connect, reason.TLS:
		return "TLS-12"
	case reason.Prober:
		return ""
	}
	return "PROTO-01"
}
