package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"prober/limit"
	"prober/report"
)

func TestTheSecondSignalEndsAtOnce(t *testing.T) {
	signals, exits := make(chan os.Signal), make(chan report.ExitCode)
	ctx, interrupted := untilSignalled(t.Context(), signals, func(code report.ExitCode) { exits <- code })
	if interrupted() != nil || ctx.Err() != nil {
		t.Error("interrupted before a signal came")
	}
	signals <- syscall.SIGINT
	<-ctx.Done()
	if interrupted() != syscall.SIGINT {
		t.Errorf("interrupted by %v", interrupted())
	}
	signals <- syscall.SIGTERM
	if code := <-exits; code != 143 {
		t.Errorf("exit code %d, want 143", code)
	}
	if interrupted() != syscall.SIGINT {
		t.Errorf("the first signal became %v", interrupted())
	}
}

// A command that does not hear of the first signal is not waited for either.
func TestTheFirstSignalEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signals, exits := make(chan os.Signal), make(chan report.ExitCode)
		ctx, _ := untilSignalled(t.Context(), signals, func(code report.ExitCode) { exits <- code })
		signals <- syscall.SIGTERM
		<-ctx.Done()
		told := time.Now()
		if code, took := <-exits, time.Since(told); code != 143 || took != limit.StopTime {
			t.Errorf("exit code %d after %s", code, took)
		}
	})
}

func TestDescriptorsAreShared(t *testing.T) {
	tests := []struct {
		most, probes, connections, sandboxed int
		web                                  int
		complains                            bool
	}{
		{1 << 20, 64, 4, 0, limit.WebConnections, false},
		{1024, 64, 4, 0, limit.WebConnections, false},
		{512, 64, 4, 0, 96, false},
		{256, 64, 4, 0, 32, true},
		{256, 3, 4, 0, 206, false}, // a short list needs little, whatever --concurrency is
		{64, 64, 4, 0, 16, true},
		{512, 64, 4, 5, 64, true},
		{1024, 3, 4, 85, limit.WebConnections, false},
		{1024, 10_000, 4, 0, 128, true},
	}
	for _, tt := range tests {
		d := shareDescriptors(tt.most, tt.probes, tt.connections, tt.sandboxed)
		complaint := d.complaint(tt.probes)
		if d.web != tt.web || (complaint != "") != tt.complains {
			t.Errorf("%+v: %d for the web port, complaint %q", tt, d.web, complaint)
		}
		if complaint != "" && (!strings.Contains(complaint, "ulimit -n") || strings.Contains(complaint, "\n")) {
			t.Errorf("complaint %q", complaint)
		}
	}
	if openFiles() < 16 {
		t.Errorf("this process may open %d files", openFiles())
	}
}

// served runs serve until the returned function is called, which gives it little time to end and
// returns how it ended. The address is that of the page.
func served(t *testing.T, args ...string) (address string, end func() (string, error)) {
	t.Helper()
	return servedWith(t, nil, args...)
}

// servedWith is served with an environment.
func servedWith(t *testing.T, env map[string]string, args ...string) (address string, end func() (string, error)) {
	t.Helper()
	return servedWithin(t, time.Second/2, env, args...)
}

// servedWithin is servedWith with the time that it has for its end.
func servedWithin(t *testing.T, stopTime time.Duration, env map[string]string, args ...string) (address string, end func() (string, error)) {
	t.Helper()
	return servedBy(t, (*app).serveCommand, stopTime, env, args...)
}

// servedBy starts a command that serves.
func servedBy(t *testing.T, command func(*app) *cobra.Command, stopTime time.Duration, env map[string]string, args ...string) (address string, end func() (string, error)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	lines, talk := io.Pipe()
	a := &app{out: io.Discard, err: talk, getenv: func(name string) string { return env[name] }, now: time.Now, stopTime: stopTime}
	a.attach()
	cmd := command(a)
	cmd.SetArgs(append([]string{"--web.listen-address", "127.0.0.1:0"}, args...))
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.ExecuteContext(ctx)
		_ = talk.Close()
	}()
	var said bytes.Buffer
	scanner := bufio.NewScanner(lines)
	page := regexp.MustCompile(`page(?:=|":")http://([^/"\s]+)/`)
	for address == "" && scanner.Scan() {
		said.WriteString(scanner.Text() + "\n")
		if m := page.FindStringSubmatch(scanner.Text()); m != nil {
			address = m[1]
		}
	}
	if address == "" {
		t.Fatalf("not served: %v\n%s", <-ended, &said)
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(&said, lines)
	}()
	return address, func() (string, error) {
		cancel()
		err := <-ended
		<-drained
		return said.String(), err
	}
}

// Whatever is under way when serve is told to stop, it stops, and that is no failure.
func TestServeEndsWhateverIsUnderWay(t *testing.T) {
	// Who rendered something rests for as long as that took, on a busy machine for seconds, and then ends by itself.
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(), goleak.IgnoreAnyFunction("prober/monitor/serving.(*Batches[...]).serve"))
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	address, end := served(t, "--sandbox", "--product", "kms", "--latency", "first_byte=10m", "--timeout", "10m", "--web.enable-lifecycle")
	ask := func(request string) net.Conn {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for range 3 {
		ask("GET /probe?target=kms/cn-hangzhou/public HTTP/1.1\r\nHost: x\r\n\r\n") // takes ten minutes
		ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")                             // is never read
		ask("GET / HTTP/1.1\r\nHo")                                                 // never ends
		ask("")
	}
	half := ask("GET / HTTP/1.1\r\nHo")
	for host, want := range map[string]int{"attacker.example": 403, address: 200} {
		r, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+address+"/-/reload", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		reply, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if reply.StatusCode != want {
			t.Errorf("reload as %s: %s %s", host, reply.Status, body)
		}
	}
	began := time.Now()
	said, err := end()
	if err != nil || !strings.Contains(said, "msg=stopping") {
		t.Errorf("%v\n%s", err, said)
	}
	_ = half.SetReadDeadline(time.Now().Add(limit.WebHeaderTime / 2))
	if _, err := half.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a connection outlived the server: %v", err)
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took) // the requests and probes take ten
	}
}
