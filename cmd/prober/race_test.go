//go:build race

package main

// patience is how long a phase may take in the tests of faults that hang: the race detector
// slows everything down.
const patience = "8s"
