package proof

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// Built is a prober built from this source.
func Built(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prober")
	if out, err := exec.Command("go", "build", "-C", root, "-o", path, "./cmd/prober").CombinedOutput(); err != nil {
		t.Fatalf("building the prober: %v\n%s", err, out)
	}
	return path
}

// A Cloud is the sandbox, which runs as a program of its own.
type Cloud struct {
	Resolvers  []string `json:"resolvers"`
	Controls   []string `json:"controls"`
	CAFile     string   `json:"ca_file"`
	List       string   `json:"endpoints_file"`
	Management string   `json:"management"`
	Endpoints  []Place  `json:"endpoints"`
}

// Place is where the sandbox serves an endpoint: hosts and ports.
type Place struct{ ID, Host, HTTPS, HTTP string }

// StartCloud starts the sandbox, which flags may give another list than the built-in one.
func StartCloud(t testing.TB, prober string, flags ...string) *Cloud {
	t.Helper()
	cmd := exec.Command(prober, append([]string{"sandbox", "--dir", t.TempDir(), "--output", "json"}, flags...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("reading what the sandbox says: %v", err)
	}
	cloud := &Cloud{}
	if err := json.Unmarshal([]byte(line), cloud); err != nil {
		t.Fatal(err)
	}
	return cloud
}

// address is where the sandbox's own resolver sends those who ask for an endpoint, with the port: some faults are of another address.
func (c *Cloud) address(t testing.TB, p Place, plain bool) string {
	t.Helper()
	at := p.HTTPS
	if plain {
		at = p.HTTP
	}
	_, port, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	ask := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, c.Resolvers[0])
	}}
	found, err := ask.LookupIP(t.Context(), "ip4", p.Host)
	if err != nil || len(found) == 0 {
		t.Fatal(p.Host, found, err)
	}
	return net.JoinHostPort(found[0].String(), port)
}

// Break gives endpoints a fault.
func (c *Cloud) Break(t testing.TB, fault string, endpoints ...string) {
	t.Helper()
	for _, id := range endpoints {
		c.manage(t, http.MethodPut, "/endpoints/"+id+"/fault", fault)
	}
}

// Mend clears all faults.
func (c *Cloud) Mend(t testing.TB) {
	t.Helper()
	c.manage(t, http.MethodPost, "/reset", "")
}

func (c *Cloud) manage(t testing.TB, method, path, body string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, c.Management+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(r.Body)
		t.Fatalf("%s %s %s: %s: %s", method, path, body, r.Status, text)
	}
}

// A Prober is one that serves.
type Prober struct {
	Address string // host and port of its web pages
	program *program
	start   func(testing.TB) *program
}

// StartProber starts one that probes the cloud, with flags besides, and waits until it has a result of
// every endpoint.
func StartProber(t testing.TB, prober string, cloud *Cloud, flags ...string) *Prober {
	t.Helper()
	p := &Prober{Address: needs.FreeAddress(t)}
	args := []string{
		"serve", "--endpoints", cloud.List, "--ca-file", cloud.CAFile, "--allow-private", "--network", "all",
		"--inside", "all", "--interval", Interval.String(), "--web.listen-address", p.Address,
	}
	for _, r := range cloud.Resolvers {
		args = append(args, "--resolver", r)
	}
	for _, c := range cloud.Controls {
		args = append(args, "--control", c)
	}
	p.start = func(t testing.TB) *program {
		t.Helper()
		started := run(t, "prober", prober, append(args, flags...)...)
		started.answers(t, "http://"+p.Address+"/-/ready")
		return started
	}
	p.program = p.start(t)
	return p
}

// Restart ends the prober as an upgrade does, and starts it again: without a history, it counts from nought.
func (p *Prober) Restart(t testing.TB) {
	t.Helper()
	p.program.end()
	p.program = p.start(t)
}

// Kill ends the prober as a lack of memory would.
func (p *Prober) Kill() { p.program.kill() }
