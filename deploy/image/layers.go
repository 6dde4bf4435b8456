package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"prober/deploy/image/sbom"
)

// node is a file or, with a slash at the end of its name, a folder.
type node struct {
	mode  int64
	owner int
	text  []byte
}

// tree is what a layer holds, by names without a slash in front. Folders above what it holds follow.
type tree map[string]node

// ground is the layer that changes seldom, and is the same on each platform.
func (of made) ground(string) (mutate.Addendum, error) {
	authorities, err := os.ReadFile(of.authorities)
	if err != nil {
		return mutate.Addendum{}, fmt.Errorf("-authorities: %w; Debian has them in the package ca-certificates", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(authorities) {
		return mutate.Addendum{}, fmt.Errorf("-authorities %s: there is no certificate in it", of.authorities)
	}
	t := tree{
		"etc/ssl/certs/ca-certificates.crt":      {mode: 0o644, text: authorities},
		"etc/passwd":                             {mode: 0o644, text: fmt.Appendf(nil, "root:x:0:0:root:/:/nonexistent\nprober:x:%[1]d:%[1]d:prober:%s:/nonexistent\n", nobody, statePath)},
		"etc/group":                              {mode: 0o644, text: fmt.Appendf(nil, "root:x:0:\nprober:x:%d:\n", nobody)},
		strings.TrimPrefix(statePath, "/") + "/": {mode: 0o750, owner: nobody},
	}
	if err := t.zones(of.zones); err != nil {
		return mutate.Addendum{}, err
	}
	return t.layer(of.created, "authorities, time zones and a user")
}

// upper is the layer with the program.
func (of made) upper(program string) (mutate.Addendum, error) {
	text, err := os.ReadFile(program) //nolint:gosec // what the caller named
	if err != nil {
		return mutate.Addendum{}, err
	}
	parts, err := sbom.Of(program, of.version)
	if err != nil {
		return mutate.Addendum{}, err
	}
	license, err := os.ReadFile(of.license)
	if err != nil {
		return mutate.Addendum{}, fmt.Errorf("-license: %w", err)
	}
	thirdParty, err := os.ReadFile(of.thirdParty)
	if err != nil {
		return mutate.Addendum{}, fmt.Errorf("-third-party: %w", err)
	}
	return tree{
		strings.TrimPrefix(programPath, "/"):   {mode: 0o755, text: text},
		"usr/share/doc/prober/LICENSE":         {mode: 0o644, text: license},
		"usr/share/doc/prober/THIRD-PARTY.txt": {mode: 0o644, text: thirdParty},
		"usr/share/doc/prober/sbom.cdx.json":   {mode: 0o644, text: parts},
	}.layer(of.created, "prober "+of.version)
}

// zones adds the time zones of an archive.
func (t tree) zones(archive string) error {
	r, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("the time zones of Go: %w", err)
	}
	defer func() { _ = r.Close() }()
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		zone, err := f.Open()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(zone)
		if err != nil {
			return fmt.Errorf("time zone %s: %w", f.Name, err)
		}
		t["usr/share/zoneinfo/"+f.Name] = node{mode: 0o644, text: text}
	}
	return nil
}

// layer is the tree as a layer of an image, in the order of its names and with one date.
func (t tree) layer(date time.Time, comment string) (mutate.Addendum, error) {
	for name := range t {
		for dir := path.Dir(strings.TrimSuffix(name, "/")); dir != "."; dir = path.Dir(dir) {
			if _, there := t[dir+"/"]; !there {
				t[dir+"/"] = node{mode: 0o755}
			}
		}
	}
	names := make([]string, 0, len(t))
	for name := range t {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		n := t[name]
		h := &tar.Header{Name: name, Mode: n.mode, Uid: n.owner, Gid: n.owner, ModTime: date, Size: int64(len(n.text)), Typeflag: tar.TypeReg, Format: tar.FormatPAX}
		if strings.HasSuffix(name, "/") {
			h.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(h); err != nil {
			return mutate.Addendum{}, err
		}
		if _, err := w.Write(n.text); err != nil {
			return mutate.Addendum{}, err
		}
	}
	if err := w.Close(); err != nil {
		return mutate.Addendum{}, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }, tarball.WithMediaType(types.OCILayer))
	return mutate.Addendum{Layer: layer, MediaType: types.OCILayer, History: v1.History{Created: v1.Time{Time: date}, CreatedBy: "deploy/image", Comment: comment}}, err
}
