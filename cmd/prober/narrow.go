package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// helpWidth is how wide help is, in columns: what a terminal has that nobody has made wider.
const helpWidth = 80

// narrowed fits the help of root and of every command below it into [helpWidth].
func narrowed(root *cobra.Command) *cobra.Command {
	for _, cmd := range commandsBelow(root) {
		cmd.Long = filled(cmd.Long, helpWidth)
	}
	const wide = "Flags.FlagUsages "
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), wide, fmt.Sprintf("Flags.FlagUsagesWrapped %d ", helpWidth)))
	return root
}

// filled breaks the lines of each paragraph anew, but of those with a line that is indented.
func filled(text string, width int) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		if strings.HasPrefix(p, " ") || strings.Contains(p, "\n ") || strings.Contains(p, "\n\t") {
			continue
		}
		var b strings.Builder
		column := 0
		for _, word := range strings.Fields(p) {
			switch {
			case column > 0 && column+1+len(word) > width:
				b.WriteByte('\n')
				column = 0
			case column > 0:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += len(word)
		}
		paragraphs[i] = b.String()
	}
	return strings.Join(paragraphs, "\n\n")
}
