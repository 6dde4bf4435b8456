package certs

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/needs"
	"prober/probe/certs/certstest"
	"prober/probe/reason"
)

// foreign is a chain that other programs judge as well.
type foreign struct {
	name  string
	chain []*certstest.Entity
	roots []*certstest.Entity
	host  string // certstest.Host when empty
	// refused is why this program fails what both others accept; empty for most.
	refused string
}

// alive makes a certificate that is valid at the time of the test: GnuTLS has no other clock.
func alive(name string, issuer *certstest.Entity, changes ...certstest.Change) *certstest.Entity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return aliveWithKey(key, name, issuer, changes...)
}

func aliveWithKey(key crypto.Signer, name string, issuer *certstest.Entity, changes ...certstest.Change) *certstest.Entity {
	dates := certstest.Valid(time.Now().Add(-100*certstest.Day), time.Now().Add(100*certstest.Day))
	return certstest.NewWithKey(key, name, issuer, append([]certstest.Change{dates}, changes...)...)
}

// foreignChains are certificates of every kind: good ones, unusual ones and bad ones.
func foreignChains(t *testing.T) (all []foreign) {
	good := certstest.ForHosts(certstest.Host)
	day, now := certstest.Day, time.Now()
	root := alive("Root", nil, certstest.Authority)
	stranger := alive("Stranger", nil, certstest.Authority)
	ca := alive("Issuing CA", root, certstest.Authority)
	renewed := alive("Issuing CA", root, certstest.Authority)
	add := func(name string, chain ...*certstest.Entity) {
		all = append(all, foreign{name: name, chain: chain, roots: []*certstest.Entity{root}})
	}
	under := func(name string, issuer *certstest.Entity, roots ...*certstest.Entity) {
		f := foreign{name: name, chain: []*certstest.Entity{alive("Leaf", issuer, good), issuer}, roots: roots}
		if len(roots) == 0 {
			f.roots = []*certstest.Entity{root}
		}
		all = append(all, f)
	}
	leaf := func(changes ...certstest.Change) *certstest.Entity { return alive("Leaf", ca, changes...) }
	set := func(change func(*x509.Certificate)) certstest.Change { return change }

	for host, names := range map[string][]string{
		"good.test":           {"good.test", "bad.test", "*.test", "GOOD.TEST", "good.test.", "go*.test", "*", "test", "*.good.test"},
		"a.good.test":         {"*.good.test", "good.test", "*.*.test", "a*.good.test", "*a.good.test", "a.*.test", "*.test"},
		"a.b.good.test":       {"*.good.test", "*.b.good.test"},
		"good.co.uk":          {"*.co.uk", "*.uk", "good.co.uk"},
		"good.github.io":      {"*.github.io"},
		"xn--mnchen-3ya.test": {"xn--mnchen-3ya.test", "xn--*.test", "*.test"},
		"127.0.0.1":           {"127.0.0.1", "*.0.0.1"},
	} {
		for _, name := range names {
			f := foreign{name: host + " and " + name, chain: []*certstest.Entity{leaf(certstest.ForHosts(name)), ca}, roots: []*certstest.Entity{root}, host: host}
			if partWildcard(name, host) {
				f.refused = "RFC 9525, section 6.3, and browsers know no wildcard for part of a label"
			}
			all = append(all, f)
		}
	}
	for host, addresses := range map[string][]string{"127.0.0.1": {"127.0.0.1", "127.0.0.2"}, "::1": {"::1", "::2"}, certstest.Host: {"127.0.0.1"}} {
		for _, a := range addresses {
			all = append(all, foreign{host + " and the address " + a, []*certstest.Entity{leaf(set(func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.ParseIP(a)} })), ca}, []*certstest.Entity{root}, host, ""})
		}
	}
	for host, names := range map[string][]string{certstest.Host: {certstest.Host, "*.test", "other.test", ""}, "a.good.test": {"*.good.test", "A.GOOD.TEST"}, "127.0.0.1": {"127.0.0.1"}} {
		for _, name := range names {
			all = append(all, foreign{host + " and the common name " + name, []*certstest.Entity{alive(name, ca), ca}, []*certstest.Entity{root}, host, ""})
		}
	}
	all = append(all, foreign{"127.0.0.1 mapped into IPv6", []*certstest.Entity{leaf(extension(false, append([]byte{0x30, 18, 0x87, 16}, net.ParseIP("127.0.0.1").To16()...), 2, 5, 29, 17)), ca}, []*certstest.Entity{root}, "127.0.0.1", ""})

	add("good", leaf(good), ca)
	add("root sent", leaf(good), ca, root)
	add("leaf twice", leaf(good), ca)
	add("issuer not sent", leaf(good))
	add("in disorder", leaf(good), stranger, ca)
	add("issuer of the same name", alive("Leaf", renewed, good), ca)
	add("both of the same name", alive("Leaf", renewed, good), ca, renewed)
	add("signed by itself", alive("Leaf", nil, good))
	under("unknown root", stranger)
	under("the issuer is trusted", ca, ca)
	under("the issuer and its root are trusted", ca, ca, root)
	all = append(all, foreign{"the leaf itself is trusted", []*certstest.Entity{alive("Self", nil, good)}, nil, "", ""})
	all[len(all)-1].roots = all[len(all)-1].chain

	for name, dates := range map[string]certstest.Change{
		"expired": certstest.Valid(now.Add(-9*day), now.Add(-day)), "not yet valid": certstest.Valid(now.Add(day), now.Add(9*day)),
		"five days left": certstest.Valid(now.Add(-85*day), now.Add(5*day)), "a hundred years": certstest.Valid(now.Add(-9*day), now.Add(36500*day)),
	} {
		add(name, leaf(good, dates), ca)
		under("issuer "+name, alive("Issuing CA", root, certstest.Authority, dates))
		under("root "+name, alive("Other root", nil, certstest.Authority, dates), alive("Other root 2", nil, certstest.Authority, dates))
		old := alive("Dated root", nil, certstest.Authority, dates)
		under("trusted root "+name, old, old)
	}
	for name, usages := range map[string][]x509.ExtKeyUsage{
		"client": {x509.ExtKeyUsageClientAuth}, "both": {x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}, "any": {x509.ExtKeyUsageAny},
		"none": nil, "code signing": {x509.ExtKeyUsageCodeSigning},
	} {
		usage := set(func(c *x509.Certificate) { c.ExtKeyUsage = usages })
		add("usage "+name, leaf(good, usage), ca)
		under("usage of the issuer "+name, alive("Usage CA", root, certstest.Authority, usage))
		r := alive("Usage root", nil, certstest.Authority, usage)
		under("usage of the root "+name, r, r)
	}
	for name, usage := range map[string]x509.KeyUsage{
		"sign": x509.KeyUsageDigitalSignature, "encipher": x509.KeyUsageKeyEncipherment, "agree": x509.KeyUsageKeyAgreement,
		"commit": x509.KeyUsageContentCommitment, "CRL": x509.KeyUsageCRLSign, "cert": x509.KeyUsageCertSign,
	} {
		add("key usage "+name, leaf(good, set(func(c *x509.Certificate) { c.KeyUsage = usage })), ca)
		under("key usage of the issuer "+name, alive("Key CA", root, certstest.Authority, set(func(c *x509.Certificate) { c.KeyUsage = usage })))
	}
	for name, change := range map[string]certstest.Change{
		"no constraints": func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign }, "no constraints and usage": func(*x509.Certificate) {},
		"no authority": func(c *x509.Certificate) { c.BasicConstraintsValid = true }, "path length 0": func(c *x509.Certificate) { certstest.Authority(c); c.MaxPathLenZero = true },
	} {
		under("issuer with "+name, alive("Odd CA", root, change))
		r := alive("Odd root", nil, change)
		under("root with "+name, r, r)
		deep := alive("Deep CA", r, certstest.Authority)
		all = append(all, foreign{"below a root with " + name, []*certstest.Entity{alive("Leaf", deep, good), deep}, []*certstest.Entity{r}, "", ""})
		upper := alive("Upper CA", root, change)
		lower := alive("Lower CA", upper, certstest.Authority)
		add("two levels, upper with "+name, alive("Leaf", lower, good), lower, upper)
	}
	for name, change := range map[string]certstest.Change{
		"permitted test": func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"test"}
		},
		"permitted other": func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"other.test"}
		},
		"excluded test":  func(c *x509.Certificate) { c.ExcludedDNSDomains = []string{"test"} },
		"excluded other": func(c *x509.Certificate) { c.ExcludedDNSDomains = []string{"other.test"} },
		"permitted address": func(c *x509.Certificate) {
			c.PermittedIPRanges = []*net.IPNet{{IP: net.IPv4(10, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}}
		},
		"permitted mail":                extensionFree,
		"a critical policy constraint":  extension(true, []byte{0x30, 3, 0x81, 1, 0}, 2, 5, 29, 36),
		"an unknown critical extension": extension(true, []byte{5, 0}, 1, 3, 6, 1, 4, 1, 99999, 1),
		"an unknown extension":          extension(false, []byte{5, 0}, 1, 3, 6, 1, 4, 1, 99999, 1),
		"a critical Netscape type":      extension(true, []byte{3, 2, 0, 0xff}, 2, 16, 840, 1, 113730, 1, 1),
	} {
		under("issuer with "+name, alive("Constrained CA", root, certstest.Authority, change))
	}
	add("leaf with an unknown critical extension", leaf(good, extension(true, []byte{5, 0}, 1, 3, 6, 1, 4, 1, 99999, 1)), ca)
	misnamed := *ca
	other := *ca.Cert
	other.SubjectKeyId = []byte{1}
	misnamed.Cert = &other
	add("another authority key identifier", alive("Leaf", &misnamed, good), ca)
	bySerial := func(serial byte) certstest.Change { // the authority key identifier as the issuer's issuer and serial number
		name := append([]byte{0xa1, byte(len(ca.Cert.RawIssuer) + 2), 0xa4, byte(len(ca.Cert.RawIssuer))}, ca.Cert.RawIssuer...)
		return extension(false, slices.Concat([]byte{0x30, byte(len(name) + 3)}, name, []byte{0x82, 1, serial}), 2, 5, 29, 35)
	}
	add("another serial number of the issuer", leaf(good, bySerial(77)), ca)
	numbered := alive("Numbered CA", root, certstest.Authority, set(func(c *x509.Certificate) { c.SerialNumber = big.NewInt(77) }))
	add("the right serial number of the issuer", alive("Leaf", numbered, good, bySerial(77)), numbered)
	add("leaf with a critical must-staple", leaf(good, extension(true, []byte{0x30, 3, 2, 1, 5}, 1, 3, 6, 1, 5, 5, 7, 1, 24)), ca)
	under("issuer with must-staple", alive("Demanding CA", root, certstest.Authority, extension(false, []byte{0x30, 3, 2, 1, 5}, 1, 3, 6, 1, 5, 5, 7, 1, 24)))
	add("leaf with an empty key usage", leaf(good, extension(true, []byte{3, 2, 7, 0}, 2, 5, 29, 15), set(func(c *x509.Certificate) { c.KeyUsage = 0 })), ca)
	add("leaf with must-staple", leaf(good, extension(false, []byte{0x30, 3, 2, 1, 5}, 1, 3, 6, 1, 5, 5, 7, 1, 24)), ca)

	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	add("Ed25519", aliveWithKey(ed, "Leaf", ca, good), ca)
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		add(curve.Params().Name, aliveWithKey(key, "Leaf", ca, good), ca)
		under("issuer with "+curve.Params().Name, aliveWithKey(key, "Curve CA", root, certstest.Authority))
	}
	rsaRoot := aliveWithKey(certstest.RSAKey(2048), "RSA root", nil, certstest.Authority)
	for _, a := range []x509.SignatureAlgorithm{x509.SHA1WithRSA, x509.SHA256WithRSA, x509.SHA512WithRSA, x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS} {
		leaf := alive("Leaf", rsaRoot, good, set(func(c *x509.Certificate) { c.SignatureAlgorithm = a }))
		all = append(all, foreign{a.String(), []*certstest.Entity{leaf}, []*certstest.Entity{rsaRoot}, "", ""})
	}
	all = append(all, foreign{"RSA-PSS with another salt", []*certstest.Entity{longSalt(t, alive("Leaf", rsaRoot, good), rsaRoot)}, []*certstest.Entity{rsaRoot}, "", ""})
	add("RSA-1024", aliveWithKey(certstest.RSAKey(1024), "Leaf", ca, good), ca)
	broken := *leaf(good)
	broken.Cert = damaged(t, broken.Cert)
	add("damaged signature", &broken, ca)

	// Roots that were renewed and signed by others.
	past := certstest.Valid(now.Add(-900*day), now.Add(-10*day))
	ancient := alive("Ancient root", nil, certstest.Authority, past)
	cross := aliveWithKey(root.Key, "Root", ancient, certstest.Authority, past)
	all = append(all, foreign{"an expired cross-signed root", []*certstest.Entity{leaf(good), ca, cross}, []*certstest.Entity{root, ancient}, "", ""})
	all = append(all, foreign{"an expired cross-signed root of an unknown one", []*certstest.Entity{leaf(good), ca, cross}, []*certstest.Entity{root}, "", ""})
	gone := alive("Gone root", nil, certstest.Authority)
	twin := aliveWithKey(ca.Key, "Issuing CA", gone, certstest.Authority)
	add("twin of the issuer from an unknown root first", leaf(good), twin, ca)
	add("twin of the issuer with its unknown root first", leaf(good), twin, gone, ca)
	add("twin of the issuer from an unknown root last", leaf(good), ca, twin)
	add("root renewed with its key", alive("Leaf", aliveWithKey(root.Key, "Root", nil, certstest.Authority), good))
	add("root renewed with another key", alive("Leaf", alive("Root", nil, certstest.Authority), good))
	return all
}

