package main

import (
	"errors"
	"strings"

	endpoints "prober"
	"prober/catalog"
	"prober/files"
	"prober/report"
	"prober/session"
	"prober/suites"
)

// environment is what a session takes from this process.
func (a *app) environment() session.Environment {
	return session.Environment{Embedded: endpoints.Endpoints(), Getenv: a.getenv, Now: a.now, Elapsed: a.elapsed, Files: a.files}
}

// open opens a session and gives its errors their exit codes.
func (a *app) open(o session.Options) (*session.Session, error) { return a.openIn(o, a.environment()) }

// openIn is open with another environment.
func (a *app) openIn(o session.Options, env session.Environment) (*session.Session, error) {
	choice, err := session.Choose(o, env)
	if err != nil {
		return nil, fail(err)
	}
	s, err := choice.Open()
	if err != nil {
		return nil, fail(err)
	}
	for _, line := range choice.Remarks() {
		a.say("note: %s", line)
	}
	a.mentionUnread(choice.Catalog)
	return s, nil
}

// begun does what a command begins with, and leaves it behind when the process is told to stop: a list of a hundred
// thousand endpoints takes its time on a busy machine.
func begun[T any](a *app, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	if a.files.Work(func() {
		v, err := do()
		done <- result{v, err}
	}) != nil {
		var none T
		return none, stopped{}
	}
	r := <-done
	return r.value, r.err
}

// stopped is that a command was told to stop before it had begun.
type stopped struct{}

// Error implements error.
func (stopped) Error() string { return "the process was told to stop before it had begun" }

// Is makes it one of those that end a command without a word of blame.
func (stopped) Is(other error) bool { return other == files.ErrEnded }

// mentionUnread says what of lists nobody reads. Of many the first tell enough.
func (a *app) mentionUnread(c *catalog.Catalog) {
	const few = 5
	all := suites.Unread(c)
	for i, line := range all {
		if i == few {
			a.say("note: there are %d more notes; \"prober endpoints validate\" has all of a list", len(all)-few)
			return
		}
		a.say("note: %s", line)
	}
}

// fail gives an error its exit code: a usage error keeps the code 2, anything else that
// keeps a command from its work is 3, because nothing was decided.
func fail(err error) error {
	if err == nil || errors.As(err, new(*exitError)) || errors.As(err, new(*session.UsageError)) {
		return err
	}
	return &exitError{report.ExitUndecided, err}
}

// mentionIdleFaults says once that faults break what nobody looks at.
func (a *app) mentionIdleFaults(s *session.Session, looked []catalog.Endpoint) {
	if note := s.Faults.Idle(looked); note != "" {
		a.say("note: %s", note)
	}
}

// mentionEnd says once why commands that were printed reach nothing any more: all but those
// that start a sandbox of their own.
func (a *app) mentionEnd(commands []string) {
	for _, c := range commands {
		if c != "" && !strings.Contains(c, " --sandbox") {
			a.say("note: the sandbox ended with this command; the lines after $ need one that stays: \"prober sandbox --dir DIR --fault ENDPOINT=FAULT\" says how to reach it")
			return
		}
	}
}
