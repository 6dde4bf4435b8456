package limit

import "time"

// What a resolver sends.
const (
	Strays           = 1000                   // packets that are waited out for one question: an ordinary network has none, and more is somebody trying ids
	StrayBytes       = 256 << 10              // over TCP, where nobody but the resolver sends them
	CNAMELinks       = 12                     // that are followed from one answer to the next; as many as there are within one
	ExtendedErrors   = 4                      // of one answer (RFC 8914): a resolver gives one or two
	ExtraText        = 200                    // of one of them
	Addresses        = 16                     // of one name that are probed
	ControlsKept     = 10 * time.Second       // answers to control questions; older ones say nothing of now
	ControlsFresh    = 250 * time.Millisecond // before a lookup, of answers that show a resolver to be broken
	ControlZones     = 3                      // zones of the list that control names are taken from
	ControlNames     = 2                      // hosts of one of them
	ControlEntries   = 64                     // resolvers and zones that answers are kept of
	ControlAddresses = 4                      // of a control NAME:PORT, tried one after another
	AgainShare       = 4                      // of the timeout, for a resolver that was silent about a name to answer about it after all
	ControlMoment    = 50 * time.Millisecond  // for which a control's connection is watched
	HostsFile        = 1 << 20                // of the hosts file
	ResolvConf       = 1 << 20                // of the list of resolvers
)

func answers() []Limit {
	return []Limit{
		{Of: "packets that do not answer a question", Value: Strays, Unit: Count, Met: "the question is given up: resolve/mismatch, with their number"},
		{Of: "what comes on a connection on which one question is asked over TCP, such packets among it", Value: StrayBytes, Unit: Bytes, Met: "the question is given up: resolve/truncated"},
		{Of: "CNAME links that are followed from one answer to the next", Value: CNAMELinks, Unit: Count, Met: "resolve/cname_too_long: no client follows what its resolver leaves open"},
		{Of: "extended errors of an answer", Value: ExtendedErrors, Unit: Count, Met: "the others are not shown"},
		{Of: "text of an extended error", Value: ExtraText, Unit: Bytes, Met: "it is cut"},
		{Of: "addresses of a name that are probed", Value: Addresses, Unit: Count, Met: "the others are only looked at; the detail says how many were probed"},
		{Of: "age of answers to control questions", Value: int64(ControlsKept / time.Second), Unit: Seconds, Met: "they are let go; one lookup may take longer, and goes by what was asked in it"},
		{Of: "age of such answers when a lookup begins, in milliseconds", Value: ControlsFresh.Milliseconds(), Unit: Count, Met: "the same; and if they show that the resolver is in order, whenever they were asked before the lookup"},
		{Of: "zones of the list that control names are taken from", Value: ControlZones, Unit: Count, Met: "names of further zones are no controls"},
		{Of: "hosts of one of these zones that are control names", Value: ControlNames, Unit: Count, Met: "other hosts are no controls; those that were last answered well come first"},
		{Of: "resolvers and zones that control answers are kept of", Value: ControlEntries, Unit: Count, Met: "no control is asked: what the resolver said stands"},
		{Of: "addresses of a control NAME:PORT that are tried", Value: ControlAddresses, Unit: Count, Met: "the others are not"},
		{Of: "part of the timeout that a resolver which was silent about a name has to answer about it after all, as a divisor", Value: AgainShare, Unit: Count, Met: "the control questions decide what its silence shows"},
		{Of: "time for which a connection to a control NAME:PORT is watched, in milliseconds", Value: ControlMoment.Milliseconds(), Unit: Count, Met: "it lasts"},
		{Of: "hosts file that is looked at for a word about it", Value: HostsFile, Unit: Bytes, Met: "what stands behind is not seen"},
		{Of: "list of resolvers of this machine, resolv.conf", Value: ResolvConf, Unit: Bytes, Met: "what stands behind is not seen"},
	}
}
