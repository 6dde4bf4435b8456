package probe

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe/certs"
	"prober/probe/reason"
)

// The commands of kinds tls, tcp and dns, run against servers as people have them, show what was found.
func TestCommandsOfKindsShowIt(t *testing.T) {
	needs.Patience(t, "starts five servers, and a command for each finding")
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	openssl(t, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN="+goodHost, "-addext", "subjectAltName=DNS:"+goodHost)
	data, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	own := func() *Own { return &Own{Roots: certs.ReadAnchors(data).Pool(), RootsFile: cert} }
	secured := func(args ...string) netip.AddrPort {
		return netip.AddrPortFrom(loopback443.Addr(), opensslServer(t, append([]string{"-key", key, "-cert", cert, "-alpn", "imap"}, args...)...))
	}
	nginx := retried(t, "nginx", regexp.MustCompile(`nginx/[0-9]`), func(at string) []string {
		conf := filepath.Join(dir, "nginx.conf")
		writeText(t, conf, "daemon off; master_process off; pid "+dir+"/pid; error_log stderr notice; events {} http { access_log off; server { listen "+at+"; return 204; } }")
		return []string{"-p", dir, "-c", conf, "-e", "stderr"}
	})
	unbound := retried(t, "unbound", regexp.MustCompile("start of service"), func(at string) []string {
		conf := filepath.Join(dir, "unbound.conf")
		host, port, _ := net.SplitHostPort(at)
		writeText(t, conf, fmt.Sprintf(`server:
  interface: %s
  port: %s
  username: ""
  chroot: ""
  directory: "%s"
  use-syslog: no
  verbosity: 1
  do-daemonize: no
  local-zone: "example.com." static
  local-data: "www.example.com. 60 IN A 192.0.2.80"
  local-data: "www.example.com. 60 IN A 192.0.2.81"
`, host, port, dir))
		return []string{"-d", "-p", "-c", conf}
	})
	asks := func(q catalog.DNSQuestion) *Own { return &Own{DNS: &q} }
	for name, tt := range map[string]struct {
		scheme catalog.Scheme
		host   string
		at     netip.AddrPort
		own    *Own
		why    reason.Reason
		shows  string
		not    string
	}{
		"a certificate for another name": {catalog.SchemeTLS, "db.example.com", secured(), own(), reason.TLSCertHostname, goodHost, "no application protocol"},
		"a certificate that is wanted":   {catalog.SchemeTLS, goodHost, secured("-tls1_2", "-Verify", "1"), own(), reason.TLSClientCertRequired, "alert handshake failure", "no application protocol"},
		"no cipher in common":            {catalog.SchemeTLS, goodHost, secured("-tls1_2", "-cipher", "ECDHE-ECDSA-CAMELLIA128-SHA256:@SECLEVEL=0"), own(), reason.TLSAlertHandshakeFailure, "alert handshake failure", "no application protocol"},
		"nobody listens":                 {catalog.SchemeTCP, goodHost, netip.MustParseAddrPort("127.0.0.1:1"), nil, reason.ConnectRefused, "refused", ""},
		"another protocol":               {catalog.SchemeTCP, goodHost, nginx, &Own{TCP: &catalog.TCPTalk{Send: "HEAD / HTTP/1.0\r\n\r\n", Expect: "220 "}}, reason.VerifyUnexpectedBytes, "H   T   T   P   /   1   .   1       2   0   4", ""},
		"a name that is not there":       {catalog.SchemeDNS, "ns.example.com", unbound, asks(catalog.DNSQuestion{Name: "none.example.com"}), reason.VerifyUnexpectedRCode, "status: NXDOMAIN", ""},
		"other records":                  {catalog.SchemeDNS, "ns.example.com", unbound, asks(catalog.DNSQuestion{Name: "www.example.com", Records: []string{"192.0.2.80"}}), reason.VerifyUnexpectedRecords, "192.0.2.81", ""},
		"no records":                     {catalog.SchemeDNS, "ns.example.com", unbound, asks(catalog.DNSQuestion{Name: "www.example.com", Type: "MX"}), reason.VerifyUnexpectedRecords, "ANSWER: 0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := onLoopback(newPKI())
			cfg.Clock, cfg.Timeout = Clock{ElapsedFunc: unstalled}, time.Minute
			o := New(cfg).Probe(t.Context(), of(tt.scheme, tt.host, tt.at, tt.own))
			want(t, o, reason.Fail, tt.why)
			if out := shell(t, o.Reproduce); !strings.Contains(out, tt.shows) || tt.not != "" && strings.Contains(out, tt.not) {
				t.Errorf("%s: %s\n%s\n%s", o.Reason, o.Detail, o.Reproduce, out)
			}
		})
	}
}

// retried starts a program at a port that was free, and again at another where somebody took it meanwhile.
func retried(t *testing.T, name string, says *regexp.Regexp, args func(at string) []string) netip.AddrPort {
	t.Helper()
	program := needs.Program(t, name)
	var said string
	for range 5 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at := l.Addr().String()
		_ = l.Close()
		var match []string
		if match, said = needs.TryStart(t, exec.Command(program, args(at)...), says); match != nil {
			return netip.MustParseAddrPort(at)
		}
	}
	t.Fatalf("%s does not start:\n%s", name, said)
	return netip.AddrPort{}
}

func writeText(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
