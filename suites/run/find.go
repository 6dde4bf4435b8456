package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"prober/session"
)

// find finds the files that flags name by relative paths. The tests of a package run in its folder,
// and whoever types the command stands in the module's root: both are looked at, in this order.
func (d *Door) find() error {
	if d.example != "" && len(d.Endpoints) == 0 {
		d.Endpoints = session.Lists{d.example}
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	root := moduleRoot(here)
	for i, name := range d.Endpoints {
		if name == session.BuiltIn {
			continue
		}
		if d.Endpoints[i], err = findFile("--endpoints", name, here, root); err != nil {
			return err
		}
	}
	if d.CAFile != "" {
		d.CAFile, err = findFile("--ca-file", d.CAFile, here, root)
	}
	return err
}

// findFile returns the path of a file that stands in the first folder, or else in the second.
func findFile(flag, name, here, root string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil // reading it says what is wrong
	}
	for _, folder := range []string{here, root} {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
	}
	return "", session.Usagef("%s %s: there is neither %s nor %s; a relative path is looked for in the package's folder, and then from the module's root",
		flag, name, filepath.Join(here, name), filepath.Join(root, name))
}

// moduleRoot is the folder with the go.mod that a folder belongs to; the folder itself where there is
// none.
func moduleRoot(folder string) string {
	for at := folder; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return folder
		}
	}
}
