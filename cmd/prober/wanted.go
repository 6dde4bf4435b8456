package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// wantedValues says what values the flags of a type have whose libraries say only that one cannot be read, or name their own functions.
var wantedValues = map[string]error{
	"bool":     errors.New("want true or false"),
	"int":      errors.New("want a whole number, such as 4"),
	"duration": errors.New("want a time with its unit, such as 500ms, 30s or 1h30m"),
}

// ofLibrary reports whether an error is in the words of the libraries that read plain values: strconv, time and flag.
func ofLibrary(err error) bool {
	return errors.As(err, new(*strconv.NumError)) || strings.HasPrefix(err.Error(), "time: ") || err.Error() == "parse error" || err.Error() == "value out of range"
}

// wantedOf says of a value that cannot be read what is wanted.
func wantedOf(bad *pflag.InvalidValueError) error {
	if err := wantedValues[bad.GetFlag().Value.Type()]; err != nil && ofLibrary(bad.Unwrap()) {
		return err
	}
	return bad.Unwrap()
}

// plainly is the error of a flag in words for people.
func plainly(err error) error {
	bad := (*pflag.InvalidValueError)(nil)
	if !errors.As(err, &bad) || !ofLibrary(bad.Unwrap()) {
		return err
	}
	return fmt.Errorf("invalid argument %q for \"--%s\" flag: %w", bad.GetValue(), bad.GetFlag().Name, wantedOf(bad))
}
