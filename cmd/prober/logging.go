package main

import (
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"prober/prose"
)

// logging are the flags about the log, as Prometheus's own programs have them.
type logging struct {
	level  logLevel
	format logFormat
}

func (l *logging) bindLog(f *pflag.FlagSet) {
	l.format = logText
	f.Var(&l.level, "log.level", "least level that is logged: debug (with a line for each probe), info, warn or error")
	f.Var(&l.format, "log.format", "form of the log: text or json")
}

// logger returns the log, which goes to stderr. In JSON, all that is said there is in it.
func (a *app) logger(l logging) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.Level(l.level)}
	if l.format != logJSON {
		return slog.New(slog.NewTextHandler(a.err, options))
	}
	a.log = slog.New(slog.NewJSONHandler(jsonLines{a.exact.err}, options))
	return a.log
}

// jsonLines escapes what hides in lines of JSON as JSON has it, before the guard of the output would in
// a way that is none.
type jsonLines struct{ to io.Writer }

// Write implements io.Writer.
func (j jsonLines) Write(line []byte) (int, error) {
	if _, err := j.to.Write(prose.JSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// logLevel is a level; the zero value is info.
type logLevel slog.Level

// String implements pflag.Value.
func (l *logLevel) String() string { return strings.ToLower(slog.Level(*l).String()) }

// Type implements pflag.Value.
func (l *logLevel) Type() string { return "LEVEL" }

// Set implements pflag.Value.
func (l *logLevel) Set(s string) error {
	var level slog.Level
	if !slices.Contains(logLevels(), s) || level.UnmarshalText([]byte(s)) != nil {
		return errors.New("want debug, info, warn or error")
	}
	*l = logLevel(level)
	return nil
}

// logLevels are the words for levels, the least first.
func logLevels() []string { return []string{"debug", "info", "warn", "error"} }

// logFormat is a form of the log.
type logFormat string

const (
	logText logFormat = "text"
	logJSON logFormat = "json"
)

// String implements pflag.Value.
func (l *logFormat) String() string { return string(*l) }

// Type implements pflag.Value.
func (l *logFormat) Type() string { return "FORMAT" }

// Set implements pflag.Value.
func (l *logFormat) Set(s string) error {
	if !slices.Contains([]logFormat{logText, logJSON}, logFormat(s)) {
		return errors.New("want text or json")
	}
	*l = logFormat(s)
	return nil
}
