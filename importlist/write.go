package importlist

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// fields are members of an object in the order in which they are written.
type fields []field

type field struct {
	name  string
	value any // string, bool, int, []any, fields
}

// text is the text of a member; empty where there is none.
func (f fields) text(name string) string {
	for _, x := range f {
		if s, is := x.value.(string); is && x.name == name {
			return s
		}
	}
	return ""
}

// set adds a member, or replaces one; nothing that says nothing.
func (f *fields) set(name string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case fields:
		if len(v) == 0 {
			return
		}
	case []any:
		if len(v) == 0 {
			return
		}
	}
	for i := range *f {
		if (*f)[i].name == name {
			(*f)[i].value = value
			return
		}
	}
	*f = append(*f, field{name, value})
}

// has reports whether there is a member of a name.
func (f fields) has(name string) bool {
	return slices.ContainsFunc(f, func(x field) bool { return x.name == name })
}

// plainWord matches texts that YAML reads as themselves.
var plainWord = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_.-]*(/[a-zA-Z0-9_.-]+)*$`)

// scalar is a text as YAML has it: in quotes, as JSON has them, where it could be read as something else.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
	default:
		if plainWord.MatchString(s) {
			return s
		}
	}
	quoted, _ := json.Marshal(s) // of a text
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(quoted))
}

// flow writes a value on one line.
func flow(value any) string {
	switch v := value.(type) {
	case string:
		return scalar(v)
	case fields:
		var parts []string
		for _, f := range v {
			parts = append(parts, scalar(f.name)+": "+flow(f.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, flow(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(value)
}

// numbers are statuses as a list: those that are numbers stand as such.
func numbers(all []string) []any {
	var out []any
	for _, s := range all {
		if n, err := strconv.Atoi(s); err == nil {
			out = append(out, n)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// texts are texts as a list.
func texts(all []string) []any {
	var out []any
	for _, s := range all {
		out = append(out, s)
	}
	return out
}
