package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	endpoints "prober"
	"prober/report"
	"prober/sandbox/nameserver"
)

// Bad input gets one clear line on stderr, exit code 2, and nothing on stdout.
func TestBadInput(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	broken := write(t, "endpoints.json", "{\n  \"schema_version\": 1,\n  \"sources\": [\n}\n")
	unknownField := write(t, "endpoints.json", strings.Replace(string(endpoints.Endpoints()), "{", `{"colour": "red",`, 1))
	notPEM := write(t, "ca.pem", "hello\n")
	given := write(t, "given.yaml", "endpoints: [{id: one, url: \"https://api.example.com/\", addresses: [\"2001:db8::1\"]}]\n")
	missing := filepath.Join(t.TempDir(), "none.pem")
	astray := filepath.Join(t.TempDir(), "link.prom")
	if err := os.Symlink(missing+"/x.prom", astray); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "socket")
	if l, err := net.Listen("unix", socket); err != nil {
		t.Fatal(err)
	} else {
		defer l.Close()
	}
	for _, c := range []struct {
		name string
		args []string
		want []string // in the one line
	}{
		{"unknown command", []string{"chekc"}, []string{"chekc"}},
		{"unknown flag", []string{"check", "--nosuch"}, []string{"--nosuch", "--help"}},
		{"broken catalogue", []string{"check", "--sandbox", "--endpoints", broken}, []string{broken + ":4"}},
		{"unknown field", []string{"endpoints", "validate", unknownField}, []string{unknownField, "colour"}},
		{"missing catalogue", []string{"check", "--sandbox", "--endpoints", missing}, []string{missing, "no such file"}},
		{"endless catalogue", []string{"check", "--endpoints", "/dev/zero"}, []string{"--endpoints: /dev/zero: holds more than"}},
		{"endless authorities", []string{"check", "--ca-file", "/dev/zero"}, []string{"--ca-file: /dev/zero: holds more than"}},
		{"unknown region", []string{"check", "--sandbox", "--region", "cn-hangzuo"}, []string{"cn-hangzuo", "cn-hangzhou"}},
		{"unknown product", []string{"check", "--sandbox", "--product", "oss"}, []string{"oss", "ecs, kms, gaap"}},
		{"unknown network", []string{"check", "--sandbox", "--network", "lan"}, []string{"lan", "public"}},
		{"unknown endpoint", []string{"check", "--sandbox", "ecs/nowhere/public"}, []string{"ecs/nowhere/public", "endpoints list"}},
		{"endpoint of another region", []string{"check", "--sandbox", "kms/cn-hangzhou/*", "--region", "cn-shanghai"}, []string{`"kms/cn-hangzhou/*" names nothing that is selected, which is --region cn-shanghai`}},
		{"port in use", []string{"serve", "--sandbox", "--web.listen-address", taken.Addr().String()}, []string{taken.Addr().String(), "in use"}},
		{"bad listen address", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:port"}, []string{"127.0.0.1:port"}},
		{"unreadable authority", []string{"check", "--ca-file", missing}, []string{"--ca-file", missing, "no such file"}},
		{"authority without certificate", []string{"check", "--ca-file", notPEM}, []string{"--ca-file", notPEM, "PEM"}},
		{"bad duration", []string{"check", "--timeout", "5"}, []string{"--timeout", "5"}},
		{"no time", []string{"check", "--timeout", "0s"}, []string{"--timeout"}},
		{"no concurrency", []string{"check", "--concurrency", "0"}, []string{"--concurrency 0"}},
		{"bad family", []string{"check", "--family", "5"}, []string{"--family", "5"}},
		{"bad scheme", []string{"check", "--scheme", "ftp"}, []string{"--scheme", "ftp"}},
		{"bad control", []string{"check", "--control", "a b.example.org"}, []string{"--control", "a b.example.org", "host name"}},
		{"bad port of a control", []string{"check", "--control", "example.org:https"}, []string{"--control", "example.org:https", "port"}},
		{"a control without a port", []string{"check", "--control", "192.0.2.1"}, []string{"--control", "192.0.2.1", "needs a port"}},
		{"bad resolver", []string{"check", "--resolver", "dns.example"}, []string{"--resolver", "dns.example", "IP address"}},
		{"resolver at no port", []string{"check", "--resolver", "192.0.2.1:0"}, []string{"--resolver", "192.0.2.1:0", "IP address"}},
		{"bad address", []string{"check", "--address", "example.test", "https://example.test"}, []string{"--address", "example.test"}},
		{"address with port", []string{"check", "--address", "127.0.0.1:443", "https://example.test"}, []string{"--address", "port"}},
		{"empty address", []string{"check", "https://example.test", "--address", ""}, []string{"address", "empty"}},
		{"empty authorities", []string{"check", "--ca-file", ""}, []string{"ca-file", "empty"}},
		{"empty list", []string{"check", "--endpoints", " "}, []string{"endpoints", "empty"}},
		{"address of the other family", []string{"check", "https://example.test", "--address", "127.0.0.1", "--family", "6"}, []string{"--address 127.0.0.1", "--family 6"}},
		{"URL of the other family", []string{"check", "http://127.0.0.1:1/", "--allow-private", "--family", "6"}, []string{"--family 6", "http://127.0.0.1:1/", "127.0.0.1"}},
		{"list of the other family", []string{"check", "--endpoints", given, "--allow-private", "--family", "4"}, []string{"--family 4", "one", "2001:db8::1"}},
		{"served of the other family", []string{"serve", "--web.listen-address", "127.0.0.1:0", "--endpoints", given, "--allow-private", "--family", "4"}, []string{"--family 4", "one", "2001:db8::1"}},
		{"judged of the other family", []string{"conformance", "--endpoints", given, "--allow-private", "--family", "4"}, []string{"--family 4", "one", "2001:db8::1"}},
		{"examined of the other family", []string{"doctor", "--endpoints", given, "--allow-private", "--family", "4"}, []string{"--family 4", "one", "2001:db8::1"}},
		{"begun of the other family", []string{"endpoints", "new", "http://[::1]:1/", "--allow-private", "--family", "4"}, []string{"--family 4", "http://[::1]:1/"}},
		{"signed call of a web site", []string{"check", "https://example.test", "--signed"}, []string{"--signed"}},
		{"address for many", []string{"check", "--sandbox", "--address", "127.0.0.1"}, []string{"--address", "85"}},
		{"bad URL scheme", []string{"check", "ftp://example.test"}, []string{"ftp://example.test", "https"}},
		{"URL without host", []string{"check", "https://"}, []string{"no host"}},
		{"URL with a bad port", []string{"check", "https://example.test:0/"}, []string{"port"}},
		{"unknown fault", []string{"check", "--sandbox", "--fault", "ecs/default/public=cert_expird"}, []string{"cert_expird", "cert_expired"}},
		{"fault without endpoint", []string{"check", "--sandbox", "--fault", "cert_expired"}, []string{"cert_expired", "="}},
		{"fault without sandbox", []string{"check", "--fault", "ecs/default/public=cert_expired"}, []string{"--fault", "--sandbox"}},
		{"bad latency", []string{"check", "--sandbox", "--latency", "tea=1s"}, []string{"--latency", "tea"}},
		{"latency without sandbox", []string{"check", "--latency", "dns=1s"}, []string{"--latency", "--sandbox"}},
		{"resolver with sandbox", []string{"check", "--sandbox", "--resolver", "127.0.0.1"}, []string{"--resolver", "--sandbox"}},
		{"bad inside", []string{"check", "--sandbox", "--inside", "moon"}, []string{"--inside", "moon"}},
		{"bad output", []string{"check", "--output", "yaml"}, []string{"yaml", "table or json"}},
		{"bad shard", []string{"serve", "--sandbox", "--shard", "4/3"}, []string{`error: --shard "4/3": part 4 is not between 1 and 3`}},
		{"bad switch", []string{"serve", "--sandbox", "--confirm=maybe"}, []string{`invalid argument "maybe" for "--confirm" flag: want true or false`}},
		{"bad switch of all that probe", []string{"check", "--allow-private=maybe"}, []string{`invalid argument "maybe" for "--allow-private" flag: want true or false`}},
		{"bad number", []string{"check", "--concurrency", "many"}, []string{`invalid argument "many" for "--concurrency" flag: want a whole number`}},
		{"huge number", []string{"check", "--concurrency", "99999999999999999999"}, []string{`"--concurrency" flag: want a whole number`}},
		{"bad time", []string{"check", "--timeout", "soon"}, []string{`invalid argument "soon" for "--timeout" flag: want a time with its unit`}},
		{"bad time of serve alone", []string{"serve", "--sandbox", "--interval", "1h1x"}, []string{`invalid argument "1h1x" for "--interval" flag: want a time with its unit`}},
		{"bad time to keep", []string{"serve", "--sandbox", "--state-dir", "x", "--state.retention", "0d"}, []string{`invalid argument "0d" for "--state.retention" flag: want 1d`}},
		{"bad detail", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:0", "--metrics.detail", "host"}, []string{"--metrics.detail", "host", "endpoint"}},
		{"short interval", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:0", "--interval", "1ms"}, []string{"--interval 1ms: want at least 100ms"}},
		{"no interval", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:0", "--interval", "0"}, []string{"--interval 0s: want at least 100ms"}},
		{"negative interval", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:0", "--interval", "-1m"}, []string{"--interval -1m0s: want at least 100ms"}},
		{"unknown log level", []string{"serve", "--sandbox", "--log.level", "loud"}, []string{"--log.level", "want debug, info, warn or error"}},
		{"receiver with a password", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:0", "--otlp.endpoint", "http://me:secret@127.0.0.1:4318"}, []string{"--otlp.endpoint", "OTEL_EXPORTER_OTLP_HEADERS"}},
		{"receiver without a scheme", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:0", "--otlp.endpoint", "127.0.0.1:4318"}, []string{"--otlp.endpoint", "http://127.0.0.1:4318"}},
		{"serve over both schemes", []string{"serve", "--sandbox", "--scheme", "all"}, []string{"--scheme"}},
		{"unknown reason", []string{"explain", "tls/tired"}, []string{"tls/tired", "explain"}},
		{"ambiguous reason", []string{"explain", "timeout"}, []string{"connect/timeout", "tls/timeout"}},
		{"unknown requirement", []string{"explain", "KMS-TLS-99"}, []string{"no requirement and no reason", "KMS-TLS-99", "lists them all"}},
		{"report folder that cannot be made", []string{"conformance", "--sandbox", "--report-dir", "/proc/foo"}, []string{"--report-dir /proc/foo"}},
		{"report folder below a file", []string{"conformance", "--sandbox", "--report-dir", filepath.Join(notPEM, "out")}, []string{"--report-dir", "not a directory"}},
		{"report folder that is a file", []string{"conformance", "--sandbox", "--report-dir", notPEM}, []string{"--report-dir", "is no folder"}},
		{"metrics file that cannot be made", []string{"conformance", "--sandbox", "--metrics-file", "/proc/x.prom"}, []string{"--metrics-file /proc/x.prom"}},
		{"metrics file that is a folder", []string{"conformance", "--sandbox", "--metrics-file", "/proc"}, []string{"--metrics-file /proc: is a folder"}},
		{"metrics file that is a socket", []string{"conformance", "--sandbox", "--metrics-file", socket}, []string{"--metrics-file " + socket + ": is a socket"}},
		{"metrics file in no folder", []string{"conformance", "--sandbox", "--metrics-file", missing + "/x.prom"}, []string{"--metrics-file", "no folder"}},
		{"metrics file that a link leads to, in no folder", []string{"conformance", "--sandbox", "--metrics-file", astray}, []string{"--metrics-file", "no folder " + missing}},
		{"sandbox folder that cannot be made", []string{"sandbox", "--dir", "/proc/foo"}, []string{"--dir /proc/foo"}},
		{"empty date", []string{"conformance", "--sandbox", "--as-of", ""}, []string{"--as-of", "empty"}},
		{"empty baseline", []string{"conformance", "--sandbox", "--baseline", ""}, []string{"--baseline", "empty"}},
		{"empty waivers", []string{"conformance", "--sandbox", "--waivers", ""}, []string{"--waivers", "empty"}},
		{"empty report folder", []string{"conformance", "--sandbox", "--report-dir", ""}, []string{"--report-dir", "empty"}},
		{"empty metrics file", []string{"conformance", "--sandbox", "--metrics-file", ""}, []string{"--metrics-file", "empty"}},
		{"empty report to run again", []string{"conformance", "--sandbox", "--rerun-failed", ""}, []string{"--rerun-failed", "empty"}},
		{"scheme of conformance", []string{"conformance", "--sandbox", "--scheme", "http"}, []string{"--scheme"}},
		{"less than no retry", []string{"conformance", "--sandbox", "--retries", "-1"}, []string{"--retries -1"}},
		{"two faults", []string{"check", "--sandbox", "--fault", "kms/cn-hangzhou/public=charset", "--fault", "kms/cn-*=nxdomain"}, []string{"--fault", "kms/cn-hangzhou/public"}},
		{"two faults of a sandbox", []string{"sandbox", "--fault", "kms/cn-hangzhou/public=charset", "--fault", "kms/cn-*=nxdomain"}, []string{"--fault", "kms/cn-hangzhou/public"}},
		{"fault of nothing selected", []string{"conformance", "--sandbox", "--product", "ecs", "--fault", "kms/cn-hangzhou/public=charset"}, []string{"--fault kms/cn-hangzhou/public=charset", "selected"}},
		{"bad label filter", []string{"conformance", "--sandbox", "--label-filter", "level:MUST && && x"}, []string{"--label-filter", "Operator '&&' missing left hand operand."}},
		{"label filter of a slash", []string{"conformance", "--sandbox", "--label-filter", "/"}, []string{`--label-filter "/"`, "between two slashes"}},
		{"label filter with half a regular expression", []string{"conformance", "--sandbox", "--level", "MUST", "--label-filter", "level:MUST || /KMS"}, []string{"--label-filter", "between two slashes"}},
		{"mistyped command before a flag", []string{"chekc", "--sandbox"}, []string{`prober has no command "chekc"; did you mean "check"?`}},
		{"mistyped command below another before a flag", []string{"endpoints", "lsit", "--product", "kms"}, []string{`prober endpoints has no command "lsit"; did you mean "list"?`}},
		{"flag before its command", []string{"--sandbox", "check"}, []string{"unknown flag: --sandbox", "behind the command"}},
		{"flag without its command", []string{"endpoints", "--product", "kms"}, []string{"unknown flag: --product", `behind the command, as in "prober endpoints list --product"`}},
		{"bad world", []string{"check", "--world", "127.0.0.0/24"}, []string{"--world", "public=PREFIX"}},
		{"world and private addresses", []string{"check", "--world", "public=127.0.0.0/24", "--allow-private"}, []string{"--world", "--allow-private"}},
		{"no connection to a host", []string{"check", "--connections-per-host", "0"}, []string{"--connections-per-host 0: want 1 to 64"}},
		{"many connections to a host", []string{"serve", "--sandbox", "--web.listen-address", "127.0.0.1:0", "--connections-per-host", "65"}, []string{"--connections-per-host 65: want 1 to 64"}},
		{"connections of conformance", []string{"conformance", "--list", "--connections-per-host", "65"}, []string{"--connections-per-host 65: want 1 to 64"}},
		{"empty vantage", []string{"conformance", "--sandbox", "--vantage", ""}, []string{"--vantage", "1 to 63 printable"}},
		{"blank vantage", []string{"conformance", "--sandbox", "--vantage", " x"}, []string{"--vantage", "1 to 63 printable"}},
		{"long vantage", []string{"conformance", "--sandbox", "--vantage", strings.Repeat("ü", 64)}, []string{"--vantage", "1 to 63 printable"}},
		{"vantage of two lines", []string{"conformance", "--sandbox", "--vantage", "a\nb"}, []string{"--vantage", "1 to 63 printable"}},
		{"coloured vantage", []string{"conformance", "--sandbox", "--vantage", "\x1b[31mred"}, []string{"--vantage", "1 to 63 printable"}},
		{"vantage in no encoding", []string{"conformance", "--sandbox", "--vantage", "\xff"}, []string{"--vantage", "1 to 63 printable"}},
		{"vantage of a check", []string{"check", "--vantage", "here"}, []string{"--vantage", "unknown flag"}},
		{"stray argument", []string{"serve", "now"}, []string{"now"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runApp(t, nil, c.args...)
			if r.code != int(report.ExitUsage) {
				t.Errorf("exit code %d, want %d", r.code, report.ExitUsage)
			}
			if r.stdout != "" {
				t.Errorf("stdout %q, want nothing", r.stdout)
			}
			line := strings.TrimSuffix(r.stderr, "\n")
			if strings.ContainsAny(line, "\n\x1b") || !strings.HasPrefix(line, "prober: error: ") {
				t.Errorf("stderr %q, want one line", r.stderr)
			}
			for _, w := range c.want {
				if !strings.Contains(line, w) {
					t.Errorf("stderr %q lacks %q", line, w)
				}
			}
		})
	}
}

// An unreachable resolver is no failure of any endpoint: exit code 3, and a line that says so.
func TestUnreachableResolver(t *testing.T) {
	closed, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.LocalAddr().String()
	closed.Close()
	r := runApp(t, nil, "check", "--resolver", address, "--timeout", "1s", "ecs/default/public")
	if r.code != int(report.ExitUndecided) {
		t.Errorf("exit code %d, want %d", r.code, report.ExitUndecided)
	}
	if !strings.Contains(r.stderr, "resolver") || !strings.Contains(r.stderr, address) {
		t.Errorf("stderr %q does not name the resolver", r.stderr)
	}
	if !strings.Contains(r.stdout, "prober/resolver_unavailable") {
		t.Errorf("stdout %q lacks the reason", r.stdout)
	}
}

// A resolver that denies all names says nothing about the endpoints: exit code 3 from check and
// from conformance, and one line on top.
func TestBrokenResolver(t *testing.T) {
	t.Parallel()
	s, err := nameserver.Start(nameserver.Config{Answer: func(nameserver.Question) nameserver.Answer {
		return nameserver.Answer{RCode: dnsmessage.RCodeNameError}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, command := range []string{"check", "conformance"} {
		r := runApp(t, nil, command, "--resolver", s.Addr().String(), "--region", "cn-hangzhou", "--region", "nearest", "--network", "public")
		if first, _, _ := strings.Cut(r.stdout, "\n"); r.code != int(report.ExitUndecided) || !strings.HasPrefix(first, "no resolver can be used ("+s.Addr().String()+"): 2 of 2 endpoints") {
			t.Errorf("%s: exit code %d, want %d, and on top %q", command, r.code, report.ExitUndecided, first)
		}
	}
}
