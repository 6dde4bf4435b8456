package importlist

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"prober/catalog"
	"prober/limit"
)

// aim makes the endpoints of the targets.
func aim(modules []*module, targets *Source) (endpoints []fields, notes []Note, err error) {
	if targets == nil {
		return placeholders(modules), nil, nil
	}
	root, err := targets.read()
	if err != nil {
		return nil, nil, err
	}
	if root.Kind != yaml.SequenceNode {
		more := ""
		if (at{node: root}).member("scrape_configs").node != nil {
			more = "; this is a whole configuration of Prometheus: put what stands below a static_configs into a file of its own"
		}
		return nil, nil, fmt.Errorf("%s:%d: want a list of {targets, labels}, as Prometheus' file_sd and static_configs have it%s", targets.Name, root.Line, more)
	}
	for _, group := range (at{file: targets.Name, node: root}).items() {
		labels, which, more := groupLabels(group)
		notes = append(notes, more...)
		m := moduleNamed(modules, which)
		if m == nil && which == "" {
			return nil, nil, fmt.Errorf("%s:%d: its labels name no module; a label module, or __param_module, says which one", targets.Name, line(group.node))
		}
		if m == nil {
			return nil, nil, fmt.Errorf("%s:%d: there is no module %q; the label module, or __param_module, names one", targets.Name, line(group.node), which)
		}
		for _, x := range group.member("targets").items() {
			if !m.usable {
				notes = append(notes, x.note("not carried over: nor is its module %q", m.name))
				continue
			}
			e, err := m.endpoint(x.text())
			if err != nil {
				notes = append(notes, x.note("not carried over: %v", err))
				continue
			}
			m.used = true
			for _, l := range labels {
				e.set(l.name, l.value)
			}
			endpoints = append(endpoints, e)
		}
	}
	if len(endpoints) == 0 {
		return nil, nil, fmt.Errorf("%s: no endpoint can be made of its targets", targets.Name)
	}
	return endpoints, notes, nil
}

// moduleNamed is the module of a name; without one, the only module, or the one that blackbox_exporter
// takes.
func moduleNamed(modules []*module, name string) *module {
	for _, m := range modules {
		if m.name == name || name == "" && (len(modules) == 1 || m.name == "http_2xx") {
			return m
		}
	}
	return nil
}

// groupLabels are the fields that the labels of a group become, and the module that they name.
func groupLabels(group at) (out fields, module string, notes []Note) {
	var others fields
	for _, x := range group.member("labels").members() {
		switch name := x.key; {
		case name == "__param_module", name == "module":
			module = x.text()
		case strings.HasPrefix(name, "__"):
		case name == "region", name == "network":
			out.set(name, x.text())
		case name == "product", name == "host", name == "lifecycle", name == "scheme", name == "port", name == "name", name == "id":
			notes = append(notes, x.note("not carried over: every endpoint has a label of this name"))
		case !catalog.IsLabel(name):
			notes = append(notes, x.note("not carried over: a label of a list is letters, digits and '_'"))
		case len(others) == limit.Labels:
			notes = append(notes, x.note("not carried over: an endpoint has %d labels at most", limit.Labels))
		default:
			others.set(name, x.text())
		}
	}
	out.set("labels", others)
	return out, module, notes
}

// placeholder is what stands for a target of the module.
func (m *module) placeholder() string {
	switch m.prober {
	case "http":
		return "https://target.invalid/"
	case "dns":
		return "target.invalid:53"
	}
	return "target.invalid:443"
}

// placeholders are endpoints that stand for the targets of each module.
func placeholders(modules []*module) []fields {
	var out []fields
	for _, m := range modules {
		if !m.usable {
			continue
		}
		if e, err := m.endpoint(m.placeholder()); err == nil {
			m.used = true
			out = append(out, e)
		}
	}
	return out
}

// taken takes a URL apart, for a request with another Host.
func (m *module) taken(e *fields, u catalog.URL) {
	e.set("scheme", string(u.Scheme))
	e.set("host", u.Host)
	if u.Port != 0 {
		e.set("ports", fields{{string(u.Scheme), int(u.Port)}})
	}
	if u.Target != "/" {
		e.set("path", u.Target)
	}
	e.set("authority", m.authority)
}

// write writes the list.
func write(from string, modules []*module, endpoints []fields) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Made of %s. \"prober explain catalogue.products\" says what a product may have.\n\nproducts:\n", strings.Join(strings.Fields(from), " "))
	for _, m := range modules {
		if !m.usable || !m.used {
			continue
		}
		for i, f := range m.product {
			lead := "    "
			if i == 0 {
				lead = "  - "
			}
			fmt.Fprintf(&b, "%s%s: %s\n", lead, f.name, flow(f.value))
		}
	}
	b.WriteString("endpoints:\n")
	for _, e := range endpoints {
		fmt.Fprintf(&b, "  - %s\n", flow(e))
	}
	return b.String()
}
