package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

// ready is what a sandbox says of itself.
type ready struct {
	Resolvers []string          `json:"resolvers"`
	CAFile    string            `json:"ca_file"`
	File      string            `json:"endpoints_file"`
	Endpoints []json.RawMessage `json:"endpoints"`
}

// status is what /api/v1/endpoints says of one endpoint, as far as it is of interest here.
type status struct {
	ID        string    `json:"id"`
	Outcome   string    `json:"outcome"`
	LastProbe time.Time `json:"last_probe"`
	Addresses []struct {
		Phases map[string]float64 `json:"phases"`
	} `json:"addresses"`
}

// measure makes one run.
func measure(ctx context.Context, o options, latency string) (medians, error) {
	dir, err := os.MkdirTemp("", "truth")
	if err != nil {
		return medians{}, err
	}
	defer os.RemoveAll(dir)                                                                                        //nolint:errcheck // of the temporary files nothing is needed
	cloud := exec.CommandContext(ctx, o.prober, "sandbox", "--dir", dir, "--output", "json", "--latency", latency) //nolint:gosec // whoever starts this chose it
	said, err := start(cloud, cloud.StdoutPipe)
	if err != nil {
		return medians{}, err
	}
	defer end(cloud)
	var r ready
	if err := json.NewDecoder(said).Decode(&r); err != nil {
		return medians{}, fmt.Errorf("reading what the sandbox says of itself: %w", err)
	}
	interval := time.Duration(float64(len(r.Endpoints)) / o.rate * float64(time.Second))
	args := []string{
		"serve", "--endpoints", r.File, "--ca-file", r.CAFile, "--allow-private", "--network", "all", "--inside", "all",
		"--interval", interval.String(), "--web.listen-address", "127.0.0.1:0",
	}
	for _, resolver := range r.Resolvers {
		args = append(args, "--resolver", resolver)
	}
	prober := exec.CommandContext(ctx, o.prober, args...) //nolint:gosec // as above
	log, err := start(prober, prober.StderrPipe)
	if err != nil {
		return medians{}, err
	}
	defer end(prober)
	page, err := pageIn(log)
	if err != nil {
		return medians{}, err
	}
	return watch(ctx, o, page, interval)
}

// start starts a program of which one output is read.
func start(cmd *exec.Cmd, pipe func() (io.ReadCloser, error)) (io.Reader, error) {
	out, err := pipe()
	if err != nil {
		return nil, err
	}
	return out, cmd.Start()
}

func end(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
}

// pageIn reads a log up to the line that says where the page is; the rest is dropped.
func pageIn(log io.Reader) (string, error) {
	address := regexp.MustCompile(`page=(http://[^ ]+/)`)
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return m[1], nil
		}
	}
	return "", errors.New("prober serve named no address")
}

// watch reads the last probe of every endpoint over and over, and counts each probe once. The first
// rounds, in which everything is new, do not count.
func watch(ctx context.Context, o options, page string, interval time.Duration) (medians, error) {
	from := time.Now().Add(10*interval + time.Second)
	until := from.Add(o.lasts)
	counted := map[string]time.Time{}
	seen := map[string][]time.Duration{}
	for poll := time.NewTicker(interval); time.Now().Before(until); {
		select {
		case <-poll.C:
		case <-ctx.Done():
			return medians{}, ctx.Err()
		}
		all, err := read(ctx, page)
		if err != nil {
			return medians{}, err
		}
		for _, s := range all {
			if s.Outcome != "ok" || s.LastProbe.Before(from) || !s.LastProbe.After(counted[s.ID]) {
				continue
			}
			counted[s.ID] = s.LastProbe
			for _, phase := range phases {
				seen[phase] = append(seen[phase], time.Duration(s.Addresses[0].Phases[phase]*float64(time.Second)))
			}
		}
	}
	if len(seen["body"]) == 0 {
		return medians{}, errors.New("no probe was ok")
	}
	return mediansOf(seen), nil
}

func read(ctx context.Context, page string) (all []status, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"api/v1/endpoints", http.NoBody)
	if err != nil {
		return nil, err
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close() //nolint:errcheck // it was read
	return all, json.NewDecoder(reply.Body).Decode(&all)
}
