package importlist

import (
	"regexp"
	"slices"
	"strings"
)

// A step of relabeling, as Prometheus has it.
type step struct {
	of                  at
	action, separator   string
	sources             []string
	target, replacement string
	pattern             *regexp.Regexp
}

// relabeling reads the steps of a list of them. One that cannot be followed is told, and left out.
func relabeling(list at) (steps []step, notes []Note) {
	actions := []string{"replace", "keep", "drop", "keepequal", "dropequal", "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase"}
	for _, x := range list.items() {
		s := step{of: x, action: "replace", separator: ";", replacement: "$1", sources: x.member("source_labels").texts(), target: x.member("target_label").text()}
		given := func(name string, into *string) {
			if m := x.member(name); m.node != nil {
				*into = m.text()
			}
		}
		given("action", &s.action)
		given("separator", &s.separator)
		given("replacement", &s.replacement)
		pattern := "(.*)"
		given("regex", &pattern)
		var err error
		s.pattern, err = regexp.Compile("^(?s:" + pattern + ")$")
		s.action = strings.ToLower(s.action)
		switch {
		case err != nil:
			notes = append(notes, x.member("regex").note("not carried over: %q is not a regular expression of RE2", pattern))
		case !slices.Contains(actions, s.action):
			notes = append(notes, x.note("not carried over: relabeling by %q is not followed", s.action))
		default:
			steps = append(steps, s)
		}
	}
	return steps, notes
}

// relabel follows the steps, and says whether the target is kept.
func (g *goal) relabel(steps []step) bool {
	for _, s := range steps {
		var values []string
		for _, name := range s.sources {
			values = append(values, g.value(name))
		}
		value := strings.Join(values, s.separator)
		switch s.action {
		case "replace":
			if found := s.pattern.FindStringSubmatchIndex(value); found != nil {
				name := string(s.pattern.ExpandString(nil, s.target, value, found))
				g.set(name, string(s.pattern.ExpandString(nil, s.replacement, value, found)), s.of)
			}
		case "lowercase":
			g.set(s.target, strings.ToLower(value), s.of)
		case "uppercase":
			g.set(s.target, strings.ToUpper(value), s.of)
		case "keep", "drop":
			if s.pattern.MatchString(value) != (s.action == "keep") {
				return false
			}
		case "keepequal", "dropequal":
			if (value == g.value(s.target)) != (s.action == "keepequal") {
				return false
			}
		default:
			g.relabelNames(s)
		}
	}
	return true
}

// relabelNames follows a step that looks at the names of labels.
func (g *goal) relabelNames(s step) {
	for _, name := range g.names() {
		switch is := s.pattern.MatchString(name); {
		case s.action == "labelmap" && is:
			g.set(s.pattern.ReplaceAllString(name, s.replacement), g.value(name), s.of)
		case s.action == "labeldrop" && is, s.action == "labelkeep" && !is:
			g.set(name, "", s.of)
		}
	}
}
