package prose_test

import (
	"testing"

	"prober/prose"
)

func TestFitting(t *testing.T) {
	whole := [][]string{{"NAME", "OF"}, {"a", "a place"}, {"b", "中"}}
	narrow := [][]string{{"NAME"}, {"a"}, {"b"}}
	const all = "NAME  OF\na     a place\nb     中\n"
	for columns, want := range map[int]string{
		0:  all,
		80: all,
		13: all,
		12: "NAME\na\nb\n\nPlaces are left out: that takes 13 columns, or a pipe (| less -S).\n",
	} {
		if got := prose.Fitting(columns, whole, narrow, "Places"); got != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", columns, got, want)
		}
	}
}
