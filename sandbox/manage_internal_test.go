package sandbox

import (
	"encoding/json"
	"strings"
	"testing"
)

// A body in JSON names a fault once and says nothing else; any other is the name itself.
func TestReadFault(t *testing.T) {
	for _, tt := range []struct{ body, want, problem string }{
		{" nxdomain\n", "nxdomain", ""},
		{`{"fault": "nxdomain"}`, "nxdomain", ""},
		{`{"fault": ""}`, "", ""},
		{`{}`, "", "fault: missing"},
		{" ", "", "it is empty"},
		{`{"fault": null}`, "", "fault: null is no value"},
		{`{"fault": "a", "fault": "b"}`, "", "fault: given twice"},
		{`{"Fault": "a"}`, "", `unknown field "Fault"`},
		{`{"fault": "a"} b`, "", "after top-level value"},
		{`{"fault": 1}`, "", "cannot unmarshal number"},
	} {
		got, err := readFault(strings.NewReader(tt.body))
		if problem := ""; err != nil {
			problem = err.Error()
			if tt.problem == "" || !strings.Contains(problem, tt.problem) {
				t.Errorf("%s: %v, want %q", tt.body, err, tt.problem)
			}
		} else if got != tt.want || tt.problem != "" {
			t.Errorf("%s: %q, want %q and %q", tt.body, got, tt.want, tt.problem)
		}
	}
}

func FuzzReadFault(f *testing.F) {
	for _, seed := range []string{"nxdomain", `{"fault":"nxdomain"}`, ` {"fault":"a","fault":"b"}`, `{"fault":null}`, "{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		name, err := readFault(strings.NewReader(body))
		if err != nil {
			return
		}
		text := strings.TrimSpace(body)
		if !strings.HasPrefix(text, "{") {
			if name != text {
				t.Fatalf("%q is read as %q", body, name)
			}
			return
		}
		var plain map[string]string
		if err := json.Unmarshal([]byte(text), &plain); err != nil || plain["fault"] != name || len(plain) > 1 {
			t.Fatalf("%q is read as %q (%v)", body, name, err)
		}
	})
}
