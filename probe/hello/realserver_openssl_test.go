package hello_test

import (
	"net/netip"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"prober/needs"
	"prober/probe/hello"
)

// startOpenSSL starts openssl s_server once for each configuration. @SECLEVEL=0 brings back what
// the default security level forbids: TLS 1.0 and 1.1, and suites without encryption or
// certificate.
func startOpenSSL(t *testing.T, k lab) []real {
	openssl := needs.Program(t, "openssl")
	const all = "-cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0 "
	var list []real
	var waits []func() (string, bool)
	for _, c := range []struct {
		args string
		pair keyPair
		real
	}{
		{"", k.rsa, real{want: "RRRRAA", about: hello.TLS10, evidence: "internal_error"}},
		{all, k.rsa, real{want: "RRAAAA"}},
		{all + "-tls1", k.rsa, real{want: "RRARRR"}},
		{all + "-tls1_1", k.rsa, real{want: "RRRARR"}},
		{all + "-tls1_2", k.rsa, real{want: "RRRRAR"}},
		{all + "-tls1_3", k.rsa, real{want: "RRRRRA"}},
		{all + "-no_tls1_1", k.rsa, real{want: "RRARAA", about: hello.TLS11, evidence: "ServerHello TLS1.0"}},
		{all + "-no_tls1_2", k.rsa, real{want: "RRAARA"}},
		{all + "-no_tls1 -no_tls1_2", k.rsa, real{want: "RRRARA"}},
		{all + "-no_tls1_1 -no_tls1_2", k.rsa, real{want: "RRARRA"}},
		{all + "-no_tls1_3", k.rsa, real{want: "RRAAAR"}},
		{all, k.ecdsa, real{want: "RRAAAA"}},
		{all, k.ed25519, real{want: "RRAAAA"}},
		{"", k.ed25519, real{want: "RRRRAA"}},
		{"-cipher AES128-SHA:@SECLEVEL=0", k.rsa, real{want: "RRAAAA"}},
		{"-cipher CAMELLIA256-SHA:@SECLEVEL=0", k.rsa, real{want: "RRAAAA"}},
		{"-cipher DHE-RSA-AES128-SHA:@SECLEVEL=0", k.rsa, real{want: "RRAAAA"}},
		{"-cipher NULL-SHA:@SECLEVEL=0 -tls1", k.rsa, real{want: "RRARRR"}},
		{"-cipher ECDHE-ECDSA-AES128-CCM8 -tls1_2", k.ecdsa, real{want: "RRRRAR"}},
		{"-cipher ECDHE-RSA-CAMELLIA128-SHA256 -tls1_2", k.rsa, real{want: "RRRRAR"}},
		{"-cipher DHE-RSA-ARIA256-GCM-SHA384 -tls1_2", k.rsa, real{want: "RRRRAR"}},
		{"-cipher AECDH-AES256-SHA:@SECLEVEL=0 -nocert -no_tls1_3", keyPair{}, real{want: "RRAAAR"}},
		{"-cipher PSK-AES256-GCM-SHA384 -nocert -psk 0123 -tls1_2", keyPair{}, real{want: "RRRRAR"}},
		{"-cipher ECDHE-PSK-AES128-CBC-SHA:@SECLEVEL=0 -nocert -psk 0123 -tls1", keyPair{}, real{want: "RRARRR"}},
		{"-curves P-521", k.rsa, real{want: "RRRRAA", about: hello.TLS13, evidence: "HelloRetryRequest"}},
		{"-curves X448", k.rsa, real{want: "RRRRAA"}},
		{"-ciphersuites TLS_AES_128_CCM_8_SHA256 -tls1_3", k.rsa, real{want: "RRRRRA"}},
		{"-Verify 1", k.rsa, real{want: "RRRRAA"}},
		{"-servername other.example.com", k.rsa, real{want: "RRRRAA"}},
		{"-servername other.example.com -servername_fatal", k.rsa, real{
			want: "RRIIII", about: hello.TLS12, evidence: "fatal unrecognized_name", withoutSNI: "accepted",
		}},
	} {
		args := append([]string{"s_server", "-www", "-accept", "127.0.0.1:0"}, strings.Fields(c.args)...)
		if c.pair.cert != "" {
			args = append(args, "-cert", c.pair.cert, "-key", c.pair.key)
			if strings.Contains(c.args, "-servername") {
				args = append(args, "-cert2", c.pair.cert, "-key2", c.pair.key)
			}
		}
		waits = append(waits, runSaying(t, exec.Command(openssl, args...), `^ACCEPT (.*)`))
		c.name = "openssl s_server " + c.args + " " + filepath.Base(c.pair.cert)
		list = append(list, c.real)
	}
	for i, wait := range waits {
		at, ok := wait()
		if !ok {
			t.Fatalf("%s does not start: %s", list[i].name, at)
		}
		list[i].addr = netip.MustParseAddrPort(at)
	}
	return list
}

