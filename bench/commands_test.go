package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prober/bench/load"
)

// small are arguments for a run that is over at once and measures nothing of use.
var small = []string{"-probes", "20", "-warmup", "5", "-hosts", "40", "-rate", "400"}

func TestCompareInChildren(t *testing.T) {
	var out bytes.Buffer
	args := append([]string{"-rounds", "2", "-json"}, small...)
	if err := run(t.Context(), args, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var rep report
	if err := json.Unmarshal(out.Bytes(), &rep); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	if len(rep.Loops) != 8 || len(rep.Ratios) != 6 {
		t.Errorf("%d loops, %d ratios", len(rep.Loops), len(rep.Ratios))
	}
	for _, l := range rep.Loops {
		if len(l.Results) != 2 || l.CPU <= 0 || l.Results[1].Probes != 20 || l.Results[1].Procs != 1 {
			t.Errorf("loop %+v", l)
		}
	}
	for _, r := range rep.Ratios {
		if r.Min <= 0 || r.Min > r.Median || r.Median > r.Max {
			t.Errorf("ratio %+v", r)
		}
	}
}

func TestCompareAboveTheLimit(t *testing.T) {
	var out bytes.Buffer
	err := run(t.Context(), append([]string{"compare", "-rounds", "1", "-at-most", "0.0001"}, small...), nil, &out, io.Discard)
	var u usageError
	if err == nil || errors.As(err, &u) || !strings.Contains(err.Error(), "more than 0.0001") {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(out.String(), "over the standard library's defaults") {
		t.Errorf("no table before the error: %s", out.String())
	}
}

func TestProfile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cpu.pprof")
	for _, subject := range []load.Subject{load.Probe, load.Monitor} {
		var out bytes.Buffer
		args := append([]string{"profile", "-subject", string(subject), "-o", file}, small...)
		if err := run(t.Context(), args, nil, &out, os.Stderr); err != nil {
			t.Fatal(err)
		}
		profile, err := os.ReadFile(file)
		if err != nil || !bytes.HasPrefix(profile, []byte{0x1f, 0x8b}) { // gzip
			t.Errorf("%s: profile begins %x, error %v", subject, profile[:min(2, len(profile))], err)
		}
		if !strings.HasPrefix(out.String(), string(subject)) {
			t.Errorf("%s: %s", subject, out.String())
		}
	}
}

func TestServeEndsWithItsInput(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"serve", "-hosts", "2"}, strings.NewReader(""), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"hosts":2`) {
		t.Errorf("said %s", out.String())
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, hold := io.Pipe()
	defer hold.Close()
	if err := run(ctx, []string{"serve"}, in, io.Discard, io.Discard); err != nil {
		t.Error(err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, job := range map[string]string{
		"no JSON": "x", "no world": `{"subject":"probe"}`, "no hosts": `{"subject":"probe","world":{}}`,
		"bad profile": `{"subject":"probe","world":{"hosts":1}}`,
	} {
		args := []string{"load"}
		if name == "bad profile" {
			args = append(args, "-cpuprofile", filepath.Join(t.TempDir(), "missing", "file"))
		}
		if err := run(t.Context(), args, strings.NewReader(job), io.Discard, io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	for _, args := range [][]string{
		{"measure"},
		{"-x"},
		{"compare", "surplus"},
		{"serve", "-hosts", "many"},
		{"load", "surplus"},
		{"-rounds", "0"},
		{"-probes", "0"},
		{"-warmup", "-1"},
		{"-workers", "0"},
		{"-hosts", "0"},
		{"-rate", "0"},
		{"-hosts", "10", "-rate", "101"},
		{"profile", "-subject", "nobody"},
		{"profile", "-rate", "-1"},
	} {
		err := run(t.Context(), args, nil, io.Discard, io.Discard)
		var u usageError
		if !errors.As(err, &u) {
			t.Errorf("%q: %v", args, err)
		}
	}
	if err := run(t.Context(), []string{"profile", "-h"}, nil, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

// A loop has its turn once in a round, and next to the one that it is compared with.
func TestVariants(t *testing.T) {
	s := defaultSettings()
	variants := variantsOf(s.comparisons())
	for i, v := range variants {
		if slices.Index(variants, v) != i {
			t.Errorf("%s twice", v)
		}
	}
	if variants[0].String() != "bare" || variants[1].String() != "probe" || variants[len(variants)-1].String() != "monitor at 500/s" {
		t.Errorf("variants %v", variants)
	}
}

func TestOrderTurnsRound(t *testing.T) {
	a, b := variant{Subject: load.Bare}, variant{Subject: load.Probe}
	list := []variant{a, b}
	for round, want := range [][]variant{{a, b}, {b, a}, {a, b}} {
		if got := order(list, round); !slices.Equal(got, want) {
			t.Errorf("round %d: %v", round, got)
		}
	}
}

func TestChildThatFails(t *testing.T) {
	self := testProgram(t)
	self.talk = io.Discard
	if _, err := self.load(t.Context(), loadJob{}, ""); err == nil {
		t.Error("a job without a world: no error")
	}
	if _, stop, err := self.serve(t.Context(), 0); err == nil {
		stop()
		t.Error("servers of no host: no error")
	}
	missing := program{filepath.Join(t.TempDir(), "missing"), io.Discard}
	if _, _, err := missing.serve(t.Context(), 1); err == nil {
		t.Error("a program that is not there: no error")
	}
}
