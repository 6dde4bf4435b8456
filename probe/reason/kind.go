package reason

// Kind says what sort of thing is wrong. Each reason is of one kind.
type Kind uint8

// The kinds.
const (
	// NoKind: nothing was found.
	NoKind Kind = iota
	// Naming: the name does not lead to where the endpoint is.
	Naming
	// Connection: no connection, or no handshake, comes about.
	Connection
	// Certificate: clients refuse the certificate.
	Certificate
	// Strength: keys, signatures and protocol versions are weaker, or other, than they should be.
	Strength
	// Interruption: the exchange breaks off.
	Interruption
	// Framing: the reply is none of HTTP/1.1.
	Framing
	// Content: a whole reply says what it should not.
	Content
	// Ours: the prober or its vantage point is in the way.
	Ours
)

var kindWords = [...]string{
	NoKind: "", Naming: "naming", Connection: "connection", Certificate: "certificate", Strength: "strength",
	Interruption: "interruption", Framing: "framing", Content: "content", Ours: "ours",
}

// String returns the word used in documentation; empty for NoKind.
func (k Kind) String() string { return word(kindWords[:], k) }

// Tool is what shows a finding to somebody who does not trust the prober.
type Tool uint8

// The tools.
const (
	// NoTool: nothing outside this process shows it.
	NoTool Tool = iota
	// Dig asks a resolver.
	Dig
	// OpenSSL makes a handshake.
	OpenSSL
	// Curl connects, or sends a request.
	Curl
	// RawBytes sends a request as it is and shows the reply's bytes: curl mends some replies,
	// and refuses to show others.
	RawBytes
	// Ping asks for a route to an address.
	Ping
	// ProberItself is a command of the prober's own, for what common tools cannot show.
	ProberItself
)

var toolWords = [...]string{
	NoTool: "", Dig: "dig", OpenSSL: "openssl", Curl: "curl", RawBytes: "raw bytes", Ping: "ping", ProberItself: "prober",
}

// String returns the word used in documentation; empty for NoTool.
func (t Tool) String() string { return word(toolWords[:], t) }

// OfKind returns every reason of a kind, in the order of the phases.
func OfKind(k Kind) []Reason {
	var list []Reason
	for _, r := range All() {
		if r.Kind() == k {
			list = append(list, r)
		}
	}
	return list
}
