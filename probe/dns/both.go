package dns

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"prober/probe/reason"
)

// both asks for A and AAAA. The first resolver gets both questions from one socket, as the resolvers
// of C libraries do, which saves every probe a socket. What it takes beyond the first answer each
// family does by itself, and neither waits for the other.
func (c *Client) both(ctx context.Context, resolvers []netip.AddrPort, host string, start time.Time) []family {
	types := Both.types()
	questions := make([]*question, len(types))
	exchanges := make([]*exchange, len(types)) // nil: the question cannot be asked
	asked := make([]*exchange, 0, len(types))
	for i, t := range types {
		questions[i] = c.question(ctx, resolvers[0], host, t, isASCII)
		if questions[i].answer.Reason != reason.None {
			continue
		}
		if e, ok := questions[i].exchange(true); ok {
			exchanges[i], asked = e, append(asked, e)
		}
	}
	families := make([]family, len(types))
	complete := func(i int, ignoresEDNS bool) {
		first := questions[i].finish(start, func() time.Time {
			if exchanges[i] == nil {
				return c.now()
			}
			return questions[i].conclude(ctx, exchanges[i], ignoresEDNS)
		})
		families[i] = c.family(ctx, resolvers, host, types[i], &first)
	}
	var early sync.WaitGroup
	ignoresEDNS := false
	if len(asked) > 0 {
		last := c.udp(ctx, asked, func(e *exchange) {
			ignoresEDNS = e.showsNoEDNS()
			early.Go(func() { complete(slices.Index(exchanges, e), false) })
		})
		complete(slices.Index(exchanges, last), ignoresEDNS)
	}
	for i, e := range exchanges {
		if e == nil {
			complete(i, false)
		}
	}
	early.Wait()
	return families
}
