package catalog_test

import (
	"testing"

	"prober/catalog"
)

// What people take along from other notations is told with what JSON has.
func TestRemedyOfJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"endpoints": ["https://a.example",]}`:        "l.json:1:36: invalid character ']' looking for beginning of value; leave out the comma before it",
		"{\"endpoints\": [\"https://a.example\"] // x": "l.json:1:37: invalid character '/' after object key:value pair; JSON has no comments: leave it out, or let the name of the file end in .yaml",
		`{'endpoints': []}`:                            `l.json:1:2: invalid character '\'' looking for beginning of object key string; texts stand in "..."`,
	} {
		if _, err := catalog.DecodeList("l.json", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}
