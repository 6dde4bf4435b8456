package blackbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/monitor/fixture"
	"prober/needs"
	"prober/sandbox"
)

// inside names the variable that tells a test that it runs in a network of its own.
const inside = "PROBER_TEST_INSIDE"

// alone runs the test once more in namespaces of its own, in which port 53 and resolv.conf are ours and
// there is nothing but loopback, and reports false when that was done and this process has nothing left to
// do. No privilege is needed where the system permits such namespaces.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) != "" {
		if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
			t.Fatalf("ip link set lo up: %v: %s", err, out)
		}
		return true
	}
	own := []string{"--user", "--map-root-user", "--mount", "--net"}
	if out, err := exec.Command(needs.Program(t, "unshare"), append(own, "true")...).CombinedOutput(); err != nil {
		t.Skipf("this system permits no namespaces: unshare: %v: %s", err, out)
	}
	args := append(own, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	if *update {
		args = append(args, "-update")
	}
	cmd := exec.Command("unshare", args...)
	cmd.Env = append(os.Environ(), inside+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("in namespaces of its own: %v\n%s", err, out)
	}
	return false
}

// resolveBy makes this mount namespace look names up in the resolver at port 53.
func resolveBy(t *testing.T, host string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(file, []byte("nameserver "+host+"\noptions timeout:1 attempts:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "--bind", file, "/etc/resolv.conf").CombinedOutput(); err != nil {
		t.Fatalf("mount --bind: %v: %s", err, out)
	}
}

// modulesFor writes a configuration of blackbox_exporter with a module for each product: the same request
// that this program sends unsigned, and the status that a healthy endpoint answers with.
func modulesFor(c *catalog.Catalog, caFile string) string {
	var b strings.Builder
	b.WriteString("modules:\n")
	for _, p := range c.Products {
		r := cloudapi.UnsignedProbe(p, "HOST")
		status := 200
		if p.APIStyle == catalog.StyleAlibabaRPC {
			status = http.StatusBadRequest
		}
		fmt.Fprintf(&b, "  %s:\n    prober: http\n    timeout: 10s\n    http:\n      method: %s\n      preferred_ip_protocol: ip4\n      valid_status_codes: [%d]\n      tls_config: {ca_file: %s}\n",
			p.ID, r.Method, status, caFile)
		if len(r.Header) > 0 {
			b.WriteString("      headers:\n")
		}
		for _, f := range r.Header {
			fmt.Fprintf(&b, "        %s: '%s'\n", f.Name, f.Value)
		}
		if len(r.Body) > 0 {
			fmt.Fprintf(&b, "      body: '%s'\n", r.Body)
		}
	}
	return b.String()
}

// rivalVerdict is what blackbox_exporter says of one fault.
type rivalVerdict struct {
	success string
	line    string // of its log
}

// rivalVerdicts asks blackbox_exporter about every endpoint.
func rivalVerdicts(t *testing.T, f *fixture.FaultCloud, exporter string) []rivalVerdict {
	t.Helper()
	out := make([]rivalVerdict, len(f.Targets))
	places := make(chan struct{}, 8)
	var all sync.WaitGroup
	for i, x := range f.Targets {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			r := cloudapi.UnsignedProbe(x.Product, x.Endpoint.Host)
			target := fmt.Sprintf("%s://%s:%d%s", x.Scheme, x.Endpoint.Host, x.Endpoint.Port(x.Scheme), r.Target())
			patience := "30"
			if fixture.WaitsFor(f.Faults[i]) {
				patience = "2.5"
			}
			text, err := askProbe(exporter, url.Values{"module": {x.Product.ID}, "target": {target}, "debug": {"true"}}, patience)
			if errors.Is(err, context.DeadlineExceeded) {
				out[i] = rivalVerdict{"none", "no answer in half a minute: it does not keep its own timeout"}
				return
			}
			if err != nil {
				t.Errorf("%s: %v", x.Endpoint.ID, err)
				return
			}
			out[i] = rivalVerdict{valueOf(text, "probe_success"), complaint(text)}
		})
	}
	all.Wait()
	return out
}

var (
	logged = regexp.MustCompile(`msg=("[^"]*"|\S+)(.* err=.*| status_code=\d+ valid.*)`)
	// what differs from run to run
	shifting = regexp.MustCompile(`\b(127(\.\d+){3}|\[::1\]):\d+|:\d{4,5}\b|20\d\d-\d\d-\d\dT[0-9:Z+]*|https?://[^\s"'\\]*|\b\w+\.fault-\d+\.example\.test\b`)
)

// complaint is the first error in the log that debug=true shows, without what differs from run to run.
func complaint(debug string) string {
	log, _, _ := strings.Cut(debug, "Metrics that would have been returned")
	for line := range strings.Lines(log) {
		m := logged.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || strings.Contains(m[1], "Probe failed") {
			continue
		}
		said := strings.Trim(m[1], `"`)
		if _, why, found := strings.Cut(m[2], "err="); found {
			said += ": " + strings.TrimSuffix(strings.TrimPrefix(why, `"`), `"`)
		} else {
			said += strings.TrimSuffix(strings.Split(m[2], "valid_status")[0], " ")
		}
		said = shifting.ReplaceAllString(strings.ReplaceAll(said, `\"`, "'"), "…")
		// A dial that ends at the deadline says either, as it comes first on a busy machine.
		return strings.ReplaceAll(said, "dial tcp …: i/o timeout", "context deadline exceeded")
	}
	return ""
}

