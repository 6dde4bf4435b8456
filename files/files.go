// Package files reads what a person hands over, within a bound, and replaces files in one step, so
// that whoever reads one meanwhile sees the old content or the new one, never a part.
package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"prober/files/filelock"
	"prober/limit"
)

// Replace has a file written beside path and renames it. What an earlier process that was killed
// has left of its own attempts goes. A link stays, and so does what is no plain file: it is written to.
func Replace(path string, write func(io.Writer) error) error {
	return ReplaceAll(File{path, write})
}

// File is a file to be, and what writes it.
type File struct {
	Path  string
	Write func(io.Writer) error
}

// ReplaceAll replaces files that belong together: all are written before the first takes its place, so that
// where there is no room for one of them the old ones stay.
func ReplaceAll(all ...File) (err error) {
	made, renamed := make([]*os.File, 0, len(all)), 0
	var replaced, open []File
	for _, f := range all {
		to, is, err := Place(f.Path)
		if err != nil {
			return fmt.Errorf("writing %q: %w", f.Path, err)
		}
		if is {
			open = append(open, f)
		} else {
			replaced = append(replaced, File{to, f.Write})
		}
	}
	defer func() {
		for i, tmp := range made { // renamed before it is closed, for its lock goes then
			err = errors.Join(err, tmp.Close())
			if i < renamed {
				continue
			}
			if gone := os.Remove(tmp.Name()); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	for _, f := range replaced {
		RemoveLeft(f.Path)
		tmp, err := create(f.Path)
		if err != nil {
			return fmt.Errorf("writing %q: %w", f.Path, err)
		}
		made = append(made, tmp)
		if err := fill(tmp, f.Write); err != nil {
			return fmt.Errorf("writing %q: %w", f.Path, err)
		}
	}
	for _, f := range open {
		if err := writeTo(f.Path, limit.FileTime, f.Write); err != nil {
			return fmt.Errorf("writing %q: %w", f.Path, err)
		}
	}
	for _, f := range replaced {
		if err := os.Rename(made[renamed].Name(), f.Path); err != nil {
			return fmt.Errorf("writing %q: %w", f.Path, err)
		}
		renamed++
	}
	return nil
}

// fill writes a temporary file. Such a file is the owner's alone; the new one is for everybody that may
// enter the folder, such as the node exporter.
func fill(tmp *os.File, write func(io.Writer) error) error {
	if err := buffered(tmp, write); err != nil {
		return err
	}
	return tmp.Chmod(0o644)
}

func buffered(to io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriter(to)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

// Holding is what writes content, for [Replace].
func Holding(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// mark stands in the names of temporary files, between the name of the file to be and a number,
// so that nobody else's are taken for ours.
const mark = ".prober-"

// before is what the names of temporary files for path begin with. Names have at most 255 bytes.
func before(path string) string {
	base := filepath.Base(path)
	return "." + base[:min(len(base), 200)] + mark
}

// numbered reports whether a name is what a temporary one begins with and a number.
func numbered(name, beginning string) bool {
	number, ours := strings.CutPrefix(name, beginning)
	return ours && number != "" && strings.Trim(number, "0123456789") == ""
}

// create makes a temporary file for path and locks it, which tells the others that its process
// lives. Until it is locked, another one may take it for left.
func create(path string) (*os.File, error) {
	for {
		f, err := os.CreateTemp(filepath.Dir(path), before(path)+"*")
		if err != nil {
			return nil, err
		}
		if err := filelock.Take(f); err == nil {
			if _, err := os.Stat(f.Name()); err == nil {
				return f, nil
			}
		} else if !errors.Is(err, filelock.ErrTaken) {
			return f, nil // a file system without locks, where nothing is taken for left either
		}
		_ = f.Close()
	}
}

// RemoveLeft removes the temporary files for path of processes that were killed. It touches only
// files whose names are those of [Replace] in the folder of path, and none that a process still
// writes. What cannot be removed stays, for it harms nobody.
func RemoveLeft(path string) {
	dir := filepath.Dir(path)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !e.Type().IsRegular() || !numbered(e.Name(), before(path)) {
			continue
		}
		name := filepath.Join(dir, e.Name())
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if filelock.Take(f) == nil {
			_ = os.Remove(name)
		}
		_ = f.Close()
	}
}

// Probe says why nothing can be made in a folder, and leaves nothing behind, nor what a killed
// process left that tried the same.
func Probe(dir string) error {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() && numbered(e.Name(), mark) {
			_ = os.Remove(filepath.Join(dir, e.Name())) // which removes no folder that holds anything
		}
	}
	tried, err := os.MkdirTemp(dir, mark+"*")
	if err != nil {
		return err
	}
	if err := os.Remove(tried); err != nil && !errors.Is(err, fs.ErrNotExist) { // another one may have taken it for left
		return err
	}
	return nil
}
