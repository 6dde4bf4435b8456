package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// The built-in list, with the metrics of the prober, of its history and of the process, and with the
// addresses of the sandbox, is at most 3,900 samples, once every slow look was taken; with certificates that live for six days, of
// which more is asked than of others.
func TestSamplesOfTheBuiltInList(t *testing.T) {
	needs.Patience(t, "probes the whole list for half a minute")
	address, end := served(t, "--sandbox", "--interval", "2s", "--state-dir", t.TempDir(), "--fault", "*=short_lived_certificate")
	defer func() { _, _ = end() }()
	poll := time.NewTicker(time.Second)
	defer poll.Stop()
	for deadline := time.Now().Add(2 * time.Minute); ; <-poll.C {
		r, err := http.Get("http://" + address + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		samples, looked := 0, 0
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "#") && !strings.Contains(line, `reason="stalled"`) { // which a busy machine adds
				samples++
			}
			if strings.HasPrefix(line, "endpoint_tls_version_accepted{") {
				looked++
			}
		}
		if looked >= 2*85 {
			if !strings.Contains(string(text), "\nendpoint_certificate_path_not_before_timestamp_seconds{") {
				t.Error("no certificate is asked for its life")
			}
			if samples > 3900 {
				t.Errorf("%d samples, want at most 3,900", samples)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d samples; %d of versions after two minutes", samples, looked)
		}
	}
}
