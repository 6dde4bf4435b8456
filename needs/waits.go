package needs

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// atOnce is how many tests run side by side that mostly wait.
const atOnce = 8

// Waits is the TestMain of a package whose parallel tests wait for what stays away, or for their turn at
// a host, more than they compute: more of them run at once than there are processors. What -parallel says
// is kept.
func Waits(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		if err := flag.Set("test.parallel", strconv.Itoa(atOnce)); err != nil {
			panic(err) // package testing has it
		}
	}
	os.Exit(m.Run())
}
