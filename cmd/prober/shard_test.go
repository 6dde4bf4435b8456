package main

import (
	"os"
	"strings"
	"testing"

	"prober/monitor"
)

func TestShardIsReadFromFlagOrEnvironment(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		flag, variable string
		want           monitor.Shard
		err            string
	}{
		{"", "", monitor.Shard{}, ""},
		{"2/3", "", monitor.Shard{Index: 2, Count: 3}, ""},
		{"", "prober-2/3", monitor.Shard{Index: 3, Count: 3}, ""},
		{"1/3", "prober-2/3", monitor.Shard{Index: 1, Count: 3}, ""},
		{"", "prober-3/3", monitor.Shard{}, `PROBER_SHARD "prober-3/3": part 4 is not between 1 and 3`},
		{"4/3", "", monitor.Shard{}, `--shard "4/3": part 4 is not between 1 and 3`},
	}
	for _, tt := range tests {
		a := &app{getenv: func(name string) string {
			if name == shardVariable {
				return tt.variable
			}
			return ""
		}}
		got, err := a.shard(tt.flag)
		if said := errorText(err); got != tt.want && tt.err == "" || said != tt.err {
			t.Errorf("--shard %q, %s %q: %v, %q; want %v, %q", tt.flag, shardVariable, tt.variable, got, said, tt.want, tt.err)
		}
	}
	a := &app{getenv: func(string) string { return "" }}
	if _, err := a.shard("hostname/3"); err != nil && !strings.Contains(err.Error(), host) {
		t.Errorf("--shard hostname/3: %v; want one that names %s", err, host)
	}
}

// errorText is what an error says; empty without one.
func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
