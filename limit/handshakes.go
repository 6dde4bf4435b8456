package limit

// What a server sends until the handshake is over.
const (
	ChainSignatures    = 100       // of one chain; crypto/x509 bounds each of its searches so
	ChainPathBytes     = 4 << 20   // certificates along all paths that one search may find
	SignatureKeyBits   = 16 << 10  // of an RSA key; OpenSSL has the same bound
	StapleBytes        = 64 << 10  // a stapled OCSP response
	HeavyStaple        = 4 << 10   // a stapled OCSP response that is read without a turn
	StapleSigners      = 8         // certificates that one brings along
	NameBytes          = 512       // one name or text of a certificate, as shown and kept
	NamesListed        = 100       // subjectAltNames of one certificate
	CertificatesListed = 32        // of one chain, as shown and kept
	CertificateMessage = 256 << 10 // the bound of crypto/tls
	OthersCertificates = 100 << 10 // that of OpenSSL and BoringSSL; GnuTLS has 128 KiB, and Java 32 for any message
	AnswerRecords      = 64        // of the answer to a hello of the prober's own making
	AnswerBytes        = 64 << 10  // of the same
	RecordBytes        = 18432     // 2^14 and 2048 of compression and encryption (RFC 5246, section 6.2.3)
	ServerHelloBytes   = 16 << 10  // far above any real one; its length field allows 16 MiB
	HeavyHandshake     = 32 << 10  // what a server may send before its handshake waits for a turn
	HeavyChain         = 8         // certificates of a chain that is judged without a turn
)

// UnusableTold counts certificates in a file of authorities.
const UnusableTold = 10

// What is kept of certificates between probes.
const (
	CertificatesKeptBytes  = 32 << 20
	VerdictsKeptBytes      = 32 << 20
	IntermediatesKeptBytes = 8 << 20
	HostsPaced             = 1024
)

func handshakes() []Limit {
	const (
		unverified = "the chain is not verified: prober/cert_unsupported with the limit named, or what was found before"
		oldest     = "what was used longest ago is forgotten, and worked out again when it comes back"
		back       = "what comes once is not kept; " + oldest
	)
	return []Limit{
		{Of: "signatures checked to see who signed whom in one chain, and again along its paths", Value: ChainSignatures, Met: unverified},
		{Of: "certificates along all the paths of one search, in total", Value: ChainPathBytes, Unit: Bytes, Met: unverified},
		{Of: "bits of an RSA key that a signature in a chain is checked with", Value: SignatureKeyBits, Met: "the signature is not checked: prober/cert_unsupported"},
		{Of: "a stapled OCSP response", Value: StapleBytes, Unit: Bytes, Met: "it is not read: prober/cert_unsupported"},
		{Of: "certificates that a stapled OCSP response brings along", Value: StapleSigners, Met: "the others are taken for none of its signers"},
		{Of: "a stapled OCSP response that is read without a turn", Value: HeavyStaple, Unit: Bytes, Met: "it waits for one of a few turns, within its timeout"},
		{Of: "a name in a certificate, as shown and kept", Value: NameBytes, Unit: Bytes, Met: "it is cut, with its true length"},
		{Of: "subjectAltNames of one certificate, as shown and kept", Value: NamesListed, Met: "the others are counted; all are judged"},
		{Of: "certificates of one chain, as shown and kept", Value: CertificatesListed, Met: "the others are counted; all are judged"},
		{Of: "the Certificate message of a handshake", Value: CertificateMessage, Unit: Bytes, Met: "no handshake is made: tls/cert_malformed"},
		{Of: "the Certificate message of a handshake that OpenSSL reads", Value: OthersCertificates, Unit: Bytes, Met: "tls/cert_malformed: curl and most other clients make no handshake"},
		{Of: "records of an answer to one hello of the version table", Value: AnswerRecords, Met: "the version is inconclusive"},
		{Of: "an answer to one hello of the version table", Value: AnswerBytes, Unit: Bytes, Met: "the same"},
		{Of: "one TLS record of such an answer", Value: RecordBytes, Unit: Bytes, Met: "the answer is no TLS, as RFC 5246, section 6.2.3, has it"},
		{Of: "the ServerHello in such an answer", Value: ServerHelloBytes, Unit: Bytes, Met: "the same"},
		{Of: "a handshake that is worked at without a turn: what came so far", Value: HeavyHandshake, Unit: Bytes, Met: "it waits for one of a few turns, within its timeout"},
		{Of: "certificates of a chain that is judged without a turn", Value: HeavyChain, Met: "the same"},
		{Of: "certificates in --ca-file that cannot be used, as told", Value: UnusableTold, Met: "the others are counted"},
		{Of: "facts of certificates kept between probes", Value: CertificatesKeptBytes, Unit: Bytes, Met: back},
		{Of: "verdicts on chains kept between probes", Value: VerdictsKeptBytes, Unit: Bytes, Met: back},
		{Of: "hosts whose pace is kept beyond those that were just asked", Value: HostsPaced, Met: "those that have rested are forgotten, which changes nothing for them"},
		{Of: "intermediate certificates kept to tell an incomplete chain by", Value: IntermediatesKeptBytes, Unit: Bytes, Met: oldest},
	}
}
