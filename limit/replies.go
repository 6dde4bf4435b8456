package limit

// What a server sends after the handshake.
const (
	HeaderBytes     = 256 << 10 // of all header sections of a reply, and once more of its trailers
	HeaderFields    = 5000
	Informational   = 100
	ReplyBytes      = 9 << 20 // of a body, to see it end
	BodyBytes       = 1 << 20 // of a body, as sent and as decoded
	QuestionBytes   = 1 << 20 // of a body, to see it end, where the suites ask
	UnsignedBytes   = 64 << 10
	BodyPieces      = 32 << 10 // each read of its own
	MessagesBeside  = 16       // crypto/tls's own bound: tickets, new keys and empty records with no content between them
	Renegotiations  = 1        // crypto/tls makes one, or any number
	RecordsBeside   = 8 << 20  // what TLS needs for header sections in records of one byte
	ContentCodings  = 3
	GzipMembers     = 100
	ChunkExtensions = 4 << 10
	SurplusBytes    = 256
	EvidenceBytes   = 4 << 10
	SearchedBytes   = 64 << 10
	XMLDepth        = 64 // elements inside each other
	XMLElements     = 10_000
	XMLAttributes   = 64 // of one element
	JSONDepth       = 64 // objects and arrays inside each other
	JSONMembers     = 10_000
	DetailBytes     = 1000
	FactBytes       = 1000
	HealthBytes     = 4 << 10
)

func replies() []Limit {
	const unjudged = "the reply is not judged: unknown, with the limit named; where its status is all that counts, that is judged"
	return []Limit{
		{Of: "header sections of a reply", Value: HeaderBytes, Unit: Bytes, Met: "headers/too_large: it is what browsers read"},
		{Of: "header fields of a reply", Value: HeaderFields, Unit: Count, Met: unjudged},
		{Of: "1xx replies before the final one", Value: Informational, Unit: Count, Met: "headers/too_many_informational: no end is in sight"},
		{Of: "body that is read to see its end", Value: ReplyBytes, Unit: Bytes, Met: "body/too_large if no length was announced; of a larger length that was, nothing is read: unknown, with the limit named"},
		{Of: "body that is read to see its end, framing included, of the reply to a question of the suites", Value: QuestionBytes, Unit: Bytes, Met: unjudged},
		{Of: "body that is kept, as sent and again as decoded", Value: BodyBytes, Unit: Bytes, Met: unjudged},
		{Of: "reply to an unsigned call of an API, as sent and again as decoded", Value: UnsignedBytes, Unit: Bytes, Met: unjudged + "; a web page is told by its beginning all the same"},
		{Of: "pieces in which a body comes: segments, or records of TLS", Value: BodyPieces, Unit: Count, Met: unjudged},
		{Of: "bytes of TLS that come with a reply beside its content: of records, and messages of the handshake after it", Value: RecordsBeside, Unit: Bytes, Met: unjudged},
		{Of: "messages of the handshake that come after it without content between them: tickets, new keys; and records with nothing in them", Value: MessagesBeside, Unit: Count, Met: unjudged},
		{Of: "renegotiations that a server asks for, once it has the request", Value: Renegotiations, Unit: Count, Met: unjudged},
		{Of: "content codings on top of each other", Value: ContentCodings, Unit: Count, Met: unjudged},
		{Of: "members of a gzip body", Value: GzipMembers, Unit: Count, Met: unjudged},
		{Of: "chunk extensions of a body", Value: ChunkExtensions, Unit: Bytes, Met: unjudged},
		{Of: "bytes behind the end of a reply", Value: SurplusBytes, Unit: Bytes, Met: "no more of them are kept, and the finding says so"},
		{Of: "evidence of a question of the suites, each way", Value: EvidenceBytes, Unit: Bytes, Met: "its beginning is kept, and its true size"},
		{Of: "body that is searched for secrets before its coded form is shown", Value: SearchedBytes, Unit: Bytes, Met: "the coded form is not shown, only what it decodes to"},
		{Of: "elements of an XML reply inside each other", Value: XMLDepth, Unit: Count, Met: unjudged},
		{Of: "elements of an XML reply", Value: XMLElements, Unit: Count, Met: unjudged},
		{Of: "attributes of one XML element", Value: XMLAttributes, Unit: Count, Met: unjudged},
		{Of: "objects and arrays of a JSON reply inside each other", Value: JSONDepth, Unit: Count, Met: unjudged},
		{Of: "members of a JSON reply", Value: JSONMembers, Unit: Count, Met: unjudged},
		{Of: "reply that `prober health` reads, and the password that it gives", Value: HealthBytes, Unit: Bytes, Met: "no more of the reply is read; a longer password is refused"},
		{Of: "text of one finding", Value: DetailBytes, Unit: Bytes, Met: "it is cut, with … at its end"},
		{Of: "each text of a reply that is kept as a fact", Value: FactBytes, Unit: Bytes, Met: "the same"},
	}
}
