package catalog

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// targets turns the tree of a list of Prometheus' file_sd into one of endpoints:
//
//   - targets: [https://api.example.com/healthz, db.example.com:5432]
//     labels: {product: shop, region: eu, team: web}
//
// The labels product, region and network say where the endpoints belong, and the others become labels
// of theirs. Those that begin with "__" are between Prometheus and its configuration, and are dropped
// as it drops them.
func (f *filler) targets() {
	var endpoints []member
	for i := range f.root.holds {
		group := &f.root.holds[i].value
		at := (&place{in: &place{}, index: i}).path()
		if group.kind != object {
			f.b.fail(group.offset, at, "want an object with targets, got %s", group.kind)
			continue
		}
		fields := f.groupLabels(group, at)
		targets := group.member("targets")
		if targets == nil || targets.kind != array {
			f.b.fail(group.offset, join(at, "targets"), "want a list of targets")
			continue
		}
		for j, t := range targets.holds {
			if t.value.kind != text {
				f.b.fail(t.value.offset, fmt.Sprintf("%s[%d]", join(at, "targets"), j), "want a string, got %s", t.value.kind)
				continue
			}
			f.b.targets = append(f.b.targets, target{int32(i), int32(j)}) //nolint:gosec // a list has at most limit.CatalogueValues
			n := node{kind: object, offset: t.value.offset, filled: true, holds: make([]member, 0, 10)}
			n.holds = append(n.holds, fields...)
			n.target(t.value.text)
			endpoints = append(endpoints, member{value: n})
		}
	}
	f.root.holds = endpoints
}

// target is a place in a list of Prometheus' file_sd: a target of a group.
type target struct{ group, index int32 }

// inFile is the path in the file of what stands at a path of the list that was made of it.
func (b *binder) inFile(path string) string {
	rest, is := strings.CutPrefix(path, "endpoints[")
	number, field, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if !is || err != nil || i >= len(b.targets) {
		return path
	}
	t := b.targets[i]
	group := fmt.Sprintf("[%d]", t.group)
	switch first := strings.TrimPrefix(field, "."); {
	case first == "product" || first == "region" || first == "network":
		return group + ".labels" + field
	case strings.HasPrefix(first, "labels"):
		return group + field
	}
	return fmt.Sprintf("%s.targets[%d]", group, t.index)
}

// groupLabels are the fields of every endpoint of a group.
func (f *filler) groupLabels(group *node, at string) []member {
	labels := node{kind: object, offset: group.offset, filled: true}
	var fields []member
	for _, m := range group.holds {
		switch {
		case m.key == "targets":
		case m.key != "labels":
			f.b.report(int(m.offset), join(at, m.key), "unknown field; a group has targets and labels")
		case m.value.kind != object:
			f.b.fail(m.value.offset, join(at, "labels"), "want an object, got %s", m.value.kind)
		default:
			for _, l := range m.value.holds {
				l.value.filled = true
				switch {
				case strings.HasPrefix(l.key, "__"):
				case l.key == "product" || l.key == "region" || l.key == "network":
					l.value.kind = text // as "2026" and "true", which YAML takes for something else
					fields = append(fields, l)
				default:
					labels.holds = append(labels.holds, l)
				}
			}
		}
	}
	if len(labels.holds) > 0 {
		fields = append(fields, member{key: "labels", offset: group.offset, value: labels})
	}
	return fields
}

// target says where an endpoint is, as a target of Prometheus does: a URL, or a host that may have a
// port.
func (n *node) target(text string) {
	if strings.Contains(text, "://") {
		n.add("url", said(text))
		return
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host = text
	} else {
		number0 := node{kind: number, text: port, filled: true}
		n.add("ports", node{kind: object, holds: []member{{key: string(HTTPS), value: number0}, {key: string(HTTP), value: number0}}})
	}
	n.add("host", said(strings.TrimSuffix(strings.ToLower(host), ".")))
}
