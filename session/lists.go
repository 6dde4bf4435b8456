package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prober/catalog"
	"prober/files"
	"prober/limit"
)

// BuiltIn is the word for the built-in list among the values of --endpoints.
const BuiltIn = "builtin"

// Lists is a flag that can be given several times: files, folders of them, and [BuiltIn]. None is the
// built-in list.
type Lists []string

// String implements flag.Value. File names may hold commas.
func (l *Lists) String() string { return strings.Join(*l, "\n") }

// Set implements flag.Value.
func (l *Lists) Set(s string) error {
	for part := range strings.SplitSeq(s, "\n") {
		var one Given
		if err := one.Set(part); err != nil {
			return err
		}
		*l = append(*l, part)
	}
	return nil
}

// absolute are the lists by their paths from the root.
func (l Lists) absolute() Lists {
	var out Lists
	for _, name := range l {
		if name != BuiltIn {
			name = absolute(name)
		}
		out = append(out, name)
	}
	return out
}

// Names are the names of the lists, without the folders that they are in.
func (l Lists) Names() string {
	var out []string
	for _, name := range l {
		out = append(out, filepath.Base(name))
	}
	return strings.Join(out, ", ")
}

// LoadLists decodes the lists, which may be folders of them, and makes one of all. Errors are of type
// [*UsageError].
func LoadLists(from files.Reader, lists Lists, embedded []byte) (*catalog.Catalog, error) {
	if len(lists) == 0 {
		lists = Lists{BuiltIn}
	}
	var all []*catalog.Catalog
	var wrong []error
	for _, name := range lists {
		if name == BuiltIn {
			c, err := decode(files.Reader{}, "endpoints.json", embedded, catalog.Decode) // whose length is known
			all, wrong = append(all, c), append(wrong, err)
			continue
		}
		found, err := listFiles(from, name)
		if err != nil {
			return nil, Usagef("--endpoints: %w", trimPath(err))
		}
		for _, file := range found {
			c, err := LoadCatalog(from, file, embedded)
			all, wrong = append(all, c), append(wrong, err)
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, &UsageError{err}
	}
	c, err := catalog.Merge(all...)
	if err != nil {
		return nil, &UsageError{err}
	}
	return c, nil
}

// listFiles are the files of a list: itself, or those of a folder whose names end as lists do.
func listFiles(from files.Reader, name string) ([]string, error) {
	var found []string
	err := from.Within(func(context.Context) error {
		info, err := os.Stat(name)
		if err != nil || !info.IsDir() {
			found = []string{name} // reading it says what is wrong
			return nil
		}
		entries, err := os.ReadDir(name)
		if err != nil {
			return err
		}
		for _, e := range entries { // in the order of their names
			ending := strings.ToLower(filepath.Ext(e.Name()))
			if !strings.HasPrefix(e.Name(), ".") && !e.IsDir() && slices.Contains([]string{".json", ".yaml", ".yml"}, ending) {
				found = append(found, filepath.Join(name, e.Name()))
			}
		}
		switch {
		case len(found) == 0:
			return fmt.Errorf("%s: the folder has no file that ends in .json, .yaml or .yml", name)
		case len(found) > limit.Lists:
			return fmt.Errorf("%s: the folder has %d lists; at most %d", name, len(found), limit.Lists)
		}
		return nil
	})
	return found, err
}

// LoadCatalog decodes the list in file, or the embedded one when file is empty. Errors are
// of type [*UsageError].
func LoadCatalog(from files.Reader, file string, embedded []byte) (*catalog.Catalog, error) {
	if file == "" {
		return LoadLists(from, nil, embedded)
	}
	data, err := from.Read(file, limit.CatalogueBytes)
	if errors.Is(err, os.ErrNotExist) && strings.Contains(file, ",") {
		return nil, Usagef("--endpoints: %w; give the flag once for each file", trimPath(err))
	}
	if err != nil {
		return nil, Usagef("--endpoints: %w", trimPath(err))
	}
	return decode(from, file, data, catalog.DecodeList)
}

// decode decodes a list, unless the one who reads it is told to stop.
func decode(from files.Reader, name string, data []byte, by func(string, []byte) (*catalog.Catalog, error)) (*catalog.Catalog, error) {
	var c *catalog.Catalog
	var wrong error
	if err := from.Work(func() { c, wrong = by(name, data) }); err != nil {
		return nil, Usagef("%s: %w", name, err)
	}
	if wrong != nil {
		return nil, &UsageError{wrong}
	}
	return c, nil
}
