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
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	got := make(chan os.Signal, 1)
	signal.Notify(got, os.Interrupt, syscall.SIGTERM)
	a := &app{
		out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now,
		interrupted: func() os.Signal {
			select {
			case s := <-got:
				return s
			default:
				return nil
			}
		},
	}
	go func() { // the first signal ends the work, the second the process
		<-ctx.Done()
		stop()
	}()
	os.Exit(a.run(ctx, os.Args[1:]))
}

// app is what a command takes from its process.
type app struct {
	out, err    io.Writer
	args        []string // of the process, without its name
	getenv      func(string) string
	now         func() time.Time
	elapsed     func() time.Duration // see [session.Environment]
	interrupted func() os.Signal     // the signal that ended the context, if one did
}