func extensionFree(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"good.test"} }

// judged is a chain in DER, and the roots that are trusted.
type judged struct {
	name         string
	chain, roots [][]byte
	host         string // certstest.Host when empty
	refused      string // why this program fails what both others accept
}

func (f foreign) judged() judged {
	j := judged{name: f.name, host: f.host, refused: f.refused}
	for _, e := range f.chain {
		j.chain = append(j.chain, e.Cert.Raw)
	}
	for _, e := range f.roots {
		j.roots = append(j.roots, e.Cert.Raw)
	}
	return j
}

// findings judges the chain as a probe does.
func (f judged) findings(t *testing.T) []reason.Finding {
	t.Helper()
	anchors := ReadAnchors(pemOf(f.roots...))
	if len(anchors.Usable) == 0 { // told at the start: there is nothing to probe with
		return []reason.Finding{reason.ProberCertUnsupported.Found(fmt.Sprint(anchors.Told()))}
	}
	j := &Judge{Roots: anchors.Pool(), Anchors: anchors}
	var chain []*x509.Certificate
	for _, der := range f.chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			_, findings := j.JudgeDER(t.Context(), f.chain, f.host, time.Now())
			return findings
		}
		chain = append(chain, c)
	}
	return j.Judge(t.Context(), chain, nil, f.host, time.Now()).Findings
}

