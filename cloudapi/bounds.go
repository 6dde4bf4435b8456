package cloudapi

import "prober/limit"

// withinJSON looks whether the first value of a text is within the limits of package limit,
// before a decoder builds anything of it. It does not look whether the text is JSON.
func withinJSON(text []byte) error {
	depth, members, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > limit.JSONDepth {
				return beyond(limit.JSONDepth, "JSON objects and arrays inside each other")
			}
		case c == '}' || c == ']':
			if depth--; depth <= 0 {
				return nil
			}
		case c == ':':
			if members++; members > limit.JSONMembers {
				return beyond(limit.JSONMembers, "JSON members")
			}
		}
	}
	return nil
}
