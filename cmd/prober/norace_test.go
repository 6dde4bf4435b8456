//go:build !race

package main

// patience is how long a phase may take in the tests of faults that hang.
const patience = "1200ms"
