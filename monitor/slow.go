package monitor

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// slowLook is one of the things that are looked at about once an hour, in a turn that looks deeper:
// they cost connections and questions that not every probe is worth. It is the label of
// prober_slow_look_oldest_timestamp_seconds.
type slowLook uint8

const (
	lookVersions     slowLook = iota // the table of TLS versions
	lookCertificates                 // a second certificate, with the other kind of key
	lookResolvers                    // every resolver, where there are several
	numSlowLooks
)

func (l slowLook) String() string {
	return [numSlowLooks]string{"tls_versions", "certificates", "resolvers"}[l]
}

// slowTurns is at every how many turns an endpoint is looked at deeper.
func slowTurns(interval time.Duration) int { return int(max(limit.SlowLook/interval, 1)) }

// slowFacts are what the last deeper looks at an endpoint found.
type slowFacts struct {
	looked [numSlowLooks]instant // 0: not yet
	found  *slowFound            // nil: nothing, as of most
}

// slowFound is what few endpoints have.
type slowFound struct {
	other     *otherCertificate     // nil: none was found
	resolvers []view.ResolverStatus // nil: there is one resolver
}

func (f *slowFacts) other() *otherCertificate {
	if f.found == nil {
		return nil
	}
	return f.found.other
}

func (f *slowFacts) resolvers() []view.ResolverStatus {
	if f.found == nil {
		return nil
	}
	return f.found.resolvers
}

// keep makes this what was found.
func (f *slowFacts) keep(other *otherCertificate, resolvers []view.ResolverStatus) {
	f.found = nil
	if other != nil || resolvers != nil {
		f.found = &slowFound{other, resolvers}
	}
}

// otherCertificate is the second certificate of a server.
type otherCertificate struct {
	view.CertificateStatus
	beside string // the SHA-256 of the first one, which was shown in the same turn
}

// note takes in what a result says that only a deeper look does. One that could not look leaves
// what was found before.
func (f *slowFacts) note(o *probe.Observation, deep bool) {
	at := instantOf(o.Started)
	if versionVotesOf(o) != (versionVotes{}) {
		f.looked[lookVersions] = at
	}
	if len(o.Resolvers) > 0 && o.DNS != nil {
		f.looked[lookResolvers] = at
		all := []view.ResolverStatus{firstVerdict(o)}
		for _, v := range o.Resolvers {
			all = append(all, verdict(v.Resolver, v.Outcome, v.Reason, v.Detail))
		}
		f.keep(f.other(), all)
	}
	if first, seen := certificateOf(o); deep && seen {
		f.looked[lookCertificates] = at
		f.keep(otherCertificateOf(o, first.SHA256), f.resolvers())
	}
}

// outdated says that the first certificate is another one than stood beside the second: whoever has renewed one has renewed both, as
// a rule. A server that changes it all the time is looked at no more often than is worth it.
func (f *slowFacts) outdated(first *view.CertificateStatus) bool {
	other := f.other()
	return other != nil && first.SHA256 != other.beside && first.Seen.Sub(f.looked[lookCertificates].time()) >= limit.SlowLook/renewedShare
}

// renewedShare is what part of the time between two slow looks is the least between them.
const renewedShare = 12

// verdict is what one resolver makes of a name.
func verdict(resolver netip.AddrPort, o reason.Outcome, r reason.Reason, detail string) view.ResolverStatus {
	return view.ResolverStatus{Resolver: resolver, Outcome: o, Words: r.Words(), Detail: phrase.Clean(detail)}
}

// firstVerdict is what the first resolver makes of the name. Where the lookup goes by another one, it
// could tell nothing from the first, and says why in its answer.
func firstVerdict(o *probe.Observation) view.ResolverStatus {
	first := cmp.Or(firstAsked(o), o.DNS.Resolver)
	if by := o.DNS.Resolver; by == first || !by.IsValid() {
		return verdict(first, o.DNS.Outcome, o.DNS.Reason, o.DNS.Detail)
	}
	v := verdict(first, reason.Unknown, reason.ProberResolverUnavailable, "it gave no answer that could be relied upon")
	for _, q := range o.DNS.Queries {
		if q.Resolver == first && q.Reason != reason.None {
			v.Words, v.Detail = q.Reason.Words(), phrase.Clean(q.Detail)
			break
		}
	}
	return v
}

