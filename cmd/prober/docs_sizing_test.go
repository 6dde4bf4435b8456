package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// measured are the numbers that docs/sizing.md computes with. Those of docs/performance.md are read there.
type measured struct {
	probe     float64    // ms of processor time of a probe, history and all, at 10,000 endpoints
	resident  float64    // MB of a prober of 10,000 endpoints, before scrapes
	scraped   float64    // MB after scrapes
	few       float64    // the same of 1,000 endpoints
	rollups   [3]float64 // kB in memory of the history of an endpoint, at most, of up to 1,000, 10,000 and 30,000 of them
	samples   float64    // of a scrape of 10,000 endpoints in 50 regions
	text      float64    // MB of that scrape
	scrape    float64    // s of processor time of it
	writing   float64    // ms of processor time of writing 1,000 results
	firstDays float64    // kB of history of an endpoint after nine days
	nextDays  float64    // kB a day from then on
	wholeTop  float64    // MB, at most, of a prober that takes a tenth of a list of 100,000
	wholeThen float64    // MB of that one 40 s later
}

// The last two were measured on 2026-11-27; see what docs/sizing.md says of them.
func measurements(t *testing.T) measured {
	t.Helper()
	text := ""
	for _, name := range []string{"performance.md", "history.md"} {
		b, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		text += string(b)
	}
	number := func(pattern string) float64 {
		found := regexp.MustCompile(pattern).FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("docs/performance.md and docs/history.md have no %q, which docs/sizing.md computes with", pattern)
		}
		v, err := strconv.ParseFloat(strings.ReplaceAll(found[1], ",", ""), 64)
		if err != nil {
			t.Fatalf("%q: %v", pattern, err)
		}
		return v
	}
	const kept = `(?m)^\| memory for these, [^|]*\|`
	const long, region = `(?m)^\| 10,000 \| 30 s \|[^|]*\|`, `(?m)^\| 10,000 \| .region. \| 50 \|`
	return measured{
		probe: number(long + ` ([0-9.]+) \|`), resident: number(long + `(?:[^|]*\|){3} ([0-9.]+) MB \|`), scraped: number(long + `(?:[^|]*\|){4} ([0-9.]+) MB \|`),
		few:     number(`(?m)^\| 1,000 \| 1 min \|(?:[^|]*\|){5} ([0-9.]+) MB \|`),
		rollups: [3]float64{number(kept + ` ([0-9]+) kB \|`), number(kept + `[^|]*\| ([0-9]+) kB \|`), number(kept + `(?:[^|]*\|){2} ([0-9]+) kB \|`)},
		samples: number(region + ` ([0-9,]+) \|`), text: number(region + `[^|]*\| ([0-9.]+) \|`), scrape: number(region + `(?:[^|]*\|){2} ([0-9.]+) \|`),
		writing: number(`1,000 results a second cost ([0-9.]+) ms`), firstDays: number(`after the first day and ([0-9]+) kB after nine`), nextDays: number(`a day adds ([0-9.]+) kB`),
		wholeTop: 294, wholeThen: 80,
	}
}

const (
	scrapeEvery = 30 // seconds
	keptDays    = 90 // days
)

// cores is what a prober needs of one, of so many endpoints at an interval in seconds.
func (m measured) cores(endpoints, interval float64) float64 {
	return endpoints/interval*(m.probe+m.writing/1000)/1000 + m.scrape*endpoints/10_000/scrapeEvery
}

// history is MB on disk of so many endpoints.
func (m measured) history(endpoints float64) float64 {
	return endpoints * (m.firstDays + (keptDays-9)*m.nextDays) / 1000
}

// memory is MB of a prober of so many endpoints, scrapes included, when it has begun.
func (m measured) memory(endpoints float64) float64 {
	if endpoints <= 1000 {
		return m.few
	}
	return m.scraped * max(1, endpoints/10_000)
}

// garbage is what is waited for beside what is in use, at least: package headroom.
const garbage = 1.3

// remembered is MB of memory that the roll-ups of so many endpoints come to.
func (m measured) remembered(endpoints float64) float64 {
	each := m.rollups[0]
	switch {
	case endpoints > 10_000:
		each = m.rollups[2]
	case endpoints > 1000:
		each = m.rollups[1]
	}
	return endpoints * each * garbage / 1000
}

