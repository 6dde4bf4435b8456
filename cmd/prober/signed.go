package main

import "prober/probe"

// signing makes the requests of those targets signed ones whose APIs know signatures.
func signing(targets []probe.Target) []probe.Target {
	for i := range targets {
		targets[i].Signed = targets[i].Product.APIStyle.IsAPI()
	}
	return targets
}
