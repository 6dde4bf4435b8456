package probe

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/cloudapi"
	"prober/needs"
	"prober/probe/certs"
	"prober/probe/reason"
)

// shell runs a command line in a POSIX shell and returns all that it printed.
func shell(t *testing.T, command string) string {
	t.Helper()
	for _, name := range []string{"openssl", "curl", "gnutls-cli", "dig", "timeout", "od", "printf"} {
		if strings.Contains(command, name+" ") {
			needs.Program(t, name)
		}
	}
	cmd := exec.Command(needs.Program(t, "sh"), "-c", command)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, _ := cmd.CombinedOutput() // most end with an error: that is what they show
	return string(out)
}

// alive makes a certificate valid at the time of the test: the tools have no other clock.
func alive(c *x509.Certificate) {
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
}

// TestReproductionsShowIt probes servers with a defect and runs the command of each finding
// with the tools it names.
func TestReproductionsShowIt(t *testing.T) {
	root := newEntity("Root", nil, authority, alive)
	weakRoot := newEntityWithKey(rsaKey(1024), "Weak root", nil, authority, alive)
	stranger := newEntity("Stranger", nil, authority, alive)
	good := forHosts(goodHost)
	leaf := newEntity(goodHost, root, good, alive)
	rootsFile := filepath.Join(t.TempDir(), "it's my root.pem")
	if err := os.WriteFile(rootsFile, append(pemOf(root), pemOf(weakRoot)...), 0o600); err != nil {
		t.Fatal(err)
	}
	showing := func(e *entity, others ...*entity) func(*testing.T) netip.AddrPort {
		return func(t *testing.T) netip.AddrPort {
			return serveTLS(t, &tls.Config{Certificates: []tls.Certificate{served(e, others...)}}, replying(okReply))
		}
	}
	config := func(change func(*tls.Config), reply string) func(*testing.T) netip.AddrPort {
		return func(t *testing.T) netip.AddrPort {
			c := &tls.Config{Certificates: []tls.Certificate{served(leaf)}}
			change(c)
			return serveTLS(t, c, replying(reply))
		}
	}
	handling := func(handle func(net.Conn)) func(*testing.T) netip.AddrPort {
		return func(t *testing.T) netip.AddrPort { return serve(t, handle) }
	}
	asIs := func(*tls.Config) {}
	clients := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }
	revoked := served(leaf)
	revoked.OCSPStaple = staple(leaf, root, root, ocsp.Response{
		Status: ocsp.Revoked, ThisUpdate: time.Now().Add(-time.Minute), NextUpdate: time.Now().Add(time.Hour),
	})
	renewed := newEntity("CA", root, authority, alive)
	ended := newEntityWithKey(renewed.Key, "CA", root, authority, valid(now.Add(-9*day), now))
	demanding := newEntity("Demanding CA", root, authority, alive, func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: []byte{0x30, 3, 2, 1, 5}}}
	})
	excluding := newEntity("Excluding CA", root, authority, alive, func(c *x509.Certificate) { c.ExcludedDNSDomains = []string{"a.good.test"} })
	sha1 := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }

	for _, tt := range []struct {
		why    reason.Reason
		server func(*testing.T) netip.AddrPort
		scheme catalog.Scheme
		aim    func(*Target)
		shows  string // in the output, once its runs of spaces are one
	}{
		{reason.ConnectRefused, closedPort, catalog.HTTPS, nil, "refused"},
		{reason.TLSCertExpired, showing(newEntity("x", root, good, valid(now.Add(-9*day), now))), catalog.HTTPS, nil, "certificate has expired"},
		{reason.TLSCertNotYetValid, showing(newEntity("x", root, good, valid(time.Now().Add(day), time.Now().Add(9*day)))), catalog.HTTPS, nil, "certificate is not yet valid"},
		{reason.TLSCertSelfSigned, showing(newEntity("x", nil, good, alive)), catalog.HTTPS, nil, "self-signed certificate"},
		{reason.TLSCertUntrusted, showing(newEntity("x", stranger, good, alive), stranger), catalog.HTTPS, nil, "self-signed certificate in certificate chain"},
		{reason.TLSCertIncompleteChain, showing(newEntity("x", newEntity("i", root, authority, alive), good, alive, func(c *x509.Certificate) {
			c.IssuingCertificateURL = []string{"http://ca.test/"}
		})), catalog.HTTPS, nil, "unable to get local issuer certificate"},
		{reason.TLSCertUsage, showing(newEntity("x", root, good, clients, alive)), catalog.HTTPS, nil, "certificate purpose"},
		{reason.TLSCertHostname, showing(newEntity("x", root, forHosts("other.test"), alive)), catalog.HTTPS, nil, "hostname mismatch"},
		{reason.TLSCertHostname, showing(newEntity("x", root, forHosts("go*.test"), alive)), catalog.HTTPS, nil, "DNS:go*.test"},
		{reason.TLSCertHostname, showing(newEntity("x", root, func(c *x509.Certificate) { c.EmailAddresses = []string{"ops@good.test"} }, alive)), catalog.HTTPS, nil, "email:ops@good.test"},
		{reason.TLSCertHostname, showing(newEntity("x", root, forHosts("127.0.0.1"), alive)), catalog.HTTPS, func(tg *Target) { tg.Endpoint.Host = "127.0.0.1" }, "IP address mismatch"},
		{reason.TLSCertHostname, showing(newEntity("x", root, forHosts("*.test"), alive)), catalog.HTTPS, nil, "hostname mismatch"},
		{reason.TLSCertWildcard, showing(newEntity("x", root, forHosts("*.co.uk"), alive)), catalog.HTTPS, func(tg *Target) { tg.Endpoint.Host = "good.co.uk" }, "DNS:*.co.uk"},
		{reason.TLSCertWildcard, showing(newEntity("x", excluding, forHosts("*.good.test", goodHost), alive), excluding), catalog.HTTPS, nil, "DNS:a.good.test"},
		{reason.TLSCertCommonName, showing(newEntity(goodHost, root, alive)), catalog.HTTPS, nil, "subject=CN = " + goodHost},
		{reason.TLSCertKeyUsage, showing(newEntity("x", root, good, alive, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })), catalog.HTTPS, nil, "Key Agreement"},
		{reason.TLSCertKeyUsage, showing(newEntity("x", root, good, alive, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} })), catalog.HTTPS, nil, "Any Extended Key Usage"},
		{reason.TLSStapleMissing, showing(newEntity("x", root, good, alive, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: []byte{0x30, 3, 2, 1, 5}}}
		})), catalog.HTTPS, nil, "no response sent"},
		{reason.TLSStapleMissing, showing(newEntity("x", demanding, good, alive), demanding), catalog.HTTPS, nil, "status_request"},
		{reason.TLSStapleInvalid, config(func(c *tls.Config) { c.Certificates[0] = stapled(leaf, root, time.Now().Add(-time.Minute)) }, okReply), catalog.HTTPS, nil, "Next Update"},
		{reason.TLSStapleInvalid, config(func(c *tls.Config) { c.Certificates[0] = stapled(leaf, stranger, time.Now().Add(time.Hour)) }, okReply), catalog.HTTPS, nil, "The received OCSP status response is invalid"},
		{reason.TLSCertUsage, showing(newEntity("x", root, good, alive, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign })), catalog.HTTPS, nil, "unsuitable certificate purpose"},
		{reason.TLSCertUsage, showing(newEntity("x", root, good, alive, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 36}, Critical: true, Value: []byte{0x30, 3, 0x80, 1, 0}}}
		})), catalog.HTTPS, nil, "no explicit policy"},
		{reason.TLSWeakKey, showing(newEntity("x", weakRoot, good, alive)), catalog.HTTPS, nil, "CN=Weak root Public-Key: (1024 bit)"},
		{reason.TLSWeakKey, config(func(c *tls.Config) {
			c.GetCertificate = byOrder(served(leaf), served(newEntityWithKey(rsaKey(1024), "x", root, good, alive)))
		}, okReply), catalog.HTTPS, nil, "Public-Key: (1024 bit)"},
		{reason.TLSCertKeyUsage, config(func(c *tls.Config) {
			c.GetCertificate = byOrder(served(leaf), served(newEntityWithKey(rsaKey(2048), "x", root, good, alive, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })))
		}, okReply), catalog.HTTPS, nil, "Key Encipherment"},
		{reason.TLSVersionOld, config(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, okReply), catalog.HTTPS, nil, "Protocol : TLSv1.1"},
		{reason.TLSWeakCipher, config(func(c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA}
		}, okReply), catalog.HTTPS, func(tg *Target) { tg.Diagnose = true }, "SSL alert number 40"},
		{reason.ProberHTTPUnsupported, config(func(c *tls.Config) { c.NextProtos = []string{"h2"} }, ""), catalog.HTTPS, func(tg *Target) { tg.Diagnose = true }, "ALPN protocol: h2"},
		{reason.TLSAlertNoApplicationProtocol, config(func(c *tls.Config) { c.NextProtos = []string{"x"} }, ""), catalog.HTTPS, nil, "SSL alert number 120"},
		{reason.TLSCertExpired, showing(newEntity("x", renewed, good, alive), ended), catalog.HTTPS, nil, "Not After"},
		{reason.TLSCertRevoked, config(func(c *tls.Config) { c.Certificates[0] = revoked }, okReply), catalog.HTTPS, nil, "Cert Status: revoked"},
		{reason.TLSWeakKey, showing(newEntityWithKey(rsaKey(1024), "x", root, good, alive)), catalog.HTTPS, nil, "(1024 bit)"},
		{reason.TLSWeakSignature, showing(newEntity("x", root, good, sha1, alive)), catalog.HTTPS, nil, "ecdsa-with-SHA1"},
		{reason.TLSPlaintext, handling(func(c net.Conn) {
			readHello(c)
			_, _ = c.Write([]byte(reply(400, "", "plain")))
		}), catalog.HTTPS, nil, "HTTP/1.1 400"},
		{reason.TLSMalformed, handling(func(c net.Conn) {
			server := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{served(leaf)}})
			if server.Handshake() == nil {
				readHello(server)
				_, _ = c.Write(record(23, 0x0303, make([]byte, 40)...))
				readHello(c)
			}
		}), catalog.HTTPS, nil, "bad record mac"},
		{reason.TLSHelloIntolerant, handling(func(c net.Conn) {
			_ = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{served(leaf)}, MaxVersion: tls.VersionTLS12, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
				if slices.Contains(h.SupportedVersions, tls.VersionTLS13) {
					_, _ = c.Write(record(21, 0x0303, 2, 40))
					return nil, c.Close()
				}
				return nil, nil
			}}).Handshake()
		}), catalog.HTTPS, func(tg *Target) { tg.Diagnose = true }, "Cipher is ECDHE-ECDSA-AES128-GCM-SHA256"},
		{reason.TLSHelloIntolerant, handling(func(c net.Conn) {
			_ = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{served(leaf)}, MaxVersion: tls.VersionTLS12, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
				if slices.Contains(h.SupportedVersions, tls.VersionTLS13) {
					return nil, c.Close()
				}
				return nil, nil
			}}).Handshake()
		}), catalog.HTTPS, func(tg *Target) { tg.Diagnose = true }, "Cipher is ECDHE-ECDSA-AES128-GCM-SHA256"},
		{reason.TLSStapleInvalid, config(func(c *tls.Config) { c.Certificates[0].OCSPStaple = []byte("garbage") }, okReply), catalog.HTTPS, nil, "response parse error"},
		{reason.TLSCertMalformed, showing(newEntity("x", root, good, alive, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3}, Value: make([]byte, 101<<10)}}
		})), catalog.HTTPS, nil, "excessive message size"},
		{reason.TLSAlertUnrecognizedName, handling(func(c net.Conn) {
			readHello(c)
			_, _ = c.Write(record(21, 0x0303, 2, 112))
		}), catalog.HTTPS, nil, "unrecognized name"},
		{reason.TLSEOF, handling(readHello), catalog.HTTPS, nil, "unexpected eof"},
		{reason.TLSClientCertRequired, config(func(c *tls.Config) {
			c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
		}, okReply), catalog.HTTPS, nil, "CertificateRequest"},
		{reason.TLSClientCertRequired, config(func(c *tls.Config) {
			c.ClientAuth, c.MinVersion = tls.RequireAnyClientCert, tls.VersionTLS13
		}, okReply), catalog.HTTPS, nil, "alert certificate required"},
		{reason.TLSVersionAccepted, config(func(c *tls.Config) { c.MinVersion = tls.VersionTLS10 }, okReply), catalog.HTTPS, func(tg *Target) {
			tg.TLSVersions, tg.Product = true, withRules(map[catalog.TLSVersion]catalog.Expectation{catalog.TLS10: catalog.Refused})
		}, "Protocol : TLSv1 "},
		{reason.TLSVersionMissing, config(func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }, okReply), catalog.HTTPS, func(tg *Target) {
			tg.TLSVersions, tg.Product = true, withRules(map[catalog.TLSVersion]catalog.Expectation{catalog.TLS12: catalog.Required})
		}, "protocol version"},
		{reason.VerifyBadStatus, config(asIs, reply(404, "", "gone")), catalog.HTTPS, func(tg *Target) { tg.Path = "/it's/here?a=[1]&b=$HOME" }, "HTTP/1.1 404"},
		{reason.VerifyBadStatus, handling(replying(reply(404, "", "gone"))), catalog.HTTP, nil, "gone"},
		{reason.VerifySurplusBytes, config(asIs, okReply+"MORE"), catalog.HTTPS, nil, "M O R E"},
		{reason.HeadersBareLF, handling(replying("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")), catalog.HTTP, nil, `O K \n`},
		{reason.HeadersBadStatus, handling(replying(reply(999, "", ""))), catalog.HTTP, nil, "9 9 9"},
		{reason.VerifyNotAPI, config(asIs, reply(200, "Content-Type: text/html\r\n", "<html>portal</html>")), catalog.HTTPS, func(tg *Target) {
			tg.Product = product(catalog.StyleAlibabaRPC)
		}, "<html>portal</html>"},
		{reason.VerifyPlainHTTPServed, handling(replying(reply(200, "", `{"Response":{"RequestId":"`+requestID+`"}}`))), catalog.HTTP, func(tg *Target) { tg.Product = httpsOnly(catalog.StyleTencent3) }, "HTTP/1.1 200"},
	} {
		t.Run(tt.why.String(), func(t *testing.T) {
			t.Parallel() // most wait for another program
			tg := at(goodHost, tt.scheme, tt.server(t))
			if tt.aim != nil {
				tt.aim(&tg)
			}
			p := New(Config{Guard: Guard{AllowPrivate: true}, Anchors: certs.Anchors{Usable: []*x509.Certificate{root.Cert, weakRoot.Cert}}, Roots: pool(root, weakRoot), RootsFile: rootsFile, Timeout: time.Minute, Clock: Clock{ElapsedFunc: unstalled}})
			o := p.Probe(t.Context(), tg)
			want(t, o, tt.why.Outcome(), tt.why)
			out := strings.Join(strings.Fields(shell(t, o.Reproduce)), " ")
			if !strings.Contains(out, tt.shows) {
				t.Errorf("%s\ndoes not show %q:\n%s", o.Reproduce, tt.shows, out)
			}
		})
	}
}

