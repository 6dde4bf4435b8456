package probe

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"prober/probe/reason"
)

// chainCase is a chain that a server could send.
type chainCase struct {
	name   string
	chain  []*entity
	host   string // goodHost when empty
	staple []byte
	want   []reason.Reason // all findings, the deciding one first
	detail string          // part of the first one's
}

func (tt chainCase) run(t *testing.T, j *chainJudge) {
	t.Helper()
	host := tt.host
	if host == "" {
		host = goodHost
	}
	v := j.judge(chainOf(tt.chain...), tt.staple, host, now)
	var got []reason.Reason
	for _, f := range v.findings {
		got = append(got, f.Reason)
		if f.Detail == "" {
			t.Errorf("%s has no detail", f.Reason)
		}
	}
	if !slices.Equal(got, tt.want) {
		t.Fatalf("findings %v %v, want %v", got, v.findings, tt.want)
	}
	if len(got) > 0 && !strings.Contains(v.findings[0].Detail, tt.detail) {
		t.Errorf("detail %q lacks %q", v.findings[0].Detail, tt.detail)
	}
	broken := slices.ContainsFunc(got, func(r reason.Reason) bool { return r.Outcome() != reason.Degraded })
	if v.verified() == broken {
		t.Errorf("verified = %t", v.verified())
	}
}

