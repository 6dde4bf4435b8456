package disk_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/needs"
	"prober/probe/reason"
)

// writerDir says that this process is the one that is to be killed.
const writerDir = "PROBER_TEST_HISTORY_WRITER"

// A process that is killed at any moment leaves a file that opens, and has all that was written by
// then: with one writing a second, that is all but the last second.
func TestKilledProcessLosesNothingThatWasWritten(t *testing.T) {
	if dir := os.Getenv(writerDir); dir != "" {
		writeForEver(dir)
	}
	times := 3
	if needs.All() {
		times = 100
	}
	dir := t.TempDir()
	dice := rand.New(rand.NewPCG(3, 4))
	recorded := uint64(0)
	for i := range times {
		written := recorded
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), writerDir+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		// It is killed after some lines: at any moment of a writing.
		lines := bufio.NewScanner(out)
		for left := 1 + dice.IntN(40); left > 0 && lines.Scan(); left-- {
			if written, err = strconv.ParseUint(strings.TrimSpace(lines.Text()), 10, 64); err != nil {
				t.Fatalf("run %d: it says %q", i, lines.Text())
			}
		}
		spin := time.Duration(dice.IntN(3000)) * time.Microsecond
		for began := time.Now(); time.Since(began) < spin; {
		}
		if err := child.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait()

		d, err := disk.Open(dir, 64<<20, time.Now)
		if err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
		h := history.Open(history.Config{}, d, dir)
		h.Follow(writers())
		c := h.Condition()
		recorded = all(h)
		if !c.OK || len(c.Aside) > 0 || c.Skipped > 0 || recorded < written {
			t.Fatalf("run %d: %d results are there, %d had been written; %+v", i, recorded, written, c)
		}
		if err := d.Close(); err != nil { // as a process that is killed: without writing
			t.Fatal(err)
		}
	}
}

// writers are the endpoints that the process which is killed writes about.
func writers() []history.Endpoint {
	var ids []string
	for i := range 300 {
		ids = append(ids, fmt.Sprintf("e/%d", i))
	}
	return listOf(ids...)
}

// all is the number of all results.
func all(h *history.History) (sum uint64) {
	for _, e := range writers() {
		c, _ := h.Counters(e.ID)
		sum += c.Outcomes.All()
	}
	return sum
}

// writeForEver records results and says after each writing how many there are.
func writeForEver(dir string) {
	d, err := disk.Open(dir, 64<<20, time.Now)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	h := history.Open(history.Config{}, d, dir)
	h.Follow(writers())
	n := all(h)
	for i := 0; ; i++ {
		for _, e := range writers()[i%10*30:][:30] {
			o, r := reason.OK, reason.None
			if (i/10)%7 == 3 {
				o, r = reason.Fail, reason.ConnectRefused
			}
			h.Record(e.ID, seen(time.Now(), o, r), history.Turn)
			n++
		}
		h.Flush()
		if !h.Condition().OK {
			fmt.Println(h.Condition())
		}
		fmt.Println(n)
	}
}
