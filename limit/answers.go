package limit

import "time"

// What a resolver sends.
const (
	Strays           = 1000             // packets that are waited out for one question: an ordinary network has none, and more is somebody trying ids
	ControlsKept     = 10 * time.Second // answers to control questions; older ones say nothing of now
	ControlZones     = 3                // zones of the list that control names are taken from
	ControlEntries   = 64               // resolvers and zones that answers are kept of
	ControlAddresses = 4                // of a control NAME:PORT, tried one after another
	HostsFile        = 1 << 20          // of the hosts file
)

func answers() []Limit {
	return []Limit{
		{Of: "packets that do not answer a question", Value: Strays, Unit: Count, Met: "the question is given up: resolve/mismatch, with their number"},
		{Of: "age of answers to control questions", Value: int64(ControlsKept / time.Second), Unit: Seconds, Met: "they are asked again"},
		{Of: "zones of the list that control names are taken from", Value: ControlZones, Unit: Count, Met: "names of further zones are no controls"},
		{Of: "resolvers and zones that control answers are kept of", Value: ControlEntries, Unit: Count, Met: "no control is asked: what the resolver said stands"},
		{Of: "addresses of a control NAME:PORT that are tried", Value: ControlAddresses, Unit: Count, Met: "the others are not"},
		{Of: "hosts file that is looked at for a word about it", Value: HostsFile, Unit: Bytes, Met: "what stands behind is not seen"},
	}
}
