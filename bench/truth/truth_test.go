package main

import (
	"testing"
	"time"
)

func TestMedians(t *testing.T) {
	m := mediansOf(map[string][]time.Duration{"tls": {3, 1, 200}, "body": {5}})
	if m.median["tls"] != 3 || m.median["body"] != 5 || m.probes != 3 {
		t.Errorf("%+v", m)
	}
}
