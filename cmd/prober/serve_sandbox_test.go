package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// What the page of a sandbox prints runs as it is printed, and its authority is there for as long as the sandbox is.
func TestCommandsOfAServedSandboxRun(t *testing.T) {
	needs.Program(t, "curl")
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	temp, dir := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	args := []string{
		"--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--network", "public", "--interval", "100ms", "--confirm=false",
		"--fault", "*=not_api", "--state-dir", dir,
	}
	command := func(address string) string {
		for t.Context().Err() == nil {
			var all []struct {
				Reproduce   string `json:"reproduce"`
				BeforeStart bool   `json:"before_start"`
			}
			if err := json.Unmarshal([]byte(asked(t, address, "/api/v1/endpoints")), &all); err != nil {
				t.Fatal(err)
			}
			if all[0].BeforeStart && all[0].Reproduce != "" {
				t.Errorf("a command for a sandbox that has ended: %s", all[0].Reproduce)
			}
			if c := all[0].Reproduce; c != "" && !all[0].BeforeStart {
				return c
			}
		}
		t.Fatal("no command came")
		return ""
	}
	for range 2 {
		address, end := served(t, args...)
		shown := command(address)
		if !strings.HasPrefix(shown, "curl ") || !strings.Contains(shown, " --cacert ") {
			t.Fatalf("it shows %s", shown)
		}
		run := exec.CommandContext(t.Context(), "sh", "-c", shown)
		if out, err := run.CombinedOutput(); err != nil || !strings.Contains(string(out), "<html>") {
			t.Errorf("%s: %v\n%s", shown, err, out)
		}
		if _, err := end(); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		waitFor(t, dir)
	}
}

// A sandbox is served also where no file can be written, as in a container whose root is read-only.
func TestServedSandboxWithoutTemporaryFiles(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	address, end := served(t, "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--network", "public")
	if page := asked(t, address, "/"); !strings.Contains(page, "the sandbox") {
		t.Error(page)
	}
	log, err := end()
	if err != nil || !strings.Contains(log, "name no file") {
		t.Errorf("%v: %s", err, log)
	}
}
