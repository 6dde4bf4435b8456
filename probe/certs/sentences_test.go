package certs

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// told is what OpenSSL says of a certificate.
type told struct {
	der                                      []byte
	subject, issuer, from, until, text, file string
	names                                    []string // by which this program calls it
}

// opensslReads asks OpenSSL about certificates, once about each; those that it cannot read are left out.
type opensslReads struct {
	dir string

	mu    sync.Mutex
	known map[string]*told
}

func (o *opensslReads) of(t *testing.T, ders [][]byte) (all []*told) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, der := range ders {
		c, ok := o.known[string(der)]
		if !ok {
			c = o.ask(t, der, filepath.Join(o.dir, fmt.Sprint(len(o.known), ".der")))
			o.known[string(der)] = c
		}
		if c != nil {
			all = append(all, c)
		}
	}
	return all
}

func (*opensslReads) ask(t *testing.T, der []byte, file string) *told {
	t.Helper()
	if err := os.WriteFile(file, der, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("openssl", "x509", "-inform", "DER", "-in", file, "-noout", "-subject", "-issuer", "-dates", "-dateopt", "iso_8601", "-nameopt", "RFC2253,utf8,-esc_msb", "-text").CombinedOutput()
	if err != nil {
		return nil
	}
	c := &told{der: der, text: string(out), file: file, names: []string{readAnyway(der).facts.Subject}}
	if parsed, err := x509.ParseCertificate(der); err == nil {
		c.names = append(c.names, shortName(parsed), nameText(parsed.Subject))
	}
	for line := range strings.Lines(c.text) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		switch key {
		case "subject":
			c.subject = value
		case "issuer":
			c.issuer = value
		case "notBefore":
			c.from = strings.Replace(value, " ", "T", 1)
		case "notAfter":
			c.until = strings.Replace(value, " ", "T", 1)
		}
	}
	return c
}

// errUntold is that OpenSSL does not tell.
var errUntold = errors.New("not told")

// signed asks OpenSSL whether the key of p made the signature of c.
func (p *told) signed(c *told) (bool, error) {
	var parts struct {
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.der, &parts); err != nil {
		return false, errUntold
	}
	algorithm := regexp.MustCompile(`Signature Algorithm: (\S+)`).FindStringSubmatch(c.text)[1]
	dir, err := os.MkdirTemp(filepath.Dir(c.file), "")
	if err != nil {
		return false, err
	}
	key, signature, tbs := filepath.Join(dir, "key"), filepath.Join(dir, "sig"), filepath.Join(dir, "tbs")
	public, err := exec.Command("openssl", "x509", "-inform", "DER", "-in", p.file, "-noout", "-pubkey").Output()
	if err != nil {
		return false, errUntold
	}
	for file, data := range map[string][]byte{key: public, signature: parts.Signature.Bytes, tbs: parts.TBS.FullBytes} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return false, err
		}
	}
	digest := regexp.MustCompile(`(?i)SHA3-\d+|SHA\d+|MD5`).FindString(algorithm)
	switch {
	case strings.HasPrefix(algorithm, "ED"):
		err = exec.Command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", tbs, "-sigfile", signature).Run()
	case digest == "" || strings.Contains(algorithm, "/") || strings.Contains(strings.ToLower(algorithm), "512-256"):
		return false, errUntold // RSA-PSS says it in its parameters
	default:
		err = exec.Command("openssl", "dgst", "-"+strings.ToLower(digest), "-verify", key, "-signature", signature, tbs).Run()
	}
	return err == nil, nil
}

// about are the certificates that a sentence means by a name.
func about(all []*told, name string) (named []*told) {
	for _, c := range all {
		if slices.ContainsFunc(c.names, func(n string) bool { return n == name || strconv.Quote(n) == `"`+name+`"` }) {
			named = append(named, c)
		}
	}
	return named
}

