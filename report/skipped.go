package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// skippedBy lists skip reasons with their counts, the most frequent first, such as
// "no-credentials 640, private-network 88"; one reason alone needs no count.
func skippedBy(counts map[SkipReason]int) string {
	reasons := slices.SortedFunc(maps.Keys(counts), func(a, b SkipReason) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	if len(reasons) == 1 {
		return string(reasons[0])
	}
	words := make([]string, len(reasons))
	for i, k := range reasons {
		words[i] = fmt.Sprintf("%s %d", k, counts[k])
	}
	return strings.Join(words, ", ")
}

// skippedText is what the verdict says of skipped results, such as
// "728 skipped: no-credentials 640, private-network 88", or "".
func (s Summary) skippedText() string {
	if s.Total.Skip == 0 {
		return ""
	}
	return fmt.Sprintf("%d skipped: %s", s.Total.Skip, skippedBy(s.Skipped))
}

// unverified says at the top of a page how much was not looked at, or "".
func (s Summary) unverified() string {
	if s.Total.Skip == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %s skipped: %s", s.Total.Skip, plural(s.Total.Total(), "result"), skippedBy(s.Skipped))
}
