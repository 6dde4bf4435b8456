package sbom

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// The test is a program itself.
func TestOf(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := Of(self, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Of(self, "1.2.3"); err != nil || !bytes.Equal(text, again) {
		t.Errorf("a second time it is another one (%v)", err)
	}
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	if bom.SpecVersion != cdx.SpecVersion1_6 || bom.Metadata.Component.Name != "prober" || bom.Metadata.Component.Version != "1.2.3" || bom.SerialNumber != "" {
		t.Errorf("%s", text)
	}
	info, err := buildinfo.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, c := range *bom.Components {
		found[c.PackageURL] = c.Version
	}
	wanted := map[string]string{"pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"): ""}
	for _, d := range info.Deps {
		wanted["pkg:golang/"+d.Path+"@"+d.Version] = d.Version
	}
	for url := range wanted {
		if found[url] == "" {
			t.Errorf("%s is missing", url)
		}
	}
	if len(found) != len(wanted) || len(*(*bom.Dependencies)[0].Dependencies) != len(wanted) {
		t.Errorf("%d parts, want %d", len(found), len(wanted))
	}
}

// A part that the build replaced is the one that is in the program.
func TestReplaced(t *testing.T) {
	var info buildinfo.BuildInfo
	if err := json.Unmarshal([]byte(`{"GoVersion": "go1.26.8", "Deps": [{"Path": "example.com/a", "Version": "v1.0.0", "Replace": {"Path": "example.com/b", "Version": "v2.0.0", "Sum": "h1:x"}}]}`), &info); err != nil {
		t.Fatal(err)
	}
	parts := *list(&info, "1").Components
	if len(parts) != 2 || parts[0].PackageURL != "pkg:golang/example.com/b@v2.0.0" || (*parts[0].Properties)[0].Value != "h1:x" {
		t.Errorf("%+v", parts)
	}
}

func TestNoProgram(t *testing.T) {
	if _, err := Of("sbom.go", "1"); err == nil || !strings.Contains(err.Error(), "what sbom.go was built from") {
		t.Error(err)
	}
}