// toldNothing says that every resolver was asked and nothing could be told by any of them.
func toldNothing(o *probe.Observation) bool {
	return len(o.Resolvers) > 0 && o.DNS != nil && o.DNS.Outcome == reason.Unknown &&
		!slices.ContainsFunc(o.Resolvers, func(v probe.ResolverVerdict) bool { return v.Outcome != reason.Unknown })
}

// firstAsked is the first resolver that was asked; the zero value where none was.
func firstAsked(o *probe.Observation) netip.AddrPort {
	if asked := o.Asked(); len(asked) > 0 {
		return asked[0]
	}
	return netip.AddrPort{}
}

// otherCertificateOf reads the second certificates of every address, beside a first one; nil where none has one.
func otherCertificateOf(o *probe.Observation, beside string) *otherCertificate {
	others := probe.Observation{Started: o.Started}
	for _, a := range o.Addresses {
		if a.TLS != nil && len(a.TLS.Other) > 0 {
			others.Addresses = append(others.Addresses, probe.AddressResult{TLS: &probe.TLSFacts{Certificates: a.TLS.Other}})
		}
	}
	if c, seen := certificateOf(&others); seen {
		return &otherCertificate{c, beside}
	}
	return nil
}

// worstOf adds the dates of the second certificate: an end that is near is as near for the clients that
// are shown that one.
func worstOf(c view.CertificateStatus, other *otherCertificate) view.CertificateStatus {
	if other == nil {
		return c
	}
	c.ChainNotAfter = earlier(c.ChainNotAfter, other.ChainNotAfter)
	if other.NotAfter.Before(c.NotAfter) {
		c.NotAfter, c.SHA256, c.Subject, c.Issuer = other.NotAfter, other.SHA256, other.Subject, other.Issuer
	}
	if other.NotBefore.After(c.NotBefore) {
		c.NotBefore = other.NotBefore
	}
	return c
}

// soften makes what only a deeper look finds a defect: a state must not change once an hour because of how
// it was looked at.
func soften(o *probe.Observation) {
	failing := false
	for i := range o.Addresses {
		a := &o.Addresses[i]
		if a.Outcome == reason.Fail && a.AboutOther() {
			a.Outcome = reason.Degraded
		}
		failing = failing || a.Outcome == reason.Fail
	}
	if o.Outcome == reason.Fail && len(o.Addresses) > 0 && !failing {
		o.Outcome = reason.Degraded
	}
}

// deepOnly says that only a deeper look finds what decided a result.
func deepOnly(o *probe.Observation) bool {
	switch o.Reason {
	case reason.None:
		return false
	case reason.TLSVersionAccepted, reason.TLSVersionMissing, reason.TLSVersionLow, reason.ResolveHijacked, reason.ProberResolversDisagree:
		return true
	}
	if v, disputed := o.Contradiction(); disputed && v.Reason == o.Reason && o.Outcome == reason.Degraded {
		return true
	}
	for i := range o.Addresses {
		if a := &o.Addresses[i]; a.Outcome != reason.OK && a.Reason == o.Reason {
			return a.AboutOther() // the first one decided
		}
	}
	return false
}

// nextSlowLook is about when an endpoint is looked at deeper next, to the second.
func (e *endpoint) nextSlowLook(now time.Time, interval time.Duration) time.Time {
	into := time.Duration(now.UnixNano() % int64(interval))
	wait := turnOffset(e.id, interval) - into
	if wait < 0 {
		wait += interval
	}
	return now.Add(wait + time.Duration(max(e.nextSlow-e.turns, 0))*interval).Truncate(time.Second)
}

// slowVitals are what the prober's own metrics show of the slow looks at all endpoints.
type slowVitals struct {
	oldest    [numSlowLooks]time.Time
	next      time.Time
	resolvers map[netip.AddrPort]*[view.NumOutcomes]int // endpoints by what a resolver made of their names
}

// add takes in one endpoint. The caller holds e.mu.
func (v *slowVitals) add(e *endpoint, now time.Time, interval time.Duration) {
	for l, at := range e.slow.looked {
		if at != 0 {
			v.oldest[l] = earlier(v.oldest[l], at.time())
		}
	}
	v.next = earlier(v.next, e.nextSlowLook(now, interval))
	for _, r := range e.slow.resolvers() {
		if v.resolvers == nil {
			v.resolvers = map[netip.AddrPort]*[view.NumOutcomes]int{}
		}
		if v.resolvers[r.Resolver] == nil {
			v.resolvers[r.Resolver] = &[view.NumOutcomes]int{}
		}
		v.resolvers[r.Resolver][r.Outcome]++
	}
}
