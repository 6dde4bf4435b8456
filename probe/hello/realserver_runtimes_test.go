package hello_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"testing"

	"prober/needs"
	"prober/probe/hello"
)

// startJSSE starts the TLS servers of the JDK, all in one virtual machine. It is the one
// among the programs here that still speaks SSLv3, and that takes a TLS hello in the form
// of SSLv2.
func startJSSE(t *testing.T, k lab) []real {
	java := needs.Program(t, "java")
	list := []real{
		{name: "SSLv3", want: "RARRRR"},
		{name: "SSLv3,TLSv1", want: "RAARRR"},
		{name: "SSLv3,TLSv1,TLSv1.1,TLSv1.2,TLSv1.3", want: "RAAAAA"},
		{name: "SSLv2Hello,SSLv3", want: "RARRRR"},
		{name: "SSLv2Hello,TLSv1,TLSv1.2", want: "RRARAR"},
		{name: "TLSv1", want: "RRARRR"},
		{name: "TLSv1.1,TLSv1.3", want: "RRRARA"},
		{name: "TLSv1.2", want: "RRRRAR"},
		{name: "TLSv1.2,TLSv1.3", want: "RRRRAA"},
		{name: "TLSv1.3", want: "RRRRRA"},
		{name: "TLSv1.2,TLSv1.3+auth", want: "RRRRAA"},
		{name: "TLSv1,TLSv1.2,TLSv1.3+sni", want: "RRIIII", about: hello.TLS12, evidence: "fatal unrecognized_name", withoutSNI: "accepted"},
	}
	args := []string{"-XX:TieredStopAtLevel=1", "-Xshare:auto", filepath.Join("testdata", "jsse", "Servers.java"), k.rsa.cert, k.rsa.key}
	for _, r := range list {
		args = append(args, r.name)
	}
	for i, addr := range runPorts(t, exec.Command(java, args...), len(list)) {
		list[i].name, list[i].addr = "JSSE "+list[i].name, addr
	}
	return list
}

// startNode starts the TLS servers of Node.js, all in one process.
func startNode(t *testing.T, k lab) []real {
	node := needs.Program(t, "node")
	list := []real{
		{name: `{}`, want: "RRRRAA"},
		{name: `{"minVersion":"TLSv1","ciphers":"ALL:@SECLEVEL=0"}`, want: "RRAAAA"},
		{name: `{"minVersion":"TLSv1","maxVersion":"TLSv1.1","ciphers":"ALL:@SECLEVEL=0"}`, want: "RRAARR"},
		{name: `{"minVersion":"TLSv1.2","maxVersion":"TLSv1.2"}`, want: "RRRRAR"},
		{name: `{"minVersion":"TLSv1.3"}`, want: "RRRRRA"},
		{name: `{"requestCert":true,"rejectUnauthorized":true}`, want: "RRRRAA"},
		{name: `{"plain":true}`, want: "IIIIII", about: hello.TLS12, evidence: "not TLS"},
		{name: `{"sni":true}`, want: "RRRRII", about: hello.TLS12, withoutSNI: "accepted"},
	}
	args := []string{filepath.Join("testdata", "node", "servers.js"), k.rsa.cert, k.rsa.key}
	for _, r := range list {
		args = append(args, r.name)
	}
	for i, addr := range runPorts(t, exec.Command(node, args...), len(list)) {
		list[i].name, list[i].addr = "node "+list[i].name, addr
	}
	return list
}

// startGo starts servers of crypto/tls.
func startGo(t *testing.T, k lab) []real {
	pair, err := tls.LoadX509KeyPair(k.rsa.cert, k.rsa.key)
	if err != nil {
		t.Fatal(err)
	}
	given := []tls.Certificate{pair}
	noName := func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return nil, errors.New("no certificate for this name")
	}
	var list []real
	for i, c := range []struct {
		config *tls.Config
		real
	}{
		{&tls.Config{Certificates: given}, real{want: "RRRRAA"}},
		{&tls.Config{Certificates: given, MinVersion: tls.VersionTLS10}, real{want: "RRAAAA"}},
		{&tls.Config{Certificates: given, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, real{want: "RRAARR"}},
		{&tls.Config{Certificates: given, MinVersion: tls.VersionTLS13}, real{want: "RRRRRA"}},
		{&tls.Config{Certificates: given, CurvePreferences: []tls.CurveID{tls.X25519MLKEM768}}, real{want: "RRRRIA"}},
		{&tls.Config{Certificates: given, ClientAuth: tls.RequireAnyClientCert}, real{want: "RRRRAA"}},
		{&tls.Config{GetCertificate: noName}, real{want: "RRRRIA", about: hello.TLS12, evidence: "internal_error"}},
	} {
		addr := listen(t, func(conn net.Conn) { _ = tls.Server(conn, c.config).Handshake() })
		c.name, c.addr = fmt.Sprintf("crypto/tls %d", i), addr
		list = append(list, c.real)
	}
	return list
}
