package render_test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"prober/needs"
	"prober/report"
	"prober/report/render"
)

func TestTextfile(t *testing.T) {
	golden(t, "prober_conformance.prom", []byte(write(t, sample(t), render.Prometheus)))
}

// A metric without samples is there all the same, for whoever looks into the file.
func TestTextfileOfNothing(t *testing.T) {
	text := write(t, empty(t), render.Prometheus)
	for _, want := range []string{"# TYPE prober_conformance_results gauge\n# HELP prober_conformance_failure One", "# TYPE prober_conformance_failure gauge\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestTextfileWithPromtool(t *testing.T) {
	promtool := needs.Program(t, "promtool")
	for name, r := range map[string]*report.Report{
		"sample": sample(t), "full": full(t, mostly), "hostile": spiteful(t), "empty": empty(t),
	} {
		cmd := exec.Command(promtool, "check", "metrics")
		cmd.Stdin = strings.NewReader(write(t, r, render.Prometheus))
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}

func TestTextfileIsBounded(t *testing.T) {
	r := full(t, mostly)
	text := write(t, r, render.Prometheus)
	if got, want := strings.Count(text, "\nprober_conformance_failure{"), failing(r); got != want {
		t.Errorf("%d failures, want %d", got, want)
	}
	groups := map[string]bool{}
	for _, e := range r.Endpoints {
		if e.Active() {
			groups[e.Product+e.Region+string(e.Network)] = true
		}
	}
	if got, want := strings.Count(text, "\nprober_conformance_results{"), len(groups)*3*len(report.Outcomes()); got != want {
		t.Errorf("%d counts, want %d", got, want)
	}
	// What was read from the wire is in no label.
	wire := sample(t)
	for i := range wire.Results {
		res := &wire.Results[i]
		res.Detail, res.Expected, res.Got, res.Reproduce = "fromthewire", "fromthewire", "fromthewire", "fromthewire"
	}
	if text := write(t, wire, render.Prometheus); strings.Contains(text, "fromthewire") {
		t.Errorf("got %s", text)
	}
}

// Several endpoints may have one host, at different ports: no two samples have the same labels.
func TestTextfileTellsEndpointsOfOneHostApart(t *testing.T) {
	r := sample(t)
	for i := range r.Results {
		r.Results[i].Outcome, r.Results[i].Skip = report.Fail, ""
	}
	first := r.Endpoints[0]
	twin := first
	twin.ID += "/alt"
	r.Endpoints = append(r.Endpoints, twin)
	for _, res := range r.Results {
		if res.Endpoint == first.ID {
			res.Endpoint = twin.ID
			r.Results = append(r.Results, res)
		}
	}
	seen := map[string]bool{}
	for line := range strings.Lines(write(t, r, render.Prometheus)) {
		labels, _, _ := strings.Cut(line, "} ")
		if strings.HasPrefix(labels, "prober_conformance_failure{") && seen[labels] {
			t.Errorf("%s} is there twice", labels)
		}
		seen[labels] = true
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(seen)), func(s string) bool { return strings.Contains(s, `name="alt"`) }) {
		t.Error("no failure of the twin is shown")
	}
}

func failing(r *report.Report) int {
	active := map[string]bool{}
	for _, e := range r.Endpoints {
		active[e.ID] = e.Active()
	}
	n := 0
	for _, res := range r.Results {
		if res.Outcome == report.Fail && active[res.Endpoint] {
			n++
		}
	}
	return n
}