// startGnuTLS starts gnutls-serv once for each priority string.
func startGnuTLS(t *testing.T, k lab) []real {
	serve := needs.Program(t, "gnutls-serv")
	var list []real
	for _, c := range []struct {
		priority string
		args     []string
		pair     keyPair
		real
	}{
		{"NORMAL", nil, k.rsa, real{want: "RRAAAA"}},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.0", nil, k.rsa, real{want: "RRARRR"}},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.1", nil, k.rsa, real{want: "RRRARR"}},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.2", nil, k.rsa, real{want: "RRRRAR"}},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.3", nil, k.rsa, real{want: "RRRRRA"}},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3", nil, k.ecdsa, real{want: "RRRRAA"}},
		{"NORMAL:-VERS-ALL:+VERS-TLS1.0:+VERS-TLS1.2", nil, k.rsa, real{want: "RRARAR"}},
		{"NORMAL:-VERS-TLS1.1", nil, k.rsa, real{want: "RRARAA"}},
		{"NORMAL:-CIPHER-ALL:+3DES-CBC:-VERS-ALL:+VERS-TLS1.0", nil, k.rsa, real{want: "RRARRR"}},
		{"NORMAL:-CIPHER-ALL:+ARCFOUR-128:-VERS-ALL:+VERS-TLS1.1", nil, k.rsa, real{want: "RRRARR"}},
		{"NORMAL:-KX-ALL:+ANON-ECDH:+ANON-DH:-VERS-TLS1.3", nil, keyPair{}, real{want: "RRAAAR"}},
		{"NORMAL:-GROUP-ALL:+GROUP-FFDHE3072", nil, k.rsa, real{want: "RRAAAA"}},
		{"NORMAL", []string{"--require-client-cert"}, k.rsa, real{want: "RRAAAA"}},
		{"NORMAL", []string{"--sni-hostname", "other.example.com", "--sni-hostname-fatal"}, k.rsa, real{
			want: "RRIIII", about: hello.TLS12, evidence: "unrecognized_name", withoutSNI: "accepted",
		}},
	} {
		args := append([]string{"--echo", "--nodb", "--priority", c.priority}, c.args...)
		if c.pair.cert != "" {
			args = append(args, "--x509certfile", c.pair.cert, "--x509keyfile", c.pair.key)
		}
		c.name, c.addr = "gnutls-serv "+c.priority+" "+strings.Join(c.args, " "), gnutlsServer(t, serve, args)
		list = append(list, c.real)
	}
	return list
}

// gnutlsServer starts gnutls-serv, which cannot say which port it took, on one that was free: on
// another if somebody has taken that meanwhile.
func gnutlsServer(t *testing.T, serve string, args []string) netip.AddrPort {
	t.Helper()
	var said string
	for range 5 {
		files, addrs := listeners(t, 1)
		_ = files[0].Close()
		port := strconv.Itoa(int(addrs[0].Port()))
		at, ok := runSaying(t, exec.Command(serve, append([]string{"--port", port}, args...)...), `IPv4 .* port [0-9]+\.\.\.(done|bind.*)`)()
		if ok && at == "done" {
			return addrs[0]
		}
		said = at
	}
	t.Fatalf("gnutls-serv does not start: %s", said)
	return netip.AddrPort{}
}
