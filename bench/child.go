package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"

	"prober/bench/load"
	"prober/bench/server"
)

// program starts this program again as another process.
type program struct {
	path string
	talk io.Writer // where its messages go
}

func ownProgram(talk io.Writer) (program, error) {
	path, err := os.Executable()
	if err != nil {
		return program{}, fmt.Errorf("finding the own program: %w", err)
	}
	return program{path, talk}, nil
}

func (p program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", childEnv+"=1")
	cmd.Stderr = p.talk
	return cmd
}

// childEnv marks a process that another one started, for the sake of test programs: their
// arguments are then those of a command, not of a test.
const childEnv = "PROBER_BENCH_CHILD"

// serve starts the servers. They end with stop, and by themselves should this process die,
// which closes their standard input.
func (p program) serve(ctx context.Context, hosts int) (w *server.World, stop func(), err error) {
	cmd := p.command(ctx, "serve", "-hosts", fmt.Sprint(hosts))
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("starting the servers: %w", err)
	}
	stop = func() { _ = in.Close(); _ = cmd.Wait() }
	w = &server.World{}
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(w); err != nil {
		stop()
		return nil, nil, fmt.Errorf("reading what the servers say of themselves: %w", err)
	}
	return w, stop, nil
}

// load runs one job and returns what it cost. profile, if any, is the file that the CPU
// profile goes to.
func (p program) load(ctx context.Context, j loadJob, profile string) (load.Result, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return load.Result{}, err
	}
	cmd := p.command(ctx, "load", "-cpuprofile", profile)
	cmd.Stdin = bytes.NewReader(text)
	out, err := cmd.Output()
	if err != nil {
		return load.Result{}, fmt.Errorf("running %s: %w", j.Subject, err)
	}
	var r load.Result
	if err := json.Unmarshal(out, &r); err != nil {
		return r, fmt.Errorf("reading the result of %s: %w", j.Subject, err)
	}
	return r, nil
}
