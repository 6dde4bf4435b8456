package monitor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/history"
	"prober/limit"
	"prober/needs"
	"prober/probe/reason"
)

// TestOpenAPIDocs keeps the copy for readers.
func TestOpenAPIDocs(t *testing.T) {
	path := filepath.Join("..", "docs", "openapi.json")
	if *update {
		if err := os.WriteFile(path, openAPI, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, openAPI) {
		t.Errorf("%s is no copy of openapi.json (run with -update): %v", path, err)
	}
}

// The description is one by the rules of OpenAPI, as a validator that is not ours says.
func TestOpenAPIDocument(t *testing.T) {
	needs.Patience(t, "installs a validator")
	node, dir := needs.Program(t, "node"), t.TempDir()
	needs.Packages(t, "openapitest", dir)
	validator := filepath.Join(dir, "node_modules", "@seriousme", "openapi-schema-validator", "bin", "validate-api-cli.js")
	judge := func(text []byte) (string, bool) {
		file := filepath.Join(dir, "judged.json")
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), node, validator, file).CombinedOutput()
		return string(out), err == nil && strings.Contains(string(out), `"valid": true`)
	}
	if said, valid := judge(openAPI); !valid {
		t.Error(said)
	}
	if said, valid := judge(bytes.Replace(openAPI, []byte(`"in": "path"`), []byte(`"in": "nowhere"`), 1)); valid {
		t.Errorf("a spoiled one is taken for a good one: %s", said)
	}
}

// The description knows every word of the closed lists that a list of endpoints is written in.
func TestOpenAPIKnowsEveryWord(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	words := map[string][]string{}
	for _, s := range catalog.Schemes() {
		words["scheme"] = append(words["scheme"], string(s))
	}
	for _, k := range catalog.Kinds() {
		if s := k.Scheme(); s != "" {
			words["scheme"] = append(words["scheme"], string(s))
		}
	}
	for _, n := range catalog.Networks() {
		words["network"] = append(words["network"], string(n))
	}
	for _, l := range catalog.Lifecycles() {
		words["lifecycle"] = append(words["lifecycle"], string(l))
	}
	for property, want := range words {
		if got := doc.Components.Schemas["Endpoint"].Properties[property].Enum; !slices.Equal(got, want) {
			t.Errorf("%s is one of %v, want %v", property, got, want)
		}
	}
}

// The description says the bounds of what is answered.
func TestOpenAPISaysTheBounds(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ MaxItems int }
			}
		}
		Paths map[string]struct {
			Get struct {
				Parameters []struct {
					Name   string
					Schema struct{ Maximum int }
				}
			}
		}
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	of := func(schema, property string) int { return doc.Components.Schemas[schema].Properties[property].MaxItems }
	page := doc.Paths["/api/v1/incidents"].Get.Parameters[3]
	for what, x := range map[string][2]int{
		"strip": {of("History", "strip"), limit.WebCells}, "series": {of("History", "series"), limit.WebSteps},
		"changes": {of("History", "changes"), limit.HistoryChanges}, "incidents": {of("IncidentList", "incidents"), limit.WebIncidents},
		page.Name: {page.Schema.Maximum, limit.WebIncidents},
	} {
		if x[0] != x[1] {
			t.Errorf("%s: the description says %d, the limit is %d", what, x[0], x[1])
		}
	}
}

// apiAnswer is an answer to a request, as testdata/openapi.py reads it.
type apiAnswer struct {
	Path   string `json:"path"` // as the description has it
	Status int    `json:"status"`
	Type   string `json:"type"`
	Body   string `json:"body"`

	asked string
}

// apiAnswers asks m for everything that the description names, in all its forms.
func apiAnswers(t *testing.T, m *Monitor) []apiAnswer {
	t.Helper()
	var all []apiAnswer
	handler := m.Handler(nil)
	ask := func(path, request string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", request, nil))
		all = append(all, apiAnswer{path, w.Code, w.Header().Get("Content-Type"), w.Body.String(), request})
	}
	ask("/api/v1/endpoints", "/api/v1/endpoints")
	for _, s := range m.Statuses() {
		ask("/api/v1/endpoints/{id}", "/api/v1/endpoints/"+s.ID)
		ask("/api/v1/endpoints/{id}", "/api/v1/endpoints/"+strings.ReplaceAll(s.ID, "/", "%2F"))
		for _, x := range []string{"24h", "7d", "30d", "90d"} {
			ask("/api/v1/history/{id}", "/api/v1/history/"+s.ID+"?span="+x)
		}
		ask("/api/v1/incidents", "/api/v1/incidents?limit=1&endpoint="+s.ID)
	}
	ask("/api/v1/endpoints/{id}", "/api/v1/endpoints/nowhere")
	ask("/api/v1/history/{id}", "/api/v1/history/nowhere")
	ask("/api/v1/history/{id}", "/api/v1/history/"+m.Statuses()[0].ID+"?span=1h")
	ask("/api/v1/incidents", "/api/v1/incidents")
	ask("/api/v1/incidents", "/api/v1/incidents?open=true")
	ask("/api/v1/incidents", "/api/v1/incidents?before=0")
	incidents, _ := m.remembered.Incidents(history.Query{})
	for _, i := range incidents {
		ask("/api/v1/incidents/{incident}", fmt.Sprintf("/api/v1/incidents/%d", i.ID))
	}
	ask("/api/v1/incidents/{incident}", "/api/v1/incidents/1")
	ask("/api/v1/prober", "/api/v1/prober")
	ask("/api/v1/openapi.json", "/api/v1/openapi.json")
	return all
}