func plainName(s string) string { return strings.ReplaceAll(s, `\`, "") }

// evidence is what a sentence is held beside: what was sent, and what is trusted.
type evidence struct{ sent, roots []*told }

func (e evidence) all() []*told { return slices.Concat(e.sent, e.roots) }

// signs reports whether one of the certificates of a name signed one of those of another.
func (e evidence) signs(issuers []*told, child string) (bool, error) {
	for _, c := range about(e.all(), child) {
		for _, p := range issuers {
			if how, err := p.signed(c); err != nil || how {
				return how, err
			}
		}
	}
	return false, nil
}

// sentence is a form that findings have, and what has to be so where one is printed.
type sentence struct {
	form  *regexp.Regexp
	holds func(e evidence, m []string) error
}

func expect(ok bool, format string, args ...any) error {
	if ok {
		return nil
	}
	return fmt.Errorf(format, args...)
}

func sentences() []sentence {
	must := func(e evidence, issuers []*told, child string, want bool) error {
		got, err := e.signs(issuers, child)
		if errors.Is(err, errUntold) {
			return nil
		}
		return expect(err == nil && got == want, "OpenSSL says of the signature of %s: %v %v", child, got, err)
	}
	form := func(s string, holds func(e evidence, m []string) error) sentence {
		return sentence{regexp.MustCompile(`(?s)^` + s), holds}
	}
	dated := func(e evidence, name, date string, end bool) error {
		when, err := time.Parse(time.RFC3339, date)
		if err != nil {
			return err
		}
		return expect(when.Before(time.Now()) == end && slices.ContainsFunc(about(e.all(), name), func(c *told) bool {
			return strings.HasPrefix(date, "0000-") || end && c.until == date || !end && c.from == date
		}), "no %s of that date", name)
	}
	absent := func(e evidence, m []string) error { // issuer, child
		for _, c := range e.all() {
			if strings.EqualFold(strings.Join(strings.Fields(c.subject), " "), strings.Join(strings.Fields(m[1]), " ")) {
				return fmt.Errorf("%q was sent or is trusted", c.subject)
			}
		}
		return expect(slices.ContainsFunc(about(e.sent, m[2]), func(c *told) bool { return plainName(c.issuer) == plainName(m[1]) }), "its issuer is another")
	}
	any := func(evidence, []string) error { return nil }
	return []sentence{
		form(`(.*) expired on (\S+)$`, func(e evidence, m []string) error { return dated(e, m[1], m[2], true) }),
		form(`(.*) is valid from (\S+) on$`, func(e evidence, m []string) error { return dated(e, m[1], m[2], false) }),
		form(`(.*) is signed by itself$`, func(e evidence, m []string) error { return must(e, about(e.sent[:1], m[1]), m[1], true) }),
		form(`the certificate (.*) that was sent as the issuer of (.*?) (?:did not sign it|does not verify its signature)`, func(e evidence, m []string) error {
			return must(e, about(e.sent, m[1]), m[2], false)
		}),
		form(`the signature of (.*) does not verify with the key of (.*), which`, func(e evidence, m []string) error { return must(e, about(e.sent, m[2]), m[1], false) }),
		form(`the trusted root "(.*)", which signed (.*), has no basic constraints`, func(e evidence, m []string) error {
			roots := about(e.roots, m[1])
			if err := expect(slices.ContainsFunc(roots, func(c *told) bool { return !strings.Contains(c.text, "Basic Constraints") }), "it has them"); err != nil {
				return err
			}
			return must(e, roots, m[2], true)
		}),
		form(`(?:the trusted root )?"?(.*?)"?(?: issued a certificate but is no authority|: certificate is not authorized to sign other certificates)`, func(e evidence, m []string) error {
			var bad []*told
			for _, c := range about(e.all(), m[1]) {
				if !strings.Contains(c.text, "CA:TRUE") || strings.Contains(c.text, "Version: 1 ") || strings.Contains(c.text, "Key Usage: ") && !strings.Contains(c.text, "Certificate Sign") {
					bad = append(bad, c)
				}
			}
			for _, c := range e.sent {
				if got, err := e.signs(bad, c.names[0]); got || errors.Is(err, errUntold) {
					return nil
				}
			}
			return errors.New("it signed nothing that was sent, or may")
		}),
		form(`(.*) names the trusted root "(.*)" as its issuer, whose key did not sign it`, func(e evidence, m []string) error { return must(e, about(e.roots, m[2]), m[1], false) }),
		form(`the chain ends at (?:the|a) root "(.*?)",? (?:which|that) is not trusted`, func(e evidence, m []string) error {
			for _, c := range about(e.sent, m[1]) {
				if slices.ContainsFunc(e.roots, func(r *told) bool { return string(r.der) == string(c.der) }) {
					return errors.New("it is trusted")
				}
			}
			return must(e, about(e.sent, m[1]), m[1], true)
		}),
		form(`the issuer "(.*)" of "?(.*?)"? is not trusted, and was not sent$`, absent),
		form(`the issuer "(.*)" of (.*) was not sent and is no trusted root$`, absent),
		form(`(.*) was issued under its own name by another key`, func(e evidence, m []string) error { return must(e, about(e.sent, m[1]), m[1], false) }),
		form(`(?:the trusted root )?(.*) has the key RSA-(\d+)$`, func(e evidence, m []string) error {
			return expect(slices.ContainsFunc(about(e.all(), m[1]), func(c *told) bool { return strings.Contains(c.text, "("+m[2]+" bit") }), "its key has another size")
		}),
		form(`(.*) is signed with (\S+)$`, func(e evidence, m []string) error {
			digest := strings.ToLower(regexp.MustCompile(`SHA1|MD5|MD2`).FindString(m[2]))
			return expect(slices.ContainsFunc(about(e.sent, m[1]), func(c *told) bool {
				return strings.Contains(strings.ToLower(c.text), "signature algorithm: "+digest) || strings.Contains(strings.ToLower(c.text), "with-"+digest)
			}), "OpenSSL names another algorithm")
		}),
		form(`the certificate is for (.*?)(?: and (\d+) more)?, not for ([^:]*)`, func(e evidence, m []string) error {
			names := regexp.MustCompile(`(?:DNS|IP Address):([^,\n]*)`).FindAllStringSubmatch(e.sent[0].text, -1)
			shown := strings.Split(m[1], ", ")
			for _, name := range shown {
				if name != `""` && !strings.ContainsAny(name, ":\x00\ufffd") && !strings.Contains(e.sent[0].text, name) {
					return fmt.Errorf("OpenSSL shows no name %q", name)
				}
			}
			return expect(m[2] == "" || m[2] == fmt.Sprint(len(names)-len(shown)), "OpenSSL shows %d names", len(names))
		}),
		form(`the certificate is not for (.*): (it has no subjectAltName|its subjectAltName has neither)`, func(e evidence, m []string) error {
			return expect(strings.Contains(e.sent[0].text, "Subject Alternative Name") == strings.HasPrefix(m[2], "its"), "OpenSSL shows it otherwise")
		}),
		form(`the certificate has no subjectAltName with a DNS name, only the common name "(.*)", which`, func(e evidence, m []string) error {
			return expect(!strings.Contains(e.sent[0].text, "DNS:") && strings.Contains(e.sent[0].subject, m[1]), "OpenSSL shows it otherwise")
		}),
		form(`of the certificates with the name of the issuer of (.*), the one that was sent first did not sign it`, func(e evidence, m []string) error {
			for _, c := range about(e.sent, m[1]) {
				for _, p := range e.sent {
					if how, err := p.signed(c); p.subject == c.issuer && (!how || err != nil) {
						return nil
					}
				}
			}
			return errors.New("all of them signed it")
		}),
		form(`clients that take the first certificate with the name of an issuer come to (.*), and from there to no trusted root, though another way leads to "(.*)"$`, func(e evidence, m []string) error {
			return expect(len(about(e.sent, m[1])) > 0 && len(about(e.all(), m[2])) > 0, "there is no such certificate")
		}),
		form(`the certificate has .* as a DNS name and not as an address`, any),
		form(`the certificate is for \*\.`, any),
		form(`only the wildcard `, any),
		form(`this program cannot `, any),
		form(`certificate \d+ of the chain is no certificate`, any),
		form(`(.*) has critical (.*) that this program cannot verify`, any),
		form(`(.*) demands a stapled OCSP response`, any),
		form(`(.*) demands of what it issues`, any),
		form(`(.*) has the critical extension (\S+), which is not known here`, func(e evidence, m []string) error {
			return expect(slices.ContainsFunc(about(e.all(), m[1]), func(c *told) bool { return strings.Contains(c.text, ": critical") }), "OpenSSL shows none")
		}),
		form(`the extended key usage of (?:the root )?(.*) lists (.*) and not serverAuth`, func(e evidence, m []string) error {
			return expect(slices.ContainsFunc(about(e.all(), m[1]), func(c *told) bool {
				return strings.Contains(c.text, "X509v3 Extended Key Usage") && !strings.Contains(c.text, "TLS Web Server Authentication")
			}), "OpenSSL shows it otherwise")
		}),
		form(`the path length constraint of (.*) permits (no authority|one authority|(\d+) authorities) below it`, func(e evidence, m []string) error {
			n := map[string]string{"no authority": "0", "one authority": "1"}[m[2]] + m[3]
			return expect(slices.ContainsFunc(about(e.all(), m[1]), func(c *told) bool { return strings.Contains(c.text, "pathlen:"+n) }), "OpenSSL shows another length")
		}),
		form(`the name constraints of (.*?) (?:exclude the name \S+, which the wildcard |(?:exclude|do not permit) the name |are about names such as )"?(.*?)"? of `, func(e evidence, m []string) error {
			if !slices.ContainsFunc(about(e.all(), m[1]), func(c *told) bool { return strings.Contains(c.text, "X509v3 Name Constraints") }) {
				return errors.New("OpenSSL shows no constraints")
			}
			name := strings.ReplaceAll(m[2], "::", "0:0:0:0:0:0:0:") // as OpenSSL writes ::1
			has := func(c *told) bool { return strings.Contains(c.text, name) || len(about([]*told{c}, m[2])) > 0 }
			return expect(slices.ContainsFunc(e.all(), has), "OpenSSL shows no name %q", m[2])
		}),
		form(`the trusted root "(.*)" has critical (.*) that`, any),
		form(`(.*) comes by a chain with invalid policies`, any),
		form(`the key usage of (.*) (?:is empty|has neither|lacks)`, any),
		form(`(.*) has an extended key usage that permits any use`, any),
		form(`the authority key identifier of `, any),
		form(`(.*) has (?:the date "|extensions, which version 1)|(.*) bytes behind its extensions`, any),
		form(`the issuers that were sent name each other in a circle`, any),
		form(`\[certificate \d+ `, any),
	}
}

// trueBesideOpenSSL holds a sentence beside what OpenSSL says of the same certificates. One in a form
// that it does not know is an error, so that no new one goes unread.
func trueBesideOpenSSL(detail string, e evidence, chain int) error {
	for _, s := range sentences() {
		if m := s.form.FindStringSubmatch(detail); m != nil {
			if len(e.sent) < chain { // it speaks of one that OpenSSL cannot read
				return nil
			}
			return s.holds(e, m)
		}
	}
	return fmt.Errorf("a sentence of no known form: %s", detail)
}
