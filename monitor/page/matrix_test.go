package page

import (
	"fmt"
	"strings"
	"testing"

	"prober/catalog"
	"prober/limit"
	"prober/probe/reason"
)

func TestMatrix(t *testing.T) {
	all, _ := statusesOf(t, ".ecs/a*2 !kms/a .kms/a ?gaap/b .gaap/b .ecs/c")
	all[6].Lifecycle = catalog.Closed
	m := newMatrix(all, &filter{})
	var b strings.Builder
	for _, r := range m.Rows {
		fmt.Fprintf(&b, "%s:", r.Region)
		for _, c := range r.Cells {
			switch {
			case c.Of > 0:
				fmt.Fprintf(&b, " %s %s %s (%s)", c.Product, symbol(c.State), c.Text(), c.Words())
			case c.Inactive > 0:
				fmt.Fprintf(&b, " %s %d inactive", c.Product, c.Inactive)
			default:
				b.WriteString(" -")
			}
		}
		b.WriteString("\n")
	}
	want := "a: ecs ● 2 (2 ok) - kms ■ 1/2 (1 of 2 fail)\nb: - gaap ○ 1/2 (1 of 2 unknown) -\nc: ecs 1 inactive - -\n"
	if b.String() != want {
		t.Errorf("got\n%s, want\n%s", &b, want)
	}
	if m := newMatrix(all, &filter{Region: "b"}); len(m.Rows) != 1 || len(m.Products) != 1 || m.Rows[0].Cells[0].Link != "?product=gaap&region=b" {
		t.Errorf("filtered: %+v", m.Rows)
	}
}

// Of more regions and products than fit, those are shown in which something is wrong.
func TestALongMatrixShowsWhatIsWrong(t *testing.T) {
	var list strings.Builder
	for i := range 2 * limit.WebRegions {
		fmt.Fprintf(&list, " .p%02d/r%04d", i%(2*limit.WebProducts), i)
	}
	all, _ := statusesOf(t, list.String()+" !zz/zzzz ?zy/zzzy !zx/zzzx*3")
	m := newMatrix(all, &filter{})
	last := m.Rows[len(m.Rows)-1]
	if len(m.Rows) != limit.WebRegions || m.Left != limit.WebRegions+3 || m.LeftBad != 0 || last.Region != "zzzz" || m.Rows[limit.WebRegions-3].Region != "zzzx" {
		t.Errorf("%d rows, %d left, %d of them bad, last %q", len(m.Rows), m.Left, m.LeftBad, last.Region)
	}
	if n := len(m.Products); n != limit.WebProducts || m.LeftProducts != limit.WebProducts+3 || m.Products[n-1] != "zz" || m.Products[n-3] != "zx" {
		t.Errorf("%v, %d left", m.Products, m.LeftProducts)
	}
	for i := range all {
		all[i].Outcome = reason.Fail
	}
	if m := newMatrix(all, &filter{}); m.LeftBad == 0 {
		t.Error("what is wrong in regions that are not shown is not counted")
	}
}
