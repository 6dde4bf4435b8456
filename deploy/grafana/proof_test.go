package grafana

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/needs"
)

// patience is how long all queries have for their first answers, on a machine that does other things as well.
const patience = 3 * time.Minute

// server is a Prometheus server and how it is made to read histograms.
type server struct {
	name      string
	program   string
	args      []string
	scrape    string // a further line of the scrape job
	quantiles bool   // whether it has what quantiles are made of
}

// servers are the current Prometheus, and Debian's 2.42: with native histograms, and without, as most run it.
func servers(t *testing.T) []server {
	t.Helper()
	debian := needs.Program(t, "prometheus")
	list := []server{
		{name: "2.42", program: debian, args: []string{"--enable-feature=native-histograms"}, quantiles: true},
		{name: "2.42 without native histograms", program: debian},
	}
	current := filepath.Join(t.TempDir(), "prometheus")
	build := exec.Command("go", "build", "-o", current, "github.com/prometheus/prometheus/cmd/prometheus")
	build.Dir = "../proof"
	if out, err := build.CombinedOutput(); err != nil {
		needs.Missing(t, "needs the current Prometheus: %v\n%s", err, out)
	}
	return append(list, server{name: "current", program: current, scrape: "scrape_native_histograms: true", quantiles: true})
}

// situation is what a prober sees, and how it tells it.
type situation struct {
	name   string
	detail string
	faults []string
	hosts  []string // whose dashboard is looked at
}

func (s situation) region() bool  { return s.detail == "region" }
func (s situation) healthy() bool { return len(s.faults) == 0 }

const (
	broken = "kms.cn-hangzhou.aliyuncs.com"
	well   = "kms.cn-beijing.aliyuncs.com"
)

func situations() []situation {
	faults := []string{
		"kms/cn-hangzhou/public=cert_expired", "kms/cn-shanghai/public=connect_refused", "kms/cn-shenzhen/public=hijacked",
		"gaap/ap-guangzhou/public=rate_limited",
	}
	return []situation{
		{"healthy, detail endpoint", "endpoint", nil, []string{well}},
		{"healthy, detail region", "region", nil, []string{well}},
		{"faults, detail endpoint", "endpoint", faults, []string{well, broken}},
		{"faults, detail region", "region", faults, []string{well, broken}},
	}
}

// empty says whether a query has nothing to answer in a situation, and rightly so.
func (s situation) empty(q Query, srv server, host string) bool {
	own := q.Dashboard == "endpoint.json"
	switch {
	case q.Panel == "Alerts that fire": // the rules of alerts are not among those that are evaluated here
		return true
	case strings.HasPrefix(q.Panel, "What is wrong"):
		// Reasons of endpoints come with detail "endpoint" alone.
		return s.healthy() || s.region() && q.Ref == "C"
	case strings.HasPrefix(q.Panel, "Why probes"):
		return s.healthy() || own && host == well
	case strings.Contains(q.Panel, "TLS version"), q.Panel == "Addresses":
		return s.region()
	case q.Panel == "Latency of whole probes":
		return own && host == broken || q.Ref != "A" && !srv.quantiles
	case strings.HasPrefix(q.Panel, "Latency that 95"):
		return !srv.quantiles
	case q.Panel == "Certificates end" && q.Ref == "B":
		return host == broken // no path was verified
	}
	return false
}

// TestPanels says that every query of every panel and variable gets an answer of finite numbers from a real Prometheus that
// scrapes a prober on the sandbox, and that those which have nothing to tell tell nothing. Grafana's own code then makes the tables.
func TestPanels(t *testing.T) {
	needs.Patience(t, "starts a prober and three Prometheus servers four times")
	list := servers(t)
	packages := t.TempDir()
	needs.Packages(t, "tables", packages)
	prober := filepath.Join(t.TempDir(), "prober")
	build := exec.Command("go", "build", "-o", prober, "./cmd/prober")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	rules := rewritten(t)
	for _, s := range situations() {
		t.Run(s.name, func(t *testing.T) {
			target := serve(t, prober, s)
			for _, srv := range list {
				t.Run(srv.name, func(t *testing.T) {
					t.Parallel()
					base := scrape(t, srv, target, rules)
					for _, host := range s.hosts {
						look(t, base, packages, s, srv, host)
					}
				})
			}
		})
	}
}

