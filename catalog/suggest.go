package catalog

import (
	"cmp"
	"fmt"
	"strings"
)

// hint returns `; did you mean "x"?` for the known word nearest to word, or nothing when
// none is near.
func hint(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// hintAndKnown returns the hint and all known words, to be put behind a message.
func hintAndKnown(word string, known []string) string {
	list := cmp.Or(strings.Join(known, ", "), "none")
	if h := hint(word, known); h != "" {
		return h + " known: " + list
	}
	return "; known: " + list
}

// nearest returns the known word that takes the fewest edits to reach from word, the
// first of equals; empty when that takes more than a third of its letters.
func nearest(word string, known []string) string {
	best, bestEdits := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if e := Edits(strings.ToLower(word), strings.ToLower(k)); e < bestEdits {
			best, bestEdits = k, e
		}
	}
	return best
}

// Edits is the Levenshtein distance of a and b: how many bytes are to be inserted, deleted
// or replaced to make one of the other.
func Edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
