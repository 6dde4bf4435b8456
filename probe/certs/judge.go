package certs

import (
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"time"

	"prober/probe/reason"
)

// Verdict is what was found about one chain for one name. It holds within
// [from, until), in which no date that it depends on passes, and is worked out again
// outside.
type Verdict struct {
	Findings    []reason.Finding    // the most telling first; empty when all is well
	Path        []*x509.Certificate // the verified path, leaf to root; nil where none was found
	from, until time.Time
}

// Verified reports whether the chain leads to a trusted root. What keeps it from being
// told (no roots to compare with) is no yes.
func (v Verdict) Verified() bool {
	for _, f := range v.Findings {
		if f.Reason.Outcome() != reason.Degraded {
			return false
		}
	}
	return true
}

// Judge judges certificate chains. Chains rarely change, and judging one costs as
// much as a key exchange, so verdicts are kept, keyed by exactly what they depend on:
// the certificates, the stapled status and the name. The roots are the judge's own.
type Judge struct {
	Roots   *x509.CertPool // nil: the system's
	Anchors Anchors        // what is known of the roots one by one

	mu    sync.Mutex
	known map[[sha256.Size]byte]Verdict
	// intermediates seen in chains that verified: with them an incomplete chain can be
	// told from an unknown authority for certain.
	seen    *x509.CertPool
	seenSum map[[sha256.Size]byte]struct{} // what is in seen
}

const (
	maxKnownVerdicts     = 200_000 // about 20 MB
	maxSeenIntermediates = 1_000
)

// Judge returns what is wrong with the chain, which has at least one certificate, when
// host serves it at the given time. staple is the stapled OCSP response, if any.
func (j *Judge) Judge(chain []*x509.Certificate, staple []byte, host string, now time.Time) Verdict {
	key := chainKey(chain, staple, host)
	j.mu.Lock()
	v, ok := j.known[key]
	j.mu.Unlock()
	if ok && !now.Before(v.from) && now.Before(v.until) {
		return v
	}
	v = j.workOut(chain, staple, host, now)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.known == nil || len(j.known) >= maxKnownVerdicts {
		j.known = map[[sha256.Size]byte]Verdict{}
	}
	j.known[key] = v
	return v
}

func chainKey(chain []*x509.Certificate, staple []byte, host string) (key [sha256.Size]byte) {
	h := sha256.New()
	var size [8]byte // in front of each part, so that no two lists of parts read alike
	add := func(part []byte) {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write(part)
	}
	for _, c := range chain {
		add(c.Raw)
	}
	add(staple)
	add([]byte(host))
	h.Sum(key[:0])
	return key
}

// workOut lists everything that is wrong, the most telling first: a certificate that
// nobody vouches for says little by its dates.
func (j *Judge) workOut(chain []*x509.Certificate, staple []byte, host string, now time.Time) Verdict {
	leaf, v := chain[0], Verdict{}
	sent, excused := excuse(chain)
	path, usage, err := j.find(sent, now)
	line := path // what is looked at: the path to a root, else as far as one was sent
	if path == nil {
		l := j.lineOf(sent, now)
		line = l.certs
		if weakSigned(line) == nil { // crypto/x509 builds no path through a weak signature
			if _, e := j.verify(sent, x509.NewCertPool(), insideDates(line, now), x509.ExtKeyUsageServerAuth); e != nil {
				err = e
			}
			v.add(j.trustFinding(l, err, now))
		}
	} else if usage != nil {
		v.add(usageFinding(path, usage))
	}
	if path != nil && usage == nil {
		v.add(anyUsageFinding(path))
		v.add(keyIDFinding(path))
	}
	if dates := dateFinding(line, now); len(v.Findings) == 0 || v.Findings[0].Reason != dates.Reason {
		v.add(dates)
	}
	for _, c := range line {
		if what := excused[string(c.Raw)]; what != "" {
			v.add(unsupported("%s has critical %s that this program cannot verify, others can", shortName(c), what))
		}
	}
	if leaf.VerifyHostname(host) != nil {
		v.add(hostnameFinding(leaf, host))
	} else {
		v.add(wildcardFinding(leaf, host))
	}
	if weak := weakSigned(line); weak != nil {
		v.add(reason.TLSWeakSignature.Found(fmt.Sprintf("%s is signed with %s", shortName(weak), weak.SignatureAlgorithm)))
	}
	revoked, edges := stapleFinding(staple, leaf, issuerOf(line), now)
	v.add(revoked)
	v.add(weakKeyFinding(line))
	v.from, v.until = window(append(append(edges, edgesOf(chain)...), edgesOf(path)...), now)
	if v.Verified() {
		v.Path = path
		j.remember(path)
	}
	return v
}

