package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// With a log of JSON, whatever is said is JSON: those who collect it read nothing else.
func TestAllThatIsSaidIsJSON(t *testing.T) {
	got := runApp(t, map[string]string{"HTTPS_PROXY": "http://x"}, "serve", "--log.format", "json", "--web.listen-address", "127.0.0.1:0",
		"--resolver", "127.0.0.1:1", "--product", "ecs", "--region", "cn-hangzhou")
	lines := strings.Split(strings.TrimSpace(got.stderr), "\n")
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("%q", line)
		}
	}
	if all := got.stderr; got.code != 2 || !strings.Contains(all, "HTTPS_PROXY") || !strings.Contains(all, `"level":"ERROR","msg":"nothing was selected`) {
		t.Errorf("exit code %d: %s", got.code, all)
	}
}

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
			log := (&app{err: &out, exact: streams{err: &out}}).logger(l)
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