func pemOf(e *entity) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.Cert.Raw})
}

// stapled is a leaf with a stapled response that an issuer of its issuer's name signed.
func stapled(leaf, signer *entity, until time.Time) tls.Certificate {
	c := served(leaf)
	c.OCSPStaple = staple(leaf, signer, signer, ocsp.Response{Status: ocsp.Good, ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: until})
	return c
}

// byOrder shows clients the certificate with the kind of key that they name first, as OpenSSL's
// server does.
func byOrder(ecdsa, rsa tls.Certificate) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		switch hello.SignatureSchemes[0] {
		case tls.ECDSAWithP256AndSHA256, tls.ECDSAWithP384AndSHA384, tls.ECDSAWithP521AndSHA512:
			return &ecdsa, nil
		}
		return &rsa, nil
	}
}

// TestEveryFindingIsShown probes servers with several defects at once, and runs the command of each
// finding: what else is wrong does not hide it.
func TestEveryFindingIsShown(t *testing.T) {
	root, stranger := newEntity("Root", nil, authority, alive), newEntity("Stranger", nil, authority, alive)
	elsewhere := forHosts("other.test")
	signs := func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign }
	rootsFile := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(rootsFile, pemOf(root), 0o600); err != nil {
		t.Fatal(err)
	}
	shows := map[reason.Reason]string{
		reason.TLSCertSelfSigned: "self-signed certificate", reason.TLSCertUntrusted: "unable to get local issuer certificate", reason.TLSCertHostname: "hostname mismatch",
		reason.TLSCertExpired: "certificate has expired", reason.TLSCertUsage: "certificate purpose", reason.TLSWeakKey: "(1024 bit)",
	}
	past := valid(time.Now().Add(-9*day), time.Now().Add(-day))
	for _, e := range []*entity{
		newEntity("Self", nil, elsewhere, alive, signs), newEntity("Self", nil, elsewhere, past), newEntity("x", stranger, elsewhere, alive, signs),
		newEntityWithKey(rsaKey(1024), "x", stranger, elsewhere, past), newEntity("x", root, elsewhere, past, signs),
	} {
		tg := at(goodHost, catalog.HTTPS, serveTLS(t, &tls.Config{Certificates: []tls.Certificate{served(e)}}, nil))
		p := New(Config{Guard: Guard{AllowPrivate: true}, Anchors: certs.Anchors{Usable: []*x509.Certificate{root.Cert}}, Roots: pool(root), RootsFile: rootsFile, Timeout: time.Minute, Clock: Clock{ElapsedFunc: unstalled}})
		findings := p.Probe(t.Context(), tg).Addresses[0].Findings
		if len(findings) < 2 {
			t.Errorf("findings %v", findings)
		}
		for _, f := range findings {
			if out := shell(t, f.Reproduce); shows[f.Reason] == "" || !strings.Contains(out, shows[f.Reason]) {
				t.Errorf("$ %s\ndoes not show %s (%q):\n%s", f.Reproduce, f.Reason, shows[f.Reason], out)
			}
		}
	}
}

