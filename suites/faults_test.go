package suites_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/probe/reason"
	"prober/report"
	"prober/sandbox"
	"prober/suites"
)

// No check is one that cannot fail: every MUST and SHOULD is broken by a fault that is made
// for it, and every fault breaks what it is made for.
func TestEveryRequirementIsBrokenByItsFault(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	all := trials(c, slices.DeleteFunc(slices.Concat(sandbox.Faults(c), sandbox.Breaches(c)), func(f sandbox.Fault) bool { return f.Way != sandbox.Way{} }))
	documented := documentedBreaks(t)
	var waiting, others []*trial
	for _, x := range all {
		x.expected = documented[x.row()]
		if x.waits() {
			waiting = append(waiting, x)
		} else {
			others = append(others, x)
		}
	}
	run(t, c, others, unhurried)
	// A short wait shows what is silent soon, but on a busy machine it may end before the silence
	// begins: what was not seen so is looked for again with more time.
	wait := 500 * time.Millisecond
	if *update {
		wait = 5 * time.Second
	}
	for ; len(waiting) > 0 && wait < unhurried; wait *= 4 {
		run(t, c, waiting, wait)
		waiting = slices.DeleteFunc(waiting, func(x *trial) bool {
			return x.verdicts[x.made()].Outcome == report.Fail && (*update || len(x.surplus(documented)) == 0)
		})
	}
	brokenByItsOwn := map[string]bool{}
	for _, x := range all {
		made := x.made()
		switch v, judged := x.verdicts[made]; {
		case made == "" && x.fault.Reason.Phase() == reason.Prober && len(x.broken()) > 0:
			t.Errorf("%s says something about the client alone, and broke %v", x.fault.Name, x.broken())
		case made == "":
		case !judged:
			t.Errorf("%s at %s is made for %s, which is not judged there", x.fault.Name, x.endpoint.ID, made)
		case v.Outcome != report.Fail:
			t.Errorf("%s at %s is made to break %s, which came out as %s: %s; broken are %v", x.fault.Name, x.endpoint.ID, made, v.Outcome, v.Message, x.broken())
		default:
			brokenByItsOwn[made] = true
		}
	}
	for _, s := range suites.All() {
		for _, q := range s.Statements() {
			if q.Level != report.Info && !brokenByItsOwn[q.ID] {
				t.Errorf("no fault is made for %s: %s", q.ID, q.Text)
			}
			if q.Level == report.Info && brokenByItsOwn[q.ID] {
				t.Errorf("%s demands nothing and was broken", q.ID)
			}
		}
	}
	if *update {
		compareDocument(t, "faults-by-requirement.md", table(all, byWay(c)))
		return
	}
	compareTable(t, all, byWay(c), documented)
}

// waits reports whether the fault shows only when the time is up: nothing comes, or nothing that
// can be the answer, which may still be on its way.
func (x *trial) waits() bool {
	r := x.fault.Reason
	return strings.HasSuffix(r.Word(), "timeout") || strings.Contains(x.fault.Name, "silent_") || r == reason.ResolveMismatch || r == reason.ResolveMalformed
}

// breaks are the requirements that the document says are broken, by fault and place.
type breaks map[string][]string

func (x *trial) row() string {
	return "| `" + x.fault.Name + "` | " + x.endpoint.Product + " " + string(x.endpoint.Network)
}

// surplus lists what broke and is not documented.
func (x *trial) surplus(documented breaks) []string {
	return slices.DeleteFunc(x.broken(), func(id string) bool { return slices.Contains(documented[x.row()], id) })
}

// documentedBreaks reads the second table of the document.
func documentedBreaks(t *testing.T) breaks {
	t.Helper()
	rows := breaks{}
	for line := range strings.SplitSeq(document(t), "\n") {
		if cells := strings.Split(line, " | "); len(cells) == 4 {
			rows[cells[0]+" | "+cells[1]] = strings.Split(strings.TrimSuffix(cells[3], " |"), ", ")
		}
	}
	return rows
}