// docs/sizing.md is what the measurements make.
func TestDocsOfSizes(t *testing.T) {
	m := measurements(t)
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# How large it gets\n\n<!-- Written by \"go test ./cmd/prober -run DocsOfSizes -update\", which reads performance.md and history.md and does all sums. -->\n")
	say("What probers need for a list, and what they give a Prometheus to keep. Everything is computed from the first table, which was measured on two shared virtual cores;")
	say("[performance.md](performance.md) and [history.md](history.md) say how, and how to do it again on yours.\n")
	say("| measured | value |\n|---|---|")
	say("| processor time of a probe | %v ms |", m.probe)
	say("| processor time of writing a result to the history | %v µs |", m.writing)
	say("| a prober of 10,000 endpoints: resident, and after scrapes | %v MB, %v MB |", m.resident, m.scraped)
	say("| a prober of 1,000 endpoints after scrapes | %v MB |", m.few)
	say("| roll-ups in memory, of an endpoint, at most, of up to 1,000, 10,000 and 30,000 of them | %v kB, %v kB, %v kB |", m.rollups[0], m.rollups[1], m.rollups[2])
	say("| a scrape of 10,000 endpoints in 50 regions: samples, text, processor time | %s, %v MB, %v s |", thousands(m.samples), m.text, m.scrape)
	say("| history on disk, of an endpoint: after nine days, and a day more | %v kB, %v kB |", m.firstDays, m.nextDays)
	say("| a prober that takes a tenth of a list of 100,000: at most, and 40 s after it began | %v MB, %v MB |\n", m.wholeTop, m.wholeThen)
	say("The last row: a prober reads the whole list, whichever part of it is its own, and gives back what that took. So long lists are better cut into several.\n")
	say("    prober serve --endpoints list.json --shard 1/10   # VmHWM and VmRSS of /proc/PID/status\n")

	say("## By the length of a list\n\nOne prober, scraped every %d s, history for %d days. Memory is that after scrapes: the measured one of 1,000 or 10,000, and that in proportion for more of them. As", scrapeEvery, keptDays)
	say("the days go by the roll-ups come into memory, with `--state-dir` or without ([history.md](history.md)), and garbage with them: %.1f times what they are. A quarter of a core and", garbage)
	say("256 MiB is what the chart asks for, of 768 MiB that it may have; more than half a core is for redirects, second looks and crowds at the web port.\n")
	say("| endpoints | interval | probes a second | cores | memory at first | after %d days | samples of a scrape | history |\n|---|---|---|---|---|---|---|---|", keptDays)
	for _, row := range [][2]float64{{1000, 60}, {10_000, 60}, {10_000, 20}, {30_000, 60}, {30_000, 300}} {
		n, every := row[0], row[1]
		say("| %s | %.0f s | %.0f | %.2f | %.0f MB | %.0f MB | %s | %.0f MB |", thousands(n), every, n/every, m.cores(n, every), m.memory(n), m.memory(n)+m.remembered(n), thousands(m.samples*n/10_000), m.history(n))
	}
	say("\nUp to 1,000 endpoints a scrape has three times the samples, because each endpoint has its phases, reasons and addresses (`--metrics.detail endpoint`). Samples are for 50 regions; with more of them there are more.\n")

	const total, lists, per, vantages, every = 1_000_000.0, 10.0, 10_000.0, 3.0, 60.0
	inList := total / lists
	shards := inList / per
	probers := shards * lists
	samples := m.samples * inList / 10_000
	say("## A million endpoints\n\nOnce a minute, from %v vantages.\n", vantages)
	say("1. **Lists.** A list may have 64 MiB, and each prober reads all of it: %v lists of %s endpoints, each with a release of [the chart](../deploy/helm/prober/README.md) of its own.", lists, thousands(inList))
	say("2. **Shards.** `endpointsPerShard: %.0f`: %s / %s = **%v shards** of each list, %v × %v = **%v probers** at each vantage, %v at all.", per, thousands(inList), thousands(per), shards, lists, shards, probers, probers*vantages)
	say("3. **Processor.** A shard makes %s / %v s = %.0f probes a second: %.0f × (%v ms + %v µs) + %v s / %d s = **%.2f cores**; a vantage %v × %.2f = %.0f cores.",
		thousands(per), every, per/every, per/every, m.probe, m.writing, m.scrape, scrapeEvery, m.cores(per, every), probers, m.cores(per, every), probers*m.cores(per, every))
	more, remembered := m.scraped-m.resident, m.remembered(per)
	say("4. **Memory.** %v MB at most for the list, %v - %v = %v MB for scrapes, and with the days %s × %v kB × %v = %.0f MB for roll-ups: %.0f MB. A limit of **768 MiB** leaves room; a vantage has %v × %.0f MB = %.0f GB.",
		m.wholeTop, m.scraped, m.resident, more, thousands(per), m.rollups[1], garbage, remembered, m.wholeTop+more+remembered, probers, m.wholeTop+more+remembered, probers*(m.wholeTop+more+remembered)/1000)
	say("5. **History.** %s × (%v kB + %d × %v kB) = %.0f MB a shard after %d days. `history.sizeMiB: 1024` holds it, on a volume of 2 GiB; a vantage has %v × 2 GiB = %.0f GiB.",
		thousands(per), m.firstDays, keptDays-9, m.nextDays, m.history(per), keptDays, probers, probers*2)
	say("6. **Series.** A shard's scrape has %s samples, %s × %v = **%.2f million of a list** at a vantage, %.1f million of all lists.", thousands(m.samples), thousands(m.samples), shards, samples/1e6, samples*lists/1e6)
	say("7. **Agents.** One Prometheus agent for each list and vantage, %v × %v = **%.0f**: each scrapes %v probers, %v × %v MB / %d s = %.1f MB of text a second before compression, and writes %s samples / %d s = **%s samples a second**.",
		lists, vantages, lists*vantages, shards, shards, m.text, scrapeEvery, shards*m.text/scrapeEvery, thousands(samples), scrapeEvery, thousands(samples/scrapeEvery))
	shared, each, perSecond := recorded(t, vantages)
	records := inList * (shared + each*vantages)
	say("8. **Servers.** Rules go over all vantages of an endpoint, so the agents of a list write to the same server, one for each list: **%v servers**, each with %v × %.2f million series, and besides of each endpoint %v records and %v of each vantage ([alerts.md](alerts.md)), %s × (%v + %v × %v) = %.1f million at most:",
		lists, vantages, samples/1e6, shared, each, thousands(inList), shared, each, vantages, records/1e6)
	say("   **%.1f million series**, and %v × %s and %.2f records a second of each endpoint, since those of long windows are made every two minutes, %s × %.2f: **%s samples a second**.\n",
		(samples*vantages+records)/1e6, vantages, thousands(samples/scrapeEvery), perSecond, thousands(inList), perSecond, thousands(samples*vantages/scrapeEvery+inList*perSecond))
	say("What a series costs a server is the server's: its own `prometheus_tsdb_head_series` beside `process_resident_memory_bytes` tells it. A product or region that is spread over several lists is judged")
	say("in each of them; so cut lists by product or region. Values of one of the ten:\n")
	say("```yaml\n# sizing\nendpoints: {builtin: false, volume: {persistentVolumeClaim: {claimName: list-0}}, count: %.0f}\nendpointsPerShard: %.0f\nconfig: {interval: 60s}\nresources: {requests: {cpu: 250m, memory: 512Mi}, limits: {memory: 768Mi}}\nmonitor: {kind: PodMonitor}\n```", inList, per)
	golden(t, filepath.Join("..", "..", "docs", "sizing.md"), []byte(b.String()))
}

