package report

// ExitCode is what a command of the program ends with. Scripts rely on the numbers. A command
// that a signal cuts short ends with [Signalled]; those that run until they are stopped,
// "serve" and "sandbox", end with 0 then.
type ExitCode int

// The exit codes.
const (
	ExitPass      ExitCode = 0 // something was verified and nothing failed
	ExitFail      ExitCode = 1 // an endpoint fails, or a requirement that counts is broken
	ExitUsage     ExitCode = 2 // wrong usage or configuration; nothing was started
	ExitUndecided ExitCode = 3 // nothing was selected or decided, or something stayed unknown while nothing failed
)

// Signalled is the exit code of a command that signal n cut short, as shells have it: 130
// for SIGINT and 143 for SIGTERM.
func Signalled(n int) ExitCode { return 128 + ExitCode(n) }

// ExitCode is what a run ends with that comes to o: a verdict is [Pass], [Fail] or
// [Inconclusive], and nothing else passes.
func (o Outcome) ExitCode() ExitCode {
	switch o {
	case Pass:
		return ExitPass
	case Fail:
		return ExitFail
	}
	return ExitUndecided
}
