// Package sdkhosts compares the list of endpoints with the tables of host names that the vendors ship
// in their SDKs. The list follows documents of 2019 to 2021; the SDKs go on. What they name and the
// list does not is no fault of anything, and yet somebody should know.
//
// hosts.json is the state of those tables that was looked at, with revisions and dates. Tencent
// Cloud's SDKs have no table: they make a host of the product and the region.
package sdkhosts

import (
	_ "embed" // hosts.json
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
	"prober/prose"
)

//go:embed hosts.json
var committed []byte

// Source is a table of an SDK.
type Source struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	URL      string `json:"url"`
	File     string `json:"file"` // where its newest state is
	Revision string `json:"revision"`
	Date     string `json:"date"` // of the revision
}

// Host is a name that tables hold.
type Host struct {
	Host    string   `json:"host"`
	Product string   `json:"product"`
	Sources []string `json:"sources"` // ids
}

// Tables are hosts, and where they come from.
type Tables struct {
	Sources []Source `json:"sources"`
	Hosts   []Host   `json:"hosts"`
}

// Committed are the tables as they were looked at.
func Committed() (Tables, error) {
	var t Tables
	err := json.Unmarshal(committed, &t)
	return t, err
}

// Kind says how the list and the tables differ about a host.
type Kind string

// The kinds of difference, in the order in which they are told.
const (
	// New: the files name it, and neither the list nor the tables that were looked at do.
	New Kind = "new"
	// Gone: the tables that were looked at name it, and newer states of all of these do not.
	Gone Kind = "gone"
	// NotNamed: the list has it as active, and no table names it.
	NotNamed Kind = "not-named"
	// NotActive: the list has it as closed or doubtful, and tables name it.
	NotActive Kind = "not-active"
	// NotListed: tables name it, and the list does not.
	NotListed Kind = "not-listed"
)

func kinds() []Kind { return []Kind{New, Gone, NotNamed, NotActive, NotListed} }

// Difference is one host about which list and tables differ.
type Difference struct {
	Kind      Kind              `json:"kind"`
	Product   string            `json:"product"`
	Host      string            `json:"host"`
	Endpoint  string            `json:"endpoint,omitempty"`  // its id, if it is listed
	Lifecycle catalog.Lifecycle `json:"lifecycle,omitempty"` // there
	Sources   []string          `json:"sources"`             // that name it
}

// Compare compares a list with the tables. With files, which are newer states of those tables in
// whatever form, it tells what is new or gone in them instead. A file is the newer state of the
// table whose id its name is, whatever ending that has.
func Compare(c *catalog.Catalog, t Tables, files map[string][]byte) []Difference {
	known, listed := map[string]Host{}, map[string]catalog.Endpoint{}
	covered := map[string]bool{} // products with a table
	for _, h := range t.Hosts {
		known[h.Host], covered[h.Product] = h, true
	}
	for _, e := range c.Endpoints {
		if covered[e.Product] {
			listed[e.Host] = e
		}
	}
	var all []Difference
	say := func(k Kind, h Host) {
		e := listed[h.Host]
		all = append(all, Difference{k, h.Product, h.Host, e.ID, e.Lifecycle, append([]string{}, h.Sources...)})
	}
	if len(files) > 0 {
		now := named(covered, known, files)
		given := map[string]bool{}
		for file := range files {
			given[strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))] = true
		}
		for name, h := range now {
			if _, old := known[name]; !old && listed[name].ID == "" {
				say(New, h)
			}
		}
		for name, h := range known {
			if _, still := now[name]; !still && !slices.ContainsFunc(h.Sources, func(id string) bool { return !given[id] }) {
				say(Gone, h)
			}
		}
	} else {
		for name, h := range known {
			switch e := listed[name]; {
			case e.ID == "":
				say(NotListed, h)
			case e.Lifecycle != catalog.Active:
				say(NotActive, h)
			}
		}
		for name, e := range listed {
			if _, is := known[name]; !is && e.Lifecycle == catalog.Active {
				say(NotNamed, Host{Host: name, Product: e.Product})
			}
		}
	}
	slices.SortFunc(all, func(a, b Difference) int {
		if k := slices.Index(kinds(), a.Kind) - slices.Index(kinds(), b.Kind); k != 0 {
			return k
		}
		return strings.Compare(a.Product+"\n"+a.Host, b.Product+"\n"+b.Host)
	})
	return all
}

// name is what looks like a host with at least two dots.
var name = regexp.MustCompile(`[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9][a-z0-9-]{0,62}){2,4}`)

// named finds the hosts of the products in files: those whose domain is that of a known one, and
// whose first word begins with the product's.
func named(products map[string]bool, known map[string]Host, files map[string][]byte) map[string]Host {
	domains := map[string]bool{}
	for h := range known {
		domains[domain(h)] = true
	}
	found := map[string]Host{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		for _, match := range name.FindAll(files[file], -1) {
			h := string(match)
			first, _, _ := strings.Cut(h, ".")
			first, _, _ = strings.Cut(first, "-")
			if !domains[domain(h)] || !products[first] {
				continue
			}
			of := found[h].Sources
			if !slices.Contains(of, file) {
				of = append(of, file)
			}
			found[h] = Host{h, first, of}
		}
	}
	return found
}

// domain is the last two words of a host.
func domain(host string) string {
	words := strings.Split(host, ".")
	return strings.Join(words[max(0, len(words)-2):], ".")
}

// heading is what a kind is for people.
func (k Kind) heading() string {
	switch k {
	case New:
		return "named now, in no table before and not in the list"
	case Gone:
		return "named before, and not any more"
	case NotNamed:
		return "active in the list, and named by no table"
	case NotActive:
		return "not active in the list, and yet named by tables"
	case NotListed:
		return "named by tables, and not in the list"
	}
	return string(k)
}

// Write tells differences to people, by kind, each with a count.
func Write(w io.Writer, t Tables, all []Difference) error {
	var b strings.Builder
	for _, s := range t.Sources {
		fmt.Fprintf(&b, "%s: %s, revision %s of %s\n", s.ID, s.Title, s.Revision, s.Date)
	}
	if len(all) == 0 {
		b.WriteString("\nno difference\n")
	}
	last := Kind("")
	for _, d := range all {
		if d.Kind != last {
			n := 0
			for _, x := range all {
				if x.Kind == d.Kind {
					n++
				}
			}
			fmt.Fprintf(&b, "\n%s %s:\n", prose.Plural(n, "host"), d.Kind.heading())
			last = d.Kind
		}
		line := "  " + d.Host
		if d.Endpoint != "" {
			line += fmt.Sprintf("  %s %s", d.Endpoint, d.Lifecycle)
		}
		if len(d.Sources) > 0 {
			line += "  (" + strings.Join(d.Sources, ", ") + ")"
		}
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
