package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	endpoints "prober"
	"prober/catalog"
	"prober/limit"
	"prober/needs"
	"prober/probe/reason"
	"prober/sandbox"
)

var update = flag.Bool("update", false, "write golden files and generated documents")

// The generated documents say what the code says.
func TestDocs(t *testing.T) {
	for name, generate := range map[string]func(*bytes.Buffer) error{
		"reasons.md":       writeReasons,
		"faults.md":        writeFaults,
		"configuration.md": writeConfiguration,
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := generate(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("..", "..", "docs", name), b.Bytes())
		})
	}
}

// golden compares got with a file, or writes the file with -update.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the code says; run \"go test ./cmd/prober -update\"", path)
	}
}

// docs/security.md is written by hand but for the tables of limits.
func TestDocsNameEveryLimit(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "security.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const start, end = "-update -->\n", "<!-- end -->"
	before, rest, ok := strings.Cut(string(text), start)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the generated tables", path)
	}
	var b bytes.Buffer
	fmt.Fprint(&b, before, start)
	for _, side := range limit.Sides() {
		fmt.Fprintf(&b, "\n### %s\n\n| what | at most | what happens at the bound |\n|---|---|---|\n", side.Name)
		for _, l := range side.Limits {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", l.Of, l, l.Met)
		}
	}
	fmt.Fprint(&b, "\n", end, after)
	golden(t, path, b.Bytes())
}

// The scrape job of the README is one that a Prometheus starts with, of whatever version.
func TestScrapeJobOfTheReadme(t *testing.T) {
	promtools := needs.Promtools(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, job, found := strings.Cut(string(text), "\n    scrape_configs:\n")
	job, _, ended := strings.Cut(job, "\n\n")
	if !found || !ended {
		t.Fatal("there is no scrape job")
	}
	file := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(file, []byte("    scrape_configs:\n"+job+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, promtool := range promtools {
		if out, err := exec.Command(promtool, "check", "config", file).CombinedOutput(); err != nil { //nolint:gosec // a tool of the machine
			t.Errorf("%s: %v: %s", promtool, err, out)
		}
	}
	if strings.Contains(job, "native_histograms") {
		t.Error("the job has a line that versions before 3.8 refuse")
	}
}

func writeReasons(b *bytes.Buffer) error {
	fmt.Fprint(b, `# Reasons

Every finding has one of these reasons: a phase and a word. This list is generated from package `+"`probe/reason`"+`;
`+"`prober explain REASON`"+` prints one entry. Outcomes: **fail** and **degraded** are about the endpoint; **unknown** never counts
against its availability. **Lasts** says whether the next attempt finds the same, or the network may have let go of it by then.
**Shown by** is the tool of the command that comes with the finding.

| reason | kind | outcome | blame | lasts | shown by | what it means | what to do |
|---|---|---|---|---|---|---|---|
`)
	for _, r := range reason.All() {
		d := r.Doc()
		lasts := "yes"
		if d.Transient {
			lasts = "perhaps not"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n",
			r, d.Kind, d.Outcome, d.Blame, lasts, d.Tool, sentence(d.Meaning), sentence(d.Advice))
	}
	return nil
}

func writeFaults(b *bytes.Buffer) error {
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		return err
	}
	fmt.Fprint(b, `# Faults and variants of the sandbox

Generated from package `+"`sandbox`"+`. `+"`prober check --sandbox --fault ENDPOINT=FAULT`"+` puts one on an endpoint. A test runs
check once over a list with every fault on an endpoint of its own and compares what it reports with this table. No fault
is reported as `+"`tls/lost`"+` or another loss: that its own kernel stops to acknowledge packets is nothing that a program can bring about.

## Faults

| fault | reported as | products | needs | what it does |
|---|---|---|---|---|
`)
	for _, f := range sandbox.Faults(c) {
		fmt.Fprintf(b, "| `%s` | `%s` | %s | %s | %s |\n", f.Name, f.Reason, products(f), wanted(f.Needs), sentence(f.Description))
	}
	fmt.Fprint(b, `
## Outages

These break the resolver or the network of the whole sandbox, whichever endpoint has one, as in
`+"`prober serve --sandbox --fault '*=resolver_unavailable_servfail'`"+`. Nothing counts against an endpoint then. The sandbox serves
a control, which the commands use with `+"`--sandbox`"+` and `+"`prober sandbox`"+` names for `+"`--control`"+`.

| outage | reported as | needs | what it does |
|---|---|---|---|
`)
	for _, f := range sandbox.Outages(c) {
		fmt.Fprintf(b, "| `%s` | `%s` | %s | %s |\n", f.Name, f.Reason, wanted(f.Needs), sentence(f.Description))
	}
	fmt.Fprint(b, `
## Breaches

These break a requirement that takes more than one probe to judge; only the suites see them. "TLS-07" means that requirement of
each product.

| breach | requirement | products | what it does |
|---|---|---|---|
`)
	for _, f := range sandbox.Breaches(c) {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Name, f.Requirement, products(f), sentence(f.Description))
	}
	fmt.Fprint(b, `
## Harmless variants

These are unusual and yet correct. Every check must pass on them.

| variant | products | what it does |
|---|---|---|
`)
	for _, f := range sandbox.Variants(c) {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Name, products(f), sentence(f.Description))
	}
	return nil
}

func products(f sandbox.Fault) string {
	if len(f.Products) == 0 {
		return "style none"
	}
	return strings.Join(f.Products, ", ")
}

// wanted is what check must be told, or given, to see a fault.
func wanted(n sandbox.Need) string {
	switch n {
	case sandbox.NeedVersions:
		return "`--tls-versions`"
	case sandbox.NeedSigned:
		return "`--signed`"
	case sandbox.NeedPlainHTTP:
		return "`--scheme http`"
	case sandbox.NeedList:
		return "a list of two providers, which is judged as a whole"
	case sandbox.NeedCheck:
		return "a list that says what healthy means"
	case sandbox.NeedACS3:
		return "`--signed`, and `signature: ACS3-HMAC-SHA256` in the list"
	case sandbox.NeedTCP:
		return "an endpoint of kind tcp whose list expects bytes"
	case sandbox.NeedDNS:
		return "an endpoint of kind dns"
	case sandbox.NeedLater:
		return "a date from which the rule holds"
	}
	return ""
}

// README shows as many results as a run of all endpoints has.
func TestReadmeCountsResults(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var specs []listedSpec
	r := runApp(t, nil, "conformance", "--list", "--output", "json")
	if err := json.Unmarshal([]byte(r.stdout), &specs); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("    %d results at 85 endpoints: ", len(specs)); !strings.Contains(string(text), want) {
		t.Errorf("README.md lacks %q; make the run that it shows again, and copy the lines", want)
	}
}

// The example of docs/waivers.md can be read, and waives what it says.
func TestWaiversDoc(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "waivers.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```json\n")
	example, _, _ := strings.Cut(rest, "```")
	r := runAppAt(t, clockFrom(afterNotice), nil, "conformance", "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--group", "tls", "--waivers", write(t, "waivers.json", example),
		"--fault", "kms/cn-hangzhou/public=version_accepted", "--fault", "kms/cn-hangzhou/vpc=weak_key")
	if r.code != 0 || !strings.Contains(r.stdout, "2 waived") {
		t.Errorf("exit code %d: %s%s", r.code, r.stdout, r.stderr)
	}
}
