package limit

// What a server sends after the handshake.
const (
	XMLDepth      = 256 // elements inside each other
	XMLAttributes = 256 // of one element
)

func replies() []Limit {
	return []Limit{
		{Of: "depth of an XML reply", Value: XMLDepth, Unit: Count, Met: "the reply is not judged as the API's: unknown, with the limit named"},
		{Of: "attributes of one XML element", Value: XMLAttributes, Unit: Count, Met: "the same"},
	}
}