func TestChain(t *testing.T) {
	p := newPKI(t)
	good := forHosts(goodHost)
	past := valid(now.Add(-200*day), now.Add(-day))
	leaf := func(changes ...change) *entity { return newEntity(t, "Leaf", p.intermediate, changes...) }

	oldIntermediate := newEntity(t, "Old intermediate", p.root, authority, past)
	oldRoot := newEntity(t, "Old root", nil, authority, past)
	youngRoot := newEntity(t, "Young root", nil, authority, valid(now.Add(day), now.Add(9*day)))
	freshRoot := newEntity(t, "Fresh root", nil, authority, valid(now.Add(-day), now.Add(9*day)))
	stranger := newEntity(t, "Stranger's root", nil, authority)
	impostor := newEntity(t, "Root", nil, authority)
	organization := func(name string) change {
		return func(c *x509.Certificate) {
			c.Subject = pkix.Name{CommonName: "Root of " + name, Organization: []string{name}}
		}
	}
	known := newEntity(t, "", nil, authority, organization("Known & Co"))
	unsent := newEntity(t, "", known, authority, func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: "Issuing CA 3", Organization: []string{"Known & Co"}}
	})
	similar := newEntity(t, "", stranger, authority, func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: "Issuing CA 4", Organization: []string{"Known"}}
	})
	aia := newEntity(t, "Leaf", newEntity(t, "Elsewhere", stranger, authority), good, func(c *x509.Certificate) {
		c.IssuingCertificateURL = []string{"http://ca.test/ca.der"}
	})
	noCA := newEntity(t, "Another leaf", p.intermediate, good)
	noSign := newEntity(t, "Signs no certificates", p.root, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCRLSign
	})
	short := newEntity(t, "Path length 0", p.root, authority, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	tooDeep := newEntity(t, "Too deep", short, authority)
	constrained := newEntity(t, "Constrained", p.root, authority, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"other.test"}
	})
	clientCA := newEntity(t, "Client CA", p.root, authority, func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	})
	sha1 := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }
	broken := *leaf(good)
	broken.cert = damaged(t, broken.cert)
	rsa1024 := newEntityWithKey(t, rsaKey(t, 1024), "Leaf", p.intermediate, good)
	selfSigned := newEntity(t, "Self", nil, good)

	roots := pool(p.root, oldRoot, youngRoot, freshRoot, known)
	for _, tt := range []chainCase{
		{name: "good", chain: []*entity{p.leaf, p.intermediate}},
		{name: "good with its root", chain: []*entity{p.leaf, p.intermediate, p.root}},
		{name: "reversed", chain: []*entity{p.leaf, p.root, p.intermediate}},
		{name: "with superfluous certificates", chain: []*entity{p.leaf, stranger, oldIntermediate, noCA, p.intermediate}},
		{name: "issued by a root", chain: []*entity{newEntity(t, "Leaf", p.root, good)}},
		{name: "wildcard", chain: []*entity{leaf(forHosts("*.test")), p.intermediate}},
		{name: "host in upper case", chain: []*entity{p.leaf, p.intermediate}, host: "GOOD.Test"},
		{name: "host with a final dot", chain: []*entity{p.leaf, p.intermediate}, host: "good.test."},
		{name: "IP address", chain: []*entity{leaf(forIPs("192.0.2.7", "2001:db8::7")), p.intermediate}, host: "192.0.2.7"},
		{name: "IPv6 address", chain: []*entity{leaf(forIPs("192.0.2.7", "2001:db8::7")), p.intermediate}, host: "2001:db8::7"},
		{name: "trusted by itself", chain: []*entity{p.root}, host: "Root", want: []reason.Reason{reason.TLSCertHostname}},

		{name: "expired", chain: []*entity{leaf(good, past), p.intermediate}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Leaf expired on 2026-06-14"},
		{name: "not yet valid", chain: []*entity{leaf(good, valid(now.Add(day), now.Add(9*day))), p.intermediate}, want: []reason.Reason{reason.TLSCertNotYetValid}, detail: "Leaf is valid from 2026-06-16"},
		{name: "expired intermediate", chain: []*entity{newEntity(t, "Leaf", oldIntermediate, good), oldIntermediate}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Old intermediate"},
		{name: "expired root", chain: []*entity{newEntity(t, "Leaf", oldRoot, good)}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Old root"},
		{name: "root of tomorrow", chain: []*entity{newEntity(t, "Leaf", youngRoot, good)}, want: []reason.Reason{reason.TLSCertNotYetValid}, detail: "Young root"},
		{name: "expired before its root was made", chain: []*entity{newEntity(t, "Leaf", freshRoot, good, valid(now.Add(-9*day), now.Add(-8*day)))}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Leaf"},
		{
			name: "expired, though never valid together", want: []reason.Reason{reason.TLSCertExpired}, detail: "Leaf",
			chain: []*entity{newEntity(t, "Leaf", oldIntermediate, good, valid(now.Add(-9*time.Hour), now.Add(-8*time.Hour))), oldIntermediate},
		},

		{name: "wrong host", chain: []*entity{p.leaf, p.intermediate}, host: "bad.test", want: []reason.Reason{reason.TLSCertHostname}, detail: "is for good.test, not for bad.test"},
		{name: "wildcard too deep", chain: []*entity{leaf(forHosts("*.test")), p.intermediate}, host: "a.b.test", want: []reason.Reason{reason.TLSCertHostname}},
		{name: "wildcard of the bare domain", chain: []*entity{leaf(forHosts("*.good.test")), p.intermediate}, want: []reason.Reason{reason.TLSCertHostname}},
		{name: "common name only", chain: []*entity{newEntity(t, goodHost, p.intermediate), p.intermediate}, want: []reason.Reason{reason.TLSCertHostname}, detail: `only the common name "good.test"`},
		{name: "other IP address", chain: []*entity{leaf(forIPs("192.0.2.7")), p.intermediate}, host: "192.0.2.8", want: []reason.Reason{reason.TLSCertHostname}, detail: "is for 192.0.2.7"},
		{name: "IP address as a name", chain: []*entity{leaf(forHosts("192.0.2.7")), p.intermediate}, host: "192.0.2.7", want: []reason.Reason{reason.TLSCertHostname}},

		{name: "self-signed", chain: []*entity{selfSigned}, want: []reason.Reason{reason.TLSCertSelfSigned}},
		{name: "self-signed with SHA-1", chain: []*entity{newEntity(t, "Self", nil, good, sha1)}, want: []reason.Reason{reason.TLSCertSelfSigned}},
		{name: "unknown root sent", chain: []*entity{newEntity(t, "Leaf", stranger, good), stranger}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "Stranger's root"},
		{name: "unknown root not sent", chain: []*entity{newEntity(t, "Leaf", stranger, good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "Stranger's root"},
		{name: "an impostor of the root", chain: []*entity{newEntity(t, "Leaf", impostor, good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "was not signed by the trusted root"},
		{name: "incomplete, issuer seen elsewhere", chain: []*entity{p.leaf}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "Intermediate"},
		{name: "incomplete, with the issuer's address", chain: []*entity{aia}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "Elsewhere"},
		{name: "incomplete, of a known organization", chain: []*entity{newEntity(t, "Leaf", unsent, good)}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "Issuing CA 3"},
		{name: "of an organization that is called alike", chain: []*entity{newEntity(t, "Leaf", similar, good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "Issuing CA 4"},

		{name: "for clients", chain: []*entity{leaf(good, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), p.intermediate}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Leaf"},
		{name: "issuer for clients", chain: []*entity{newEntity(t, "Leaf", clientCA, good), clientCA}, want: []reason.Reason{reason.TLSCertUsage}},
		{name: "issuer is no authority", chain: []*entity{newEntity(t, "Leaf", noCA, good), noCA, p.intermediate}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Another leaf"},
		{name: "issuer may not sign", chain: []*entity{newEntity(t, "Leaf", noSign, good), noSign}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Signs no certificates"},
		{name: "path too long", chain: []*entity{newEntity(t, "Leaf", tooDeep, good), tooDeep, short}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Path length 0"},
		{name: "outside the name constraints", chain: []*entity{newEntity(t, "Leaf", constrained, good), constrained}, want: []reason.Reason{reason.TLSCertUsage}},
		{name: "critical extension", chain: []*entity{leaf(good, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 3, 6, 1, 4, 1, 99999, 1}, Critical: true, Value: []byte{5, 0}}}
		}), p.intermediate}, want: []reason.Reason{reason.TLSCertUsage}, detail: "critical extension"},

		{name: "damaged signature", chain: []*entity{&broken, p.intermediate}, want: []reason.Reason{reason.TLSCertMalformed}, detail: "Leaf"},
		{name: "SHA-1", chain: []*entity{leaf(good, sha1), p.intermediate}, want: []reason.Reason{reason.TLSWeakSignature}, detail: "ECDSA-SHA1"},
		{name: "RSA-1024", chain: []*entity{rsa1024, p.intermediate}, want: []reason.Reason{reason.TLSWeakKey}, detail: "RSA-1024"},

		{name: "expired and wrong host", chain: []*entity{leaf(forHosts("other.test"), past), p.intermediate}, want: []reason.Reason{reason.TLSCertExpired, reason.TLSCertHostname}},
		{name: "self-signed, expired and wrong host", chain: []*entity{newEntity(t, "Self", nil, forHosts("other.test"), past)}, want: []reason.Reason{reason.TLSCertSelfSigned, reason.TLSCertExpired, reason.TLSCertHostname}},
		{name: "expired and incomplete", chain: []*entity{leaf(good, past)}, want: []reason.Reason{reason.TLSCertIncompleteChain, reason.TLSCertExpired}},
		{name: "expired and for clients", chain: []*entity{leaf(good, past, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), p.intermediate}, want: []reason.Reason{reason.TLSCertUsage, reason.TLSCertExpired}},
		{name: "RSA-1024 and wrong host", chain: []*entity{rsa1024, p.intermediate}, host: "bad.test", want: []reason.Reason{reason.TLSCertHostname, reason.TLSWeakKey}},
		{name: "SHA-1 and expired", chain: []*entity{leaf(good, past, sha1), p.intermediate}, want: []reason.Reason{reason.TLSCertExpired, reason.TLSWeakSignature}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := &chainJudge{roots: roots}
			chainCase{chain: []*entity{p.leaf, p.intermediate}}.run(t, j) // makes the intermediate known
			tt.run(t, j)
			tt.run(t, j) // the kept verdict is the same
		})
	}
}

func forIPs(list ...string) change {
	return func(c *x509.Certificate) {
		for _, s := range list {
			c.IPAddresses = append(c.IPAddresses, net.ParseIP(s))
		}
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
}

// damaged returns a copy of c with another bit in its signature.
func damaged(t *testing.T, c *x509.Certificate) *x509.Certificate {
	t.Helper()
	der := slices.Clone(c.Raw)
	der[len(der)-1] ^= 1
	broken, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return broken
}

// TestIncompleteChainIsNotGuessed sends the same chain as the one that is incomplete, to a
// judge that has never seen its issuer.
func TestIncompleteChainIsNotGuessed(t *testing.T) {
	p := newPKI(t)
	j := &chainJudge{roots: pool(p.root)}
	chainCase{chain: []*entity{p.leaf}, want: []reason.Reason{reason.TLSCertUntrusted}}.run(t, j)
}

func TestStaple(t *testing.T) {
	p := newPKI(t)
	stranger := newEntity(t, "Stranger", nil, authority)
	revoked := ocsp.Response{Status: ocsp.Revoked}
	during := func(from, until time.Duration) ocsp.Response {
		return ocsp.Response{Status: ocsp.Revoked, ThisUpdate: now.Add(from), NextUpdate: now.Add(until)}
	}
	other := newEntity(t, "Other", p.intermediate, forHosts(goodHost))
	for _, tt := range []chainCase{
		{name: "good", staple: staple(t, p.leaf, p.intermediate, p.intermediate, ocsp.Response{Status: ocsp.Good})},
		{name: "unknown", staple: staple(t, p.leaf, p.intermediate, p.intermediate, ocsp.Response{Status: ocsp.Unknown})},
		{name: "revoked", staple: staple(t, p.leaf, p.intermediate, p.intermediate, revoked), want: []reason.Reason{reason.TLSCertRevoked}, detail: "revoked on 2026-06-05"},
		{name: "garbage", staple: []byte("garbage")},
		{name: "signed by another", staple: staple(t, p.leaf, p.intermediate, stranger, revoked)},
		{name: "about another certificate", staple: staple(t, other, p.intermediate, p.intermediate, revoked)},
		{name: "revoked, of yesterday", staple: staple(t, p.leaf, p.intermediate, p.intermediate, during(-2*day, -day))},
		{name: "revoked, of tomorrow", staple: staple(t, p.leaf, p.intermediate, p.intermediate, during(day, 2*day))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.chain = []*entity{p.leaf, p.intermediate}
			tt.run(t, &chainJudge{roots: pool(p.root)})
		})
	}
	t.Run("revoked and incomplete", func(t *testing.T) { // without the issuer nobody can tell
		chainCase{
			chain: []*entity{p.leaf}, staple: staple(t, p.leaf, p.intermediate, p.intermediate, revoked),
			want: []reason.Reason{reason.TLSCertUntrusted},
		}.run(t, &chainJudge{roots: pool(p.root)})
	})
}

// TestNoRoots has nothing to compare with: what can be told without roots is told, and the
// rest stays unknown.
func TestNoRoots(t *testing.T) {
	p := newPKI(t)
	j := &chainJudge{roots: x509.NewCertPool()}
	chainCase{chain: []*entity{p.leaf, p.intermediate}, want: []reason.Reason{reason.ProberInternal}, detail: "no trusted roots"}.run(t, j)
	chainCase{chain: []*entity{p.leaf, p.intermediate}, host: "bad.test", want: []reason.Reason{reason.ProberInternal, reason.TLSCertHostname}}.run(t, j)
	if f := worst(j.judge(chainOf(p.leaf), nil, "bad.test", now).findings...); f.Reason != reason.TLSCertHostname {
		t.Errorf("the deciding finding is %s", f.Reason)
	}
}

// TestSystemRoots judges with no pool of its own: no authority of this test is trusted.
func TestSystemRoots(t *testing.T) {
	p := newPKI(t)
	j := &chainJudge{}
	want := reason.TLSCertUntrusted
	if j.rootless() {
		want = reason.ProberInternal
	}
	chainCase{chain: []*entity{p.leaf, p.intermediate, p.root}, want: []reason.Reason{want}}.run(t, j)
}

func TestKeptVerdict(t *testing.T) {
	p := newPKI(t)
	j := &chainJudge{roots: pool(p.root)}
	reasons := func(chain []*entity, staple []byte, host string, at time.Time) (list []reason.Reason) {
		for _, f := range j.judge(chainOf(chain...), staple, host, at).findings {
			list = append(list, f.Reason)
		}
		return list
	}
	good := []*entity{p.leaf, p.intermediate}
	revoked := staple(t, p.leaf, p.intermediate, p.intermediate, ocsp.Response{Status: ocsp.Revoked})
	for _, tt := range []struct {
		name   string
		chain  []*entity
		staple []byte
		host   string
		at     time.Time
		want   []reason.Reason
	}{
		{"at first", good, nil, goodHost, now, nil},
		{"for another host", good, nil, "bad.test", now, []reason.Reason{reason.TLSCertHostname}},
		{"with a staple", good, revoked, goodHost, now, []reason.Reason{reason.TLSCertRevoked}},
		{"with the staple when it is old", good, revoked, goodHost, now.Add(day + time.Second), nil},
		{"with the staple before its time", good, revoked, goodHost, now.Add(-day - time.Second), nil},
		{"of a shorter chain", good[:1], nil, goodHost, now, []reason.Reason{reason.TLSCertIncompleteChain}},
		{"again", good, nil, goodHost, now, nil},
		{"in the last second", good, nil, goodHost, p.leaf.cert.NotAfter, nil},
		{"a second later", good, nil, goodHost, p.leaf.cert.NotAfter.Add(time.Second), []reason.Reason{reason.TLSCertExpired}},
		{"back again", good, nil, goodHost, now, nil},
		{"before the first second", good, nil, goodHost, p.leaf.cert.NotBefore.Add(-time.Second), []reason.Reason{reason.TLSCertNotYetValid}},
		{"in the first second", good, nil, goodHost, p.leaf.cert.NotBefore, nil},
	} {
		if got := reasons(tt.chain, tt.staple, tt.host, tt.at); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestRootEndsWhileVerdictIsKept lets the root, which is not sent, end before the leaf.
func TestRootEndsWhileVerdictIsKept(t *testing.T) {
	root := newEntity(t, "Root", nil, authority, valid(now.Add(-day), now.Add(time.Hour)))
	leaf := newEntity(t, "Leaf", root, forHosts(goodHost))
	j := &chainJudge{roots: pool(root)}
	chainCase{chain: []*entity{leaf}}.run(t, j)
	v := j.judge(chainOf(leaf), nil, goodHost, now.Add(time.Hour+time.Second))
	if len(v.findings) != 1 || v.findings[0].Reason != reason.TLSCertExpired {
		t.Errorf("an hour later: %v", v.findings)
	}
}

// TestVerdictIsKept counts how often the chain is verified: not at all while it is kept.
func TestVerdictIsKept(t *testing.T) {
	p := newPKI(t)
	j := &chainJudge{roots: pool(p.root)}
	chain := chainOf(p.leaf, p.intermediate)
	j.judge(chain, nil, goodHost, now)
	j.roots = x509.NewCertPool() // who verifies again now finds no root
	if v := j.judge(chain, nil, goodHost, now.Add(time.Hour)); !v.verified() {
		t.Error("the verdict was not kept for an hour")
	}
	if v := j.judge(chain, nil, goodHost, now.Add(maxVerdictAge)); v.verified() {
		t.Error("the verdict was kept for a day")
	}
}

// TestSeenIntermediates remembers each intermediate once, however often it is verified.
func TestSeenIntermediates(t *testing.T) {
	p := newPKI(t)
	j := &chainJudge{roots: pool(p.root)}
	for i := range 5 {
		j.workOut(chainOf(p.leaf, p.intermediate), nil, goodHost, now.Add(time.Duration(i)*time.Second))
	}
	if len(j.seenSum) != 1 {
		t.Errorf("%d intermediates remembered, want 1", len(j.seenSum))
	}
}

func TestChainKey(t *testing.T) {
	p := newPKI(t)
	both := chainOf(p.leaf, p.intermediate)
	keys := map[[32]byte]string{}
	for name, key := range map[string][32]byte{
		"whole":     chainKey(both, nil, "a"),
		"leaf":      chainKey(both[:1], nil, "a"),
		"host":      chainKey(both, nil, "b"),
		"staple":    chainKey(both, []byte("a"), ""),
		"no staple": chainKey(both, nil, ""),
		"order":     chainKey(chainOf(p.intermediate, p.leaf), nil, "a"),
	} {
		if other, taken := keys[key]; taken {
			t.Errorf("%q and %q have the same key", name, other)
		}
		keys[key] = name
	}
}
