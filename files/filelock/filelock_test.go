package filelock_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"prober/files/filelock"
)

func TestTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		t.Helper()
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	one, two := open(), open()
	if err := filelock.Take(one); err != nil {
		t.Skipf("this file system has no locks: %v", err)
	}
	if err := filelock.Take(two); !errors.Is(err, filelock.ErrTaken) {
		t.Errorf("taken twice: %v", err)
	}
	_ = one.Close()
	if err := filelock.Take(two); err != nil {
		t.Errorf("its owner is gone, and yet: %v", err)
	}
}