// TestJudgedLikeOthers holds every verdict beside those of OpenSSL and GnuTLS: nothing is fine
// that both refuse, and nothing fails that both accept.
func TestJudgedLikeOthers(t *testing.T) {
	for _, name := range []string{"openssl", "certtool"} {
		needs.Program(t, name)
	}
	var all []judged
	more := foreignChains(t)
	if needs.All() { // two programs run for each
		more = append(more, moreForeignChains(t)...)
		all = craftedChains(t)
		for _, c := range constrainedChains() {
			if strings.Contains(c.name, ", mail") || strings.Contains(c.name, ", uri") { // of DNS names and addresses there are others
				all = append(all, c.judged)
			}
		}
	}
	for _, f := range more {
		all = append(all, f.judged())
	}
	t.Logf("%d chains", len(all))
	reads := &opensslReads{dir: t.TempDir(), known: map[string]*told{}}
	for _, f := range all {
		if f.host == "" {
			f.host = certstest.Host
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			says := reason.OK
			var details []string
			findings := f.findings(t)
			for _, x := range findings {
				if x.Reason.Outcome().Worse(says) {
					says = x.Reason.Outcome()
				}
				details = append(details, x.Reason.String()+": "+x.Detail)
			}
			if needs.All() && len(findings) > 0 {
				e := evidence{reads.of(t, f.chain), reads.of(t, f.roots)}
				for _, x := range findings {
					if err := trueBesideOpenSSL(x.Detail, e, len(f.chain)); err != nil {
						t.Errorf("%s: %s: %v", x.Reason, x.Detail, err)
					}
				}
			}
			dir := t.TempDir()
			roots, chain := write(t, dir, "roots.pem", f.roots), write(t, dir, "chain.pem", f.chain)
			name := "-verify_hostname"
			if net.ParseIP(f.host) != nil {
				name = "-verify_ip"
			}
			openssl := accepts("openssl", "verify", "-no-CApath", "-no-CAstore", "-partial_chain", "-purpose", "sslserver", name, f.host,
				"-CAfile", roots, "-untrusted", chain, write(t, dir, "leaf.pem", f.chain[:1]))
			gnutls := accepts("certtool", "--verify", "--load-ca-certificate", roots, "--verify-hostname", f.host, "--verify-purpose", "1.3.6.1.5.5.7.3.1", "--infile", chain)
			switch {
			case openssl == "" && gnutls == "" && says == reason.Fail && f.refused == "", openssl != "" && gnutls != "" && !says.Worse(reason.Degraded):
				t.Errorf("%s %s\nOpenSSL: %s\nGnuTLS: %s", says, strings.Join(details, "; "), openssl, gnutls)
			}
			t.Logf("%s %s | OpenSSL: %s | GnuTLS: %s", says, strings.Join(details, "; "), openssl, gnutls)
		})
	}
}

// accepts runs a program that judges a chain; it returns what it says against it.
func accepts(program string, args ...string) string {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err == nil {
		return ""
	}
	return string(bytes.TrimSpace(out[max(0, len(out)-300):]))
}

func pemOf(ders ...[]byte) (text []byte) {
	for _, der := range ders {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return text
}

func write(t *testing.T, dir, name string, list [][]byte) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, pemOf(list...), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
