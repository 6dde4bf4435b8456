package catalog

// EndpointLines returns the line, from 1, on which the text of a catalogue begins each
// endpoint, by id. Text that [Decode] does not accept has none.
func EndpointLines(data []byte) map[string]int {
	root, _, err := parse(data)
	if err != nil {
		return nil
	}
	at, out := newLines(data), map[string]int{}
	for _, e := range root.member("endpoints").elements() {
		if id := e.member("id"); id != nil && id.kind == text {
			out[id.text], _ = at.position(e.offset)
		}
	}
	return out
}

// member returns the value of a key, nil for a node that has none of it.
func (n *node) member(key string) *node {
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

func (n *node) elements() []*node {
	if n == nil {
		return nil
	}
	return n.items
}
