package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"prober/errno"
)

// Place is where a file is to be: where links lead, which stay, be there a file yet or not. What stands there and is no
// plain file, as a device or a pipe, or is somebody's open file, as /dev/stdout, is open: it is written to, and nothing
// takes its place.
func Place(path string) (to string, open bool) {
	is, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return end(path), false
	case err != nil || is.IsDir():
		return path, false
	case !is.Mode().IsRegular() || ofProcess(path):
		return path, true
	}
	if to, err = filepath.EvalSymlinks(path); err != nil {
		return path, false
	}
	return to, false
}

// end is where links lead at whose end there is nothing yet.
func end(path string) string {
	const most = 40 // as Linux follows
	for range most {
		to, err := os.Readlink(path)
		if err != nil { // it is no link
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Dir(path) + string(filepath.Separator) + to // not joined: what stands before a ".." may be a link
		}
		path = to
	}
	return path
}

// ofProcess reports whether a path is that of a file which a process has open.
func ofProcess(path string) bool {
	const processes = "/proc/"
	link, _ := os.Readlink(path) // none: it is no link
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	return strings.HasPrefix(link, processes) || err == nil && strings.HasPrefix(dir, processes)
}

// writeTo writes to what stands at a path, behind what is there. Of a pipe it takes that somebody reads it.
func writeTo(path string, write func(io.Writer) error) (err error) {
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
	return buffered(f, write)
}
