package importlist

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"prober/catalog"
	"prober/limit"
)

// aim makes the endpoints of the targets.
func aim(modules []*module, targets *Source) (endpoints []fields, notes []Note, err error) {
	if targets == nil {
		return placeholders(modules), nil, nil
	}
	goals, notes, err := goalsOf(*targets)
	if err != nil {
		return nil, nil, err
	}
	labelNames, seen := map[string]bool{}, map[string]at{}
	for _, g := range goals {
		m := moduleNamed(modules, g.module())
		if m == nil && g.module() == "" {
			return nil, nil, fmt.Errorf("%s:%d: its labels name no module; a label module, or __param_module, says which one", targets.Name, line(g.of.node))
		}
		if m == nil {
			return nil, nil, fmt.Errorf("%s:%d: there is no module %q; the label module, or __param_module, names one", targets.Name, line(g.of.node), g.module())
		}
		labels, more := g.fields(labelNames)
		notes = append(append(notes, g.params()...), more...)
		if !m.usable {
			notes = append(notes, g.of.note("not carried over: nor is its module %q", m.name))
			continue
		}
		e, err := m.endpoint(g.address())
		if err == nil {
			for _, l := range labels {
				e.set(l.name, l.value)
			}
			err = m.takes(e, g.of, seen)
		}
		if err != nil {
			notes = append(notes, g.of.note("not carried over: %v", err))
			continue
		}
		m.used = true
		endpoints = append(endpoints, e)
	}
	if len(endpoints) == 0 {
		return nil, nil, fmt.Errorf("%s: no endpoint can be made of its targets", targets.Name)
	}
	return endpoints, once(notes), nil
}

// goalsOf reads targets, which are groups of them or a configuration of Prometheus.
func goalsOf(targets Source) (goals []goal, notes []Note, err error) {
	root, err := targets.read()
	if err != nil {
		return nil, nil, err
	}
	whole := at{file: targets.Name, node: root}
	switch {
	case isJobs(whole): // as they stand in a file of their own
		if goals, notes = jobsGoals(whole, at{}); len(goals) == 0 {
			return nil, nil, noGoals(targets)
		}
	case root.Kind == yaml.SequenceNode:
		for _, group := range whole.items() {
			goals = append(goals, groupGoals(group, goal{})...)
		}
	case whole.member("scrape_configs").node != nil:
		if goals, notes = scraped(whole); len(goals) == 0 {
			return nil, nil, noGoals(targets)
		}
	default:
		return nil, nil, fmt.Errorf("%s:%d: want a list of {targets, labels}, as Prometheus' file_sd and static_configs have it, or a configuration of Prometheus", targets.Name, root.Line)
	}
	return goals, notes, nil
}

func noGoals(targets Source) error {
	return fmt.Errorf("%s: none of its jobs has a target that blackbox_exporter probes; want one with the path /probe and static_configs", targets.Name)
}

// isJobs reports whether a file is a list of jobs, as scrape_configs holds them.
func isJobs(whole at) bool {
	return whole.node.Kind == yaml.SequenceNode && len(whole.node.Content) > 0 && whole.items()[0].member("job_name").node != nil
}

// takes says why a list does not take an endpoint of the module: for what it is, or for another one that is the same.
func (m *module) takes(e fields, of at, seen map[string]at) error {
	used := m.used
	m.used = true
	c, err := catalog.DecodeList("list.yaml", []byte(write("", []*module{m}, []fields{e})))
	m.used = used
	if wrong := catalog.Errors(nil); errors.As(err, &wrong) {
		return fmt.Errorf("%s: %s", strings.TrimPrefix(wrong[0].Field, "endpoints[0]."), wrong[0].Problem)
	}
	if err != nil {
		return err
	}
	one := c.Endpoints[0]
	one.ID, one.Region, one.Labels = "", "", nil // by which no two are told apart
	one.Ports = &catalog.Ports{
		HTTPS: one.Port(catalog.HTTPS), HTTP: one.Port(catalog.HTTP), TLS: one.Port(catalog.SchemeTLS), TCP: one.Port(catalog.SchemeTCP), DNS: one.Port(catalog.SchemeDNS),
	}
	text, err := json.Marshal(one)
	if err != nil {
		return err
	}
	if first, again := seen[string(text)]; again {
		return fmt.Errorf("the target of line %d is the same", line(first.node))
	}
	seen[string(text)] = of
	return nil
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

// fields are those of the endpoint that the labels become. labelNames are those of all endpoints so far.
func (g goal) fields(labelNames map[string]bool) (out fields, notes []Note) {
	var others fields
	told := func(l label, why string, args ...any) { notes = append(notes, l.of.note(why, args...)) }
	out.set("interval", g.interval)
	for _, l := range g.labels {
		switch name := l.name; {
		case name == "module", strings.HasPrefix(name, "__"):
		case name == "job" && l.of.key != name, name == "instance" && l.value == g.address(): // which Prometheus gives everything that it scrapes
		case name == "region":
			id := idOf(l.value)
			switch {
			case id == "" || len(id) > limit.IDBytes:
				told(l, "not carried over: no id can be made of %q, so that its endpoints are of the region default", l.value)
			case id != l.value:
				told(l, "carried over as %s: an id is of a-z and 0-9, joined by '-', '_' or '.'", id)
			}
			if len(id) <= limit.IDBytes {
				out.set(name, id)
			}
		case name == "network" && !slices.Contains(catalog.Networks(), catalog.Network(l.value)):
			told(l, "not carried over: %q is not a network; a list has public and vpc", l.value)
		case name == "network":
			out.set(name, l.value)
		case catalog.IsTaken(name):
			told(l, "not carried over: every endpoint has a label of this name")
		case !catalog.IsLabel(name):
			told(l, "not carried over: a label of a list is letters, digits and '_'")
		case len(name) > limit.ListLabelBytes || len(l.value) > limit.ListLabelBytes:
			told(l, "not carried over: the name and the value of a label have at most %d bytes each", limit.ListLabelBytes)
		case strings.ContainsFunc(l.value, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }):
			told(l, "not carried over: its value has a character that cannot be printed")
		case len(others) == limit.Labels:
			told(l, "not carried over: an endpoint has %d labels at most", limit.Labels)
		case !labelNames[name] && len(labelNames) == limit.LabelNames:
			told(l, "not carried over: the endpoints of a list have %d names of labels at most", limit.LabelNames)
		default:
			labelNames[name] = true
			others.set(name, l.value)
		}
	}
	out.set("labels", others)
	return out, notes
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
