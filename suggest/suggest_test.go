package suggest_test

import (
	"fmt"
	"strings"
	"testing"

	"prober/limit"
	"prober/suggest"
)

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a", "", 1},
		{"", "ab", 2},
		{"abc", "abc", 0},
		{"kitten", "sitting", 3},
		{"cn-beijng", "cn-beijing", 1},
		{"ab", "ba", 1},
		{"chekc", "check", 1},
		{"ca", "abc", 3}, // nothing twice
	} {
		if got := suggest.Edits(tt.a, tt.b); got != tt.want {
			t.Errorf("%q to %q takes %d edits, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"ecs", "kms", "gaap"}
	for word, want := range map[string]string{"kns": "kms", "ksm": "kms", "GAAP": "gaap", "oss": "", "rds": "", "": "", "gap": "gaap"} {
		// One letter of three may differ; two may not.
		if got := suggest.Nearest(word, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}

// A word that is longer than any id costs nothing, and is near to nothing.
func TestNothingIsNearALongWord(t *testing.T) {
	long := strings.Repeat("k", limit.IDBytes+1)
	if got := suggest.Edits(long, long); got != len(long) {
		t.Errorf("%d edits from a long word to itself, want %d", got, len(long))
	}
	if got := suggest.Hint(long, []string{long[1:]}); got != "" {
		t.Errorf("a hint at a long word: %s", got)
	}
}

// Of many words the nearest are told, and how many there are besides.
func TestHintAndKnown(t *testing.T) {
	many := []string{}
	for i := range 1000 {
		many = append(many, fmt.Sprintf("region-%04d", i))
	}
	for _, tt := range []struct {
		word  string
		known []string
		want  string
	}{
		{"kns", []string{"ecs", "kms"}, `; did you mean "kms"? known: ecs, kms`},
		{"vault", []string{"ecs", "kms"}, "; known: ecs, kms"},
		{"x", nil, "; known: none"},
		{"1.2", []string{"TLS1.1", "TLS1.2"}, `; did you mean "TLS1.2"? known: TLS1.1, TLS1.2`},
	} {
		if got := suggest.HintAndKnown(tt.word, tt.known); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.word, got, tt.want)
		}
	}
	got := suggest.HintAndKnown("region-042", many)
	if !strings.Contains(got, "region-0042") || !strings.HasSuffix(got, fmt.Sprintf(" and %d more", len(many)-limit.ShownNear)) || strings.Count(got, "region-") != limit.ShownNear+1 {
		t.Errorf("of many: %q", got)
	}
}

func ExampleHint() {
	fmt.Println("unknown region" + suggest.Hint("cn-beijng", []string{"cn-beijing", "cn-hangzhou"}))
	// Output: unknown region; did you mean "cn-beijing"?
}
