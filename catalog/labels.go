package catalog

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"prober/limit"
)

// IsLabel reports whether a list takes a name as that of a label.
func IsLabel(name string) bool { return labelForm.MatchString(name) && !strings.HasPrefix(name, "__") }

var labelForm = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// IsTaken reports whether a label is one of those that tell endpoints apart, which a list has other fields for.
func IsTaken(label string) bool {
	return slices.Contains([]string{"product", "region", "network", "host", "lifecycle", "scheme", "port", "name", "id"}, label)
}

// labels checks what somebody says of an endpoint beyond what the program knows.
func (v *validator) labels(labels map[string]string, path string) {
	if len(labels) > limit.Labels {
		v.bad(path, "%d labels; at most %d", len(labels), limit.Labels)
		return
	}
	for _, name := range sortedKeys(labels) {
		at := join(path, name)
		value := labels[name]
		switch {
		case !IsLabel(name):
			v.bad(at, "%q is not the name of a label; use letters, digits and '_', with no digit and no \"__\" at the beginning", name)
		case len(name) > limit.ListLabelBytes || len(value) > limit.ListLabelBytes:
			v.bad(at, "a label of %d bytes; its name and its value have at most %d each", max(len(name), len(value)), limit.ListLabelBytes)
		case IsTaken(name):
			v.bad(at, "%q is a label that every endpoint has; give this one another name", name)
		case strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }):
			v.bad(at, "the value has a character that cannot be printed")
		}
		if v.labelNames[name] = true; len(v.labelNames) > limit.LabelNames {
			v.bad(at, "%q is one more than the %d names of labels that a list may have", name, limit.LabelNames)
			delete(v.labelNames, name)
		}
	}
}
