package session

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"prober/files/filelock"
)

// shown is the folder in which the commands that show a finding find the authority of the sandbox. Its lock ends with the
// process, so that the next one knows what a process that was killed has left.
type shown struct {
	dir  string
	lock *os.File
}

// The names of the folder and of what is in it. The authority is written when the lock is held, so that a folder that has
// both and no lock on it was left.
const (
	shownFolder    = "prober-sandbox-"
	shownLock      = "lock"
	shownAuthority = "ca.pem"
)

// showAuthority writes the authority of the sandbox to a file. Where that cannot be, as in a container that may write
// nothing, everything else goes on.
func (s *Session) showAuthority() (err error) {
	removeLeft(os.TempDir())
	if s.shown.dir, err = os.MkdirTemp("", shownFolder); err != nil {
		return err
	}
	if s.shown.lock, err = os.OpenFile(filepath.Join(s.shown.dir, shownLock), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return err
	}
	if err := filelock.Take(s.shown.lock); err != nil { // without locks nobody can tell what was left
		_ = s.shown.lock.Close()
		_ = os.Remove(s.shown.lock.Name())
	}
	file := filepath.Join(s.shown.dir, shownAuthority)
	if err := os.WriteFile(file, s.Sandbox.Authority(), 0o600); err != nil {
		return err
	}
	s.Config.RootsFile = file
	return nil
}

// hideAuthority removes what [Session.showAuthority] has made.
func (s *Session) hideAuthority() error {
	if s.shown.dir == "" {
		return nil
	}
	if s.shown.lock != nil {
		_ = s.shown.lock.Close() // which ends the lock; Windows removes no file that is open
	}
	return os.RemoveAll(s.shown.dir)
}

// removeLeft removes the folders of processes that were killed.
func removeLeft(temp string) {
	found, _ := filepath.Glob(filepath.Join(temp, shownFolder+"*")) // the one error is about the pattern
	for _, dir := range found {
		if isLeft(dir) {
			_ = os.RemoveAll(dir) // what stays is in nobody's way
		}
	}
}

// isLeft says whether a folder is one of this user's that nobody holds.
func isLeft(dir string) bool {
	for name, want := range map[string]fs.FileMode{"": fs.ModeDir, shownLock: 0, shownAuthority: 0} {
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || info.Mode().Type() != want { // links and pipes are somebody else's
			return false
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, shownLock), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	err = errors.Join(filelock.Take(f), f.Close())
	return err == nil
}
