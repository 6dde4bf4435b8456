package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// server is "prober serve" in a process of its own.
type server struct {
	process
	url string
}

// startProber starts it and waits until it says where it serves.
func startProber(ctx context.Context, o options, c *cloud) (*server, error) {
	cmd := exec.CommandContext(ctx, o.prober, "serve", "--endpoints", c.Endpoints, "--resolver", c.Resolvers[0], //nolint:gosec // as above
		"--ca-file", c.CAFile, "--world", "public=127.0.0.0/8", "--interval", o.interval.String(), "--web.listen-address", "127.0.0.1:0")
	said, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{process: process{cmd}}
	lines := bufio.NewScanner(said)
	address := regexp.MustCompile(`http://[^/\s"]+`)
	for s.url == "" && lines.Scan() {
		s.url = address.FindString(lines.Text())
	}
	if s.url == "" {
		s.stop()
		return nil, errors.New("prober serve named no address")
	}
	go func() {
		_, _ = io.Copy(io.Discard, said)
	}()
	return s, nil
}

// sample is the process at one moment.
type sample struct {
	at          time.Duration
	megabytes   int
	descriptors int
	metrics     map[string]float64 // those without labels
}

// paths are crowded in turn.
var paths = []string{"/", "/metrics", "/api/v1/endpoints", "/-/healthy", "/probe?target=kms/soak-00001/public"}

// watch samples the process to the end of the run and returns what was broken.
func watch(ctx context.Context, o options, c *cloud, s *server, out io.Writer) ([]string, error) {
	ctx, stop := context.WithTimeout(ctx, o.lasts)
	defer stop()
	var crowd sync.WaitGroup
	defer crowd.Wait()
	began := time.Now()
	for i := range o.clients {
		crowd.Go(func() { s.crowd(ctx, o, began, i) })
	}
	fmt.Fprintf(out, "%8s %8s %12s %11s\n", "after", "MB", "descriptors", "goroutines")
	var all []sample
	tick := time.NewTicker(o.lasts / 12)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			m, err := s.sample(began)
			if err != nil {
				return nil, err
			}
			all = append(all, m)
			fmt.Fprintf(out, "%8s %8d %12d %11.0f\n", m.at.Round(time.Second), m.megabytes, m.descriptors, m.metrics["go_goroutines"])
		case <-ctx.Done():
		}
	}
	crowd.Wait()
	text, err := s.get("/metrics")
	if err != nil {
		return nil, err
	}
	failed, probes := failures(text, c.well)
	fmt.Fprintf(out, "%d probes of endpoints that are well, %d failures\n", probes, failed)
	return judge(o, all, failed, probes), nil
}

// judge returns which promises were broken.
func judge(o options, all []sample, failed, probes int) []string {
	var broken []string
	if failed > 0 {
		broken = append(broken, fmt.Sprintf("%d failures of endpoints that are well", failed))
	}
	if probes == 0 {
		broken = append(broken, "nothing was probed")
	}
	for _, m := range all {
		if m.megabytes > o.megabytes {
			broken = append(broken, fmt.Sprintf("%d MB resident after %s", m.megabytes, m.at.Round(time.Second)))
			break
		}
	}
	// The first third fills caches; from then on nothing grows by more than a quarter.
	third := len(all) / 3
	if third == 0 {
		return broken
	}
	for name, of := range map[string]func(sample) float64{
		"megabytes":   func(m sample) float64 { return float64(m.megabytes) },
		"descriptors": func(m sample) float64 { return float64(m.descriptors) },
		"goroutines":  func(m sample) float64 { return m.metrics["go_goroutines"] },
	} {
		most := func(some []sample) (top float64) {
			for _, m := range some {
				top = max(top, of(m))
			}
			return top
		}
		if early, late := most(all[:2*third]), most(all[2*third:]); late > 1.25*early+20 {
			broken = append(broken, fmt.Sprintf("%s grew from %.0f to %.0f", name, early, late))
		}
	}
	return broken
}

// crowd asks for one path after another, each for a share of the run, until ctx ends. A client in
// eight sends a request that never ends, or reads nothing.
func (s *server) crowd(ctx context.Context, o options, began time.Time, i int) {
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: i%2 == 0}}
	for ctx.Err() == nil {
		path := paths[int(time.Since(began)*time.Duration(len(paths))/o.lasts)%len(paths)]
		if i%8 == 0 {
			s.idle(ctx, path)
			continue
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
		if err != nil {
			return
		}
		reply, err := client.Do(request)
		if err != nil {
			pause(ctx, 100*time.Millisecond) // refused: the port is full
			continue
		}
		_, _ = io.Copy(io.Discard, reply.Body)
		_ = reply.Body.Close()
		pause(ctx, 20*time.Millisecond)
	}
}

// idle asks for a path, announces a body that never comes and reads nothing.
func (s *server) idle(ctx context.Context, path string) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		pause(ctx, 100*time.Millisecond)
		return
	}
	defer conn.Close() //nolint:errcheck // nothing was written that matters
	_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n", path)
	pause(ctx, 15*time.Second)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// sample looks at the process from outside and asks it for its metrics.
func (s *server) sample(began time.Time) (sample, error) {
	m := sample{at: time.Since(began), metrics: map[string]float64{}}
	dir := fmt.Sprintf("/proc/%d", s.cmd.Process.Pid)
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return m, fmt.Errorf("prober serve has ended: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, _ := strconv.Atoi(strings.Fields(value)[0])
			m.megabytes = kilobytes / 1024
		}
	}
	open, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		return m, err
	}
	m.descriptors = len(open)
	text, err := s.get("/metrics")
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.ContainsAny(name, "{#") {
			m.metrics[name], _ = strconv.ParseFloat(value, 64)
		}
	}
	return m, nil
}

// get asks for a path, and again for a while as long as the crowd leaves no place.
func (s *server) get(path string) (text string, err error) {
	for until := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if text, err = s.getOnce(path); !errors.Is(err, errFull) || time.Now().After(until) {
			return text, err
		}
	}
}

var errFull = errors.New("no place")

func (s *server) getOnce(path string) (string, error) {
	client := &http.Client{Timeout: time.Minute}
	reply, err := client.Get(s.url + path)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close() //nolint:errcheck // it is read to its end
	text, err := io.ReadAll(reply.Body)
	if reply.StatusCode == http.StatusServiceUnavailable {
		return "", fmt.Errorf("%s: %w", path, errFull)
	}
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, reply.Status)
	}
	return string(text), err
}

var (
	hostLabel = regexp.MustCompile(`host="([^"]+)"`)
	counter   = regexp.MustCompile(`^(endpoint_probes_total|endpoint_failures_total)\{`)
)

// failures counts the probes of the hosts that are well, and how many of them failed.
func failures(text string, well map[string]bool) (failed, probes int) {
	for line := range strings.Lines(text) {
		name := counter.FindStringSubmatch(line)
		host := hostLabel.FindStringSubmatch(line)
		if name == nil || host == nil || !well[host[1]] {
			continue
		}
		value, _ := strconv.ParseFloat(line[strings.LastIndexByte(strings.TrimSpace(line), ' ')+1:len(strings.TrimRight(line, "\n"))], 64)
		if name[1] == "endpoint_probes_total" {
			probes += int(value)
		} else {
			failed += int(value)
		}
	}
	return failed, probes
}
