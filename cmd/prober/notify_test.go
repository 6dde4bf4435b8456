//go:build unix

package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prober/cloudapi"
	"prober/limit"
)

// listenAsManager is the socket of a service manager; what comes is sent on.
func listenAsManager(t *testing.T) (path string, said <-chan string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "notify") // the names of sockets are short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path = filepath.Join(dir, "s")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	all := make(chan string, 1000)
	go func() {
		text := make([]byte, 1000)
		for {
			n, err := l.Read(text)
			if err != nil {
				return
			}
			all <- string(text[:n])
		}
	}()
	return path, all
}

// serve says when it serves, that it lives, and when it ends.
func TestServeTellsTheServiceManager(t *testing.T) {
	path, said := listenAsManager(t)
	_, end := servedWith(t, map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "30000"}, "--sandbox", "--product", "gaap", "--region", "nearest")
	if got := <-said; got != "READY=1\nSTATUS=probing 1 endpoint" {
		t.Errorf("said %q at first", got)
	}
	if got := <-said; got != "WATCHDOG=1" {
		t.Errorf("said %q then", got)
	}
	if _, err := end(); err != nil {
		t.Error(err)
	}
	for {
		if got := <-said; got == "STOPPING=1" {
			return
		}
	}
}

// A schedule that hangs gives no sign of life, and who is not watched gives none.
func TestWatchdog(t *testing.T) {
	path, said := listenAsManager(t)
	n := notifier{socket: path, every: time.Second}
	synctest.Test(t, func(t *testing.T) {
		alive := make(chan bool)
		go n.watch(t.Context(), func() bool { return <-alive })
		go notifier{}.watch(t.Context(), func() bool { panic("nobody asked") })
		alive <- false
		alive <- false
	})
	select {
	case got := <-said:
		t.Errorf("said %q", got)
	default:
	}
	if got := newNotifier(func(string) string { return "" }); got != (notifier{}) {
		t.Errorf("%+v without a manager", got)
	}
}

func TestCredentialsOfTheServiceManager(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		cloudapi.EnvAlibabaID: "from-file\n", cloudapi.EnvTencentID: "from-file", "HTTPS_PROXY": "from-file", cloudapi.EnvAlibabaToken: strings.Repeat("x", limit.KeyBytes+1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{credentialsVariable: dir, cloudapi.EnvTencentID: "from-variable"}
	a := &app{getenv: func(name string) string { return env[name] }}
	get := a.credentialed(a.getenv)
	for name, want := range map[string]string{
		cloudapi.EnvAlibabaID: "from-file", cloudapi.EnvTencentID: "from-variable", cloudapi.EnvTencentToken: "", cloudapi.EnvAlibabaToken: "", "HTTPS_PROXY": "",
	} {
		if got := get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
