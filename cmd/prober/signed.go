package main

import (
	"prober/catalog"
	"prober/probe"
)

// signing makes the requests of those targets signed ones whose APIs know signatures.
func signing(targets []probe.Target) []probe.Target {
	for i := range targets {
		style := targets[i].Product.APIStyle
		targets[i].Signed = style != "" && style != catalog.StyleNone
	}
	return targets
}
