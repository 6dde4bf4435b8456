package catalog

import "path/filepath"

// origin is where what a list says of how its endpoints are probed stands.
type origin struct {
	file  string
	path  string         // of what says it
	lines map[string]int // of the fields that name files
}

// fileFields are the fields of an [Own] that name files.
func fileFields() []string { return []string{"ca_file", "client_certificate", "client_key"} }

// origins are those of what a list says, of all that names a file.
type origins map[*Own]origin

// add adds that of a record, of which n is the object in the file.
func (o origins) add(own *Own, of entry, file string, n *node, at lines) {
	if own == nil || own.CAFile == "" && own.ClientCertificate == "" {
		return
	}
	x := origin{file, of.path(), map[string]int{}}
	for _, field := range fileFields() {
		if named := n.member(field); named != nil {
			x.lines[field] = at.line(int(named.offset))
		}
	}
	o[own] = x
}

// originsIn are the origins of what a list says of its products.
func originsIn(c *Catalog, file string, root *node, at lines) origins {
	out := origins{}
	for i := range c.Products {
		out.add(c.Products[i].Own, entry{"products", i}, file, &root.member("products").holds[i].value, at)
	}
	return out
}

// OwnFile is a file that a list names in what it says of how its endpoints are probed: an error of it has
// the place in the list.
type OwnFile struct {
	Name  string // from the folder of the list; empty: none is named
	Error func(problem error) error
}

// OwnFile returns the file that a field of an endpoint names, or of its product: "ca_file",
// "client_certificate" or "client_key".
func (c *Catalog) OwnFile(p *Product, e *Endpoint, field string) OwnFile {
	for _, own := range []*Own{e.Own, p.Own} {
		if own == nil {
			continue
		}
		name := map[string]string{"ca_file": own.CAFile, "client_certificate": own.ClientCertificate, "client_key": own.ClientKey}[field]
		if name == "" {
			continue
		}
		at := c.index.origins[own]
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(at.file), name)
		}
		return OwnFile{name, func(problem error) error {
			return Error{File: at.file, Line: at.lines[field], Field: join(at.path, field), Problem: problem.Error()}
		}}
	}
	return OwnFile{}
}
