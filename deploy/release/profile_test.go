package release

import (
	"compress/gzip"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The profile that releases are built with is of this program, small, and says nothing of the machine it was made on.
func TestProfile(t *testing.T) {
	f, err := os.Open("cpu.pprof")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err != nil || info.Size() > 100_000 {
		t.Errorf("%v: it is larger than 100 kB", err)
	}
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range []string{"prober/probe.", "prober/probe/dns.", "prober/monitor."} {
		if !strings.Contains(string(text), function) {
			t.Errorf("there is no %s in it", function)
		}
	}
	if path := regexp.MustCompile(`/(tmp|root|home|Users|usr)/[\w./-]*`).Find(text); path != nil {
		t.Errorf("it names %s: build what is profiled with -trimpath, and clear the file of each mapping", path)
	}
	if build := get(t, "build"); !strings.Contains(build, "PROBER_PROFILE=deploy/release/cpu.pprof\n") || !strings.Contains(get(t, "goreleaser.yaml"), "-pgo={{ .Env.PROBER_PROFILE }}") {
		t.Error("nothing is built with it")
	}
}
