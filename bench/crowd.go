package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"prober/bench/server"
)

// crowd is a number of clients that ask a running prober for one path after the other, and what
// that must not do to it.
type crowd struct {
	prober  string
	clients int
	hosts   int
	each    time.Duration // for one path
	paths   string
}

// What a crowd may do to the probes: nothing that anybody sees.
const (
	latenessP99 = 0.05 // seconds
	latenessMax = 0.5
)

// crowdCommand measures how late probes start, and whether any fails, while many ask.
func crowdCommand(ctx context.Context, args []string, out, talk io.Writer) error {
	c := crowd{}
	fs := flag.NewFlagSet("crowd", flag.ContinueOnError)
	fs.StringVar(&c.prober, "prober", "", "the `PROGRAM` to ask; go build makes it")
	fs.IntVar(&c.clients, "clients", 200, "clients at once")
	fs.IntVar(&c.hosts, "hosts", 2000, "endpoints that are probed")
	fs.DurationVar(&c.each, "each", 10*time.Second, "time for each path")
	fs.StringVar(&c.paths, "paths", "/ /metrics /api/v1/endpoints /api/v1/endpoints/p/r0/public /probe?target=p/r0/public /style.css /-/healthy /-/ready",
		"what to ask for, with spaces between")
	if err := parse(fs, args, talk); err != nil {
		return err
	}
	if c.prober == "" || c.clients < 1 || c.hosts < 1 || c.each <= 0 {
		return usageError{errors.New("-prober PROGRAM is missing, or a number is not positive")}
	}
	self, err := ownProgram(talk)
	if err != nil {
		return err
	}
	w, stop, err := self.serve(ctx, c.hosts)
	if err != nil {
		return err
	}
	defer stop()
	dir, err := os.MkdirTemp("", "crowd")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // temporary
	address, end, err := start(ctx, c.prober, w, dir, talk, "--interval", "30s")
	if err != nil {
		return err
	}
	err = c.measure(ctx, address, out)
	return errors.Join(err, end())
}

// start starts the prober on the first processor, and returns where it serves once every endpoint
// has a result.
func start(ctx context.Context, program string, w *server.World, dir string, talk io.Writer, flags ...string) (address string, end func() error, err error) {
	return startOn(ctx, "0", program, w, w.Hosts, dir, talk, flags...)
}

// startOn is start on those processors, with the hosts spread over so many regions.
func startOn(ctx context.Context, processors, program string, w *server.World, regions int, dir string, talk io.Writer, flags ...string) (address string, end func() error, err error) {
	list, roots := filepath.Join(dir, "endpoints.json"), filepath.Join(dir, "ca.pem")
	text, err := json.Marshal(catalogue(w, regions))
	if err != nil {
		return "", nil, err
	}
	if err := errors.Join(os.WriteFile(list, text, 0o600), os.WriteFile(roots, []byte(w.Authority), 0o600)); err != nil {
		return "", nil, err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address = free.Addr().String()
	if err := free.Close(); err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, "taskset", append([]string{
		"-c", processors, program, "serve", "--endpoints", list, "--ca-file", roots, "--allow-private",
		"--resolver", w.Resolver.String(), "--web.listen-address", address,
	}, flags...)...)
	cmd.Stderr = talk
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("starting the prober: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	end = func() error {
		began := time.Now()
		if err := errors.Join(cmd.Process.Signal(os.Interrupt), <-ended); err != nil {
			return fmt.Errorf("ending the prober: %w", err)
		}
		if took := time.Since(began); took > 5*time.Second {
			return fmt.Errorf("the prober ended after %v", took)
		}
		return nil
	}
	for ready := time.NewTicker(time.Second / 5); ; {
		select {
		case <-ctx.Done():
			return "", nil, errors.Join(ctx.Err(), end())
		case <-ended: //nolint:errcheck // as ProcessState tells it; more is in talk
			return "", nil, fmt.Errorf("starting the prober: %s ended with %s before every endpoint had a result", program, cmd.ProcessState)
		case <-ready.C:
			if status, err := ask(ctx, "http://"+address+"/-/ready", io.Discard); err == nil && status == http.StatusOK {
				return address, end, nil
			}
		}
	}
}

