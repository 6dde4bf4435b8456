package hello_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"prober/needs"
	"prober/probe/hello"
)

// startNginx starts one nginx with a server for each configuration.
func startNginx(t *testing.T, k lab) []real {
	nginx := needs.Program(t, "nginx")
	const old = "ssl_ciphers ALL:@SECLEVEL=0;"
	list := []real{
		{name: "ssl_protocols TLSv1.2 TLSv1.3;", want: "RRRRAA"},
		{name: "ssl_protocols TLSv1.2;", want: "RRRRAR"},
		{name: "ssl_protocols TLSv1.3;", want: "RRRRRA"},
		{name: "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;", want: "RRRRAR", about: hello.TLS11, evidence: "internal_error"},
		{name: "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;" + old, want: "RRAAAA"},
		{name: "ssl_protocols TLSv1;" + old, want: "RRARRR"},
		{name: "ssl_protocols TLSv1 TLSv1.2;" + old, want: "RRARAR"},
		{name: "ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client on; ssl_client_certificate " + k.rsa.cert + ";", want: "RRRRAA"},
		{
			name: "ssl_protocols TLSv1.2 TLSv1.3; ssl_reject_handshake on;", want: "RRRRII",
			about: hello.TLS12, evidence: "fatal unrecognized_name", withoutSNI: "inconclusive: fatal unrecognized_name",
		},
		{name: "plain", want: "IIIIII", about: hello.TLS12, evidence: "not TLS"},
	}
	dir := t.TempDir()
	files, addrs := listeners(t, len(list))
	inherits := "NGINX="
	var servers strings.Builder
	for i := range list {
		list[i].addr = addrs[i]
		inherits += strconv.Itoa(3+i) + ";"
		if list[i].name == "plain" {
			fmt.Fprintf(&servers, "server { listen %s; return 204; }\n", list[i].addr)
		} else {
			fmt.Fprintf(&servers, "server { listen %s ssl; ssl_certificate %s; ssl_certificate_key %s; %s return 204; }\n",
				list[i].addr, k.rsa.cert, k.rsa.key, list[i].name)
		}
		list[i].name = "nginx " + list[i].name
	}
	conf := filepath.Join(dir, "nginx.conf")
	writeFile(t, conf, fmt.Appendf(nil, `daemon off; pid %[1]s/pid; error_log stderr; worker_processes 1; events {}
http { access_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c;
uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
%[2]s}
`, dir, &servers))
	cmd := exec.Command(nginx, "-p", dir, "-c", conf, "-e", "stderr")
	cmd.Env = []string{inherits}
	runWith(t, cmd, files)
	// The master is told to end, for killing it would leave its worker behind.
	t.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	return list
}

// startHAProxy starts one haproxy with a frontend for each configuration.
func startHAProxy(t *testing.T, k lab) []real {
	haproxy := needs.Program(t, "haproxy")
	both := filepath.Join(t.TempDir(), "both.pem")
	var pair []byte
	for _, file := range []string{k.rsa.cert, k.rsa.key} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pair = append(pair, b...)
	}
	writeFile(t, both, pair)

	const old = " ciphers ALL:@SECLEVEL=0"
	list := []real{
		{name: "", want: "RRRRAA"},
		{name: "ssl-min-ver TLSv1.0" + old, want: "RRAAAA"},
		{name: "ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.1" + old, want: "RRAARR"},
		{name: "ssl-min-ver TLSv1.1 ssl-max-ver TLSv1.2" + old, want: "RRRAAR"},
		{name: "force-tlsv10" + old, want: "RRARRR"},
		{name: "force-tlsv12", want: "RRRRAR"},
		{name: "force-tlsv13", want: "RRRRRA"},
		{name: "verify required ca-file " + k.rsa.cert, want: "RRRRAA"},
		{name: "strict-sni", want: "RIRRAA", about: hello.SSLv3, evidence: "unrecognized_name"},
	}
	other := filepath.Join(t.TempDir(), "empty")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	strict := real{
		name: "strict-sni without certificate", want: "RIIIII", about: hello.TLS12,
		evidence: "fatal unrecognized_name", withoutSNI: "inconclusive: fatal unrecognized_name",
	}
	list = append(list, strict)

	conf := &strings.Builder{}
	fmt.Fprintln(conf, "global\n log stderr format raw local0 emerg\ndefaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 10s")
	files, addrs := listeners(t, len(list))
	for i := range list {
		list[i].addr = addrs[i]
		crt, options := both, list[i].name
		if list[i].name == strict.name {
			crt, options = other, "strict-sni"
		}
		fmt.Fprintf(conf, "frontend f%d\n bind fd@%d ssl crt %s %s\n http-request return status 204\n", i, 3+i, crt, options)
		list[i].name = "haproxy " + list[i].name
	}
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	writeFile(t, file, []byte(conf.String()))
	runWith(t, exec.Command(haproxy, "-db", "-f", file), files)
	return list
}