// look asks every query until each has answered as it should, and then has the tables made.
func look(t *testing.T, base, packages string, s situation, srv server, host string) {
	t.Helper()
	list := queries(t)
	answers := make([][]series, len(list))
	deadline := time.Now().Add(patience)
	var wrong []string
	for {
		wrong = wrong[:0]
		// Rows of one table are joined by their time as well.
		now := time.Now().Add(-time.Second)
		for i, q := range list {
			got, err := ask(base, q, host, now)
			switch {
			case err != nil:
				t.Fatalf("%s, %s, %s: %v", q.Dashboard, q.Panel, q.Ref, err)
			case s.empty(q, srv, host) && len(got) > 0:
				wrong = append(wrong, fmt.Sprintf("%s, %s, %s: %d series, want none: %v", q.Dashboard, q.Panel, q.Ref, len(got), got[0].Metric))
			case !s.empty(q, srv, host) && len(got) == 0:
				wrong = append(wrong, fmt.Sprintf("%s, %s, %s: no answer to %s", q.Dashboard, q.Panel, q.Ref, Fill(q.Expr, map[string]string{"host": host}, "1m", "20s")))
			}
			answers[i] = got
		}
		if len(wrong) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("host %s:\n%s", host, strings.Join(wrong, "\n"))
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(time.Second):
		}
	}
	tables(t, packages, list, answers)
}

// series is one of an answer of Prometheus.
type series struct {
	Metric map[string]string `json:"metric"`
	Value  []any             `json:"value,omitempty"`
	Values [][]any           `json:"values,omitempty"`
}

// ask puts a query to a server. Numbers that are not finite are an error, as is whatever Prometheus calls one.
func ask(base string, q Query, host string, now time.Time) ([]series, error) {
	at := func(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }
	form := url.Values{"query": {Fill(q.Expr, map[string]string{"host": host}, "1m", "20s")}}
	path := "/api/v1/query"
	if q.Instant {
		form.Set("time", at(now))
	} else {
		path = "/api/v1/query_range"
		form["start"], form["end"], form["step"] = []string{at(now.Add(-10 * time.Second))}, []string{at(now)}, []string{"5"}
	}
	reply, err := http.PostForm(base+path, form)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	var answer struct {
		Status, Error string
		Warnings      []string
		Data          struct{ Result []series }
	}
	if err := json.NewDecoder(reply.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Status != "success" || len(answer.Warnings) > 0 {
		return nil, fmt.Errorf("%s: %s %q", form.Get("query"), answer.Error, answer.Warnings)
	}
	for _, s := range answer.Data.Result {
		for _, point := range append(slices.Clone(s.Values), s.Value) {
			if len(point) < 2 {
				continue
			}
			text, _ := point[1].(string)
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("%s: %v has the value %q", form.Get("query"), s.Metric, text)
			}
		}
	}
	return answer.Data.Result, nil
}

