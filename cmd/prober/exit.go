package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"prober/report"
	"prober/session"
)

// signalled is the exit code of a command that a signal cut short.
func signalled(s os.Signal) report.ExitCode {
	if n, ok := s.(syscall.Signal); ok {
		return report.Signalled(int(n))
	}
	return report.ExitUndecided
}

// exitError ends a command with a code, and a line for people if there is an error.
type exitError struct {
	code report.ExitCode
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage is an error of the user's: it is printed in one line, and the exit code is 2.
func usage(format string, args ...any) error { return session.Usagef(format, args...) }

// codeOf returns the exit code that err stands for. An error that names none is one of usage,
// ours or the command line parser's.
func codeOf(err error) report.ExitCode {
	var e *exitError
	switch {
	case err == nil:
		return report.ExitPass
	case errors.As(err, &e):
		return e.code
	}
	return report.ExitUsage
}
