package probe

import (
	"bytes"
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe/certs"
	"prober/probe/reason"
)

// opensslChains are the directories of chains made so far, by what they were made with. Making RSA keys takes most of the
// time: all roots have one key, and all leaves that say nothing of theirs another.
type opensslChains struct {
	top        *testing.T // whose directories last
	root, leaf string     // files of keys
	made       map[string]string
}

func newOpenSSLChains(t *testing.T) opensslChains {
	t.Helper()
	c := opensslChains{t, filepath.Join(t.TempDir(), "root.key"), filepath.Join(t.TempDir(), "leaf.key"), map[string]string{}}
	for _, key := range []string{c.root, c.leaf} {
		openssl(t, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
	}
	return c
}

// make makes a root and a leaf for goodHost with openssl, or returns what was made before.
func (c opensslChains) make(t *testing.T, root, leaf string) string {
	t.Helper()
	of := root + " and " + leaf
	if dir, made := c.made[of]; made {
		return dir
	}
	dir := c.top.TempDir()
	c.made[of] = dir
	file := func(name string) string { return filepath.Join(dir, name) }
	var key []string
	flags := strings.Fields(leaf)
	if len(flags) > 1 && flags[0] == "KEY" {
		exponent := flags[2:]
		key, flags = strings.Split(flags[1], ":"), nil
		if len(exponent) > 0 {
			key = []string{strings.Join(key, ":"), "-pkeyopt", "rsa_keygen_pubexp:" + exponent[0]}
		} else if key[0] == "ec" {
			key = []string{"ec", "-pkeyopt", "ec_paramgen_curve:" + key[1]}
		} else {
			key = []string{strings.Join(key, ":"), "-pkeyopt", "rsa_keygen_primes:5"} // or it takes a minute
		}
	}
	openssl(t, append([]string{"req", "-x509", "-key", c.root, "-out", file("ca.pem"), "-subj", "/CN=Root", "-days", "9"}, strings.Fields(root)...)...)
	request := []string{"req", "-new", "-out", file("l.csr"), "-subj", "/CN=" + goodHost}
	if key == nil {
		if err := os.Symlink(c.leaf, file("l.key")); err != nil {
			t.Fatal(err)
		}
		request = append(request, "-key", file("l.key"))
	} else {
		request = slices.Concat(request, []string{"-nodes", "-keyout", file("l.key"), "-newkey"}, key)
	}
	openssl(t, request...)
	if err := os.WriteFile(file("ext"), []byte("subjectAltName=DNS:"+goodHost+"\nextendedKeyUsage=serverAuth\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	openssl(t, append([]string{"x509", "-req", "-in", file("l.csr"), "-CA", file("ca.pem"), "-CAkey", c.root, "-CAcreateserial", "-days", "9", "-extfile", file("ext"), "-out", file("l.pem")}, flags...)...)
	return dir
}

// TestBeyondCryptoTLS meets servers of OpenSSL's that OpenSSL's clients talk to and crypto/tls
// does not: that is no failure of theirs, and what their certificates say is shown.
func TestBeyondCryptoTLS(t *testing.T) {
	needs.Program(t, "openssl")
	chains := newOpenSSLChains(t)
	for _, tt := range []struct {
		name    string
		root    string // what "openssl req" makes the root's key and signature with
		leaf    string // what "openssl x509" adds to the leaf
		server  string
		host    string
		outcome reason.Outcome
		command string // is in what shows it
		want    []reason.Reason
		detail  string // of one of the findings
		facts   int    // certificates shown
		days    int    // from now, by the prober's clock
		apart   bool   // run where all tools are required only: making keys takes a while
	}{
		{name: "DHE only", server: "-tls1_2 -cipher DHE-RSA-AES256-GCM-SHA384", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", facts: 1},
		{name: "DHE only, wrong host", server: "-tls1_2 -cipher DHE-RSA-AES256-GCM-SHA384", host: "bad.test", outcome: reason.Fail, want: []reason.Reason{reason.TLSCertHostname, reason.ProberTLSUnsupported}, detail: "not for bad.test", facts: 1},
		{name: "a brainpool curve only", server: "-tls1_2 -cipher ECDHE -groups brainpoolP256r1", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "TLS1.2 and TLS_ECDHE_RSA_", facts: 1, command: "-groups X25519:P-256:P-384:P-521:X448:P-224:secp256k1:brainpoolP256r1"},
		{name: "X448 only", server: "-tls1_3 -groups X448", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "TLS1.3"},
		{name: "finite field only", server: "-tls1_3 -groups ffdhe2048", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "TLS1.3"},
		{name: "Camellia only", server: "-tls1_2 -cipher CAMELLIA256-SHA", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "TLS1.2 and TLS_RSA_WITH_CAMELLIA_256_CBC_SHA", facts: 1},
		{name: "ARIA only", server: "-tls1_2 -cipher ECDHE-ARIA128-GCM-SHA256", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "TLS1.2 and TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256", facts: 1},
		{name: "TLS 1.0 and DHE only", server: "-tls1 -cipher DHE:@SECLEVEL=0", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "TLS1.0 and TLS_DHE_RSA_WITH_AES_256_CBC_SHA", facts: 1},
		{name: "no encryption, which nobody accepts", server: "-tls1_2 -cipher NULL-SHA256:@SECLEVEL=0", outcome: reason.Fail, want: []reason.Reason{reason.TLSAlertHandshakeFailure}, detail: "with TLS1.2 and TLS_RSA_WITH_NULL_SHA256, which common clients do not speak either"},
		{name: "SHA-224", root: "-sha224", leaf: "-sha224", want: []reason.Reason{reason.ProberCertUnsupported, reason.ProberTLSUnsupported}, detail: "SHA224-RSA", facts: 1},
		{name: "SHA-3", leaf: "-sha3-256", want: []reason.Reason{reason.ProberCertUnsupported, reason.ProberTLSUnsupported}, detail: "SHA3-256-RSA", facts: 1},
		{name: "RSA above 8192 bits", leaf: "KEY rsa:8200", outcome: reason.OK, facts: 1},
		{name: "a large RSA exponent", leaf: "KEY rsa:2048 4294967311", want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "public exponent too large", facts: 1},
		{name: "a large RSA exponent, over TLS 1.3 alone", leaf: "KEY rsa:2048 4294967311", server: "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384", apart: true, want: []reason.Reason{reason.ProberTLSUnsupported}, detail: "public exponent too large", facts: 1},
		{name: "a stray certificate on a brainpool curve, over TLS 1.3 alone, with ChaCha20", server: "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256 -cert_chain STRAY", want: []reason.Reason{reason.ProberCertUnsupported, reason.ProberTLSUnsupported}, detail: "unsupported elliptic curve", facts: 2},
		{name: "negative serial number", leaf: "-set_serial -7", outcome: reason.OK, facts: 1},
		{name: "negative serial number, expired", leaf: "-set_serial -7", days: 10, apart: true, outcome: reason.Fail, want: []reason.Reason{reason.TLSCertExpired}, detail: goodHost + " expired on", facts: 1},
		{name: "a leaf on a brainpool curve, expired", leaf: "KEY ec:brainpoolP256r1", days: 10, apart: true, outcome: reason.Fail, want: []reason.Reason{reason.TLSCertExpired, reason.ProberCertUnsupported, reason.ProberTLSUnsupported}, detail: goodHost + " expired on", facts: 1},
		{name: "a leaf on a brainpool curve", leaf: "KEY ec:brainpoolP256r1", want: []reason.Reason{reason.ProberCertUnsupported, reason.ProberTLSUnsupported}, detail: "unsupported elliptic curve", facts: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.apart && !needs.All() {
				t.Skip("runs with PROBER_REQUIRE_TOOLS=1")
			}
			dir := chains.make(t, tt.root, tt.leaf)
			file := func(name string) string { return filepath.Join(dir, name) }
			server := strings.ReplaceAll(tt.server, "STRAY", file("stray.pem"))
			if server != tt.server {
				openssl(t, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1", "-nodes", "-keyout", file("stray.key"), "-out", file("stray.pem"), "-subj", "/CN=Stray")
			}
			port := opensslServer(t, append([]string{"-key", file("l.key"), "-cert", file("l.pem"), "-www"}, strings.Fields(server)...)...)
			data, err := os.ReadFile(file("ca.pem"))
			if err != nil {
				t.Fatal(err)
			}
			cfg := onLoopback(newPKI())
			cfg.Clock.NowFunc = func() time.Time { return time.Now().AddDate(0, 0, tt.days) }
			cfg.Anchors = certs.ReadAnchors(data)
			cfg.Roots = cfg.Anchors.Pool()
			host := tt.host
			if host == "" {
				host = goodHost
			}
			tg := target(host, catalog.HTTPS, port)
			tg.Address, tg.Diagnose = loopback443.Addr(), true
			o := New(cfg).Probe(t.Context(), tg)
			a := o.Addresses[0]
			var got []reason.Reason
			details := ""
			for _, f := range a.Findings {
				got, details = append(got, f.Reason), details+f.Detail+"\n"
			}
			if o.Outcome != tt.outcome || len(got) != len(tt.want) || !strings.Contains(details, tt.detail) || len(a.TLS.Certificates) != tt.facts {
				t.Fatalf("%s %v (%d certificates)\n%s\nwant %s %v", o.Outcome, got, len(a.TLS.Certificates), details, tt.outcome, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("findings %v, want %v", got, tt.want)
				}
			}
			if !strings.Contains(a.Reproduce, tt.command) {
				t.Errorf("command %q lacks %q", a.Reproduce, tt.command)
			}
			if tt.facts > 0 && (a.TLS.Certificates[0].DNSNames[0] != goodHost || a.TLS.Certificates[0].NotAfter.IsZero()) {
				t.Errorf("facts %+v", a.TLS.Certificates[0])
			}
		})
	}
}

// TestOtherCertificate meets servers with an ECDSA and an RSA certificate.
func TestOtherCertificate(t *testing.T) {
	p := newPKI()
	expired := newEntityWithKey(rsaKey(2048), goodHost, p.intermediate, forHosts(goodHost), valid(now.Add(-9*day), now.Add(-day)))
	good := newEntityWithKey(rsaKey(2048), goodHost, p.intermediate, forHosts(goodHost))
	for _, tt := range []struct {
		name   string
		second *entity
		both   bool
		want   reason.Reason
		others int
	}{
		{"one alone", nil, true, reason.None, 0},
		{"both good", good, true, reason.None, 2},
		{"RSA expired", expired, true, reason.TLSCertExpired, 2},
		{"RSA expired, not looked at", expired, false, reason.None, 0},
	} {
		for version, how := range map[uint16]string{tls.VersionTLS12: "-cipher aRSA", tls.VersionTLS13: "-tls1_3 -sigalgs RSA-PSS"} {
			cfg := &tls.Config{MinVersion: version, MaxVersion: version, Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}}
			if tt.second != nil {
				cfg.Certificates = append(cfg.Certificates, served(tt.second, p.intermediate))
			}
			tg := at(goodHost, catalog.HTTPS, serveTLS(t, cfg, replying(okReply)))
			tg.BothKinds = tt.both
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			a := o.Addresses[0]
			if o.Reason != tt.want || len(a.TLS.Other) != tt.others {
				t.Errorf("%s, %s: %s %s, %d others, want %s", tt.name, versionName(version), o.Reason, o.Detail, len(a.TLS.Other), tt.want)
			}
			if tt.want != reason.None && (!strings.HasPrefix(o.Detail, otherWords) || !strings.Contains(o.Reproduce, how)) {
				t.Errorf("%s, %s: %q, %s", tt.name, versionName(version), o.Detail, o.Reproduce)
			}
		}
	}
}

// TestAlertBehindServerHello meets servers of TLS 1.2 that end each handshake by an alert once they have chosen: nobody
// shakes hands with them, and that the wider offers of this program are answered does not make them fine for others.
func TestAlertBehindServerHello(t *testing.T) {
	hello := append(append([]byte{2, 0, 0, 38, 3, 3}, make([]byte, 32)...), 0, 0xc0, 0x2b, 0)
	certificate := []byte{11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 0x30, 0}
	for name, flight := range map[string][]byte{
		"behind the ServerHello":    record(22, 0x0303, hello...),
		"behind the certificate":    append(record(22, 0x0303, hello...), record(22, 0x0303, certificate...)...),
		"behind both, and warnings": append(record(22, 0x0303, append(hello, certificate...)...), record(21, 0x0303, 1, 112)...),
	} {
		t.Run(name, func(t *testing.T) {
			ended := slices.Concat(flight, record(21, 0x0303, 2, 40))
			addr := serve(t, func(c net.Conn) {
				readHello(c)
				_, _ = c.Write(ended)
			})
			tg := at(goodHost, catalog.HTTPS, addr)
			tg.Diagnose = true
			o := New(onLoopback(newPKI())).Probe(t.Context(), tg)
			want(t, o, reason.Fail, reason.TLSAlertHandshakeFailure)
			if !strings.HasSuffix(o.Detail, "; the server answers a wider offer with a ServerHello, and behind it with the alert fatal handshake_failure (40)") {
				t.Errorf("detail %q", o.Detail)
			}
		})
	}
}

// TestInternalErrorForOneOffer meets a server that has no signature for crypto/tls and says internal_error, as JSSE does
// with a key of RSA-PSS or Ed448, and does its part of a handshake with who offers more.
func TestInternalErrorForOneOffer(t *testing.T) {
	p := newPKI()
	hello := append(append([]byte{2, 0, 0, 38, 3, 3}, make([]byte, 32)...), 0, 0xc0, 0x2b, 0)
	var list []byte
	for _, der := range served(p.leaf, p.intermediate).Certificate {
		list = append(append(list, 0, byte(len(der)>>8), byte(len(der))), der...)
	}
	certificate := append([]byte{11, 0, byte((len(list) + 3) >> 8), byte(len(list) + 3), 0, byte(len(list) >> 8), byte(len(list))}, list...)
	done := []byte{14, 0, 0, 0}
	for name, tt := range map[string]struct {
		flight []byte
		want   reason.Reason
	}{
		"and does its part": {slices.Concat(record(22, 0x0303, hello...), record(22, 0x0303, certificate...), record(22, 0x0303, done...)), reason.ProberTLSUnsupported},
		"and breaks off":    {slices.Concat(record(22, 0x0303, hello...), record(22, 0x0303, certificate...)), reason.TLSAlertInternalError},
	} {
		t.Run(name, func(t *testing.T) {
			addr := serve(t, func(c net.Conn) {
				asked := make([]byte, 4096)
				n, _ := c.Read(asked)
				answer := record(21, 0x0303, 2, 80)
				if bytes.Contains(asked[:n], []byte{8, 9, 8, 10, 8, 11}) { // signatures of RSA-PSS keys
					answer = tt.flight
				}
				_, _ = c.Write(answer)
			})
			tg := at(goodHost, catalog.HTTPS, addr)
			tg.Diagnose = true
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
		})
	}
}
