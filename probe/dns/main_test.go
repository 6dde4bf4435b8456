package dns

import (
	"testing"

	"prober/needs"
)

func TestMain(m *testing.M) { needs.Waits(m) }
