package catalog_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"prober"
	"prober/catalog"
)

func TestLine(t *testing.T) {
	text := strings.Split(string(prober.Endpoints()), "\n")
	for _, e := range embedded(t).Endpoints {
		n := embedded(t).Line(e.ID)
		if n == 0 || !strings.Contains(text[n-1], fmt.Sprintf("%q", e.ID)) {
			t.Errorf("%s is not on line %d", e.ID, n)
		}
	}
	// A record need not begin on a line of its own.
	file := bytes.ReplaceAll(read(t, "valid-full.json"), []byte(`{"id": "vault/south/vpc"`), []byte("\n\n{\n\"id\": \"vault/south/vpc\""))
	c, err := catalog.Decode("moved.json", file)
	if err != nil {
		t.Fatal(err)
	}
	if north, south := c.Line("vault/north/public"), c.Line("vault/south/vpc"); south != north+3 {
		t.Errorf("the endpoints begin on the lines %d and %d", north, south)
	}
	if c.Line("no/such/public") != 0 || c.WithPorts(nil).Line("vault/south/vpc") != 0 {
		t.Error("what is in no file has a line")
	}
}
