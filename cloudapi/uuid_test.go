package cloudapi

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestNewUUID(t *testing.T) {
	got, err := NewUUID(bytes.NewReader(bytes.Repeat([]byte{0xff}, 16)))
	if want := "ffffffff-ffff-4fff-bfff-ffffffffffff"; err != nil || got != want {
		t.Errorf("NewUUID = %q, %v; want %q", got, err, want)
	}
	if !IsUUID(got) || !IsUUID(strings.ToUpper(got)) {
		t.Errorf("%q does not count as a UUID", got)
	}
	if _, err := NewUUID(bytes.NewReader(make([]byte, 15))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("15 random bytes give %v, want an unexpected EOF", err)
	}
}

func TestIsUUID(t *testing.T) {
	for _, s := range []string{
		"", "ffffffff-ffff-4fff-bfff-fffffffffff", "ffffffff-ffff-4fff-bfff-fffffffffffff",
		"ffffffff+ffff-4fff-bfff-ffffffffffff", "gfffffff-ffff-4fff-bfff-ffffffffffff",
		"fffffffff-fff-4fff-bfff-ffffffffffff", "{fffffff-ffff-4fff-bfff-fffffffffff}",
	} {
		if IsUUID(s) {
			t.Errorf("%q counts as a UUID", s)
		}
	}
}
