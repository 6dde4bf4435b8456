package main

import (
	"context"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/session"
)

// No key is in a history that is kept, whatever a signed call met.
func TestHistoryHoldsNoSecret(t *testing.T) {
	dir := t.TempDir()
	d, err := disk.Open(dir, 1<<30, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	h := history.Open(history.Config{}, d, dir)
	var secrets []string
	failed := 0
	for _, fault := range []string{"server_error", "connect_refused", "credentials", "mangled_text", "not_api"} {
		o := session.Defaults()
		o.Sandbox, o.Timeout, o.Regions, o.Faults = true, unhurried, session.List{"cn-hangzhou", "nearest"}, session.Verbatim{"*=" + fault}
		a := &app{out: os.Stdout, err: os.Stderr, getenv: func(string) string { return "" }, now: time.Now, elapsed: func() time.Duration { return 0 }}
		s, err := a.open(o)
		if err != nil {
			t.Fatal(err)
		}
		keys := s.Sandbox.Credentials()
		secrets = append(secrets, keys.Alibaba.ID, keys.Alibaba.Secret, keys.Tencent.ID, keys.Tencent.Secret)
		var list []history.Endpoint
		for _, target := range s.Targets() {
			list = append(list, history.Endpoint{ID: target.Endpoint.ID})
		}
		h.Follow(list)
		for _, target := range s.Targets() {
			target.Signed = true
			seen := s.Prober.Probe(t.Context(), target)
			h.Record(target.Endpoint.ID, &seen, history.Turn)
		}
		h.Flush()
		page, _ := h.Incidents(history.Query{})
		failed = len(page)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if c := h.Condition(); failed == 0 || !c.OK {
		t.Fatalf("%d incidents: the test would see nothing; %+v", failed, c)
	}
	look := func() {
		_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, _ error) error {
			if e.IsDir() {
				return nil
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			for _, secret := range secrets {
				for _, form := range []string{secret, url.QueryEscape(secret), secret[len(secret)/3:]} {
					if strings.Contains(string(content), form) {
						t.Errorf("%s holds a key as %s", filepath.Base(path), form)
					}
				}
			}
			return nil
		})
	}
	look() // with what SQLite has beside the file
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	h.Keep(ended)
	look()
}
