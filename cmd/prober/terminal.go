package main

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"

	"prober/prose"
)

// attach puts between the program and what it writes to what is needed there, and returns what is to be done in
// the end.
func (a *app) attach() func() {
	a.terminal = streams{a.out, a.err}
	a.exact = streams{prose.Guard(a.out), prose.Guard(a.err)}
	out, err := prose.Fold(a.out, a.columns(a.out)), prose.Fold(a.err, a.columns(a.err))
	a.out, a.err, a.coloured = prose.Guard(out), prose.Guard(err), out
	return func() {
		_ = out.Flush() // nobody is left to be told
		_ = err.Flush()
	}
}

// columns is the width of the terminal that w is, as COLUMNS says, or the terminal, or as terminals are; 0 for what is
// none: there, a line stays one.
func (a *app) columns(w io.Writer) int {
	f, ok := terminalOf(w)
	if !ok {
		return 0
	}
	const usual, least = 80, 20
	said, err := strconv.Atoi(a.getenv("COLUMNS"))
	if err != nil || said <= 0 {
		said, _, err = term.GetSize(int(f.Fd()))
	}
	if err != nil || said <= 0 {
		return usual
	}
	return max(said, least)
}

// terminalOf is the terminal that w is.
func terminalOf(w io.Writer) (*os.File, bool) {
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// colour reports whether the table may use colours: on a terminal, unless NO_COLOR says no.
func (a *app) colour() bool {
	_, ok := terminalOf(a.terminal.out)
	return ok && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"
}
