package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"prober/errno"
)

// Place is where a file is to be: where links lead, which stay, be there a file yet or not. What stands there and is no
// plain file, as a device or a pipe, or is somebody's open file, as /dev/stdout, is open: it is written to, and nothing
// takes its place. No link is followed that another user put where all may: it leads to where he could not write himself.
func Place(path string) (to string, open bool, err error) {
	last, err := end(path)
	if err != nil {
		return path, false, err
	}
	is, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return last, false, nil
	case err != nil || is.IsDir():
		return path, false, nil
	case !is.Mode().IsRegular() || ofProcess(path):
		return path, true, nil
	}
	if to, err = filepath.EvalSymlinks(path); err != nil {
		return path, false, nil
	}
	return to, false, nil
}

// end is where links lead, be there something or not.
func end(path string) (string, error) {
	const most = 40 // as Linux follows
	for range most {
		is, err := os.Lstat(path)
		if err != nil || is.Mode().Type() != fs.ModeSymlink {
			break
		}
		if isStrangers(path, is) {
			return path, &fs.PathError{Op: "open", Path: path, Err: errors.New("is a link that another user put into a folder which all may write to, and is not followed; name a file")}
		}
		to, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Dir(path) + string(filepath.Separator) + to // not joined: what stands before a ".." may be a link
		}
		path = to
	}
	return path, nil
}

// ofProcess reports whether a path is that of a file which a process has open.
func ofProcess(path string) bool {
	const processes = "/proc/"
	link, _ := os.Readlink(path) // none: it is no link
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	return strings.HasPrefix(link, processes) || err == nil && strings.HasPrefix(dir, processes)
}

// writeTo writes to what stands at a path, behind what is there. Of a pipe it takes that somebody reads it, and all of it
// within a while; what this process has open itself, as its output, it writes to as long as that takes.
func writeTo(path string, most time.Duration, write func(io.Writer) error) (err error) {
	is, err := os.Stat(path)
	if err == nil && is.Mode().Type() == fs.ModeSocket { // as what a service writes to may be
		return &fs.PathError{Op: "open", Path: path, Err: errors.New("is a socket, which nobody can open; name a file")}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|syscall.O_NONBLOCK, 0)
	if errno.Is(err, syscall.ENXIO) && is != nil && is.Mode().Type() == fs.ModeNamedPipe {
		return &fs.PathError{Op: "open", Path: path, Err: errors.New("nobody reads it")}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if !ofProcess(path) {
		_ = f.SetWriteDeadline(time.Now().Add(most)) // what has none waits for nobody
	}
	if err = buffered(f, write); errors.Is(err, os.ErrDeadlineExceeded) {
		return &fs.PathError{Op: "write", Path: path, Err: fmt.Errorf("nobody read all of it within %s, which is the longest that is waited", most)}
	}
	return err
}
