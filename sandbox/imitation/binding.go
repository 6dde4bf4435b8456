package imitation

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Binding is what is left of an EncryptionContext when a ciphertext is bound to it.
type Binding struct {
	Name string // "names"
	What string // "a ciphertext is bound to the texts of a context, whatever their names"
	Of   func(context map[string]string) map[string]string
}

// Bindings are those to less than the whole.
func Bindings() []Binding {
	const most = 255
	texts := func(to func(string) string) func(map[string]string) map[string]string {
		return func(context map[string]string) map[string]string {
			bound := map[string]string{}
			for name, text := range context {
				bound[name] = to(text)
			}
			return bound
		}
	}
	marked := func(from rune) func(string) string {
		return func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= from {
					return '?'
				}
				return r
			}, s)
		}
	}
	return []Binding{
		{"ignored", "a ciphertext opens under any context", func(map[string]string) map[string]string { return nil }},
		{"names", "a ciphertext is bound to the names of a context alone", texts(func(string) string { return "" })},
		{"nameless", "a ciphertext is bound to the texts of a context, whatever their names", func(context map[string]string) map[string]string {
			return map[string]string{"": strings.Join(slices.Sorted(maps.Values(context)), "\x00")}
		}},
		{"first", "a ciphertext is bound to the first text of a context alone", func(context map[string]string) map[string]string {
			if len(context) == 0 {
				return nil
			}
			first := slices.Min(slices.Collect(maps.Keys(context)))
			return map[string]string{first: context[first]}
		}},
		{"cut", "a ciphertext is bound to the first 255 characters of texts in a context", texts(func(s string) string {
			all := []rune(s)
			return string(all[:min(most, len(all))])
		})},
		{"ascii", "characters beyond ASCII in a context are all the same", texts(marked(0x80))},
		{"latin1", "characters beyond Latin-1 in a context are all the same", texts(marked(0x100))},
		{"sixteen_bits", "characters beyond 16 bits in a context are all the same", texts(marked(0x10000))},
		{"folded", "the case of letters in a context does not matter", texts(strings.ToLower)},
		{"trimmed", "blanks at the ends of texts in a context do not matter", texts(strings.TrimSpace)},
		{"invisible", "control characters and marks of width and direction in a context do not matter", texts(func(s string) string {
			return without(func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })(s)
		})},
	}
}

// Bound returns an API that shares everything with a and binds ciphertexts to less.
func (a *API) Bound(b Binding) *API {
	other := *a
	other.bound = b.Of
	return &other
}