// TestFindingsAreShownOfOldSuites does the same at servers that have RC4 or 3DES alone.
func TestFindingsAreShownOfOldSuites(t *testing.T) {
	root := newEntity("Root", nil, authority, alive)
	rootsFile := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(rootsFile, pemOf(root), 0o600); err != nil {
		t.Fatal(err)
	}
	past := valid(time.Now().Add(-9*day), time.Now().Add(-day))
	signs := func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign }
	shows := map[reason.Reason]string{
		reason.TLSCertSelfSigned: "The certificate issuer is unknown", reason.TLSCertUntrusted: "The certificate issuer is unknown",
		reason.TLSCertHostname: "The name in the certificate does not match", reason.TLSCertExpired: "uses expired certificate",
		reason.TLSWeakKey: "(1024 bit)", reason.TLSCertUsage: "Certificate Sign", reason.TLSCertCommonName: "CN = " + goodHost,
		reason.TLSCertIncompleteChain: "The certificate issuer is unknown",
	}
	for _, e := range []*entity{
		newEntityWithKey(rsaKey(2048), goodHost, nil, forHosts(goodHost), past),
		newEntityWithKey(rsaKey(2048), "x", root, forHosts("other.test"), past),
		newEntityWithKey(rsaKey(1024), goodHost, root, forHosts(goodHost), alive),
		newEntityWithKey(rsaKey(2048), goodHost, root, forHosts(goodHost), alive, signs),
		newEntityWithKey(rsaKey(2048), goodHost, root, alive),
	} {
		for _, suite := range []uint16{tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA} {
			cfg := &tls.Config{Certificates: []tls.Certificate{served(e)}, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite}}
			tg := at(goodHost, catalog.HTTPS, serveTLS(t, cfg, replying(okReply)))
			p := New(Config{Guard: Guard{AllowPrivate: true}, Anchors: certs.Anchors{Usable: []*x509.Certificate{root.Cert}}, Roots: pool(root), RootsFile: rootsFile, Timeout: time.Minute, Clock: Clock{ElapsedFunc: unstalled}})
			shown := 0
			for _, f := range p.Probe(t.Context(), tg).Addresses[0].Findings {
				if f.Reason == reason.TLSWeakCipher {
					continue
				}
				shown++
				if out := shell(t, f.Reproduce); shows[f.Reason] == "" || !strings.Contains(out, shows[f.Reason]) {
					t.Errorf("%s\n$ %s\ndoes not show %s (%q):\n%s", tls.CipherSuiteName(suite), f.Reproduce, f.Reason, shows[f.Reason], out)
				}
			}
			if shown == 0 {
				t.Errorf("%s: no finding of %s", tls.CipherSuiteName(suite), e.Cert.Subject)
			}
		}
	}
}

