package session

import (
	"context"
	"errors"
	"testing"

	endpoints "prober"
	"prober/catalog"
	"prober/files"
)

// A list that was read is decoded no longer than its reader may.
func TestDecodeEnds(t *testing.T) {
	told, stop := context.WithCancel(t.Context())
	stop()
	if c, err := decode(files.Until(told), "long.json", endpoints.Endpoints(), catalog.DecodeList); c != nil || !errors.Is(err, files.ErrEnded) {
		t.Errorf("%v, %v", c, err)
	}
	if c, err := decode(files.Until(t.Context()), "long.json", endpoints.Endpoints(), catalog.DecodeList); c == nil || err != nil {
		t.Errorf("%v, %v", c, err)
	}
}
