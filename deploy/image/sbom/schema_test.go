package sbom

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// validator holds a list against the schema of CycloneDX, which the library brings along with what that refers to.
const validator = `
import json, sys, warnings
warnings.simplefilter("ignore")
import jsonschema
read = lambda name: json.load(open(sys.argv[1] + "/schema/" + name))
schema = read("bom-1.6.schema.json")
store = {"http://cyclonedx.org/schema/spdx.schema.json": read("spdx.schema.json"), "http://cyclonedx.org/schema/jsf-0.82.schema.json": read("jsf-0.82.schemax.json")}
of = jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver.from_schema(schema, store=store))
wrong = [e.message for e in of.iter_errors(json.load(open(sys.argv[2])))]
sys.exit("; ".join(wrong)[:1000] if wrong else 0)
`

func TestSchema(t *testing.T) {
	python := needs.Program(t, "python3")
	if exec.Command(python, "-c", "import jsonschema").Run() != nil {
		needs.Missing(t, "needs Python's jsonschema")
	}
	library, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := Of(self, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"as it is": {string(text), true}, "without what it needs": {strings.Replace(string(text), `"specVersion"`, `"specversion"`, 1), false},
		"another type": {strings.Replace(string(text), `"application"`, `"program"`, 1), false},
	} {
		file := filepath.Join(t.TempDir(), "list.json")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(python, "-c", validator, strings.TrimSpace(string(library)), file).CombinedOutput(); (err == nil) != c.ok { //nolint:gosec // the test's own
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}