// Every fault of the sandbox, as this program shows it and as Debian's blackbox_exporter does, which is sent to the
// same resolver and sends the same request.
func TestFaultsBesideBlackboxExporters(t *testing.T) {
	needs.Patience(t, "starts every fault there is, and blackbox_exporter")
	binary := needs.Program(t, "prometheus-blackbox-exporter")
	if !alone(t) {
		return
	}
	f := fixture.NewFaultCloud(t, time.Now)   // which is the only time that blackbox_exporter knows
	for i := len(f.Faults) - 1; i >= 0; i-- { // what speaks no HTTP is beside it in docs/imported-beside-blackbox.md
		if sandbox.ExampleOwn(f.Faults[i]) != nil {
			f.Faults, f.Targets = slices.Delete(f.Faults, i, i+1), slices.Delete(f.Targets, i, i+1)
		}
	}
	dir := t.TempDir()
	if err := f.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	forward(t, "127.0.0.53", f.Resolvers()[0])
	resolveBy(t, "127.0.0.53")
	config := filepath.Join(dir, "blackbox.yml")
	if err := os.WriteFile(config, []byte(modulesFor(f.Catalog(), filepath.Join(dir, "ca.pem"))), 0o600); err != nil {
		t.Fatal(err)
	}
	verdicts := rivalVerdicts(t, f, startLogged(t, binary, "--config.file="+config, "--web.listen-address=127.0.0.1:0"))
	path := filepath.Join("..", "..", "..", "docs", "faults-beside-blackbox.md")
	before, err := os.ReadFile(filepath.Join("testdata", path))
	if err != nil && (!errors.Is(err, os.ErrNotExist) || !*update) {
		t.Fatal(err)
	}
	page := besidePage(f.Faults, verdicts)
	if *update {
		golden(t, path, []byte(page))
		return
	}
	// What it says may be another word for the same, as whether a connection was closed or reset; what it
	// makes of it may not.
	if verdictsIn(page) != verdictsIn(string(before)) {
		t.Errorf("blackbox_exporter's verdicts are others than in docs/faults-beside-blackbox.md; now:\n%s", page)
	}
}

// besidePage is docs/faults-beside-blackbox.md.
func besidePage(faults []sandbox.Fault, verdicts []rivalVerdict) string {
	var b strings.Builder
	b.WriteString(`# Each fault, here and in blackbox_exporter

Generated by ` + "`PROBER_REQUIRE_TOOLS=1 go test ./monitor/blackbox -run BlackboxExporters -update`" + `.
Every fault of the sandbox ([faults.md](faults.md)): the reason that ` + "`prober serve`" + ` shows, which a test compares with a running one,
and whose fault it says it is; beside it what Debian's blackbox_exporter makes of the same endpoint, and the first error
in its log. It asks the same resolver and sends the same request unsigned, and takes for healthy the status with which a healthy endpoint
answers. "1" beside a reason is a fault that it does not see.

| fault | reason | blame | needs | probe_success of blackbox_exporter | its log |
|---|---|---|---|---|---|
`)
	missed := 0
	for i, f := range faults {
		v := verdicts[i]
		if v.success == "1" {
			missed++
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s | %s |\n", f.Name, f.Reason, f.Reason.Blame(), needsInServe(f.Needs), v.success, cell(v.line))
	}
	fmt.Fprintf(&b, "\nOf %d faults, blackbox_exporter takes %d for a success.\n", len(faults), missed)
	return b.String()
}

// cell is a text in a table.
func cell(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.NewReplacer("|", `\|`, "`", "'").Replace(s) + "`"
}

// needsInServe is what serve does to see a fault, beyond the probe of each turn.
func needsInServe(n sandbox.Need) string {
	switch n {
	case sandbox.NeedVersions, sandbox.NeedCanary, sandbox.NeedEachResolver, sandbox.NeedBothKinds:
		return "the deeper look of every 60th turn"
	case sandbox.NeedSigned:
		return "`--signed`"
	case sandbox.NeedPlainHTTP:
		return "`--scheme http`"
	case sandbox.NeedList:
		return "the whole list"
	case sandbox.NeedLater:
		return "a date from which the rule holds"
	}
	return ""
}

// verdictsIn are the faults of a page with their verdicts, without what the log says.
func verdictsIn(page string) string {
	var b strings.Builder
	for line := range strings.Lines(page) {
		if columns := strings.Split(line, " | "); len(columns) >= 6 && strings.HasPrefix(line, "| `") {
			fmt.Fprintln(&b, columns[0], columns[1], columns[4])
		}
	}
	return b.String()
}
