package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/needs"
	"prober/probe/reason"
)

// small mounts a file system of a megabyte.
func small(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		if needs.All() && os.Getuid() == 0 && !errors.Is(err, syscall.EPERM) {
			t.Fatal(err)
		}
		t.Skipf("mounting takes a right that this process lacks: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func TestFullDiskIsToldAndWaitedFor(t *testing.T) {
	dir := small(t)
	w := &watch{start}
	h := open(t, filepath.Join(dir, "state"), w, "a")
	h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
	h.Flush()
	if c := h.Condition(); !c.OK {
		t.Fatalf("condition: %+v", c)
	}
	filler := filepath.Join(dir, "filler")
	fill(t, filler)
	for range 400 { // more than what SQLite has set aside for its log
		o := seen(w.at, reason.Fail, reason.ConnectRefused)
		o.Detail = strings.Repeat("x", 20_000)
		h.Record("a", o, history.Turn)
		w.turn(30 * time.Second)
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		w.turn(30 * time.Second)
		if h.Flush(); !h.Condition().OK {
			break
		}
	}
	c := h.Condition()
	if c.OK || c.Errors[history.Full] == 0 || c.Well() || c.Problem == "" {
		t.Fatalf("told: %+v", c)
	}
	h.Record("a", seen(w.at, reason.Fail, reason.TLSCertExpired), history.Turn)
	if s, _ := h.State("a"); s.Reason != reason.TLSCertExpired {
		t.Errorf("state: %+v", s)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	w.turn(time.Minute)
	if h.Flush(); !h.Condition().OK {
		t.Fatalf("once there is space: %+v", h.Condition())
	}
	before, _ := h.Counters("a")
	end(h)
	h = open(t, filepath.Join(dir, "state"), w, "a")
	defer end(h)
	if after, _ := h.Counters("a"); after.Outcomes != before.Outcomes {
		t.Errorf("counters: %+v, then %+v", before, after)
	}
	if s, _ := h.State("a"); s.Reason != reason.TLSCertExpired {
		t.Errorf("state: %+v", s)
	}
	page, _ := h.Incidents(history.Query{Most: 1000})
	for _, x := range page { // nothing was let go to make room
		if _, err := h.Evidence(x.ID); err != nil {
			t.Errorf("evidence of the incident of %v: %v", x.Begin, err)
		}
	}
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			return
		}
	}
}

// A disk that is full or read-only from the beginning takes no more than the keeping.
func TestDiskThatTakesNothingFromTheBeginning(t *testing.T) {
	for kind, spoil := range map[history.Kind]func(*testing.T, string){
		history.Full: func(t *testing.T, dir string) { fill(t, filepath.Join(dir, "filler")) },
		history.Denied: func(t *testing.T, dir string) {
			if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			dir := small(t)
			w := &watch{start}
			spoil(t, dir)
			_, err := disk.Open(dir, 1<<20, w.now)
			var trouble *history.Trouble
			if !errors.As(err, &trouble) || trouble.Kind != kind {
				t.Errorf("told: %v", err)
			}
		})
	}
}

// What an earlier process has kept on a disk that can only be read now is left as it is.
func TestReadOnlyDiskKeepsWhatItHas(t *testing.T) {
	dir := small(t)
	w := &watch{start}
	h := open(t, dir, w, "a")
	h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
	end(h)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(dir, 1<<20, w.now); err == nil {
		t.Error("a disk that cannot be written is taken")
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=1m"); err != nil {
		t.Fatal(err)
	}
	h = open(t, dir, w, "a")
	defer end(h)
	if c, _ := h.Counters("a"); c.Outcomes[reason.OK] != 1 {
		t.Errorf("counters: %+v", c)
	}
}