// closedPort is an address where nothing listens for as long as the test lasts: it is that of the client's end of a connection.
func closedPort(t *testing.T) netip.AddrPort {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	held, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	end, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = end.Close() })
	return netip.MustParseAddrPort(held.LocalAddr().String())
}

// TestLookupReproductionShowsIt asks a resolver that says NXDOMAIN, with the
// prober and with dig.
func TestLookupReproductionShowsIt(t *testing.T) {
	at := resolving(t, about(saying(dnsmessage.RCodeNameError), inOrder, goodHost))
	p := New(Config{Resolvers: []netip.AddrPort{at}, Dial: neverDialled(t)})
	o := p.Probe(t.Context(), target(goodHost, catalog.HTTPS, 443))
	want(t, o, reason.Fail, reason.ResolveNXDomain)
	if out := shell(t, o.Reproduce); !strings.Contains(out, "status: NXDOMAIN") {
		t.Errorf("%s\nshows:\n%s", o.Reproduce, out)
	}
}

// TestReproductionSendsTheSame probes a server, and runs the command for what was found: the
// server sees the same bytes; from curl, but for the order of the header fields.
func TestReproductionSendsTheSame(t *testing.T) {
	for _, tt := range []struct {
		name  string
		style catalog.APIStyle
		path  string
		reply string
		want  reason.Reason
	}{
		{"site, shown by curl", catalog.StyleNone, "/it's?a=100%25&b=\\", reply(404, "", ""), reason.VerifyBadStatus},
		{"site, shown by its bytes", catalog.StyleNone, "/it's?a=100%25&b=\\", okReply + "more", reason.VerifySurplusBytes},
		{"site, shown by its size", catalog.StyleNone, "/", "HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat(" ", 10<<20), reason.BodyTooLarge},
		{"space in a query", catalog.StyleNone, "/?a=b c", reply(404, "", ""), reason.VerifyBadStatus},
		{"Alibaba", catalog.StyleAlibabaRPC, "", reply(200, "", "<html>"), reason.VerifyNotAPI},
		{"Tencent, whose GET has a Content-Type", catalog.StyleTencent3, "", reply(200, "", "<html>"), reason.VerifyNotAPI},
		{"Tencent, by its bytes", catalog.StyleTencent3, "", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", reason.HeadersBadLength},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen := make(chan string, 1)
			addr := serve(t, func(c net.Conn) {
				var head bytes.Buffer
				_, _ = http.ReadRequest(bufio.NewReader(io.TeeReader(c, &head)))
				_, _ = io.WriteString(c, tt.reply)
				seen <- head.String()
			})
			tg := at(goodHost, catalog.HTTP, addr)
			tg.Product, tg.Path, tg.Signed = product(tt.style), tt.path, true // which plain HTTP is not
			o := New(onLoopback(newPKI())).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
			sent := <-seen
			if words := strings.Fields(strings.SplitN(sent, "\r\n", 2)[0]); len(words) != 3 {
				t.Errorf("the request line is %q", words)
			}
			shell(t, o.Addresses[0].Reproduce)
			if got := <-seen; sortedFields(got) != sortedFields(sent) {
				t.Errorf("$ %s\nsends %q\nnot   %q", o.Addresses[0].Reproduce, got, sent)
			}
		})
	}
}

