package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestLogging(t *testing.T) {
	for _, tt := range []struct {
		args  string
		lines int // of four, one a level
		json  bool
		bad   bool
	}{
		{args: "", lines: 3},
		{args: "--log.level debug", lines: 4},
		{args: "--log.level warn --log.format json", lines: 2, json: true},
		{args: "--log.level error --log.format text", lines: 1},
		{args: "--log.level INFO", bad: true},
		{args: "--log.level info+1", bad: true},
		{args: "--log.format logfmt", bad: true},
	} {
		t.Run(tt.args, func(t *testing.T) {
			var l logging
			var out bytes.Buffer
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			l.bindLog(flags)
			if err := flags.Parse(strings.Fields(tt.args)); (err != nil) != tt.bad {
				t.Fatal(err)
			}
			if tt.bad {
				return
			}
			log := l.logger(&out)
			log.Debug("a")
			log.Info("a")
			log.Warn("a")
			log.Error("a", "endpoint", "x")
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			last := lines[len(lines)-1]
			if len(lines) != tt.lines || json.Valid([]byte(last)) != tt.json || !strings.Contains(last, "endpoint") {
				t.Errorf("%d lines, the last %q", len(lines), last)
			}
		})
	}
}
