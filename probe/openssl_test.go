package probe

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/needs"
	"prober/probe/certs"
	"prober/probe/reason"
)

// openssl runs OpenSSL to its end.
func openssl(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(needs.Program(t, "openssl"), args...).CombinedOutput(); err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
}

// opensslServer starts OpenSSL's server and returns the port that it took.
func opensslServer(t *testing.T, args ...string) uint16 {
	t.Helper()
	return opensslServerTold(t, nil, args...)
}

// told is a line to tell a program after a word in its output.
type told struct{ after, line string }

// opensslServerTold tells the server a line whenever its output has come as far as the next word.
func opensslServerTold(t *testing.T, tell []told, args ...string) uint16 {
	t.Helper()
	cmd := exec.Command(needs.Program(t, "openssl"), append([]string{"s_server", "-accept", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if at, ok := strings.CutPrefix(lines.Text(), "ACCEPT "); ok {
			go func() { // keep the pipe empty
				for lines.Scan() {
					if len(tell) > 0 && strings.Contains(lines.Text(), tell[0].after) {
						_, _ = io.WriteString(stdin, tell[0].line+"\n") // it may have ended
						tell = tell[1:]
					}
				}
			}()
			return netip.MustParseAddrPort(at).Port()
		}
	}
	t.Fatalf("openssl s_server does not start: %q", said)
	return 0
}

// TestRenegotiation meets servers of TLS 1.2 that ask for a handshake more once they have the request: one asks for a client
// certificate and then closes, which is no breach of the protocol; one asks twice, as OpenSSL's client lets it.
func TestRenegotiation(t *testing.T) {
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	openssl(t, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN="+goodHost, "-addext", "subjectAltName=DNS:"+goodHost)
	data, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		first, then string // commands to s_server
		outcome     reason.Outcome
		reason      reason.Reason
		says        string
	}{
		{"R", "Q", reason.Fail, reason.RequestEOF, "the server had asked for a client certificate"},
		{"r", "r", reason.Unknown, reason.ProberLimit, "a second renegotiation"},
	} {
		port := opensslServerTold(t, []told{{"Host:", tt.first}, {"SSL_do_handshake -> 1", tt.then}}, "-key", key, "-cert", cert, "-tls1_2", "-legacy_renegotiation")
		cfg := onLoopback(newPKI())
		cfg.Clock, cfg.Timeout, cfg.Roots = Clock{ElapsedFunc: unstalled}, time.Minute, certs.ReadAnchors(data).Pool()
		tg := target(goodHost, catalog.HTTPS, port)
		tg.Address = loopback443.Addr()
		o := New(cfg).Probe(t.Context(), tg)
		want(t, o, tt.outcome, tt.reason)
		if !strings.Contains(o.Detail, tt.says) {
			t.Errorf("detail %q does not say %q", o.Detail, tt.says)
		}
	}
}

// A server may send any number of tickets, and OpenSSL's client takes them all: that crypto/tls stops at
// some number is no fault of the server.
func TestManyTickets(t *testing.T) {
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	openssl(t, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN="+goodHost, "-addext", "subjectAltName=DNS:"+goodHost)
	data, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	for tickets, limited := range map[int]bool{limit.MessagesBeside: false, limit.MessagesBeside + 1: true, 500: true} {
		port := opensslServer(t, "-key", key, "-cert", cert, "-tls1_3", "-num_tickets", strconv.Itoa(tickets), "-www")
		cfg := onLoopback(newPKI())
		cfg.Clock, cfg.Timeout, cfg.Roots = Clock{ElapsedFunc: unstalled}, time.Minute, certs.ReadAnchors(data).Pool()
		tg := target(goodHost, catalog.HTTPS, port)
		tg.Address, tg.Product.APIStyle = loopback443.Addr(), catalog.StyleNone
		o := New(cfg).Probe(t.Context(), tg)
		if !limited {
			want(t, o, reason.OK, reason.None)
			continue
		}
		want(t, o, reason.Unknown, reason.ProberLimit)
		if said := fmt.Sprintf("more than %d tickets", limit.MessagesBeside); !strings.Contains(o.Detail, said) || !strings.Contains(o.Reproduce, "curl") {
			t.Errorf("%d tickets: detail %q, command %q", tickets, o.Detail, o.Reproduce)
		}
	}
}

// TestRefusedKeyOfOpenSSL meets a server with a 512-bit key, which crypto/tls refuses to
// verify a handshake with: the connection is of no use, so the address fails although a
// weak key by itself is only a defect.
func TestRefusedKeyOfOpenSSL(t *testing.T) {
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	openssl(t, "req", "-x509", "-newkey", "rsa:512", "-sha256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN="+goodHost)
	port := opensslServer(t, "-key", key, "-cert", cert, "-cipher", "ALL:@SECLEVEL=0", "-tls1_2", "-www")
	cfg := onLoopback(newPKI())
	cfg.Clock = Clock{ElapsedFunc: unstalled}
	tg := target(goodHost, catalog.HTTPS, port)
	tg.Address = loopback443.Addr()
	o := New(cfg).Probe(t.Context(), tg)
	want(t, o, reason.Fail, reason.TLSWeakKey)
	a := o.Addresses[0]
	if len(a.TLS.Certificates) != 1 || a.TLS.Certificates[0].Key != "RSA-512" || a.HTTP != nil {
		t.Errorf("facts %+v, %+v", a.TLS, a.HTTP)
	}
}
