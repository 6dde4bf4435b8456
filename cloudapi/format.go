package cloudapi

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
