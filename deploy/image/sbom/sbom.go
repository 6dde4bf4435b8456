// Package sbom lists what a program is made of, from what Go writes into every program: its modules with
// their versions and sums, and the standard library. Nothing is guessed and nothing is asked for. The form
// is CycloneDX, which scanners read; the same program makes the same bytes.
package sbom

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// Of is the list of a program's parts, as JSON. The version is that of the release: the program knows it
// itself, but not where this can be read.
func Of(program, version string) ([]byte, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, fmt.Errorf("what %s was built from: %w", program, err)
	}
	var b bytes.Buffer
	enc := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true)
	if err := enc.EncodeVersion(list(info, version), cdx.SpecVersion1_6); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func list(info *buildinfo.BuildInfo, version string) *cdx.BOM {
	bom := cdx.NewBOM()
	main := cdx.Component{Type: cdx.ComponentTypeApplication, BOMRef: "prober", Name: "prober", Version: version, Properties: settings(info)}
	bom.Metadata = &cdx.Metadata{Component: &main}
	parts := []cdx.Component{part("std", strings.TrimPrefix(info.GoVersion, "go"), "")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, part(m.Path, m.Version, m.Sum))
	}
	slices.SortFunc(parts, func(a, b cdx.Component) int { return strings.Compare(a.BOMRef, b.BOMRef) })
	bom.Components = &parts
	refs := make([]string, len(parts))
	for i, p := range parts {
		refs[i] = p.BOMRef
	}
	// What depends on what within them is not in the program: all that is known is that it has them.
	bom.Dependencies = &[]cdx.Dependency{{Ref: main.BOMRef, Dependencies: &refs}}
	return bom
}

// part is one module. Its sum is that of go.sum, which is not a sum of one file.
func part(path, version, sum string) cdx.Component {
	url := "pkg:golang/" + path + "@" + version
	c := cdx.Component{Type: cdx.ComponentTypeLibrary, BOMRef: url, Name: path, Version: version, PackageURL: url}
	if sum != "" {
		c.Properties = &[]cdx.Property{{Name: "go.sum", Value: sum}}
	}
	return c
}

// settings are those of the build that say which program this is.
func settings(info *debug.BuildInfo) *[]cdx.Property {
	var all []cdx.Property
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "CGO_ENABLED", "-trimpath", "-pgo", "vcs.revision":
			all = append(all, cdx.Property{Name: "go.build." + s.Key, Value: s.Value})
		}
	}
	return &all
}
