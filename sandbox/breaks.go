package sandbox

import (
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe/reason"
)

// requirementOf returns the requirement that a fault is made to break, by its reason and,
// where faults of one reason differ in that, by its name. It has no product before it: the
// fault breaks that of each product that it can be put on. Faults that say something about
// the client alone break none.
func requirementOf(f Fault) string {
	switch {
	case f.Reason == reason.ResolveNXDomain && strings.HasSuffix(f.Name, "_second_resolver"):
		return "DNS-04"
	case f.Reason.Phase() == reason.Resolve && strings.HasSuffix(f.Name, "_aaaa"):
		return "DNS-02"
	case f.Name == "version_accepted_sslv2":
		return "KMS-TLS-01"
	case f.Name == "version_accepted_tls10":
		return "GAAP-TLS-03"
	case len(f.Products) == 0:
		return ""
	}
	switch f.Reason {
	case reason.ResolveHijacked:
		return "DNS-03"
	case reason.ResolveCNAMELoop, reason.ResolveCNAMEDangling, reason.ResolveCNAMETooLong:
		return "DNS-05"
	case reason.ResolveBogon:
		if slices.Contains(f.Networks, catalog.VPC) {
			return "KMS-DNS-08"
		}
		return "DNS-07"
	case reason.ResolveNotPrivate:
		return "KMS-DNS-08"
	case reason.TLSCertExpired, reason.TLSCertNotYetValid, reason.TLSCertHostname, reason.TLSCertSelfSigned, reason.TLSCertUntrusted,
		reason.TLSCertIncompleteChain, reason.TLSCertUsage, reason.TLSCertRevoked, reason.TLSCertMalformed:
		return "TLS-07"
	case reason.TLSWeakKey, reason.TLSWeakSignature:
		return "TLS-08"
	case reason.TLSVersionAccepted:
		return "KMS-TLS-02"
	case reason.TLSVersionMissing:
		return "TLS-05"
	case reason.HeadersTooLarge, reason.HeadersTooManyInformational, reason.HeadersBadStatus, reason.HeadersMalformed,
		reason.HeadersBareLF, reason.HeadersBadLength, reason.HeadersConflictingLength, reason.HeadersProtocol,
		reason.BodyTruncated, reason.BodyTooLarge, reason.BodyBadEncoding, reason.BodyBadChunking,
		reason.VerifySurplusBytes, reason.VerifySmugglingAmbiguous:
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
	}
	switch f.Reason.Phase() {
	case reason.Resolve:
		return "DNS-01"
	case reason.Connect, reason.TLS:
		return "TLS-12"
	case reason.Prober:
		return ""
	}
	return "PROTO-01"
}
