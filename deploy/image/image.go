package main

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// made is what an image is made of, besides the programs.
type made struct {
	version, revision string
	created           time.Time // of the commit: everything in the image has this date
	source            string    // where the repository is; empty where that is not known
	authorities       string    // file of certificates in PEM
	zones             string    // archive of time zones
	license           string
	thirdParty        string // file with the licences of what the program is linked with
}

// Where things are in an image.
const (
	programPath = "/usr/bin/prober"
	statePath   = "/var/lib/prober"
	// nobody is the user, by number, so that Kubernetes can see that it is not root; images without a
	// distribution have agreed on this one.
	nobody = 65532
	port   = "9115"
)

// write makes the layout in a folder that must not be there yet, and returns the digest of its index.
func (of made) write(dir string, programs []string) (v1.Hash, error) {
	if _, err := os.Stat(dir); err == nil {
		return v1.Hash{}, fmt.Errorf("-out %s is there already", dir)
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	seen := map[string]string{}
	for _, program := range programs {
		platform, err := platformOf(program)
		if err != nil {
			return v1.Hash{}, err
		}
		if other, twice := seen[platform.String()]; twice {
			return v1.Hash{}, fmt.Errorf("%s and %s are both for %s", other, program, platform)
		}
		seen[platform.String()] = program
		image, err := of.image(program, platform)
		if err != nil {
			return v1.Hash{}, err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &platform}})
	}
	index, _ = mutate.Annotations(index, of.labels()).(v1.ImageIndex)
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return v1.Hash{}, err
	}
	if err := path.AppendIndex(index, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": "prober:" + of.version})); err != nil {
		return v1.Hash{}, err
	}
	return index.Digest()
}

// platformOf is what a program runs on. Only a static one runs where there is nothing else.
func platformOf(program string) (v1.Platform, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return v1.Platform{}, fmt.Errorf("what %s was built for: %w", program, err)
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if set["GOOS"] != "linux" {
		return v1.Platform{}, fmt.Errorf("%s is for %s: an image takes programs for linux", program, set["GOOS"])
	}
	if set["CGO_ENABLED"] != "0" {
		return v1.Platform{}, fmt.Errorf("%s needs libraries that the image does not have: build it with CGO_ENABLED=0", program)
	}
	return v1.Platform{OS: "linux", Architecture: set["GOARCH"]}, nil
}

// image is that of one platform.
func (of made) image(program string, platform v1.Platform) (v1.Image, error) {
	image := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	image = mutate.ConfigMediaType(image, types.OCIConfigJSON)
	for _, made := range []func(string) (mutate.Addendum, error){of.ground, of.upper} {
		layer, err := made(program)
		if err != nil {
			return nil, err
		}
		if image, err = mutate.Append(image, layer); err != nil {
			return nil, err
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = platform.OS, platform.Architecture
	config.Created = v1.Time{Time: of.created}
	config.Config = v1.Config{
		User:       fmt.Sprintf("%d:%d", nobody, nobody),
		Entrypoint: []string{programPath},
		// On its own a container is to be seen from outside it, and to keep what it knows in its volume.
		Cmd:          []string{"serve", "--web.listen-address=:" + port, "--state-dir=" + statePath},
		ExposedPorts: map[string]struct{}{port + "/tcp": {}},
		Volumes:      map[string]struct{}{statePath: {}},
		WorkingDir:   statePath,
		StopSignal:   "SIGTERM",
		Labels:       of.labels(),
		// Engines that know no such check ignore it.
		Healthcheck: &v1.HealthConfig{
			Test:     []string{"CMD", programPath, "health", "http://127.0.0.1:" + port + "/-/healthy"},
			Interval: 30 * time.Second, Timeout: 5 * time.Second, StartPeriod: 10 * time.Second, Retries: 3,
		},
	}
	if image, err = mutate.ConfigFile(image, config); err != nil {
		return nil, err
	}
	annotated, _ := mutate.Annotations(image, of.labels()).(v1.Image)
	return annotated, nil
}

// labels are those that the OCI names, as far as there is something to say.
func (of made) labels() map[string]string {
	const prefix = "org.opencontainers.image."
	all := map[string]string{
		prefix + "title":       "prober",
		prefix + "description": "Probes API endpoints and tells what is broken, whose fault it is, and how to see it",
		prefix + "version":     of.version,
		prefix + "created":     of.created.Format(time.RFC3339),
		prefix + "licenses":    "Apache-2.0",
	}
	if of.revision != "" {
		all[prefix+"revision"] = of.revision
	}
	if of.source != "" {
		all[prefix+"source"] = of.source
	}
	return all
}
