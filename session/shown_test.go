package session

import (
	"os"
	"path/filepath"
	"testing"

	"prober/files/filelock"
)

// What a process that was killed has left is removed; what another one holds, is only being made, or is none of ours stays.
func TestLeftFoldersAreRemoved(t *testing.T) {
	temp := t.TempDir()
	folder := func(name string, files ...string) string {
		t.Helper()
		dir := filepath.Join(temp, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	held := folder(shownFolder+"held", shownLock, shownAuthority)
	f, err := os.OpenFile(filepath.Join(held, shownLock), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := filelock.Take(f); err != nil {
		t.Skipf("this file system has no locks: %v", err)
	}
	linked := folder(shownFolder+"linked", shownAuthority)
	if err := os.Symlink(filepath.Join(temp, "nowhere"), filepath.Join(linked, shownLock)); err != nil {
		t.Skipf("no links here: %v", err)
	}
	stays := map[string]bool{
		held: true, linked: true,
		folder(shownFolder+"left", shownLock, shownAuthority): false,
		folder(shownFolder+"young", shownLock):                true,
		folder(shownFolder+"unlocked", shownAuthority):        true,
		folder("other", shownLock, shownAuthority):            true,
	}
	removeLeft(temp)
	for dir, want := range stays {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: %v", filepath.Base(dir), err)
		}
	}
}