// find returns a path to a root: one that holds now or, where there is none, at the time
// nearest to now that the dates of the certificates name. usage is what keeps it from being
// used for server authentication; err says why there is no path, now.
func (j *Judge) find(sent []*x509.Certificate, now time.Time) (path []*x509.Certificate, usage, err error) {
	path, err = j.verify(sent, x509.NewCertPool(), now, x509.ExtKeyUsageServerAuth)
	if err == nil {
		return path, nil, nil
	}
	for _, at := range j.instants(sent, now) {
		if path, e := j.verify(sent, x509.NewCertPool(), at, x509.ExtKeyUsageAny); e == nil {
			_, usage = j.verify(sent, x509.NewCertPool(), at, x509.ExtKeyUsageServerAuth)
			return path, usage, nil
		}
	}
	return nil, nil, err
}

// instants are now and the times nearest to it at which a certificate, sent or a root that is
// named as an issuer, begins or ceases to be valid: if a path holds at any time, it holds at
// one of these.
func (j *Judge) instants(sent []*x509.Certificate, now time.Time) []time.Time {
	const most = 12 // each may cost a hundred signatures
	var all []time.Time
	for _, c := range sent {
		all = append(all, c.NotBefore, c.NotAfter)
		roots, _ := j.Anchors.named(c.RawIssuer)
		for _, root := range roots {
			all = append(all, root.NotBefore, root.NotAfter)
		}
	}
	slices.SortFunc(all, func(a, b time.Time) int { return cmp.Compare(a.Sub(now).Abs(), b.Sub(now).Abs()) })
	all = slices.CompactFunc(all, time.Time.Equal)
	return append([]time.Time{now}, all[:min(len(all), most)]...)
}

// add appends f unless it says that all is well.
func (v *Verdict) add(f reason.Finding) {
	if !f.OK() {
		v.Findings = append(v.Findings, f)
	}
}

// verify builds a path to a root for a usage, without looking at names. more
// are intermediates that were not sent; those that were are added to them.
func (j *Judge) verify(chain []*x509.Certificate, more *x509.CertPool, at time.Time, usage x509.ExtKeyUsage) ([]*x509.Certificate, error) {
	for _, c := range chain[1:] {
		more.AddCert(c)
	}
	paths, err := chain[0].Verify(x509.VerifyOptions{
		Roots: j.Roots, Intermediates: more, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{usage},
	})
	if err != nil {
		return nil, err
	}
	return paths[0], nil
}

// remember keeps the intermediates of a path that verified.
func (j *Judge) remember(path []*x509.Certificate) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.seen == nil {
		j.seen, j.seenSum = x509.NewCertPool(), map[[sha256.Size]byte]struct{}{}
	}
	for _, c := range path[1:max(1, len(path)-1)] {
		sum := sha256.Sum256(c.Raw)
		if _, known := j.seenSum[sum]; !known && len(j.seenSum) < maxSeenIntermediates {
			j.seen.AddCert(c)
			j.seenSum[sum] = struct{}{}
		}
	}
}

// completes reports whether the chain verifies once intermediates seen elsewhere are added.
func (j *Judge) completes(chain []*x509.Certificate, at time.Time) bool {
	j.mu.Lock()
	var pool *x509.CertPool
	if j.seen != nil {
		pool = j.seen.Clone()
	}
	j.mu.Unlock()
	if pool == nil {
		return false
	}
	_, err := j.verify(chain, pool, at, x509.ExtKeyUsageServerAuth)
	return err == nil
}
