package certs

import (
	"crypto/sha256"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// verdicts keeps those on chains. The certificates of their paths are kept once each, however many
// names are judged by them: a company's endpoints share a few, or at least their issuers. The zero value
// is ready; it is safe for concurrent use.
type verdicts struct {
	sights sights
	kept   kept[[sha256.Size]byte, keptVerdict]
	shared map[string]*sharedCertificate // by digest; with the lock of kept
}

// keptVerdict is a Verdict in a third of its memory.
type keptVerdict struct {
	findings    []reason.Finding
	path        []*sharedCertificate
	from, until int64 // in nanoseconds since 1970
}

// sharedCertificate is a certificate of so many kept paths.
type sharedCertificate struct {
	facts Certificate
	paths int
}

// get returns the verdict that is kept under a key, if it holds at a time.
func (k *verdicts) get(key [sha256.Size]byte, now time.Time) (v Verdict, ok bool) {
	x, ok := k.kept.get(key)
	if at := nanoseconds(now); !ok || at < x.from || at >= x.until {
		return Verdict{}, false
	}
	v.Findings = x.findings
	if x.path != nil {
		v.Path = make([]Certificate, len(x.path))
	}
	for i, c := range x.path {
		v.Path[i] = c.facts
		v.Path[i].Position = i
	}
	return v, true
}

// put keeps a verdict.
func (k *verdicts) put(key [sha256.Size]byte, v *Verdict) {
	k.kept.mu.Lock()
	defer k.kept.mu.Unlock()
	if k.shared == nil {
		k.shared = map[string]*sharedCertificate{}
		k.kept.dropped = k.unshare
	}
	x := keptVerdict{findings: v.Findings, from: nanoseconds(v.from), until: nanoseconds(v.until)}
	bytes := 0
	for _, f := range v.Findings {
		bytes += 64 + len(f.Detail)
	}
	if v.Path != nil {
		x.path = make([]*sharedCertificate, len(v.Path))
	}
	for i, c := range v.Path {
		bytes += 8
		x.path[i] = k.shared[c.SHA256]
		if x.path[i] == nil {
			x.path[i] = &sharedCertificate{facts: c}
			k.shared[c.SHA256] = x.path[i]
			k.kept.bytes += x.path[i].bytes()
		}
		x.path[i].paths++
	}
	k.kept.add(key, x, bytes, limit.VerdictsKeptBytes)
}

// unshare lets go of what only that verdict has, and returns how many bytes that is.
func (k *verdicts) unshare(x keptVerdict) (bytes int) {
	for _, c := range x.path {
		if c.paths--; c.paths == 0 {
			delete(k.shared, c.facts.SHA256)
			bytes += c.bytes()
		}
	}
	return bytes
}

func (c *sharedCertificate) bytes() int { return entryBytes + c.facts.bytes() }

// nanoseconds is t since 1970, held within what 64 bits can say: the years 1678 to 2262.
func nanoseconds(t time.Time) int64 {
	const least, most = -1 << 63, 1<<63 - 1
	switch {
	case t.Before(time.Unix(0, least)):
		return least
	case t.After(time.Unix(0, most)):
		return most
	}
	return t.UnixNano()
}
