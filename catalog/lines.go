package catalog

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// lines finds the line and column of an offset.
type lines struct {
	data   []byte
	starts []int32 // nil: offsets are the numbers of lines
	last   int     // line
}

func newLines(data []byte) lines {
	l := lines{data, nil, lineOf(data, len(data))}
	l.starts = append(make([]int32, 0, l.last), 0)
	for i, b := range data {
		if b == '\n' {
			l.starts = append(l.starts, int32(i+1)) //nolint:gosec // a file has at most limit.CatalogueBytes
		}
	}
	return l
}

// lineOf is the line of one offset.
func lineOf(data []byte, offset int) int { return 1 + bytes.Count(data[:offset], []byte("\n")) }

// line takes no look at the text: it is asked for each endpoint of a list that may stand on one line.
func (l lines) line(offset int) int {
	if l.starts == nil {
		return max(1, offset)
	}
	return sort.Search(len(l.starts), func(i int) bool { return int(l.starts[i]) > offset })
}

// position counts the characters of the line, which can be the whole text.
func (l lines) position(offset int) (line, column int) {
	if l.starts == nil {
		return l.line(offset), 0
	}
	offset = min(offset, len(l.data))
	line = l.line(offset)
	return line, utf8.RuneCount(l.data[l.starts[line-1]:offset]) + 1
}