// Every answer is as the description says, whatever became of the endpoints. The schema library is
// Python's jsonschema, which is not ours.
func TestAPIKeepsItsDescription(t *testing.T) {
	needs.Patience(t, "takes seconds of Python")
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} { // the module is often the system's alone
		if python == "" && exec.Command(name, "-c", "from jsonschema import Draft202012Validator").Run() == nil {
			python = name
		}
	}
	if python == "" {
		t.Fatal("needs python3 with the module jsonschema")
	}
	long, _ := lived(t, nil)
	all := slices.Concat(apiAnswers(t, scene(t, nil)), apiAnswers(t, long), apiAnswers(t, doubting(t)))
	described := map[string]bool{}
	for _, a := range all {
		described[a.Path] = described[a.Path] || a.Status == 200
	}
	var doc struct{ Paths map[string]any }
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	for path := range doc.Paths {
		if !described[path] {
			t.Errorf("nothing was asked of %s", path)
		}
	}
	// What is not as described has to be found.
	spoiled := []apiAnswer{all[0], all[1], all[1], all[1]}
	spoiled[0].Body = strings.Replace(all[0].Body, `"outcome":"ok"`, `"outcome":"fine"`, 1)
	spoiled[1].Body = strings.Replace(all[1].Body, `"probed":`, `"unheard_of":1,"probed":`, 1)
	spoiled[2].Body = strings.Replace(all[1].Body, `"probed":true,`, ``, 1)
	spoiled[3].Status = 418
	for i, problem := range judged(t, python, append(slices.Clone(all), spoiled...)) {
		switch {
		case i < len(all) && problem != "":
			t.Errorf("%s: %s", all[i].asked, problem)
		case i >= len(all) && problem == "":
			t.Errorf("the spoiled answer %d is taken for a good one", i-len(all))
		}
	}
}

// judged asks Python what is wrong with answers.
func judged(t *testing.T, python string, answers []apiAnswer) []string {
	t.Helper()
	text, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "answers.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(python, filepath.Join("testdata", "openapi.py"), "openapi.json", file)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.Bytes())
	}
	var problems []string
	if err := json.Unmarshal(out, &problems); err != nil || len(problems) != len(answers) {
		t.Fatalf("%d verdicts on %d answers: %v", len(problems), len(answers), err)
	}
	return problems
}

// doubting is a Monitor that has a failure to confirm, an endpoint that fails now and then, and one of each scheme.
func doubting(t *testing.T) *Monitor {
	t.Helper()
	list := targets(6)
	list[1].Scheme, list[3].Scheme, list[4].Scheme, list[5].Scheme = catalog.HTTP, catalog.SchemeTLS, catalog.SchemeTCP, catalog.SchemeDNS
	m, c := monitorOf(t, list, func(c *Config) { c.Confirm = true })
	for range intermittentTimes {
		feed(t, m, badObservation(list[2], c.Now(), reason.ConnectTimeout))
		c.Advance(time.Minute)
		feed(t, m, okObservation(list[2], c.Now()))
		c.Advance(time.Minute)
	}
	feed(t, m, okObservation(list[0], c.Now()))
	plainHTTP := okObservation(list[1], c.Now())
	plainHTTP.Addresses[0].TLS = nil
	feed(t, m, plainHTTP)
	c.Advance(time.Minute)
	feed(t, m, badObservation(list[0], c.Now(), reason.ConnectTimeout))
	plainHTTP.Started = c.Now()
	feed(t, m, plainHTTP)
	if s, _ := m.Status(list[0].Endpoint.ID); s.Confirming == nil {
		t.Fatal("nothing is being confirmed")
	}
	if s, _ := m.Status(list[2].Endpoint.ID); s.Intermittent == nil || s.Outcome != reason.OK {
		t.Fatal("nothing fails now and then")
	}
	return m
}
