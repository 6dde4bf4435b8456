package certs

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"prober/limit"
)

// work is the judging of one chain, which a server may make as costly as it likes: what was
// computed so far, and how much may still be. Between the steps the context is looked at.
type work struct {
	ctx    context.Context //nolint:containedctx // it lives as long as the judging of one chain
	made   map[[2]*x509.Certificate]link
	left   int // signatures that may still be checked to see who signed whom
	steps  int // and along the paths that crypto/x509 follows
	sent   []*x509.Certificate
	unread []rawFacts // that were sent too and cannot be parsed
	// met says what ended the work before all was looked at: "" nothing did.
	met string
}

func begin(ctx context.Context) *work {
	return &work{ctx: ctx, made: map[[2]*x509.Certificate]link{}, left: limit.ChainSignatures, steps: limit.ChainSignatures}
}

// goesOn reports whether there is time for another step.
func (w *work) goesOn() bool {
	if w.ctx.Err() != nil {
		w.met = "time was up while it was judged"
	}
	return w.met == ""
}

// tooMany says that the signatures are too many, at one that p's key may have made.
func (w *work) tooMany(p *x509.Certificate) {
	w.met = fmt.Sprintf("more signatures than the %d that it checks of one chain would have to be checked", limit.ChainSignatures)
	if cost(p) > 1 {
		w.met += fmt.Sprintf(", where one by a key above %d bits counts as %d", largeKey, largeCost)
	}
}

// cost is what checking a signature with p's key counts: those of large keys take milliseconds.
func cost(p *x509.Certificate) int {
	if k, ok := p.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() > largeKey {
		return largeCost
	}
	return 1
}

const (
	largeKey  = 8 << 10 // bits of an RSA key
	largeCost = 4
)

// signed returns whether p's key made the signature of c. Each pair is computed once. ok is
// false where the work has to end.
func (w *work) signed(c, p *x509.Certificate) (how link, ok bool) {
	pair := [2]*x509.Certificate{c, p}
	if how, ok := w.made[pair]; ok {
		return how, true
	}
	if !w.goesOn() {
		return untold, false
	}
	if w.left < cost(p) {
		w.tooMany(p)
		return untold, false
	}
	w.left -= cost(p)
	how = made(c, p)
	w.made[pair] = how
	return how, true
}

// candidates are the certificates that could have issued c by their names, those with the right
// key identifier first and those with another one last, as crypto/x509 sorts them.
func candidates(c *x509.Certificate, from []*x509.Certificate) []*x509.Certificate {
	var named []*x509.Certificate
	for _, p := range from {
		if bytes.Equal(p.RawSubject, c.RawIssuer) && !c.Equal(p) {
			named = append(named, p)
		}
	}
	rank := func(p *x509.Certificate) int {
		switch {
		case anotherKey(c, p):
			return 2
		case len(c.AuthorityKeyId) > 0 && len(p.SubjectKeyId) > 0:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(named, func(a, b *x509.Certificate) int { return cmp.Compare(rank(a), rank(b)) })
	return named
}

// reach returns the certificates of a chain, without its leaf, from which signatures lead down
// to the leaf: those that a path can go through. All others only cost crypto/x509 time; of a few
// certificates, which is the rule, that is less than a look at each signature beforehand.
func (w *work) reach(chain []*x509.Certificate) []*x509.Certificate {
	const few = 4
	if len(chain) <= few && !slices.ContainsFunc(chain, func(c *x509.Certificate) bool { return cost(c) > 1 }) {
		return chain[1:]
	}
	reached := []*x509.Certificate{chain[0]}
	for i := 0; i < len(reached); i++ {
		found := false
		for _, p := range candidates(reached[i], chain[1:]) {
			if found && anotherKey(reached[i], p) {
				break // and so are all that follow
			}
			if slices.Contains(reached, p) {
				continue
			}
			how, ok := w.signed(reached[i], p)
			if !ok {
				return reached[1:]
			}
			if how == signed {
				reached, found = append(reached, p), true
			}
		}
	}
	return reached[1:]
}

// afford reports whether crypto/x509 may look for paths from leaf through these certificates, and
// takes what that costs at most from what is left. roots counts the trusted ones of a name.
func (w *work) afford(leaf *x509.Certificate, through []*x509.Certificate, at time.Time, roots func(name []byte) int) bool {
	if !w.goesOn() {
		return false
	}
	if w.steps <= 0 {
		w.tooMany(leaf)
		return false
	}
	steps, ends := 0, 0 // signatures looked at, and certificates from which a root may be reached
	inside := func(c *x509.Certificate) bool { return !at.Before(c.NotBefore) && !at.After(c.NotAfter) }
	var follow func(path []*x509.Certificate)
	follow = func(path []*x509.Certificate) {
		c := path[len(path)-1]
		if n := roots(c.RawIssuer); n > 0 {
			steps, ends = steps+n, ends+n
		}
		for _, p := range through {
			if steps >= limit.ChainSignatures || !bytes.Equal(p.RawSubject, c.RawIssuer) {
				continue
			}
			steps += cost(p)
			how, computed := w.made[[2]*x509.Certificate{c, p}]
			if (how == signed || !computed) && inside(p) && !slices.Contains(path, p) {
				follow(append(slices.Clip(path), p))
			}
		}
	}
	if inside(leaf) {
		follow([]*x509.Certificate{leaf})
	}
	size := len(leaf.Raw)
	for _, p := range through {
		size += len(p.Raw)
	}
	if ends*size > limit.ChainPathBytes {
		w.met = fmt.Sprintf("the paths through the certificates that were sent come to more than %d bytes of certificates", limit.ChainPathBytes)
		return false
	}
	w.steps -= steps
	return true
}

// Heavy reports whether judging a chain may take longer than a server's usual certificates do: it
// has many certificates, long ones, several candidates for one issuer, large keys, or a large staple.
func Heavy(chain []*x509.Certificate, staple []byte) bool {
	const usualIssuers = 3
	if len(chain) > limit.HeavyChain || len(staple) > limit.HeavyStaple {
		return true
	}
	size := 0
	for _, c := range chain {
		size += len(c.Raw)
		if cost(c) > 1 || len(candidates(c, chain)) > usualIssuers {
			return true
		}
	}
	return size > limit.HeavyHandshake
}

// distinct returns a chain without certificates that were sent before.
func distinct(chain []*x509.Certificate) []*x509.Certificate {
	if len(chain) <= 2 {
		return chain
	}
	seen := make(map[string]bool, len(chain))
	var once []*x509.Certificate
	for _, c := range chain {
		if !seen[string(c.Raw)] {
			seen[string(c.Raw)] = true
			once = append(once, c)
		}
	}
	return once
}