// tables has Grafana's code make the tables, and says that rows of several queries became one, with all columns filled
// somewhere.
func tables(t *testing.T, packages string, list []Query, answers [][]series) {
	t.Helper()
	type input struct {
		Title           string              `json:"title"`
		Transformations json.RawMessage     `json:"transformations"`
		Answers         map[string][]series `json:"answers"`
	}
	var in []input
	names, err := dashboards()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Panels []struct {
				Title, Type     string
				Transformations json.RawMessage
			}
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		for _, p := range d.Panels {
			if p.Type != "table" {
				continue
			}
			one := input{p.Title, p.Transformations, map[string][]series{}}
			for i, q := range list {
				if q.Dashboard == filepath.Base(name) && q.Panel == p.Title {
					one.Answers[q.Ref] = answers[i]
				}
			}
			in = append(in, one)
		}
	}
	stdin, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("tables/tables.cjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), needs.Program(t, "node"), script)
	var stderr bytes.Buffer
	// The script stands elsewhere than its packages.
	cmd.Dir, cmd.Stdin, cmd.Stderr = packages, bytes.NewReader(stdin), &stderr
	cmd.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(packages, "node_modules"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var made []struct {
		Title   string
		Columns []string
		Rows    [][]string
	}
	if err := json.Unmarshal(out, &made); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(made) != len(in) || len(made) < 10 {
		t.Fatalf("%d tables of %d", len(made), len(in))
	}
	for i, table := range made {
		// Every query tells of the same things; that with the most tells how many rows there are.
		want, columns := 0, 0
		for _, answer := range in[i].Answers {
			want = max(want, len(answer))
			if len(answer) > 0 {
				columns++
			}
		}
		if table.Title == "Regions now" {
			regions := map[string]bool{}
			for _, s := range in[i].Answers["A"] {
				regions[s.Metric["region"]] = true
			}
			want = len(regions)
		}
		if len(table.Rows) != want {
			t.Errorf("%s: %d rows, want %d: %v", table.Title, len(table.Rows), want, table.Rows)
		}
		for c, name := range table.Columns {
			if strings.HasPrefix(name, "Value") {
				t.Errorf("%s: column %s was given no name", table.Title, name)
			}
			if !slices.ContainsFunc(table.Rows, func(row []string) bool { return row[c] != "" }) && len(table.Rows) > 0 {
				t.Errorf("%s: column %s is empty", table.Title, name)
			}
		}
		if want > 0 && len(table.Columns) < columns+1 {
			t.Errorf("%s: columns %v", table.Title, table.Columns)
		}
	}
}

var (
	often = regexp.MustCompile(`interval: \S+`)
	month = regexp.MustCompile(`\[30d:1h\]`)
)

// rewritten copies the recording rules into a folder, for times that a test has: evaluated each second, and the month's sums over
// the last minutes. Names and expressions stay.
func rewritten(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../prometheus/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte("record:")) {
			continue
		}
		text = month.ReplaceAll(often.ReplaceAll(text, []byte("interval: 1s")), []byte("[5m:5s]"))
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(path)), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// start runs a program until the test ends, and returns what it writes to stderr.
func start(t *testing.T, program string, args ...string) *bufio.Scanner {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait()
	})
	return bufio.NewScanner(stderr)
}

// drain reads what a program writes, so that it can go on writing.
func drain(log *bufio.Scanner) {
	for log.Scan() {
		continue
	}
}

// serve starts a prober on the sandbox and returns its address.
func serve(t *testing.T, prober string, s situation) string {
	t.Helper()
	args := []string{"serve", "--sandbox", "--interval", "1s", "--web.listen-address", "127.0.0.1:0", "--metrics.detail", s.detail, "--network", "public"}
	for _, region := range []string{"cn-hangzhou", "cn-shanghai", "cn-shenzhen", "cn-beijing", "ap-guangzhou", "ap-singapore"} {
		args = append(args, "--region", region)
	}
	for _, fault := range s.faults {
		args = append(args, "--fault", fault)
	}
	log := start(t, prober, args...)
	var said []string
	for log.Scan() {
		said = append(said, log.Text())
		if _, rest, ok := strings.Cut(log.Text(), "page=http://"); ok {
			go drain(log)
			address, _, _ := strings.Cut(rest, "/")
			return address
		}
	}
	t.Fatalf("the prober did not start:\n%s", strings.Join(said, "\n"))
	return ""
}

// scrape starts a Prometheus server that scrapes target each second, and returns its URL.
func scrape(t *testing.T, srv server, target, rules string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	folder := t.TempDir()
	file := filepath.Join(folder, "prometheus.yml")
	config := fmt.Sprintf(`
global: {scrape_interval: 2s, evaluation_interval: 1s}
rule_files: [%q]
scrape_configs:
  - job_name: prober
    %s
    static_configs: [{targets: [%q]}]
`, filepath.Join(rules, "*.yml"), srv.scrape, target)
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	log := start(t, srv.program, append([]string{
		"--config.file=" + file, "--storage.tsdb.path=" + filepath.Join(folder, "data"), "--web.listen-address=" + address,
	}, srv.args...)...)
	var said []string
	for log.Scan() {
		said = append(said, log.Text())
		if strings.Contains(log.Text(), "Server is ready to receive web requests") {
			go drain(log)
			return "http://" + address
		}
	}
	t.Fatalf("Prometheus did not start:\n%s", strings.Join(said, "\n"))
	return ""
}