// document is empty when it is not yet there to be updated.
func document(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "faults-by-requirement.md"))
	if err != nil && !*update {
		t.Fatal(err)
	}
	return string(text)
}

// compareTable holds what broke against the document: no more than it says, and no less,
// except for what could not be decided in time.
func compareTable(t *testing.T, all, byWay []*trial, documented breaks) {
	t.Helper()
	head, _, _ := strings.Cut(string(table(all, byWay)), "\n## By fault")
	if !strings.HasPrefix(document(t), head) {
		t.Errorf("the first tables of docs/faults-by-requirement.md is not what the code says; run \"go test ./suites -update\"")
	}
	for _, x := range all {
		if _, listed := documented[x.row()]; !listed {
			t.Errorf("%s at %s is not in docs/faults-by-requirement.md; run \"go test ./suites -update\"", x.fault.Name, x.endpoint.Product)
			continue
		}
		for _, id := range x.surplus(documented) {
			t.Errorf("%s at %s broke %s, which docs/faults-by-requirement.md does not say: %s", x.fault.Name, x.endpoint.Product, id, x.verdicts[id].Message)
		}
		for _, id := range documented[x.row()] {
			if x.verdicts[id].Outcome == report.Pass {
				t.Errorf("%s at %s did not break %s, as docs/faults-by-requirement.md says", x.fault.Name, x.endpoint.Product, id)
			}
		}
	}
}

// table writes down which requirements each fault broke, and by which ways requirements are broken.
func table(all, byWay []*trial) []byte {
	var b bytes.Buffer
	fmt.Fprint(&b, `# Faults by requirement

Generated by a run of the sandbox with every fault on an endpoint of its own; `+"`go test ./suites -update`"+` writes it.
A test holds each run against it: every fault breaks the requirement that it is made for, every MUST and SHOULD is broken by a
fault that is made for it, and on clean endpoints and harmless variants everything passes. [requirements.md](requirements.md) says
what the requirements are, [faults.md](faults.md) what the faults do.

## By requirement

| requirement | level | broken by the faults made for it, whatever the way |
|---|---|---|
`)
	for _, s := range suites.All() {
		for _, q := range s.Statements() {
			var names []string
			for _, x := range all {
				if x.made() == q.ID {
					names = append(names, "`"+x.fault.Name+"`")
				}
			}
			if len(names) > 0 {
				fmt.Fprintf(&b, "| %s | %s | %s |\n", q.ID, q.Level, strings.Join(names, ", "))
			}
		}
	}
	writeWays(&b, byWay)
	fmt.Fprint(&b, `
## By fault

A fault often breaks more than it is made for: without a handshake there is no reply either. Those by one way are above. What could not be decided at such an
endpoint is not listed. Where texts alone are damaged, nothing is asked but what shows that.

| fault | at | made for | broke |
|---|---|---|---|
`)
	for _, x := range all {
		made := x.made()
		if made == "" {
			made = "–"
		}
		fmt.Fprintf(&b, "| `%s` | %s %s | %s | %s |\n", x.fault.Name, x.endpoint.Product, x.endpoint.Network, made, strings.Join(x.broken(), ", "))
	}
	return b.Bytes()
}

// compareDocument holds a generated document against the one in docs, or writes it.
func compareDocument(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "docs", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/%s is not what came out; run \"go test ./suites -update\" and look at the difference:\n%s", name, differing(string(want), string(got)))
	}
}

// differing lists the lines that only one of two documents has.
func differing(want, got string) string {
	var b strings.Builder
	old, now := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, line := range old {
		if !slices.Contains(now, line) {
			fmt.Fprintf(&b, "- %s\n", line)
		}
	}
	for _, line := range now {
		if !slices.Contains(old, line) {
			fmt.Fprintf(&b, "+ %s\n", line)
		}
	}
	return b.String()
}
