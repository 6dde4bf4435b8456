package catalog_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"prober/catalog"
)

func TestEndpointLines(t *testing.T) {
	file, err := os.ReadFile("../endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	lines := catalog.EndpointLines(file)
	if len(lines) != 85 {
		t.Errorf("%d lines", len(lines))
	}
	text := strings.Split(string(file), "\n")
	for id, n := range lines {
		if !strings.Contains(text[n-1], fmt.Sprintf("%q", id)) {
			t.Errorf("%s is not on line %d: %s", id, n, text[n-1])
		}
	}
	for text, want := range map[string]string{
		"{\n\"regions\": [{\"id\": \"r\"}], \"endpoints\"\n: [\n {\"id\":\n\"a\"}\n\n,\n{\"id\": \"b\"}, {\"id\": \"c\"}]\n}": "map[a:4 b:8 c:8]",
		"": "map[]", "[]": "map[]", "{}": "map[]", `{"endpoints": 3}`: "map[]", `{"endpoints": [`: "map[]",
		`{"endpoints": [3, {}, {"id": 4}, ["id"], {"id": "a"}]}`: "map[a:1]",
	} {
		if got := fmt.Sprint(catalog.EndpointLines([]byte(text))); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
