package monitor

import (
	"testing"

	"prober/needs"
)

func TestMain(m *testing.M) { needs.Builds(m) }