// sortedFields is a request with its header fields in the order of their names.
func sortedFields(request string) string {
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ") // behind the colon of an empty field
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n") + "\n\n" + body
}

// TestCommandSendsTheSame asks a server, and has curl ask it by the command: the server sees
// the same bytes, but for the order of the header fields.
func TestCommandSendsTheSame(t *testing.T) {
	heads := make(chan string, 1)
	addr := serve(t, func(c net.Conn) {
		var seen bytes.Buffer
		if r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(c, &seen))); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		_, _ = io.WriteString(c, okReply)
		heads <- seen.String()
	})
	cfg := onLoopback(newPKI())
	cfg.UserAgent = "it's/1.0 (prober)"
	p := New(cfg)
	alibaba, tencent := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: "v"}, cloudapi.TencentCall{Action: "A", Version: "v"}
	field := func(name, value string) []cloudapi.Field { return []cloudapi.Field{{Name: name, Value: value}} }
	tc3, _ := tencent.SignedTC3(goodHost, tencentKey, now)
	for name, r := range map[string]cloudapi.Request{
		"unsigned GET":             alibaba.Unsigned(goodHost),
		"signed GET":               alibaba.Signed(http.MethodGet, goodHost, alibabaKey, now, "n"),
		"signed POST":              alibaba.Signed(http.MethodPost, goodHost, alibabaKey, now, "n"),
		"TC3":                      tc3,
		"GET with a body's type":   tencent.Unsigned(goodHost),
		"POST of nothing":          {Method: http.MethodPost, Query: "a=b"},
		"POST of another type":     {Method: http.MethodPost, Header: field("Content-Type", "text/x; a='b'"), Body: []byte("x")},
		"POST of no type":          {Method: http.MethodPost, Body: []byte("@/etc/hostname")},
		"lines, quotes, not ASCII": {Method: http.MethodPost, Body: []byte("a\r\nb\n'\"\\$`é😀\xff")},
		"more than a kilobyte":     {Method: http.MethodPost, Body: []byte(strings.Repeat("x", 4096))},
		"GET with a body":          {Method: http.MethodGet, Body: []byte("x")},
		"HEAD":                     {Method: http.MethodHead, Query: "a=b"},
		"PUT":                      {Method: http.MethodPut, Body: []byte("x")},
		"DELETE":                   {Method: http.MethodDelete},
		"OPTIONS":                  {Method: http.MethodOptions},
		"odd target":               {Method: http.MethodGet, Path: "/a/../b//c;[1]{2}", Query: "x=%2f%41&&y=[1-3]&z={a,b}&?"},
		"an empty field":           {Method: http.MethodGet, Header: field("X-A", "")},
		"its own Accept and agent": {Method: http.MethodGet, Header: append(field("Accept", "text/*"), field("User-Agent", "me")...)},
	} {
		t.Run(name, func(t *testing.T) {
			r.Host = goodHost
			tg := target(goodHost, catalog.HTTP, addr.Port())
			x := p.Ask(t.Context(), tg, addr.Addr(), true, r)
			want := <-heads
			if x.Sent.Bytes != int64(len(want)) {
				t.Errorf("%d bytes were sent, %d came", x.Sent.Bytes, len(want))
			}
			command := p.Command(tg, addr.Addr(), r, reason.Finding{})
			shell(t, command)
			if got := <-heads; sortedFields(got) != sortedFields(want) {
				t.Errorf("$ %s\nsends %q\nnot   %q", command, sortedFields(got), sortedFields(want))
			}
		})
	}
	for name, r := range map[string]cloudapi.Request{
		"too large": {Method: http.MethodPost, Host: goodHost, Body: make([]byte, 4097)}, "NUL": {Method: http.MethodPost, Host: goodHost, Body: []byte("a\x00b")},
		"no target": {Method: http.MethodGet, Host: goodHost, Path: "no path"},
	} {
		if command := p.Command(target(goodHost, catalog.HTTP, addr.Port()), addr.Addr(), r, reason.Finding{}); command != "" {
			t.Errorf("%s: %s", name, command)
		}
	}
}
