package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/needs"
	"prober/report"
	"prober/report/render"
)

// bigReport is a report of so many endpoints and results at each, with evidence of so many bytes
// at each endpoint, of which one result in 25 needs attention.
func bigReport(t *testing.T, endpoints, each, evidence int) *report.Report {
	t.Helper()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	r := &report.Report{
		Version: report.Version, Tool: report.Tool{Name: "t"}, Environment: report.Environment{Mode: report.Live},
		Catalogue: report.Catalogue{Digest: "d"}, Suite: report.Suite{Name: "s", Version: "1"}, AsOf: at, Started: at, Finished: at.Add(time.Minute),
	}
	for q := range each {
		r.Requirements = append(r.Requirements, report.Requirement{ID: fmt.Sprintf("SHOP-TLS-%02d", q), Level: report.Must, Group: "tls", Text: "It is so and so in every case."})
	}
	for e := range endpoints {
		region := fmt.Sprintf("r%d", e)
		id := "shop/" + region + "/public"
		r.Endpoints = append(r.Endpoints, report.Endpoint{ID: id, Product: "shop", Region: region, Network: catalog.Public, Host: region + ".shop.example"})
		r.Evidence = append(r.Evidence, report.Evidence{ID: id, Endpoint: id, Kind: report.Exchanged, Exchange: &report.Exchange{
			Received: report.Wire{Text: strings.Repeat("X-Some-Header: value\r\n", evidence/24), Bytes: evidence},
		}})
		for q, stated := range r.Requirements {
			res := report.Result{Endpoint: id, Requirement: stated.ID, Outcome: report.Pass, Evidence: []string{id}}
			switch (e + q) % 50 {
			case 0:
				res.Outcome, res.Detail = report.Fail, "something was seen at "+id
			case 1:
				res.Outcome, res.Detail = report.Inconclusive, "nothing was seen at "+id
			}
			r.Results = append(r.Results, res)
		}
	}
	r.Summary = report.Summarize(r)
	return r
}

func writeReport(t *testing.T, r *report.Report) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.json")
	if err := render.WriteFile(path, r, render.JSON); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is beyond the bounds is refused, and the bound is named.
func TestReportBounds(t *testing.T) {
	small := bigReport(t, 2, 2, 24)
	var b bytes.Buffer
	if err := render.Write(&b, small, render.JSON); err != nil {
		t.Fatal(err)
	}
	surplus := strings.Replace(b.String(), `"results": [`, `"results": [`+strings.Repeat("{},", limit.ReportResults), 1)
	long := bigReport(t, 1, 1, 24)
	id := strings.Repeat("x", limit.ReportID+1)
	long.Endpoints[0].ID, long.Results[0].Endpoint, long.Evidence[0].Endpoint = id, id, id
	vast := write(t, "vast.json", "")
	if err := os.Truncate(vast, limit.ReportBytes+1); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ file, want string }{
		"results": {write(t, "r.json", surplus), fmt.Sprintf("results are more than a report may have, %d", limit.ReportResults)},
		"depth":   {write(t, "r.json", `{"version": 1, "results": `+strings.Repeat("[", 1000)+strings.Repeat("]", 1000)+"}"), fmt.Sprintf("more than %d values inside each other", limit.FileDepth)},
		"id":      {writeReport(t, long), fmt.Sprintf("at most %d", limit.ReportID)},
		"bytes":   {vast, fmt.Sprintf("holds more than %d bytes", limit.ReportBytes)},
	} {
		for _, args := range [][]string{{"report", "render", tt.file}, {"report", "compare", tt.file, tt.file}} {
			if r := runApp(t, nil, args...); r.code != int(report.ExitUsage) || !strings.Contains(r.stderr, tt.want) || r.stdout != "" {
				t.Errorf("%s: exit code %d, %.300s, want %q", name, r.code, r.stderr, tt.want)
			}
		}
	}
}

// peak follows a process until it ends and returns the most megabytes that were resident. What the
// kernel says of it at its end, wait4's Maxrss, counts those of the process that started it too.
func peak(pid int) (most int) {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, peaked, running := strings.Cut(string(status), "VmHWM:")
		if err != nil || !running { // a process that has ended has no memory
			return most
		}
		var kilobytes int
		if _, err := fmt.Sscan(peaked, &kilobytes); err == nil {
			most = max(most, kilobytes/1024)
		}
		time.Sleep(time.Millisecond)
	}
}

// The largest reports that are read are rendered and compared in less than 500 MB.
func TestBigReportsFit(t *testing.T) {
	needs.Patience(t, "takes minutes")
	program := filepath.Join(t.TempDir(), "prober")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, r := range map[string]*report.Report{
		"many results":  bigReport(t, 5000, limit.ReportResults/5000, 400),
		"long evidence": bigReport(t, 5000, 20, 20_000),
	} {
		file := writeReport(t, r)
		runs := [][]string{{"report", "compare", file, file, "-o", "json"}}
		for _, f := range []render.Format{render.JSON, render.JUnit, render.Markdown, render.HTML} { // the others are less
			runs = append(runs, []string{"report", "render", file, "--format", string(f)})
		}
		for _, args := range runs {
			cmd := exec.Command(program, args...)
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			most := make(chan int)
			go func() { most <- peak(cmd.Process.Pid) }()
			err := cmd.Wait()
			used := <-most
			t.Logf("%s: %s %s: %d MB, %s", name, args[1], args[len(args)-1], used, cmd.ProcessState.UserTime().Round(time.Second/10))
			if html := args[len(args)-1] == string(render.HTML); html && len(r.Results) == limit.ReportResults && !strings.Contains(out.String(), `id="untold">240000 results`) {
				t.Errorf("%s: the page does not say what it leaves out", name)
			}
			if err != nil || used > 500 {
				t.Errorf("%s: %v: %d MB (%v): %s", name, args, used, err, errs.String())
			}
		}
	}
}
