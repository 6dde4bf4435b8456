package certs

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// Verdict is what was found about one chain for one name. It holds within
// [from, until), in which no date that it depends on passes, and is worked out again
// outside.
type Verdict struct {
	Findings    []reason.Finding // the most telling first; empty when all is well
	Path        []Certificate    // the verified path, leaf to root; nil where none was found
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
	// Turn waits until a chain may be judged that is [Heavy], so that many of them at once leave
	// the others their share of the machine; release ends it. nil: all are judged at once.
	Turn func(ctx context.Context) (release func(), err error)

	known verdicts
	facts Facts
	// intermediates seen in chains that verified: with them an incomplete chain can be
	// told from an unknown authority for certain.
	seen kept[[sha256.Size]byte, *x509.Certificate]
}

// Judge returns what is wrong with the chain, which has at least one certificate, when
// host serves it at the given time. staple is the stapled OCSP response, if any. The end of ctx
// ends the judging of a heavy chain: what was not told by then is unknown.
func (j *Judge) Judge(ctx context.Context, chain []*x509.Certificate, staple []byte, host string, now time.Time) Verdict {
	return j.judge(ctx, chain, nil, staple, host, now)
}

// judge is Judge with certificates that were sent too and crypto/x509 cannot parse.
func (j *Judge) judge(ctx context.Context, chain []*x509.Certificate, unread []rawFacts, staple []byte, host string, now time.Time) Verdict {
	key := chainKey(chain, unread, staple, host)
	if v, ok := j.known.get(key, now); ok {
		return v
	}
	if !Heavy(chain, staple) {
		ctx = context.WithoutCancel(ctx) // it takes a few milliseconds
	} else if j.Turn != nil {
		if release, err := j.Turn(ctx); err == nil {
			defer release()
		}
	}
	w := begin(ctx)
	w.sent, w.unread = chain, unread
	v := j.workOut(w, chain, staple, host, now)
	if w.ctx.Err() == nil && (Heavy(chain, staple) || j.known.sights.again(key)) {
		j.known.put(key, &v)
	}
	return v
}

func chainKey(chain []*x509.Certificate, unread []rawFacts, staple []byte, host string) (key [sha256.Size]byte) {
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
	for _, c := range unread {
		add([]byte(c.facts.SHA256))
	}
	add(staple)
	add([]byte(host))
	h.Sum(key[:0])
	return key
}

// workOut lists everything that is wrong, the most telling first: a certificate that
// nobody vouches for says little by its dates.
func (j *Judge) workOut(w *work, chain []*x509.Certificate, staple []byte, host string, now time.Time) Verdict {
	leaf, v := chain[0], Verdict{}
	sent, excused := excuse(distinct(chain))
	path, usage, err := j.find(w, sent, now)
	line, named := path, path // what is looked at: the path to a root, else as far as one was sent
	if path == nil {
		l := j.lineOf(w, sent, now)
		if line, named = l.certs, l.certs; l.rooted() && l.anchor != l.top() {
			named = append(slices.Clip(line), l.anchor)
		}
		if weakSigned(line) == nil { // crypto/x509 builds no path through a weak signature
			if at := insideDates(line, now); !at.Equal(now) {
				if _, e := j.verify(w, sent, at, x509.ExtKeyUsageServerAuth); e != nil {
					err = e
				}
			}
			v.add(j.trustFinding(w, l, err, now))
		}
	} else if usage != nil {
		v.add(usageFinding(path, usage))
	}
	if path != nil && usage == nil {
		v.add(anyUsageFinding(path))
		v.add(reason.Worst(keyIDFinding(path), j.detourFinding(w, sent, path, now)))
		v.add(inheritedDemand(path))
	}
	v.add(constraintFinding(named))
	v.add(sizeFinding(chain))
	v.add(encodingFinding(line))
	v.add(leafUsageFinding(leaf))
	if dates := dateFinding(line, now); len(v.Findings) == 0 || v.Findings[0].Reason != dates.Reason {
		v.add(dates)
	}
	staples, edges := stapleFinding(staple, leaf, issuerOf(line), now)
	staples = criticalDemand(leaf, staples)
	for _, c := range line {
		if what := excused[string(c.Raw)]; what != "" && (what != tlsFeature || staples.Reason != reason.TLSCertUsage) {
			v.add(unsupported("%s has critical %s that this program cannot verify, others can", shortName(c), what))
		}
	}
	if !unversioned(leaf) { // the names of others were not read
		v.add(nameFinding(leaf, host))
	}
	if weak := weakSigned(line); weak != nil {
		v.add(reason.TLSWeakSignature.Found(fmt.Sprintf("%s is signed with %s", shortName(weak), weak.SignatureAlgorithm)))
	}
	v.add(staples)
	v.add(weakKeyFinding(line, sent))
	v.from, v.until = window(append(append(edges, edgesOf(chain)...), edgesOf(path)...), now)
	if v.Verified() && path != nil {
		v.Path = j.facts.Of(path)
		j.remember(path)
	}
	return v
}

