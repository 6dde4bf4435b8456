package sandbox_test

import (
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"prober/catalog"
	"prober/needs"
	"prober/sandbox"
)

// run returns what a program prints; its exit status does not matter.
func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil && len(out) == 0 {
		return err.Error()
	}
	return string(out)
}

// address is where an endpoint is served over IPv4.
func address(e catalog.Endpoint) string {
	if e.Network == catalog.VPC {
		return "127.1.0.1"
	}
	return "127.0.0.1"
}

// written starts a sandbox and writes its files.
func written(t testing.TB, cfg sandbox.Config) (s *sandbox.Sandbox, dir string) {
	t.Helper()
	s, dir = start(t, cfg), t.TempDir()
	if err := s.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// curl makes one request to each endpoint, in one process, and returns for each what
// -w prints of it, by host.
func curl(t testing.TB, dir string, list []catalog.Endpoint, scheme catalog.Scheme, format string, args ...string) map[string]string {
	t.Helper()
	needs.Program(t, "curl")
	args = append([]string{
		"-s", "--max-time", "60", "--cacert", filepath.Join(dir, "ca.pem"), "--output", "/dev/null",
		"-w", "%{url_effective} " + format + "\n",
	}, args...)
	all := slices.Clone(args)
	for i, e := range list {
		if i > 0 {
			all = append(append(all, "--next"), args...)
		}
		port := strconv.Itoa(int(e.Port(scheme)))
		version := "2014-05-26"
		if e.Product == "kms" {
			version = "2016-01-20"
		}
		target := "/?Action=DescribeRegions&Format=JSON&Version=" + version
		all = append(all, "--resolve", e.Host+":"+port+":"+address(e), string(scheme)+"://"+e.Host+":"+port+target)
	}
	out := make(map[string]string)
	for line := range strings.SplitSeq(strings.TrimSpace(run(t, "curl", all...)), "\n") {
		address, rest, _ := strings.Cut(line, " ")
		if u, err := url.Parse(address); err == nil {
			out[u.Hostname()] = rest
		}
	}
	return out
}

// TestCurlReachesEveryEndpoint: name, certificate and API, as an unknown client sees them.
func TestCurlReachesEveryEndpoint(t *testing.T) {
	t.Parallel()
	s, dir := written(t, sandbox.Config{})
	list := s.Catalog().Endpoints
	got := curl(t, dir, list, catalog.HTTPS, "%{http_code} %{ssl_verify_result} %{http_version} %{content_type}")
	for _, e := range list {
		want := "400 0 1.1 application/json;charset=utf-8"
		if e.Product == "gaap" {
			want = "200 0 1.1 application/json"
		}
		if got[e.Host] != want {
			t.Errorf("%s: %q, want %q", e.ID, got[e.Host], want)
		}
	}
}

// TestPlainHTTP: ECS answers as over HTTPS; KMS and GAAP refuse, each in one of the ways
// that are documented or reported.
func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	s, dir := written(t, sandbox.Config{})
	list := s.Catalog().Endpoints
	got := curl(t, dir, list, catalog.HTTP, "%{http_code} %{redirect_url} %{exitcode}")
	ways := make(map[string]map[string]bool)
	for _, e := range list {
		said := strings.ReplaceAll(got[e.Host], e.Host, "HOST")
		said, _, _ = strings.Cut(said, ":443")
		if i := strings.Index(said, "https://HOST"); i >= 0 {
			said = said[:i+len("https://HOST")]
		}
		if ways[e.Product] == nil {
			ways[e.Product] = make(map[string]bool)
		}
		ways[e.Product][said] = true
	}
	refused, reset, redirect := "000  7", "000  56", "301 https://HOST"
	for product, want := range map[string][]string{
		"ecs":  {"400  0"},
		"kms":  {refused, reset, redirect, "403  0", "400  0"},
		"gaap": {refused, reset, redirect, "403  0"},
	} {
		var have []string
		for way := range ways[product] {
			have = append(have, way)
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%s: %q, want %q", product, have, want)
		}
	}
}

// TestDigFindsEveryHost asks each name server for every name, in one process.
func TestDigFindsEveryHost(t *testing.T) {
	t.Parallel()
	needs.Program(t, "dig")
	s := start(t, sandbox.Config{})
	for _, r := range s.Resolvers() {
		args := []string{"-p", strconv.Itoa(int(r.Port())), "@" + r.Addr().String()}
		for _, e := range s.Catalog().Endpoints {
			args = append(args, "+noall", "+answer", "+tries=1", "+time=60", e.Host, "A")
		}
		out := run(t, "dig", args...)
		for _, e := range s.Catalog().Endpoints {
			if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(e.Host) + `\.\s+60\s+IN\s+A\s+` + regexp.QuoteMeta(address(e)) + `$`).MatchString(out) {
				t.Errorf("%s is not at %s", e.Host, address(e))
			}
		}
	}
}

// TestDigSeesFaults holds some faults of the name servers against a client that is not
// written in Go.
func TestDigSeesFaults(t *testing.T) {
	t.Parallel()
	needs.Program(t, "dig")
	s := start(t, sandbox.Config{})
	public := slices.DeleteFunc(s.Catalog().Endpoints, func(e catalog.Endpoint) bool { return e.Network != catalog.Public })
	r := s.Resolvers()[0]
	for i, test := range []struct{ fault, want string }{
		{"nxdomain", "status: NXDOMAIN"},
		{"nodata", "status: NOERROR, id: \\d+\n;; flags: qr aa rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1"},
		{"servfail", "status: SERVFAIL"},
		{"resolve_refused", "status: REFUSED"},
		{"formerr", "status: FORMERR"},
		{"notimp", "status: NOTIMP"},
		{"bad_rcode", "status: NOTAUTH"},
		{"bad_rcode_yxdomain", "status: YXDOMAIN"},
		{"referral", "flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1"},
		{"resolve_timeout", "no servers could be reached|timed out"},
		{"resolve_timeout_wrong_id", "ID mismatch"},
		{"resolve_truncated", "Truncated, retrying in TCP mode(.|\n)*flags: qr aa tc rd ra"},
		{"resolve_truncated_tcp_closed", "Truncated, retrying in TCP mode(.|\n)*(end of file|failed|timed out|no servers could be reached)"},
		{"mismatch", "Question section mismatch"},
		{"resolve_malformed", "malformed message packet|bad packet"},
		{"cname_loop", "ANSWER: 2"},
		{"cname_dangling", "status: NXDOMAIN(.|\n)*IN\\s+CNAME\\s+hop1"},
		{"bogon_metadata", "IN\\s+A\\s+100.100.100.200"},
		{"unreachable", "IN\\s+A\\s+127.255.255.255"},
		{"truncated_then_tcp", "Truncated, retrying in TCP mode(.|\n)*IN\\s+A\\s+127.0.0.1"},
		{"cname_of_three", "ANSWER: 4"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			e := public[i]
			if err := s.SetFault(e.ID, test.fault); err != nil {
				t.Fatal(err)
			}
			// What dig shows of silence, and of an answer that it takes for none, it shows when its
			// time is up; whatever came later than that comes in more time.
			for seconds := 1; ; seconds *= 4 {
				out := run(t, "dig", "+tries=1", "+time="+strconv.Itoa(seconds), "-p", strconv.Itoa(int(r.Port())), "@"+r.Addr().String(), e.Host, "A")
				if regexp.MustCompile(test.want).MatchString(out) {
					return
				} else if seconds > 30 {
					t.Fatalf("want %q in %s", test.want, out)
				}
			}
		})
	}
}
