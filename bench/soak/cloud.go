package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	endpoints "prober"
	"prober/catalog"
)

// hostile are the sandbox's faults that keep a client waiting, reading, computing or holding things.
var hostile = []string{
	"request_timeout", "headers_timeout_slow", "body_timeout_slow", "body_too_large", "body_too_large_chunks",
	"headers_too_large", "headers_too_large_many", "too_many_informational", "limit_gzip", "limit_brotli",
	"tls_timeout_half_flight", "tls_timeout_slow", "tls_malformed_oversize", "tls_malformed_warnings", "connect_timeout",
	"resolve_timeout", "mismatch", "resolve_truncated", "bad_chunking_end", "surplus_bytes",
}

// cloud is a sandbox in a process of its own.
type cloud struct {
	process
	well map[string]bool // hosts without a fault
	ready
}

// ready is what a sandbox says of itself.
type ready struct {
	Resolvers []string `json:"resolvers"`
	CAFile    string   `json:"ca_file"`
	Endpoints string   `json:"endpoints_file"`
}

// process is a program that runs until it is stopped.
type process struct{ cmd *exec.Cmd }

func (p process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// build makes the program of this tree.
func build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "prober")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/prober")
	cmd.Dir, cmd.Stderr = "..", os.Stderr
	return path, cmd.Run()
}

// startCloud serves a list of the given length; every tenth endpoint has the next of the faults.
func startCloud(ctx context.Context, o options, dir string) (*cloud, error) {
	list, err := listOf(o.endpoints)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "list.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	c := &cloud{well: map[string]bool{}}
	args := []string{"sandbox", "--endpoints", file, "--dir", filepath.Join(dir, "cloud"), "--output", "json"}
	for i, e := range list.Endpoints {
		if i%10 == 0 {
			args = append(args, "--fault", e.ID+"="+hostile[i/10%len(hostile)])
		} else {
			c.well[e.Host] = true
		}
	}
	c.cmd = exec.CommandContext(ctx, o.prober, args...) //nolint:gosec // whoever starts this chose it
	c.cmd.Stderr = os.Stderr
	said, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if err := json.NewDecoder(bufio.NewReader(said)).Decode(&c.ready); err != nil || len(c.Resolvers) == 0 {
		c.stop()
		return nil, errors.Join(errors.New("the sandbox did not start"), err)
	}
	return c, nil
}

// listOf is a list of endpoints of one product, each in a region of its own.
func listOf(n int) (*catalog.Catalog, error) {
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		return nil, err
	}
	like, ok := c.Endpoint("kms/cn-hangzhou/public")
	if !ok {
		return nil, errors.New("the built-in list has no KMS in cn-hangzhou")
	}
	list := *c
	list.Regions, list.Endpoints = nil, nil
	for i := range n {
		region := fmt.Sprintf("soak-%05d", i)
		list.Regions = append(list.Regions, catalog.Region{ID: region, Provider: "alibaba", Name: region})
		e := like
		e.Region, e.ID, e.Host = region, "kms/"+region+"/public", "kms."+region+".aliyuncs.com"
		list.Endpoints = append(list.Endpoints, e)
	}
	// Rules may name regions of the built-in list.
	list.Products = nil
	for _, p := range c.Products {
		if p.ID == like.Product {
			list.Products = append(list.Products, p)
		}
	}
	return &list, nil
}
