// Package suggest finds the known word that somebody probably meant who gave one that is not known: the name of a
// field, a region, a fault, a flag. An error that names it costs its reader no look into a manual. Words are compared as
// people mistype them, by single letters and whatever their case.
package suggest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/limit"
)

// Hint returns `; did you mean "x"?` for the known word nearest to word, or nothing when
// none is near.
func Hint(word string, known []string) string {
	if near := Nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// HintAndKnown returns the hint and the known words, to be put behind a message; of more than
// [limit.ShownKnown] bytes of them the nearest [limit.ShownNear].
func HintAndKnown(word string, known []string) string {
	size := 0
	for _, k := range known {
		size += len(k)
	}
	shown, more := known, ""
	if size > limit.ShownKnown && len(known) > limit.ShownNear {
		shown, more = nearby(word, known), fmt.Sprintf(" and %d more", len(known)-limit.ShownNear)
	}
	list := cmp.Or(strings.Join(shown, ", "), "none") + more
	if h := Hint(word, known); h != "" {
		return h + " known: " + list
	}
	return "; known: " + list
}

// nearby returns the known words that are most like word, in the order of their likeness.
func nearby(word string, known []string) []string {
	const enough = 64 // letters to tell words apart by
	word = strings.ToLower(word[:min(len(word), enough)])
	far := make(map[string]int, len(known))
	for _, k := range known {
		far[k] = Edits(word, strings.ToLower(k[:min(len(k), enough)]))
	}
	sorted := slices.Clone(known)
	slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(far[a], far[b]) })
	return sorted[:limit.ShownNear]
}

// Nearest returns the known word that takes the fewest edits to reach from word, the
// first of equals, or else the first that ends in it; empty when there is none within a third of its letters.
func Nearest(word string, known []string) string {
	best, bestEdits := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if len(k)-len(word) >= bestEdits || len(word)-len(k) >= bestEdits {
			continue // by its length alone
		}
		if e := Edits(strings.ToLower(word), strings.ToLower(k)); e < bestEdits {
			best, bestEdits = k, e
		}
	}
	const telling = 3 // letters that mean a word by its end, as 1.2 means TLS1.2
	for _, k := range known {
		if best == "" && len(word) >= telling && strings.HasSuffix(strings.ToLower(k), strings.ToLower(word)) {
			best = k
		}
	}
	return best
}

// Edits is how many bytes are to be inserted, deleted, replaced or swapped with the next one to make b of a, none of
// them twice (the optimal string alignment distance). Nothing is near a word that is longer than an id can be.
func Edits(a, b string) int {
	if max(len(a), len(b)) > limit.IDBytes {
		return max(len(a), len(b))
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			substitute := last[j]
			if a[i] != b[j] {
				substitute++
			}
			row[j+1] = min(substitute, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
