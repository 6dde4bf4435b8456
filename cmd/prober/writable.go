package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"prober/files"
)

// canWrite says why a folder cannot be written, or made where it is missing, and leaves
// nothing behind.
func canWrite(dir string) error {
	at := filepath.Clean(dir)
	for {
		info, err := os.Stat(at)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is no folder", at)
		}
		if err == nil {
			break
		}
		parent := filepath.Dir(at)
		if !errors.Is(err, os.ErrNotExist) || parent == at {
			return bare(err)
		}
		at = parent
	}
	if err := files.Probe(at); err != nil {
		return fmt.Errorf("nothing can be made in %s: %w", at, bare(err))
	}
	return nil
}

// canReplace says why a file cannot be written, in place of the one that may be there.
func canReplace(file string) error {
	switch info, err := os.Stat(file); {
	case err == nil && info.IsDir():
		return errors.New("is a folder; name a file")
	case err == nil && info.Mode().Type() == fs.ModeSocket:
		return errors.New("is a socket, which nobody can open; name a file")
	}
	to, open, err := files.Place(file)
	if err != nil {
		return bare(err)
	}
	if open {
		return nil // it is written to, and stays
	}
	parent := filepath.Dir(to)
	if info, err := os.Stat(parent); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s", parent)
	}
	return canWrite(parent)
}

// bare is a path error without its path.
func bare(err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err
	}
	return err
}
