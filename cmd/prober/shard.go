package main

import (
	"os"

	"prober/monitor"
)

// shardVariable says in the environment what --shard says, for those who start many probers alike.
const shardVariable = "PROBER_SHARD"

// shard reads the part of the list that this prober takes: as --shard or the settings say, else as the
// environment does.
func (a *app) shard(flag string) (monitor.Shard, error) {
	from, text := "--shard", flag
	if text == "" {
		from, text = shardVariable, a.getenv(shardVariable)
	}
	host, _ := os.Hostname() // without one, "hostname" is told as a name without a number
	shard, err := monitor.ParseShard(text, host)
	if err != nil {
		return shard, usage("%s %q: %w", from, text, err)
	}
	return shard, nil
}
