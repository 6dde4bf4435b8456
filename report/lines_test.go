package report_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"prober/report"
)

func TestEndpointLines(t *testing.T) {
	file, err := os.ReadFile("../endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := report.EndpointLines("endpoints.json", file)
	if err != nil || len(lines) != 85 {
		t.Fatalf("%d lines (%v)", len(lines), err)
	}
	text := strings.Split(string(file), "\n")
	for id, n := range lines {
		if !strings.Contains(text[n-1], fmt.Sprintf("%q", id)) {
			t.Errorf("%s is not on line %d: %s", id, n, text[n-1])
		}
	}
	lines, err = report.EndpointLines("x", []byte("{\n\"regions\": [{\"id\": \"r\"}], \"endpoints\"\n: [\n {\"id\":\n\"a\"}\n\n,\n{\"id\": \"b\"}, {\"id\": \"c\"}]\n}"))
	if fmt.Sprint(lines) != "map[a:4 b:8 c:8]" || err != nil {
		t.Errorf("got %v (%v)", lines, err)
	}
	for text, want := range map[string]string{
		"":                           `reading "x": EOF`,
		`{"endpoints": [`:            `reading the endpoints of "x": `,
		`{"endpoints": [3]}`:         `reading the endpoints of "x": json: cannot unmarshal number`,
		`{"endpoints": ["{"]}`:       `reading the endpoints of "x": json: cannot unmarshal string`,
		`{"regions": `:               `reading "x": `,
		`{"endpoints": [{"id": 3}]}`: "cannot unmarshal number",
		`[]`:                         `reading "x": [ where a { belongs`,
		`{"endpoints": 3}`:           `reading the endpoints of "x": 3 where a [ belongs`,
		`{"endpoints": []`:           `reading "x": `,
		`{3: 4}`:                     `reading "x": `,
	} {
		if _, err := report.EndpointLines("x", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func FuzzEndpointLines(f *testing.F) {
	f.Add([]byte("{\"endpoints\": [\n{\"id\": \"a\"},\n{\"id\": \"b\"}]}"))
	f.Add([]byte(`{"endpoints": {"a": {}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := report.EndpointLines("fuzz", data)
		for id, n := range lines {
			if err == nil && (n < 1 || n > 1+bytes.Count(data, []byte("\n"))) {
				t.Errorf("%q on line %d", id, n)
			}
		}
	})
}
