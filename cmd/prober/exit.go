package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"prober/report"
	"prober/session"
)

// exitCode is what the process ends with; see [report.ExitCode].
type exitCode = report.ExitCode

const (
	exitOK        = report.ExitPass
	exitFailed    = report.ExitFail
	exitUsage     = report.ExitUsage
	exitUndecided = report.ExitUndecided
)

// signalled is the exit code of a command that a signal cut short.
func signalled(s os.Signal) exitCode {
	if n, ok := s.(syscall.Signal); ok {
		return report.Signalled(int(n))
	}
	return exitUndecided
}

// exitError ends a command with a code, and a line for people if there is an error.
type exitError struct {
	code exitCode
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
func codeOf(err error) exitCode {
	var e *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		return e.code
	}
	return exitUsage
}
