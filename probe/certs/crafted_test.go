package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The certificates that crypto/x509 does not make are put together here, element by element.

// tlv is an element of DER.
func tlv(tag byte, parts ...[]byte) []byte {
	value := slices.Concat(parts...)
	n := len(value)
	switch {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, value...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, value...)
	case n < 0x10000:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, value...)
	}
	return append([]byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, value...)
}

func seq(parts ...[]byte) []byte { return tlv(0x30, parts...) }

func bits(b []byte) []byte { return tlv(3, []byte{0}, b) }

func oid(id ...int) []byte {
	der, err := asn1.Marshal(asn1.ObjectIdentifier(id))
	if err != nil {
		panic(err)
	}
	return der
}

// A distinguished name of one attribute, a common name as a string of some type.
func commonName(tag byte, text string) []byte {
	return seq(tlv(0x31, seq(oid(2, 5, 4, 3), tlv(tag, []byte(text)))))
}

const (
	utf8Text, printable, teletex, ia5, universal, bmp = 0x0c, 0x13, 0x14, 0x16, 0x1c, 0x1e
	utcTime, generalTime                              = 0x17, 0x18
)

func utc(t time.Time) []byte { return tlv(utcTime, []byte(t.UTC().Format("060102150405Z"))) }

// craftedKey signs certificates with any algorithm.
type craftedKey struct {
	spki, algorithm []byte
	sign            func(tbs []byte) []byte
}

var (
	ecdsaSHA256 = seq(oid(1, 2, 840, 10045, 4, 3, 2))
	rsaSHA256   = seq(oid(1, 2, 840, 113549, 1, 1, 11), []byte{5, 0})
)

// goKey is a key that the standard library has.
func goKey(key crypto.Signer) craftedKey {
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		panic(err)
	}
	k := craftedKey{spki: spki, algorithm: ecdsaSHA256}
	if _, ok := key.(*rsa.PrivateKey); ok {
		k.algorithm = rsaSHA256
	}
	k.sign = func(tbs []byte) []byte {
		digest := sha256.Sum256(tbs)
		signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
		if err != nil {
			panic(err)
		}
		return signature
	}
	return k
}

func newKey() craftedKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return goKey(key)
}

// foreignKey is a key that openssl makes, and signs with: by dgst with a digest and options, or all at
// once where the digest is empty. Where it cannot, as in builds without old algorithms, ok is false.
func foreignKey(t *testing.T, algorithm []byte, digest []string, genpkey ...string) (k craftedKey, ok bool) {
	t.Helper()
	dir := t.TempDir()
	private, text := filepath.Join(dir, "key.pem"), filepath.Join(dir, "tbs")
	if out, err := exec.Command("openssl", append([]string{"genpkey", "-out", private}, genpkey...)...).CombinedOutput(); err != nil {
		t.Logf("genpkey %v: %s", genpkey, out)
		return k, false
	}
	spki, err := exec.Command("openssl", "pkey", "-in", private, "-pubout", "-outform", "DER").Output()
	if err != nil {
		t.Logf("pkey %v: %v", genpkey, err)
		return k, false
	}
	return craftedKey{spki, algorithm, func(tbs []byte) []byte {
		if err := os.WriteFile(text, tbs, 0o600); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"dgst"}, append(digest, "-sign", private, text)...)
		if len(digest) == 0 {
			args = []string{"pkeyutl", "-sign", "-inkey", private, "-rawin", "-in", text}
		}
		signature, err := exec.Command("openssl", args...).Output()
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return signature
	}}, true
}

// crafted is what a certificate is made of; each field is the whole element, and empty for none.
type crafted struct {
	version, serial, inner, outer, issuer, notBefore, notAfter, subject, spki, uniqueIDs []byte
	extensions                                                                           [][]byte
	bare                                                                                 bool // no extensions at all
	behind                                                                               []byte
}

// craftedEntity is a certificate in DER with what signs others below it.
type craftedEntity struct {
	der, name []byte
	key       craftedKey
}

func ext(critical bool, value []byte, id ...int) []byte {
	if critical {
		return seq(oid(id...), []byte{1, 1, 0xff}, tlv(4, value))
	}
	return seq(oid(id...), tlv(4, value))
}

func keyIDOf(k craftedKey) []byte { id := sha1.Sum(k.spki); return id[:] }

// craft makes a certificate; the issuer is nil for one that signs itself.
func craft(name string, key craftedKey, issuer *craftedEntity, changes ...func(*crafted)) *craftedEntity {
	now := time.Now()
	serial := make([]byte, 8)
	_, _ = rand.Read(serial)
	serial[0] = 1
	c := crafted{
		version: tlv(0xa0, []byte{2, 1, 2}), serial: tlv(2, serial), subject: commonName(utf8Text, name), spki: key.spki,
		notBefore: utc(now.Add(-99 * 24 * time.Hour)), notAfter: utc(now.Add(99 * 24 * time.Hour)),
	}
	signer := key
	c.issuer = c.subject
	if issuer != nil {
		signer, c.issuer = issuer.key, issuer.name
	}
	c.inner = signer.algorithm
	c.extensions = [][]byte{ext(false, tlv(4, keyIDOf(key)), 2, 5, 29, 14), ext(false, seq(tlv(0x80, keyIDOf(signer))), 2, 5, 29, 35)}
	for _, change := range changes {
		change(&c)
	}
	if issuer == nil && name != "" {
		c.issuer = c.subject
	}
	if c.outer == nil {
		c.outer = c.inner
	}
	extensions := tlv(0xa3, seq(c.extensions...))
	if c.bare {
		extensions = nil
	}
	tbs := seq(c.version, c.serial, c.inner, c.issuer, seq(c.notBefore, c.notAfter), c.subject, c.spki, c.uniqueIDs, extensions, c.behind)
	return &craftedEntity{seq(tbs, c.outer, bits(signer.sign(tbs))), c.subject, key}
}

func craftedAuthority(c *crafted) {
	c.extensions = append(c.extensions, ext(true, seq([]byte{1, 1, 0xff}), 2, 5, 29, 19), ext(true, []byte{3, 2, 2, 4}, 2, 5, 29, 15))
}

// craftedFor gives a certificate a subjectAltName of DNS names, and the usage of a server.
func craftedFor(names ...string) func(*crafted) {
	return func(c *crafted) {
		var list [][]byte
		for _, n := range names {
			list = append(list, tlv(0x82, []byte(n)))
		}
		c.extensions = append(c.extensions, ext(false, seq(list...), 2, 5, 29, 17), ext(false, seq(oid(1, 3, 6, 1, 5, 5, 7, 3, 1)), 2, 5, 29, 37))
	}
}

func with(critical bool, value []byte, id ...int) func(*crafted) {
	return func(c *crafted) { c.extensions = append(c.extensions, ext(critical, value, id...)) }
}
