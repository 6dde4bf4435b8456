package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"prober/doctor"
)

func TestDoctor(t *testing.T) {
	docs, err := os.ReadFile("../../docs/doctor.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args []string
		code int
		want []string // check and result
	}{
		"well":                {nil, 0, []string{"resolver ok", "control ok", "network ok", "family ok", "clock ok", "guard ok", "authorities ok", "files ok"}},
		"a broken resolver":   {[]string{"--fault", "*=resolver_unavailable_servfail"}, 1, []string{"resolver wrong", "network unknown", "clock unknown"}},
		"one address for all": {[]string{"--fault", "*=resolver_unavailable_one_address", "--timeout", "300ms"}, 1, []string{"resolver wrong"}},
		"a broken network":    {[]string{"--fault", "*=vantage_offline_reset"}, 1, []string{"resolver ok", "control wrong", "network wrong", "clock unknown"}},
		"a portal":            {[]string{"--fault", "*=vantage_offline_portal"}, 1, []string{"network wrong"}},
		"wrong usage":         {[]string{"x"}, 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := runApp(t, nil, append([]string{"doctor", "--sandbox", "--region", "cn-hangzhou", "--region", "nearest", "--output", "json"}, tt.args...)...)
			if got.code != tt.code {
				t.Errorf("exit code %d, want %d: %s", got.code, tt.code, got.stderr)
			}
			var found []doctor.Finding
			if err := json.Unmarshal([]byte(got.stdout), &found); err != nil && tt.want != nil {
				t.Fatalf("%v in %s", err, got.stdout)
			}
			var said strings.Builder
			for _, f := range found {
				if !strings.Contains(string(docs), "\n| `"+f.Check+"` |") || !strings.Contains(string(docs), "\n| `"+string(f.Result)+"` |") {
					t.Errorf("docs/doctor.md lacks %q or %q", f.Check, f.Result)
				}
				said.WriteString(f.Check + " " + string(f.Result) + "\n")
			}
			for _, want := range tt.want {
				if !strings.Contains(said.String(), want+"\n") {
					t.Errorf("not %q, but\n%s", want, said.String())
				}
			}
		})
	}
	out := runApp(t, nil, "doctor", "--sandbox", "--region", "cn-hangzhou", "--fault", "*=resolver_unavailable_refused").stdout
	if !strings.HasPrefix(out, "CHECK ") || !strings.Contains(out, " -> use another one") || strings.Contains(out, "\n ") {
		t.Errorf("the table does not say what to do:\n%s", out)
	}
}
