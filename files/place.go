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

// place is where a file is to be: where links lead, which stay. What stands there and is no plain file, as a device or a
// pipe, or is somebody's open file, as /dev/stdout, is written to: nothing takes its place.
func place(path string) (to string, open bool) {
	is, err := os.Stat(path)
	switch {
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

// ofProcess reports whether a path is that of a file which a process has open.
func ofProcess(path string) bool {
	const processes = "/proc/"
	link, _ := os.Readlink(path) // none: it is no link
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	return strings.HasPrefix(link, processes) || err == nil && strings.HasPrefix(dir, processes)
}

// writeTo writes to what stands at a path, behind what is there. Of a pipe it takes that somebody reads it.
func writeTo(path string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|syscall.O_NONBLOCK, 0)
	if errno.Is(err, syscall.ENXIO) {
		return &fs.PathError{Op: "open", Path: path, Err: errors.New("nobody reads it")}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return buffered(f, write)
}
