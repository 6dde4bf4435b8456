// Command prober tells, for every documented API endpoint of a list, whether it is up,
// how fast it answers, and if not, what exactly broke.
//
//	prober check --sandbox               probe the whole list once, against the built-in cloud
//	prober check ecs/cn-zhangjiakou/*    probe endpoints by id
//	prober serve                         probe forever, with metrics and a status page
//	prober endpoints list                show the list
//	prober explain tls/cert_expired      what a reason means, and what to do
//
// This package only parses, wires, prints and exits; each subcommand has a file of its
// own. Exit codes are those of package report.
package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"prober/files"
	"prober/report"
)

func main() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, interrupted := untilSignalled(context.Background(), signals, func(code report.ExitCode) { os.Exit(int(code)) })
	a := &app{out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now, interrupted: interrupted}
	os.Exit(a.run(ctx, os.Args[1:]))
}

// app is what a command takes from its process.
type app struct {
	out, err    io.Writer // for people: once it runs, nothing goes through them that a terminal obeys, or that is too wide for it
	exact       streams   // for programs: the same, as wide as it is
	terminal    streams   // bare: for a line that is written over
	coloured    io.Writer // out for what has colours
	args        []string  // of the process, without its name
	getenv      func(string) string
	now         func() time.Time
	elapsed     func() time.Duration // see [session.Environment]
	interrupted func() os.Signal     // the signal that ended the context, if one did
	files       files.Reader         // reads files until the context ends
	log         *slog.Logger         // takes what is said on stderr where all of it must have one form; nil: lines of text
	stopTime    time.Duration        // from the end of the context to that of serve; 0: as package limit says
}

// streams are what a process writes to.
type streams struct{ out, err io.Writer }
