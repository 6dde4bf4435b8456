package sandbox_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"prober/catalog"
	"prober/sandbox"
)

// needs skips the test if a program is missing, or fails it if all must be there.
func needs(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("PROBER_REQUIRE_TOOLS") == "1" {
		t.Fatalf("needs %s in PATH", program)
	}
	t.Skipf("needs %s in PATH", program)
}

// run returns what a program prints; its exit status does not matter.
func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil && len(out) == 0 {
		return err.Error()
	}
	return string(out)
}

// curl returns status line, headers and body of one request to an endpoint.
func curl(t testing.TB, s *sandbox.Sandbox, dir string, e catalog.Endpoint, scheme catalog.Scheme, args ...string) string {
	t.Helper()
	port := strconv.Itoa(int(e.Port(scheme)))
	address := "127.0.0.1"
	if e.Network == catalog.VPC {
		address = "127.1.0.1"
	}
	args = append([]string{
		"-sSi", "--max-time", "10", "--cacert", filepath.Join(dir, "ca.pem"),
		"--resolve", e.Host + ":" + port + ":" + address,
	}, args...)
	target := "/?Action=DescribeRegions&Version=2014-05-26&Format=JSON"
	return run(t, "curl", append(args, string(scheme)+"://"+e.Host+":"+port+target)...)
}

func TestCurlReachesEveryEndpoint(t *testing.T) {
	needs(t, "curl")
	s := start(t, sandbox.Config{})
	dir := t.TempDir()
	if err := s.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	for _, e := range s.Catalog().Endpoints {
		out := curl(t, s, dir, e, catalog.HTTPS)
		if !strings.HasPrefix(out, "HTTP/1.1 ") || !strings.Contains(out, "RequestId") {
			t.Errorf("%s: %s", e.ID, out)
		}
	}
}

func TestDigFindsEveryHost(t *testing.T) {
	needs(t, "dig")
	s := start(t, sandbox.Config{})
	for i, e := range s.Catalog().Endpoints {
		r := s.Resolvers()[i%2]
		out := strings.TrimSpace(run(t, "dig", "+short", "+tries=1", "-p", strconv.Itoa(int(r.Port())), "@"+r.Addr().String(), e.Host, "A"))
		want := "127.0.0.1"
		if e.Network == catalog.VPC {
			want = "127.1.0.1"
		}
		if out != want {
			t.Errorf("%s: dig says %q, want %s", e.Host, out, want)
		}
	}
}