// catalogue lists all hosts of w, in turns in so many regions.
func catalogue(w *server.World, inRegions int) any {
	type object map[string]any
	var regions, endpoints []object
	for i := range min(inRegions, w.Hosts) {
		region := fmt.Sprintf("r%d", i)
		regions = append(regions, object{"id": region, "provider": "bench", "name": region})
	}
	for i := range w.Hosts {
		region := fmt.Sprintf("r%d", i%len(regions))
		id := "p/" + region + "/public"
		if i >= len(regions) {
			id += fmt.Sprintf("/h%d", i)
		}
		endpoints = append(endpoints, object{
			"id": id, "product": "p", "region": region, "network": "public", "host": w.Host(i),
			"ports": object{"https": w.Port}, "sources": []string{"s"},
		})
	}
	return object{
		"schema_version": 1, "sources": []object{{"id": "s", "title": "made up"}}, "regions": regions, "endpoints": endpoints,
		"products": []object{{"id": "p", "name": "P", "provider": "bench", "api_style": "none"}},
	}
}

// measure asks for each path and writes a row about it.
func (c *crowd) measure(ctx context.Context, address string, out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "path\treplies\tprobes\tlate p99, s\tlate max, s\tnot ok\tresident, MB")
	var broken []error
	for path := range strings.FieldsSeq(c.paths) {
		before, err := scrape(ctx, address)
		if err != nil {
			return err
		}
		replies := c.ask(ctx, "http://"+address+path)
		after, err := scrape(ctx, address)
		if err != nil {
			return err
		}
		p99, most := after.lateness(before, 0.99), after.lateness(before, 1)
		notOK := after.notOK - before.notOK
		fmt.Fprintf(t, "%s\t%v\t%.0f\t<= %g\t<= %g\t%.0f\t%.0f\n", path, replies, after.started-before.started, p99, most, notOK, after.resident/1e6)
		if p99 > latenessP99 || most > latenessMax || notOK > 0 {
			broken = append(broken, fmt.Errorf("%s: probes were late or failed while %d clients asked", path, c.clients))
		}
	}
	return errors.Join(append(broken, t.Flush())...)
}

// ask lets all clients ask until the time for a path is over, and counts the replies by status; 0
// stands for none.
func (c *crowd) ask(ctx context.Context, url string) map[int]int {
	ctx, cancel := context.WithTimeout(ctx, c.each)
	defer cancel()
	replies := map[int]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range c.clients {
		all.Go(func() {
			for ctx.Err() == nil {
				status, err := ask(ctx, url, io.Discard)
				if ctx.Err() != nil {
					return // cut short by ourselves
				}
				if err != nil {
					status = 0
				}
				mu.Lock()
				replies[status]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return replies
}

// ask reads one reply over a connection of its own, not compressed: that is the most to write.
func ask(ctx context.Context, url string, into io.Writer) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	r.Close = true
	r.Header.Set("Accept-Encoding", "identity")
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(into, reply.Body)
	return reply.StatusCode, errors.Join(err, reply.Body.Close())
}

// vitals are what a prober says of itself and of its probes.
type vitals struct {
	buckets  []bucket // of the lateness
	started  float64
	notOK    float64 // probes that were not ok, unknown ones included
	resident float64 // bytes
	cpu      float64 // seconds
	probes   float64
}

// bucket counts the probes that were at most so late.
type bucket struct{ most, count float64 }

func scrape(ctx context.Context, address string) (vitals, error) {
	var text strings.Builder
	_, err := ask(ctx, "http://"+address+"/metrics?name[]=prober_schedule_lateness_seconds&name[]=endpoint_probes_total&name[]=process_resident_memory_bytes&name[]=process_cpu_seconds_total", &text)
	if err != nil {
		return vitals{}, fmt.Errorf("scraping the prober: %w", err)
	}
	return readVitals(text.String()), nil
}

func readVitals(text string) vitals {
	var v vitals
	for line := range strings.Lines(text) {
		name, number, _ := strings.Cut(strings.TrimSpace(line), " ")
		value, err := strconv.ParseFloat(number, 64)
		if err != nil {
			continue
		}
		bound, isBucket := strings.CutPrefix(name, `prober_schedule_lateness_seconds_bucket{le="`)
		switch {
		case isBucket:
			most, _ := strconv.ParseFloat(strings.TrimSuffix(bound, `"}`), 64)
			v.buckets = append(v.buckets, bucket{most, value})
		case name == "prober_schedule_lateness_seconds_count":
			v.started = value
		case name == "process_resident_memory_bytes":
			v.resident = value
		case name == "process_cpu_seconds_total":
			v.cpu = value
		case strings.HasPrefix(name, `endpoint_probes_total{`) && strings.Contains(name, `outcome="ok"`):
			v.probes += value
		case strings.HasPrefix(name, `endpoint_probes_total{`):
			v.notOK += value
		}
	}
	return v
}

// lateness is the bound below which that share of the probes since before were late.
func (v *vitals) lateness(before vitals, share float64) float64 {
	for i, b := range v.buckets {
		if i < len(before.buckets) && b.count-before.buckets[i].count >= share*(v.started-before.started) {
			return b.most
		}
	}
	return 0
}
