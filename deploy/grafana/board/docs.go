package board

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed intro.md
var intro string

// Docs is docs/dashboards.md: how the dashboards are set up, and what each panel answers.
func Docs() (string, error) {
	var b strings.Builder
	b.WriteString(intro)
	for _, f := range written() {
		d, err := f.board.Build()
		if err != nil {
			return "", fmt.Errorf("dashboard %s: %w", f.name, err)
		}
		fmt.Fprintf(&b, "\n### %s\n\n", *d.Title)
		for _, p := range d.Panels {
			if p.RowPanel != nil {
				fmt.Fprintf(&b, "\n#### %s\n\n", *p.RowPanel.Title)
				continue
			}
			fmt.Fprintf(&b, "- **%s.** %s\n", strings.TrimRight(*p.Panel.Title, "?."), *p.Panel.Description)
		}
	}
	return b.String(), nil
}
