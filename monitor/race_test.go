//go:build race

package monitor

// raced: the race detector is on, under which pools forget what they hold.
const raced = true
