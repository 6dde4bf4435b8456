package importlist

import (
	"fmt"
	"strings"
	"testing"
)

// What blackbox_exporter takes from an anchor, the list has as well; what stands in the module itself is on
// top of it.
func TestAliases(t *testing.T) {
	const config = `
x: &codes [401]
modules:
  a: &a
    prober: http
    timeout: 15s
    http: &http {valid_status_codes: [204], method: HEAD}
  b:
    <<: *a
    timeout: 3s
    http: {<<: *http, valid_status_codes: *codes}
  c: *a
  d: {prober: http, http: *http}
  e: {<<: [{timeout: 1s}, *a]}
`
	const targets = `
- {targets: &t [a.example.com], labels: {module: a}}
- {targets: *t, labels: {module: b}}
- {targets: *t, labels: {module: c}}
- {targets: *t, labels: {module: d}}
- {targets: *t, labels: {module: e}}
`
	list, notes, err := Blackbox(Source{"blackbox.yml", []byte(config)}, &Source{"targets.yml", []byte(targets)})
	if err != nil {
		t.Fatal(err)
	}
	if len(notes) != 1 || notes[0].Field != "x" {
		t.Errorf("told is %v", notes)
	}
	const want = `products:
  - id: a
    timeout: "15s"
    check: {request: {method: HEAD}, expect: {status: 204}, redirects: 10}
  - id: b
    timeout: "3s"
    check: {request: {method: HEAD}, expect: {status: 401}, redirects: 10}
  - id: c
    timeout: "15s"
    check: {request: {method: HEAD}, expect: {status: 204}, redirects: 10}
  - id: d
    check: {request: {method: HEAD}, expect: {status: 204}, redirects: 10}
  - id: e
    timeout: "1s"
    check: {request: {method: HEAD}, expect: {status: 204}, redirects: 10}
`
	if !strings.Contains(list, want) || strings.Count(list, "http://a.example.com") != 5 {
		t.Errorf("the list is\n%s", list)
	}
}

// Aliases that have no end, or stand for more than any file holds, are refused with their line.
func TestAliasesRefused(t *testing.T) {
	many := "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 8 {
		many += fmt.Sprintf("l%d: &l%d [%s*l%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*l%d, ", i), 9), i)
	}
	for _, c := range []struct{ config, want string }{
		{"modules: &m\n  a: *m", "blackbox.yml:2: *m: an alias stands inside what it stands for"},
		{"modules:\n  a: &a {<<: *a}", "blackbox.yml:2: *a: an alias stands inside what it stands for"},
		{"modules:\n  a: {<<: http}", "blackbox.yml:2: << wants a mapping, or a list of them"},
		{"modules:\n  a: {<<: [1]}", "blackbox.yml:2: << wants a mapping, or a list of them"},
		{many + "modules: {}", "blackbox.yml:1: with its aliases the file has more than 500000 values; write it with fewer"},
	} {
		if _, _, err := Blackbox(Source{"blackbox.yml", []byte(c.config)}, nil); err == nil || err.Error() != c.want {
			t.Errorf("%.60s\n got %v\nwant %s", c.config, err, c.want)
		}
	}
}
