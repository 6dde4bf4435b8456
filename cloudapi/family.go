package cloudapi

// Family is a family of request and reply formats.
type Family uint8

// The families.
const (
	// Alibaba is Alibaba Cloud's RPC style: parameters in the query or a form body,
	// errors with a 4xx or 5xx status, JSON or XML.
	Alibaba Family = iota + 1
	// Tencent is Tencent Cloud API 3.0: JSON replies, errors with status 200.
	Tencent
)

// String returns the family's name as the catalogue writes it.
func (f Family) String() string {
	switch f {
	case Alibaba:
		return "alibaba-rpc"
	case Tencent:
		return "tencent-3"
	}
	return "unknown API family"
}

// Format is the notation of a reply.
type Format uint8

// The formats. The zero value is JSON.
const (
	JSON Format = iota
	XML
)

// String returns the value of Alibaba's Format parameter.
func (f Format) String() string {
	if f == XML {
		return "XML"
	}
	return "JSON"
}
