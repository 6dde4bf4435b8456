package prose

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Folder is a writer to a terminal that breaks lines which are too wide for it. See [Fold].
type Folder struct {
	to      io.Writer
	columns int

	mu   sync.Mutex // of what writes to a log at the same time
	line []byte     // one whose end is still to come
}

// Fold returns a writer to a terminal of so many columns, or of any number for 0. A line that is wider is
// broken between words, and goes on below its last column, as in a table, or where that has no room, has it
// below, a little further in than it began. What is there to be copied stays whole: a word, such as a URL, what stands in quotes and is no
// wider than the terminal, and a command line.
func Fold(w io.Writer, columns int) *Folder { return &Folder{to: w, columns: columns} }

// Write implements io.Writer. It keeps a line until its end comes, and [Folder.Flush] writes one without.
func (f *Folder) Write(p []byte) (int, error) {
	if f.columns == 0 {
		return f.to.Write(p)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	end := bytes.LastIndexByte(p, '\n') + 1
	if end == 0 {
		f.line = append(f.line, p...)
		return len(p), nil
	}
	whole := slices.Concat(f.line, p[:end])
	f.line = bytes.Clone(p[end:])
	var b strings.Builder
	for line := range strings.Lines(string(whole)) {
		b.WriteString(folded(line, f.columns))
	}
	if _, err := io.WriteString(f.to, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes the beginning of a line that has no end.
func (f *Folder) Flush() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	line := f.line
	f.line = nil
	_, err := io.WriteString(f.to, folded(string(line), f.columns))
	return err
}

// folded is a line as several.
func folded(line string, columns int) string {
	if Width(strings.TrimRight(line, " \r\n")) <= columns {
		return line
	}
	words := words(line)
	indent, last := 0, 0 // where the line and its last column begin
	at := 0
	for i, w := range words {
		at += len(w.gap)
		switch {
		case i == 0:
			indent, last = at, at
		case len(w.gap) > 1:
			last = at
		}
		if last == at && (w.text == "$" || w.text == "prober") {
			return line // a command line to copy
		}
		at += Width(w.text)
	}
	const least = 28 // columns in which text can be read
	hang, own := last, false
	if last == indent || columns-last < least {
		hang, own = min(indent+2, columns/2), last < columns
	}
	var b strings.Builder
	broken := false
	at = 0
	for i, w := range quoted(words, columns-hang) {
		if broken && len(w.gap) > 2 {
			w.gap = "  " // below no heading any more
		}
		if i > 0 && (at+len(w.gap)+Width(w.text) > columns || own && !broken && at+len(w.gap) == last) {
			w.gap, broken, at = strings.Repeat(" ", hang), true, 0
			b.WriteByte('\n')
		}
		b.WriteString(w.gap)
		at += len(w.gap)
		b.WriteString(w.text)
		at += Width(w.text)
	}
	return b.String() + "\n"
}

// word is one with the spaces before it.
type word struct{ gap, text string }

// words takes a line apart.
func words(line string) (all []word) {
	for {
		rest := strings.TrimLeft(line, " ")
		gap := line[:len(line)-len(rest)]
		if rest = strings.TrimRight(rest, " \r\n"); rest == "" {
			return all
		}
		text, _, _ := strings.Cut(rest, " ")
		all = append(all, word{gap, text})
		line = rest[len(text):]
	}
}

// quoted joins words that stand in quotes, if they are together at most that wide.
func quoted(words []word, most int) (joined []word) {
	for len(words) > 0 {
		n, w := 1, words[0]
		if opens(w.text) {
			for n < len(words) && Width(w.text) < most {
				w.text += words[n].gap + words[n].text
				n++
				if opens(words[n-1].text) {
					break
				}
			}
			if Width(w.text) > most || opens(w.text) { // too wide, or never closed
				n, w = 1, words[0]
			}
		}
		joined = append(joined, w)
		words = words[n:]
	}
	return joined
}

// opens reports whether a quote that begins in a text does not end in it, or the other way round.
func opens(text string) bool {
	return (strings.Count(text, `"`)-strings.Count(text, `\"`))%2 == 1
}

// Width is how many columns of a terminal a text takes. What colours it takes none.
func Width(s string) (n int) {
	for s != "" {
		if strings.HasPrefix(s, "\x1b[") {
			end := strings.IndexByte(s, 'm') + 1
			if end == 0 {
				return n
			}
			s = s[end:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	switch {
	case r == '\t':
		return 8 // at most
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}
