package main

import (
	"context"
	"errors"
	"testing"

	"prober/files"
)

// What a command begins with is left behind when the process is told to stop, and what came to its end counts.
func TestNothingKeepsACommandFromItsEndAsItBegins(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	a := &app{files: files.Until(ctx)}
	broken := errors.New("broken")
	if n, err := begun(a, func() (int, error) { return 7, broken }); n != 7 || err != broken {
		t.Errorf("%d, %v", n, err)
	}
	never := make(chan struct{})
	defer close(never)
	if n, err := begun(a, func() (int, error) { stop(); <-never; return 7, nil }); n != 0 || !errors.Is(err, files.ErrEnded) {
		t.Errorf("%d, %v", n, err)
	}
}