// find returns a path to a root: one that holds now or, where there is none, at the time
// nearest to now that the dates of the certificates name. usage is what keeps it from being
// used for server authentication; err says why there is no path, now.
func (j *Judge) find(w *work, sent []*x509.Certificate, now time.Time) (path []*x509.Certificate, usage, err error) {
	path, err = j.verify(w, sent, now, x509.ExtKeyUsageServerAuth)
	if err == nil {
		return path, nil, nil
	}
	for _, at := range j.instants(w, sent, now) {
		if path, e := j.verify(w, sent, at, x509.ExtKeyUsageAny); e == nil {
			_, usage = j.verify(w, sent, at, x509.ExtKeyUsageServerAuth)
			if errors.Is(usage, errUnfinished) {
				return nil, nil, usage
			}
			return path, usage, nil
		}
	}
	return nil, nil, err
}

// instants are now and the times nearest to it at which a certificate that can have part in a
// path, sent or a root that is named as an issuer, begins or ceases to be valid: if a path holds
// at any time, it holds at one of these. There are none where no path can reach a root.
func (j *Judge) instants(w *work, sent []*x509.Certificate, now time.Time) []time.Time {
	const most = 12 // each may cost a hundred signatures
	var all []time.Time
	rooted := j.Roots == nil || j.Anchors.has(sent[0])
	for _, c := range append(w.reach(sent), sent[0]) {
		all = append(all, c.NotBefore, c.NotAfter)
		roots, _ := j.Anchors.named(c.RawIssuer)
		for _, root := range roots {
			all = append(all, root.NotBefore, root.NotAfter)
		}
		rooted = rooted || j.namesRoot(c.RawIssuer) || j.namesRoot(c.RawSubject)
	}
	if !rooted {
		return nil
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

// errUnfinished is that a path was not looked for, or not to the end; the work says why.
var errUnfinished = errors.New("not all paths were looked for")

// verify builds a path to a root for a usage, without looking at names. It goes through the
// certificates that were sent and signed.
func (j *Judge) verify(w *work, chain []*x509.Certificate, at time.Time, usage x509.ExtKeyUsage) ([]*x509.Certificate, error) {
	pool, through := x509.NewCertPool(), w.reach(chain)
	if !w.afford(chain[0], through, at, j.rootsNamed) {
		return nil, errUnfinished
	}
	named := map[*x509.Certificate]*x509.Certificate{} // by what is looked at in its place
	nameless := func(c *x509.Certificate) *x509.Certificate {
		bare := *c
		bare.DNSNames, bare.EmailAddresses, bare.URIs, bare.IPAddresses = nil, nil, nil, nil
		named[&bare] = c
		return &bare
	}
	for _, c := range through {
		pool.AddCert(nameless(c))
	}
	paths, err := nameless(chain[0]).Verify(x509.VerifyOptions{
		Roots: j.Roots, Intermediates: pool, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{usage},
	})
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		for i, c := range path {
			path[i] = cmp.Or(named[c], c)
		}
	}
	return slices.MinFunc(paths, func(a, b []*x509.Certificate) int { return cmp.Compare(demerits(a), demerits(b)) }), nil
}

// demerits tell the better of two paths: what its name constraints forbid is none, and a key identifier that misleads
// some clients is the worse one.
func demerits(path []*x509.Certificate) (n int) {
	if constraintFinding(path).Reason == reason.TLSCertUsage {
		n += 2
	}
	if !keyIDFinding(path).OK() {
		n++
	}
	return n
}

// rootsNamed is how many trusted roots have a name: of the system's, which cannot be counted, one.
func (j *Judge) rootsNamed(name []byte) int {
	roots, _ := j.Anchors.named(name)
	return max(len(roots), 1)
}

// remember keeps the intermediates of a path that verified.
func (j *Judge) remember(path []*x509.Certificate) {
	const parsed = 4 // times as many bytes as the certificate has
	for _, c := range path[1:max(1, len(path)-1)] {
		sum := sha256.Sum256(c.Raw)
		if _, known := j.seen.get(sum); !known {
			j.seen.put(sum, c, parsed*len(c.Raw), limit.IntermediatesKeptBytes)
		}
	}
}

// completes reports whether the chain verifies once intermediates seen elsewhere are added.
func (j *Judge) completes(w *work, chain []*x509.Certificate, at time.Time) bool {
	_, err := j.verify(w, slices.Concat(chain, j.seen.values()), at, x509.ExtKeyUsageServerAuth)
	return err == nil
}
