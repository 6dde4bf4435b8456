package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/history/disk"
)

func TestHistoryFlagsSayWhatTheyWant(t *testing.T) {
	for _, tt := range []struct{ flag, value, want string }{
		{"--state.retention", "soon", "want a number of days, as 90d"},
		{"--state.retention", "1h", "want 1d to 400d"},
		{"--state.retention", "401d", "want 1d to 400d"},
		{"--state.retention", "30d", ""},
		{"--state.size", "much", "want a number of bytes, as 1GiB or 500MB"},
		{"--state.size", "-1", "want a number of bytes, as 1GiB or 500MB"},
		{"--state.size", "9000000000GiB", "want a number of bytes, as 1GiB or 500MB"},
		{"--state.size", "1kB", "want 1MiB at least"},
		{"--state.size", "2MiB", ""},
		{"--state.size", "1048576", ""},
	} {
		cmd := (&app{}).serveCommand()
		err := cmd.ParseFlags([]string{tt.flag, tt.value})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %s: %v, want %q", tt.flag, tt.value, err, tt.want)
		}
	}
	b := size(3 << 20)
	if d := days(90 * 24 * time.Hour); d.String() != "90d" || b.String() != "3MiB" {
		t.Errorf("shown as %s and %s", &d, &b)
	}
}

// asked is what a path of a running prober answers.
func asked(t *testing.T, address, path string) string {
	t.Helper()
	reply, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// waitFor waits until nobody uses a folder any more: the last writing of a process that was given
// little time may take longer.
func waitFor(t *testing.T, dir string) {
	t.Helper()
	for {
		d, err := disk.Open(dir, 1<<30, time.Now)
		if err == nil {
			err = d.Close()
		}
		if err == nil {
			return
		}
		if !errors.Is(err, disk.ErrInUse) || t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
}

func TestServeKeepsItsHistory(t *testing.T) {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	dir := filepath.Join(t.TempDir(), "state")
	args := []string{"--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--network", "public", "--interval", "100ms", "--confirm=false", "--fault", "*=server_error", "--state-dir", dir}
	address, end := served(t, args...)
	for !strings.Contains(asked(t, address, "/api/v1/incidents"), `"server_error"`) {
		if t.Context().Err() != nil {
			t.Fatal("no incident came")
		}
	}
	if r := runApp(t, nil, append([]string{"serve", "--web.listen-address", "127.0.0.1:0"}, args...)...); r.code != 2 ||
		!strings.Contains(r.stderr, "--state-dir "+dir+": another prober is using it; name another folder") {
		t.Errorf("a second one ends with %d: %s", r.code, r.stderr)
	}
	if _, err := end(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, dir)
	address, end = served(t, args...)
	if got := asked(t, address, "/api/v1/incidents"); strings.Count(got, `"server_error"`) != 1 || !strings.Contains(got, `"not_probed":[{`) {
		t.Errorf("after the restart: %s", got)
	}
	if _, err := end(); err != nil {
		t.Fatal(err)
	}
}

// A folder that cannot be used takes nothing but the keeping, and is told.
func TestServeGoesOnWithoutItsFolder(t *testing.T) {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	address, end := served(t, "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--state-dir", file)
	if got := asked(t, address, "/"); !strings.Contains(got, "History is in memory only") {
		t.Errorf("the page does not tell: %.500s", got)
	}
	if got := asked(t, address, "/metrics"); !strings.Contains(got, "\nprober_history_ok 0\n") {
		t.Error("the metrics do not tell")
	}
	if said, err := end(); err != nil || !strings.Contains(said, "history is in memory only") {
		t.Errorf("%v: %s", err, said)
	}
}
