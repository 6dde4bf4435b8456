package catalog

import (
	"bytes"
	"iter"
)

// items is where the list stands that makes a YAML text long: a sequence in block style at the top of
// the text, or below the key "endpoints" of it.
type items struct {
	key      string // empty: the sequence is the whole
	line     int    // of its first item
	from, to int    // its bytes
	starts   []int  // of the items
}

// pieceBytes is the least that is read at once, but for the last piece.
const pieceBytes = 64 << 10

// longList finds the list that a text mostly is; nil where the text is short or has none. What it
// takes for an item begins as far left as the first one does. YAML lets nothing that goes on over
// several lines begin there, so that each item is a text by itself.
func longList(data []byte) *items {
	if len(data) < 2*pieceBytes {
		return nil
	}
	var found *items
	indent, number := -1, 0
	for at, line := range linesOf(data) {
		number++
		text := bytes.TrimLeft(line, " ")
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		switch left := len(line) - len(text); {
		case found == nil && left == 0 && isItem(text):
			found = &items{from: at, line: number, starts: []int{at}}
			indent = 0
		case found == nil && left == 0 && isKey(text, "endpoints"):
			found = &items{key: "endpoints"}
		case found == nil:
			if left == 0 && !bytes.HasPrefix(text, []byte("---")) && !isKeyed(text) {
				return nil
			}
		case indent < 0 && !isItem(text): // no sequence in block style
			return nil
		case indent < 0:
			indent, found.from, found.line = left, at, number
			found.starts = append(found.starts, at)
		case left == indent && isItem(text):
			found.starts = append(found.starts, at)
		case left <= indent: // the list has ended
			found.to = at
			return found.worthwhile()
		}
	}
	if found == nil || indent < 0 {
		return nil
	}
	found.to = len(data)
	return found.worthwhile()
}

func (x *items) worthwhile() *items {
	if x.to-x.from < pieceBytes {
		return nil
	}
	return x
}

// isItem reports whether a line begins an item of a sequence.
func isItem(text []byte) bool {
	return text[0] == '-' && (len(text) == 1 || text[1] == ' ')
}

// isKey reports whether a line is a key and no more.
func isKey(text []byte, key string) bool {
	rest, is := bytes.CutPrefix(text, []byte(key+":"))
	rest = bytes.TrimSpace(rest)
	return is && (len(rest) == 0 || rest[0] == '#')
}

// isKeyed reports whether a line begins with a plain word and a colon.
func isKeyed(text []byte) bool {
	word, _, found := bytes.Cut(text, []byte(":"))
	return found && len(bytes.Trim(word, "$_abcdefghijklmnopqrstuvwxyz")) == 0
}

// pieces are the items, several at once, each with the number of its first line.
func (x *items) pieces(data []byte) iter.Seq2[[]byte, int] {
	return func(yield func([]byte, int) bool) {
		line, from := x.line, x.from
		for _, next := range append(x.starts[1:], x.to) {
			if next-from < pieceBytes && next != x.to {
				continue
			}
			if !yield(data[from:next], line) {
				return
			}
			line += bytes.Count(data[from:next], []byte("\n"))
			from = next
		}
	}
}

// rest is the text without the items, on the same lines.
func (x *items) rest(data []byte) []byte {
	var out bytes.Buffer
	out.Write(data[:x.from])
	out.Write(bytes.Repeat([]byte("\n"), bytes.Count(data[x.from:x.to], []byte("\n"))))
	out.Write(data[x.to:])
	return out.Bytes()
}

// linesOf are the lines of a text without their ends, and where they begin.
func linesOf(data []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		for at := 0; at < len(data); {
			end := bytes.IndexByte(data[at:], '\n')
			next := at + end + 1
			if end < 0 {
				next, end = len(data), len(data)-at
			}
			if !yield(at, bytes.TrimSuffix(data[at:at+end], []byte("\r"))) {
				return
			}
			at = next
		}
	}
}
