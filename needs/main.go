package needs

import (
	"flag"
	"os"
	"runtime/debug"
	"strconv"
	"testing"
)

// atOnce is how many tests run side by side that mostly wait.
const atOnce = 8

// Garbage is waited for up to so many percent of what is in use, or to so many bytes in all. A test leaves
// little in use and much garbage: whole lists, sandboxes and reports, which the next one makes anew. At the
// usual share collecting takes up to half of the processors' time.
const (
	roomy = 400
	room  = 3 << 29
)

// Waits is the TestMain of a package whose parallel tests wait for what stays away, or for their turn at
// a host, more than they compute: more of them run at once than there are processors. What -parallel says
// is kept. The rest is as with [Builds].
func Waits(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		if err := flag.Set("test.parallel", strconv.Itoa(atOnce)); err != nil {
			panic(err) // package testing has it
		}
	}
	Builds(m)
}

// Builds is the TestMain of a package whose tests build much that they soon throw away: garbage is collected
// less often. What GOGC and GOMEMLIMIT say is kept; benchmarks measure what users have; and where nothing is left out
// there is too much in use for that.
func Builds(m *testing.M) {
	flag.Parse()
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" && flag.Lookup("test.bench").Value.String() == "" && !All() {
		debug.SetGCPercent(roomy)
		debug.SetMemoryLimit(room)
	}
	os.Exit(m.Run())
}