// recorded is how many records the rules make of an endpoint, over all vantages and of each vantage, and how many a second
// they are with so many vantages. docs/alerts.md tells the first two.
func recorded(t *testing.T, vantages float64) (shared, each, perSecond float64) {
	t.Helper()
	ofVantage := regexp.MustCompile(`^(sum by \([^)]*\bvantage\)|sum_over_time\(endpoint:probes_)`)
	for _, name := range []string{"state.yml", "windows.yml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "prometheus", name))
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Groups []struct {
				Interval time.Duration `yaml:"interval"`
				Rules    []struct {
					Record string `yaml:"record"`
					Expr   string `yaml:"expr"`
				} `yaml:"rules"`
			} `yaml:"groups"`
		}
		if err := yaml.Unmarshal(text, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, g := range file.Groups {
			for _, r := range g.Rules {
				switch {
				case !strings.HasPrefix(r.Record, "endpoint:"):
				case ofVantage.MatchString(r.Expr):
					each++
					perSecond += vantages / g.Interval.Seconds()
				default:
					shared++
					perSecond += 1 / g.Interval.Seconds()
				}
			}
		}
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "alerts.md"))
	if want := fmt.Sprintf("There are %v of these for each endpoint, and %v more for each vantage of it.", shared, each); err != nil || !strings.Contains(string(text), want) {
		t.Errorf("docs/alerts.md does not say %q (%v)", want, err)
	}
	return shared, each, perSecond
}

// thousands writes a whole number with commas.
func thousands(v float64) string {
	s := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
